"""The demonstration year is made by real acts, the same from the same seed, and verifies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from assemblies import migrating
from assemblies.ballots.queries import ballots_of
from assemblies.cli import program
from assemblies.composition.queries import list_bodies
from assemblies.database import Database, open_database
from assemblies.demonstration.year import fill_year
from assemblies.draws.building import bundle_folder
from assemblies.draws.queries import draws_of
from assemblies.draws.rules import DrawState
from assemblies.journal.queries import verify
from assemblies.mandates.queries import members_on
from assemblies.sittings.queries import calendar_of
from sortition.audit import audit

FIRST = date(2026, 1, 5)


def test_a_year_is_whole_proved_and_in_order(database: Database, tmp_path: Path) -> None:
    bundles = tmp_path / "bundles"
    summary = fill_year(
        database, bundles=bundles, first=FIRST, seed=3, commissions=1, assembly=False
    )
    with database.reading() as session:
        council, commission = list_bodies(session)
        assert (council.seats, commission.seats) == (60, 30)
        assert len(members_on(session, council.id, on=date(2026, 3, 2))) == 60
        assert {b.office for b in ballots_of(session, council.id)} == {
            "president",
            "vice_president",
        }
        assert all(b.elected is not None for b in ballots_of(session, council.id))
        sittings = [s for body in (council, commission) for s in calendar_of(session, body.id)]
        assert len(sittings) == summary.sittings
        draws = [d for body in (council, commission) for d in draws_of(session, body.id)]
        assert {d.state for d in draws} == {DrawState.PROCLAIMED}
        assert any(d.root is not None for d in draws)
        folders = [bundle_folder(bundles, d) for d in draws if d.root is None]
        assert verify(session) == []
    for folder in folders:
        assert audit(folder).lie is None
        for replacement in (folder / "replacements").glob("*"):
            assert audit(replacement).lie is None


def run(*words: str) -> Result:
    return CliRunner().invoke(program, list(words))


@pytest.fixture
def year(tmp_path: Path) -> str:
    """The URL of a migrated database with a small year in it."""
    url = f"sqlite:///{tmp_path / 'year.db'}"
    migrating.upgrade(url)
    words = ("load-year", "--database", url, "--bundles", str(tmp_path / "b"), "--small")
    done = run(*words, "--commissions", "0")
    assert done.exit_code == 0, done.output
    assert "1 bodies" in done.output
    again = run(*words)
    assert again.exit_code == 2
    return url


def test_the_year_can_be_looked_at_and_its_journal_verified(year: str) -> None:
    look = run("look", "--database", year, "--day", "2026-06-15")
    assert look.exit_code == 0, look.output
    assert "60 of 60 seats held" in look.output or "59 of 60" in look.output
    assert "No body" in run("look", "--database", year, "--day", "2020-01-01").output
    verified = run("journal", "verify", "--database", year)
    assert verified.exit_code == 0
    assert "ALL TRUE" in verified.output
    head = next(w for w in verified.output.split() if w.startswith("acts:") and len(w) > 70)
    assert run("journal", "verify", "--database", year, "--head", head).exit_code == 0
    lie = head[:-1] + ("0" if head[-1] != "0" else "1")
    assert run("journal", "verify", "--database", year, "--head", lie).exit_code == 1
    assert run("journal", "verify", "--database", year, "--head", "nonsense").exit_code == 2
    database = open_database(year)
    with database.writing() as session:
        session.execute(text("DROP TRIGGER journal_entries_update"))
        session.execute(text("UPDATE journal_entries SET ground = 'x' WHERE number = 7"))
    database.engine.dispose()
    forged = run("journal", "verify", "--database", year, "--json")
    assert forged.exit_code == 1
    assert '"number": 7' in forged.output


def test_the_tables_are_checked_before_they_are_used(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert run("database", "check", "--database", url).exit_code == 1
    assert run("database", "upgrade", "--database", url).exit_code == 0
    assert run("database", "check", "--database", url).exit_code == 0
