"""Bringing a database to the tables that this version needs, with Alembic."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from assemblies.database import open_database

_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Run the migrations up to a revision, in one transaction."""
    _run(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> None:
    """Undo the migrations down to a revision (``base``: no table is left)."""
    _run(url, lambda config: command.downgrade(config, revision))


def revision_of(url: str) -> str | None:
    """Return the revision of a database; None where it has no table of ours."""
    database = open_database(url)
    try:
        with database.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        database.engine.dispose()


def latest_revision() -> str | None:
    """Return the revision that this version needs."""
    return ScriptDirectory(str(_SCRIPTS)).get_current_head()


def _run(url: str, work: Callable[[Config], None]) -> None:
    database = open_database(url)
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    try:
        with database.writing() as session:
            config.attributes["connection"] = session.connection()
            work(config)
    finally:
        database.engine.dispose()
