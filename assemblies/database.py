"""The database: tables' common ground, connections to SQLite and PostgreSQL, transactions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    DateTime,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session

from assemblies.errors import AssembliesError, DatabaseError, InstantError

_BUSY_MS = 30_000  # how long a writer waits for its turn on SQLite
_WRITERS = 7_013_250_001  # PostgreSQL advisory lock: one writer at a time, as SQLite has it

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """Root of every table; constraints have stable names, so that errors can name them."""

    metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """An instant with its time zone in, UTC in the database, UTC out.

    SQLite keeps no zone: an instant without one is refused rather than guessed.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise InstantError(value=value)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True)
class Database:
    """An engine and the two ways to use it.

    Whoever calls owns the transaction: leaving the block commits, raising rolls back.
    """

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Lend a session that sees one state of the database and writes nothing."""
        engine = self.engine.execution_options(begin="DEFERRED")
        with Session(engine, expire_on_commit=False) as session:
            if self.engine.dialect.name == "postgresql":
                session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Lend a session whose work is kept whole or not at all; one writer at a time.

        The journal is one chain, so writers take turns anyway; taking the turn first, on
        both databases, leaves no room for two acts that each saw the state before the other.
        """
        engine = self.engine.execution_options(begin="IMMEDIATE")
        with Session(engine, expire_on_commit=False) as session, session.begin():
            if self.engine.dialect.name == "postgresql":
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
            yield session


def open_database(url: str) -> Database:
    """Connect to ``sqlite:///path`` or ``postgresql+psycopg://…``; no table is made.

    Raise ``DatabaseError`` for any other kind of database or an unreadable address.
    """
    try:
        kind = make_url(url).get_backend_name()
    except (DBAPIError, ValueError, TypeError) as error:
        raise DatabaseError(reason="the address cannot be read") from error
    if kind == "sqlite":
        return Database(_sqlite(url))
    if kind == "postgresql":
        return Database(create_engine(url, pool_pre_ping=True, hide_parameters=True))
    raise DatabaseError(reason="SQLite or PostgreSQL is needed", kind=kind)


@contextmanager
def connected(url: str) -> Iterator[Database]:
    """Open a database for the time of a command, and close its connections afterwards."""
    database = open_database(url)
    try:
        yield database
    finally:
        database.engine.dispose()


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True)  # an error must not log a name or a vote

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see below
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_MS}",
            "synchronous=FULL",  # what was committed survives a power cut
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        how = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {how}")

    return engine


@contextmanager
def refused_as(
    session: Session, errors: Mapping[str, type[AssembliesError]], **facts: object
) -> Iterator[None]:
    """Turn a refusal by a named database constraint into the error of the rule it holds.

    Flushes at the end of the block. The rule is asked first, everywhere; the constraint is
    there for what the rule could not see.
    """
    try:
        yield
        session.flush()
    except (IntegrityError, DBAPIError) as error:
        said = str(error.orig)
        for name, refusal in errors.items():
            if name in said:
                raise refusal(**facts) from error
        raise


def add_triggers(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    """Have these statements run after the tables are made (a migration runs them itself)."""
    for dialect, statements in (("sqlite", sqlite), ("postgresql", postgresql)):
        for statement in statements:
            event.listen(
                Table.metadata,
                "after_create",
                _ddl(statement).execute_if(dialect=dialect),
            )


def _ddl(statement: str) -> DDL:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy's
