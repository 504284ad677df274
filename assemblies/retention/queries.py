"""What is due to be erased on a day, kind by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assemblies.composition.models import Body, College
from assemblies.draws.models import (
    Draw,
    DrawAlternate,
    DrawExclusion,
    DrawMember,
    DrawRespondent,
)
from assemblies.journal.models import JournalEntry
from assemblies.journal.rules import Chain
from assemblies.mandates.models import Mandate
from assemblies.parameters import load
from assemblies.people.models import Person, PersonNeed
from assemblies.periods import PARIS, day_of
from assemblies.retention.rules import Part, Played, is_due


@dataclass(frozen=True, slots=True)
class Due:
    """What the purge of a day will erase.

    ``people`` and ``needs`` are persons; ``witnesses`` draws whose openings and private
    files go; ``reads`` counts the entries of the log of readings before ``reads_before``.
    """

    people: tuple[int, ...]
    needs: tuple[int, ...]
    witnesses: tuple[int, ...]
    reads: int
    reads_before: datetime

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is due."""
        return not (self.people or self.needs or self.witnesses or self.reads)


def find_due(session: Session, *, on: date) -> Due:
    """Return all that is due to be erased on a day."""
    months = {part: load(f"retention/{part}_months").on(on).whole for part in Part}
    parts = _parts(session)
    living = set(session.scalars(select(Person.id).where(Person.erased_at.is_(None))))
    people = sorted(p for p in living if is_due(parts.get(p, ()), months, on))
    before = _months_before(on, load("retention/read_log_months").on(on).whole)
    return Due(
        people=tuple(people),
        needs=_needs(session, on, set(people)),
        witnesses=_witnesses(session, on),
        reads=session.scalar(
            select(func.count())
            .select_from(JournalEntry)
            .where(JournalEntry.chain == Chain.READS, JournalEntry.at < before)
        )
        or 0,
        reads_before=before,
    )


def _months_before(on: date, months: int) -> datetime:
    return datetime.combine(on - relativedelta(months=months), time(), PARIS)


def _parts(session: Session) -> Mapping[int, Iterable[Played]]:
    """Return the parts that each person played."""
    parts: defaultdict[int, set[Played]] = defaultdict(set)
    for person, last in session.execute(
        select(Mandate.person_id, Mandate.last_day).where(Mandate.withdrawn_at.is_(None))
    ):
        parts[person].add(Played(Part.MEMBER, last))
    for person, withdrawn in session.execute(
        select(Mandate.person_id, Mandate.withdrawn_at).where(Mandate.withdrawn_at.is_not(None))
    ):
        if withdrawn is not None:
            parts[person].add(Played(Part.ALTERNATE, day_of(withdrawn)))
    for person, proclaimed, cancelled in session.execute(
        select(DrawExclusion.person_id, Draw.proclaimed_at, Draw.cancelled_at).join(
            Draw, Draw.id == DrawExclusion.draw_id
        )
    ):
        over = cancelled or proclaimed
        parts[person].add(Played(Part.VOLUNTEER, None if over is None else day_of(over)))
    called = _numbers(session, DrawAlternate) | _numbers(session, DrawMember)
    rows = session.execute(
        select(
            DrawRespondent.person_id,
            DrawRespondent.draw_id,
            DrawRespondent.number,
            Draw.proclaimed_at,
            Draw.cancelled_at,
            Body.last_day,
        )
        .join(Draw, Draw.id == DrawRespondent.draw_id)
        .join(College, College.id == Draw.college_id)
        .join(Body, Body.id == College.body_id)
    )
    for person, draw, number, proclaimed, cancelled, body_last in rows:
        over = cancelled or proclaimed
        if over is not None and cancelled is None and (draw, number) in called:
            parts[person].add(Played(Part.ALTERNATE, body_last))
        else:
            parts[person].add(Played(Part.VOLUNTEER, None if over is None else day_of(over)))
    return parts


def _numbers(
    session: Session, table: type[DrawAlternate] | type[DrawMember]
) -> set[tuple[int, int]]:
    """Return (first draw, number) of all whom a draw or its replacements named."""
    rows = session.execute(
        select(func.coalesce(Draw.root_id, Draw.id), table.number).join(
            Draw, Draw.id == table.draw_id
        )
    )
    return {(draw, number) for draw, number in rows}


def _needs(session: Session, on: date, erased: set[int]) -> tuple[int, ...]:
    """Return who told needs and holds no mandate any more, or never will."""
    told = set(session.scalars(select(PersonNeed.person_id).distinct()))
    sitting = set(
        session.scalars(
            select(Mandate.person_id).where(Mandate.last_day >= on, Mandate.withdrawn_at.is_(None))
        )
    )
    held = set(session.scalars(select(Mandate.person_id)))
    return tuple(sorted((told & held) - sitting - erased))


def _witnesses(session: Session, on: date) -> tuple[int, ...]:
    """Return the first draws whose openings and private files are to go."""
    months = load("retention/witness_months").on(on).whole
    rows = session.execute(
        select(Draw.id, Body.last_day)
        .join(College, College.id == Draw.college_id)
        .join(Body, Body.id == College.body_id)
        .where(
            Draw.root_id.is_(None),
            Draw.bundle_digest.is_not(None),
            Draw.witness_erased_at.is_(None),
        )
        .order_by(Draw.id)
    )
    return tuple(draw for draw, last in rows if last + relativedelta(months=months) <= on)
