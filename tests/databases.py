"""An empty database with all its tables, on SQLite then on PostgreSQL, for a test that asks."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

import assemblies.tables  # noqa: F401 -- importing it names every table
from assemblies.database import Database, Table, open_database
from tests.postgres import running_cluster

TEMPLATE = "empty_assemblies"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a running server, started when a first test asks for it."""
    folder = Path(tempfile.mkdtemp(prefix="kp"))  # short: a socket's path may have 107 characters
    folder.chmod(0o755)
    try:
        with running_cluster(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_postgres_url(postgres: str) -> Iterator[Callable[[], str]]:
    """A function that makes an empty database with all its tables and returns its URL."""
    server = create_engine(postgres, isolation_level="AUTOCOMMIT")
    made = 0

    def url_of(name: str) -> str:
        return make_url(postgres).set(database=name).render_as_string(hide_password=False)

    def new() -> str:
        nonlocal made
        made += 1
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE t{made} TEMPLATE {TEMPLATE}"))
        return url_of(f"t{made}")

    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {TEMPLATE}"))
    model = create_engine(url_of(TEMPLATE))
    Table.metadata.create_all(model)
    model.dispose()
    yield new
    server.dispose()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all its tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    database = open_database(f"sqlite:///{path}")
    Table.metadata.create_all(database.engine)
    database.engine.dispose()
    return path


@pytest.fixture
def sqlite_url(empty_sqlite: Path, tmp_path: Path) -> str:
    """The URL of an empty SQLite database."""
    return f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'assemblies.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        url: str = request.getfixturevalue("sqlite_url")
        return url
    new: Callable[[], str] = request.getfixturevalue("new_postgres_url")
    return new()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database, of each kind in turn."""
    opened = open_database(database_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """An empty SQLite database, for what does not depend on the kind."""
    opened = open_database(sqlite_url)
    yield opened
    opened.engine.dispose()
