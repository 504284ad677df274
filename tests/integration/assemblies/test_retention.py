"""What is due is erased, what is not stays, and all that was published still verifies."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from assemblies.accounts.rules import Role
from assemblies.calls.actions import accept_seat, open_calls, record_attempt
from assemblies.calls.rules import Attempt
from assemblies.database import Database
from assemblies.draws.building import bundle_folder
from assemblies.draws.queries import (
    alternates_of,
    find_draw,
    panel_of,
    persons_of,
    respondents_of,
)
from assemblies.errors import BundleMismatchError, NotAllowedError, NotFoundError
from assemblies.journal.queries import entries, verify
from assemblies.people.actions import read_needs, tell_need
from assemblies.people.queries import find_person, needs_of
from assemblies.people.rules import NeedKind
from assemblies.periods import Period
from assemblies.retention.actions import purge
from assemblies.retention.queries import find_due
from assemblies.sealing import Sealer
from assemblies.sittings.actions import tell_unavailable
from sortition.audit import audit
from tests.assembly_facts import act_of, officer
from tests.draw_facts import prepared, proclaimed

SEALER = Sealer({"k": bytes(32)})
OPENING = date(2026, 12, 1)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def seated(database: Database, folder: Path) -> int:
    """A proclaimed draw whose panel sits from 1 December 2026 to 31 August 2027."""
    draw, *_ = proclaimed(database, folder)
    with database.writing() as session:
        for call in open_calls(session, act_of(), draw_id=draw):
            record_attempt(
                session, act_of(), call_id=call, result=Attempt.SPOKE, note="note-privée"
            )
            accept_seat(session, act_of(), call_id=call, first=OPENING)
        number = persons_of(session, draw)[panel_of(session, draw)[0]]
        tell_need(
            session, act_of(), person_id=number, kind=NeedKind.CARE, text="garde", sealer=SEALER
        )
        clerk = officer(session, Role.SECRETARIAT)
        read_needs(session, act_of(clerk), person_id=number, sealer=SEALER)
    return draw


def test_each_kind_goes_when_its_time_is_over(database: Database, tmp_path: Path) -> None:
    draw = seated(database, tmp_path)
    bundles = tmp_path / "bundles"
    with database.reading() as session:
        persons = persons_of(session, draw)
        members = {persons[n] for n in panel_of(session, draw)}
        named = {persons[n] for *_, n in alternates_of(session, draw)} - members
        others = set(persons.values()) - members - named
        assert find_due(session, on=date(2027, 5, 23)).is_empty
        assert set(find_due(session, on=date(2027, 5, 24)).people) == others
    with database.writing() as session:
        assert (
            set(purge(session, act_of(at=at(date(2027, 6, 1))), bundles=bundles).people) == others
        )
        again = purge(session, act_of(at=at(date(2027, 6, 1))), bundles=bundles)
        assert again.is_empty
        assert find_due(session, on=date(2027, 8, 31)).needs == ()
        assert len(find_due(session, on=date(2027, 9, 1)).needs) == 1
    with database.writing() as session:
        due = purge(session, act_of(at=at(date(2028, 3, 1))), bundles=bundles)
        assert (set(due.people), len(due.needs), due.reads) == (named, 1, 1)
        holder = min(members)
        assert find_person(session, holder).identity is not None
        assert needs_of(session, persons[panel_of(session, draw)[0]], SEALER) == ()
    with database.writing() as session:
        due = purge(session, act_of(at=at(date(2032, 9, 1))), bundles=bundles)
        assert (set(due.people), due.witnesses) == (members, (draw,))
        assert purge(session, act_of(at=at(date(2032, 9, 2))), bundles=bundles).is_empty
        assert verify(session) == []
        assert len(entries(session, kind="retention.purged")) == 3


def test_after_everybody_is_erased_the_published_draw_still_verifies(
    database: Database, tmp_path: Path
) -> None:
    draw = seated(database, tmp_path)
    with database.writing() as session:
        purge(session, act_of(at=at(date(2032, 9, 1))), bundles=tmp_path / "bundles")
    with database.reading() as session:
        folder = bundle_folder(tmp_path / "bundles", find_draw(session, draw))
        dumped = "\n".join(
            str(row)
            for table in inspect(session.connection()).get_table_names()
            for row in session.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 -- ours
        )
        with pytest.raises(NotFoundError, match="erased"):
            respondents_of(session, draw)
    assert [path.name for path in folder.iterdir()] == ["public"]
    assert audit(folder).lie is None
    assert [word for word in ("Volontaire", "rue du Sort", "note-privée") if word in dumped] == []


def test_a_purge_cut_off_after_the_files_went_is_run_again(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = seated(database, tmp_path)
    late = act_of(at=at(date(2032, 9, 1)))

    def fails(*_: object, **__: object) -> None:
        raise OSError("cut off")

    monkeypatch.setattr("assemblies.retention.actions.erase_reads", fails)
    with pytest.raises(OSError, match="cut off"), database.writing() as session:
        purge(session, late, bundles=tmp_path / "bundles")
    monkeypatch.undo()
    with database.writing() as session:
        assert find_due(session, on=date(2032, 9, 1)).witnesses == (draw,)
        purge(session, late, bundles=tmp_path / "bundles")
        assert find_due(session, on=date(2032, 9, 1)).is_empty


def test_the_pool_of_a_draw_that_goes_on_is_kept(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        first = officer(session, Role.DRAW_OFFICER)
        prepared(session, tmp_path, first)
        assert find_due(session, on=date(2040, 1, 1)).people == ()


def test_only_who_may_erase_does(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        clerk = officer(session, Role.SECRETARIAT)
        with pytest.raises(NotAllowedError):
            purge(session, act_of(clerk), bundles=tmp_path)


def test_a_purge_that_cannot_find_the_files_says_so_and_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    seated(database, tmp_path)
    late = act_of(at=at(date(2032, 9, 1)))
    with pytest.raises(BundleMismatchError), database.writing() as session:
        purge(session, late, bundles=tmp_path / "elsewhere")
    with database.writing() as session:
        assert find_due(session, on=date(2032, 9, 1)).witnesses
        tell_unavailable(
            session, act_of(), person_id=1, days=Period(date(2027, 1, 1), date(2027, 1, 2))
        )
        purge(session, late, bundles=tmp_path / "bundles")
        assert session.scalar(text("SELECT count(*) FROM unavailabilities")) == 0
