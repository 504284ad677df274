"""Reading calls: the list for the office, and whom a replacement has to be drawn for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assemblies.calls.models import Call, CallAttempt
from assemblies.calls.rules import Attempt, Outcome
from assemblies.draws.queries import DrawView, find_draw, replacements_of
from assemblies.draws.rules import DrawState
from assemblies.errors import NotFoundError
from assemblies.mandates.models import Mandate


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt to reach a person."""

    at: datetime
    account: int | None
    result: Attempt
    note: str | None


@dataclass(frozen=True, slots=True)
class CallView:
    """A person drawn, how often they were called and what they answered."""

    id: int
    draw_id: int
    number: int
    person_id: int
    opened_on: date
    last_day: date
    outcome: Outcome | None
    mandate_id: int | None
    attempts: tuple[AttemptView, ...]

    def is_late(self, on: date) -> bool:
        """Tell whether the deadline is over without an answer."""
        return self.outcome is None and on > self.last_day


def find_call(session: Session, call_id: int) -> CallView:
    """Return a call; raise ``NotFoundError`` where there is none."""
    row = session.get(Call, call_id)
    if row is None:
        raise NotFoundError(kind="call", id=call_id)
    return _view(session, row)


def call_list(session: Session, draw_id: int, *, open_only: bool = False) -> tuple[CallView, ...]:
    """Return the calls of a draw, the nearest deadline first."""
    wanted = select(Call).where(Call.draw_id == draw_id).order_by(Call.last_day, Call.number)
    if open_only:
        wanted = wanted.where(Call.outcome.is_(None))
    return tuple(_view(session, row) for row in session.scalars(wanted))


def to_replace(session: Session, draw_id: int) -> tuple[int, ...]:
    """Return the members, by number, whose seats wait for a replacement to be drawn.

    ``draw_id`` is the first draw. They declined, were not reached, or left a mandate before
    its term; those whom a replacement under way or done stands for are left out.
    """
    root = find_draw(session, draw_id)
    draws = [root.id, *(r.id for r in replacements_of(session, root.id))]
    covered = {number for draw in replacements_of(session, root.id) for number in draw.left}
    rows = session.execute(
        select(Call.number, Call.outcome, Mandate.end_reason, Mandate.withdrawn_at)
        .outerjoin(Mandate, Mandate.id == Call.mandate_id)
        .where(Call.draw_id.in_(draws), Call.outcome.is_not(None))
    )
    gone = {
        number
        for number, outcome, end_reason, withdrawn_at in rows
        if outcome != Outcome.ACCEPTED or end_reason is not None or withdrawn_at is not None
    }
    return tuple(sorted(gone - covered))


def seats_left(session: Session, draw: DrawView) -> frozenset[int]:
    """Return the seats that those whom a replacement stands for have held."""
    draws = [draw.pool_of, *(r.id for r in replacements_of(session, draw.pool_of))]
    rows = session.scalars(
        select(Mandate.seat_id)
        .join(Call, Call.mandate_id == Mandate.id)
        .where(Call.draw_id.in_(draws), Call.number.in_(draw.left))
    )
    return frozenset(rows)


def is_replacement_under_way(session: Session, draw_id: int) -> bool:
    """Tell whether a replacement of a first draw is neither proclaimed nor cancelled."""
    return any(draw.state is not DrawState.PROCLAIMED for draw in replacements_of(session, draw_id))


def _view(session: Session, row: Call) -> CallView:
    attempts = session.scalars(
        select(CallAttempt).where(CallAttempt.call_id == row.id).order_by(CallAttempt.id)
    )
    return CallView(
        id=row.id,
        draw_id=row.draw_id,
        number=row.number,
        person_id=row.person_id,
        opened_on=row.opened_on,
        last_day=row.last_day,
        outcome=None if row.outcome is None else Outcome(row.outcome),
        mandate_id=row.mandate_id,
        attempts=tuple(
            AttemptView(a.at, a.account_id, Attempt(a.result), a.note) for a in attempts
        ),
    )
