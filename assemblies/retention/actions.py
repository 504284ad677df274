"""The purge: erasing what is due, so that what was published still verifies."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assemblies.accounts.rules import Right, require
from assemblies.calls.models import Call, CallAttempt
from assemblies.draws.building import CANCELLED, bundle_folder
from assemblies.draws.models import Draw, DrawRespondent
from assemblies.draws.queries import find_draw
from assemblies.errors import BundleMismatchError
from assemblies.journal.actions import erase_reads, record
from assemblies.journal.rules import Act
from assemblies.mandates.models import Mandate
from assemblies.people.actions import erase_person
from assemblies.people.models import PersonNeed
from assemblies.periods import day_of
from assemblies.retention.queries import Due, find_due
from assemblies.sittings.models import InterestConflict, Unavailability

CLOSED = ("witness", "private")  # parts of a bundle that name or describe people


def purge(session: Session, act: Act, *, bundles: Path) -> Due:
    """Erase all that is due on the day of the act; return what it was.

    Killed in the middle it is simply run again: rows go together or not at all, and files
    already gone do no harm. Published draws, mandates and the journal still verify.
    """
    require(act.actor, Right.ERASE_DATA)
    due = find_due(session, on=day_of(act.at))
    for person in due.people:
        _erase(session, act, person)
    for person in due.needs:
        session.execute(delete(PersonNeed).where(PersonNeed.person_id == person))
        record(session, act, "person.needs_erased", "person", person)
    for draw in due.witnesses:
        _erase_witness(session, act, draw, bundles)
    erase_reads(session, act, before=due.reads_before)
    if not due.is_empty:
        record(
            session,
            act,
            "retention.purged",
            "retention",
            0,
            people=len(due.people),
            needs=len(due.needs),
            witnesses=len(due.witnesses),
            reads=due.reads,
        )
    return due


def _erase(session: Session, act: Act, person: int) -> None:
    session.execute(
        update(DrawRespondent).where(DrawRespondent.person_id == person).values(profile=None)
    )
    calls = select(Call.id).where(Call.person_id == person)
    session.execute(update(CallAttempt).where(CallAttempt.call_id.in_(calls)).values(note=None))
    session.execute(delete(Unavailability).where(Unavailability.person_id == person))
    mandates = select(Mandate.id).where(Mandate.person_id == person)
    session.execute(
        update(InterestConflict).where(InterestConflict.mandate_id.in_(mandates)).values(reason="")
    )
    erase_person(session, act, person_id=person)


def _erase_witness(session: Session, act: Act, draw_id: int, bundles: Path) -> None:
    """Delete the openings and the private files of a draw and of its replacements."""
    folder = bundle_folder(bundles, find_draw(session, draw_id))
    if not (folder / "public").is_dir():  # another folder: nothing would be erased, and said so
        raise BundleMismatchError(draw=draw_id, folder=str(folder), reason="no such bundle")
    beside = (path for part in ("replacements", CANCELLED) for path in (folder / part).glob("*"))
    for path in (folder, *sorted(beside)):
        for part in CLOSED:
            if (path / part).exists():
                shutil.rmtree(path / part)
    session.get_one(Draw, draw_id).witness_erased_at = act.at
    session.flush()
    record(session, act, "draw.witness_erased", "draw", draw_id)
