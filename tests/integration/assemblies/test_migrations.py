"""Migrations: up they give the tables that the code names, down they leave nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, make_url, text

from assemblies import migrating
from assemblies.database import Database, Table, open_database

OBJECTS = {
    "sqlite": "SELECT type, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """SELECT 'trigger', tgname::text FROM pg_trigger WHERE NOT tgisinternal
        UNION SELECT 'constraint', conname::text FROM pg_constraint
          WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'x')
        UNION SELECT 'function', proname::text FROM pg_proc
          WHERE proname LIKE 'refuse%'""",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.db'}"
    new: Callable[[], str] = request.getfixturevalue("new_postgres_url")
    url = new()
    database = open_database(url)
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    database.engine.dispose()
    return url


@pytest.fixture
def created_url(bare_url: str, request: pytest.FixtureRequest) -> str:
    """The URL of a database of the same kind whose tables the code made."""
    if make_url(bare_url).get_backend_name() == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    new: Callable[[], str] = request.getfixturevalue("new_postgres_url")
    return new()


def objects(database: Database) -> set[tuple[str, str]]:
    with database.reading() as session:
        rows = session.execute(text(OBJECTS[database.engine.dialect.name]))
        return {(kind, name) for kind, name in rows}


def test_migrating_up_gives_what_the_code_names(bare_url: str, created_url: str) -> None:
    assert migrating.revision_of(bare_url) is None
    migrating.upgrade(bare_url)
    migrating.upgrade(bare_url)
    assert migrating.revision_of(bare_url) == migrating.latest_revision()
    migrated, created = open_database(bare_url), open_database(created_url)
    with migrated.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    assert objects(migrated) == objects(created)
    for database in (migrated, created):
        database.engine.dispose()


def test_migrating_down_leaves_nothing_and_up_again_works(bare_url: str) -> None:
    migrating.upgrade(bare_url)
    migrating.downgrade(bare_url, "base")
    database = open_database(bare_url)
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    assert objects(database) <= {("constraint", "alembic_version_pkc")}
    database.engine.dispose()
    migrating.upgrade(bare_url)
    assert migrating.revision_of(bare_url) == migrating.latest_revision()
