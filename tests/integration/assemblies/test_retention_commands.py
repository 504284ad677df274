"""The commands of retention count what is due, and erase it once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from click.testing import CliRunner

from assemblies.cli import program
from assemblies.database import open_database
from assemblies.demonstration.year import fill_year
from assemblies.journal.queries import verify


def test_what_is_due_is_counted_then_erased(sqlite_url: str, tmp_path: Path) -> None:
    bundles = tmp_path / "bundles"
    database = open_database(sqlite_url)
    # Long ago, so that on the day this runs everybody's time is over.
    first = date(2017, 3, 6)
    fill_year(database, bundles=bundles, first=first, seed=1, commissions=1, assembly=False)
    where = ["--database", sqlite_url]
    run = CliRunner().invoke
    early = run(program, ["retention", "due", *where, "--day", "2017-03-07"])
    assert (early.exit_code, early.output) == (0, "Nothing is due to be erased.\n")
    due = run(program, ["retention", "due", *where])
    assert due.exit_code == 0
    assert "people" in due.output
    purged = run(program, ["retention", "purge", *where, "--bundles", str(bundles)])
    assert purged.exit_code == 0, purged.output
    assert purged.output == due.output.replace("Due to be erased", "Erased")
    again = run(program, ["retention", "purge", *where, "--bundles", str(bundles)])
    assert again.output == "Nothing is due to be erased.\n"
    with database.reading() as session:
        assert verify(session) == []
    database.engine.dispose()
    missing = run(program, ["retention", "purge", *where, "--bundles", str(tmp_path / "none")])
    assert missing.exit_code == 2
