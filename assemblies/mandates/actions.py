"""Starting, suspending, resuming, ending and withdrawing mandates."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assemblies.accounts.rules import Right, require
from assemblies.composition.queries import BodyView, SeatView
from assemblies.composition.rules import require_in_term
from assemblies.database import refused_as
from assemblies.errors import (
    AlreadyMemberError,
    IncompatibleMandateError,
    MandateEndError,
    OutsideTermError,
    SeatTakenError,
)
from assemblies.journal.actions import record
from assemblies.journal.rules import Act
from assemblies.mandates.models import (
    ALREADY_MEMBER,
    OUTSIDE_BODY,
    SEAT_TAKEN,
    Mandate,
    Suspension,
)
from assemblies.mandates.queries import (
    find_mandate,
    held_by,
    seat_and_body,
    seat_history,
    term_of,
)
from assemblies.mandates.rules import (
    Candidacy,
    EndReason,
    check_end,
    check_resumption,
    check_suspension,
    find_obstacle,
    term_holding,
)
from assemblies.people.queries import find_person
from assemblies.periods import Period, day_of

_REFUSALS = {
    SEAT_TAKEN: SeatTakenError,
    ALREADY_MEMBER: AlreadyMemberError,
    OUTSIDE_BODY: OutsideTermError,
}


def start_mandate(
    session: Session,
    act: Act,
    *,
    seat_id: int,
    person_id: int,
    first: date,
    draw_id: int | None = None,
) -> int:
    """Give a seat to a person from a day on, to the end of the seat's term; return its number.

    Whoever takes over a seat left early serves what remains of that term. Raise the error of
    the rule that refuses it: ``OutsideTermError``, ``SeatTakenError``,
    ``AlreadyMemberError``, ``IncompatibleMandateError`` (with the rule and its text).
    """
    require(act.actor, Right.MANAGE_MANDATES)
    seat, body = seat_and_body(session, seat_id)
    find_person(session, person_id)
    require_in_term(body.period, first, what="mandate")
    term = term_holding(term_of(body, seat), first)
    period = Period(first, term.last)
    replaced = _check_seat(session, seat, period)
    check_compatible(session, body, seat, person_id, period)
    mandate = Mandate(
        body_id=body.id,
        seat_id=seat_id,
        person_id=person_id,
        first_day=period.first,
        last_day=period.last,
        planned_last_day=period.last,
        draw_id=draw_id,
        replaces_id=replaced,
        started_at=act.at,
    )
    with refused_as(session, _REFUSALS, seat=seat_id, person=person_id, first=first):
        session.add(mandate)
    record(
        session,
        act,
        "mandate.started",
        "mandate",
        mandate.id,
        seat=seat_id,
        person=person_id,
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        draw=draw_id,
        replaces=replaced,
    )
    return mandate.id


def check_compatible(
    session: Session, body: BodyView, seat: SeatView, person_id: int, period: Period
) -> None:
    """Raise the error of the rule that keeps a person from a seat in these days, if any."""
    held = held_by(session, person_id)
    for other in held:
        if other.body_id == body.id and other.period.overlaps(period):
            raise AlreadyMemberError(
                person=person_id, mandate=other.mandate_id, first=period.first, last=period.last
            )
    candidacy = Candidacy(body.id, body.template.key, seat.mode, period)
    obstacle = find_obstacle(body.template.incompatibilities, candidacy, held)
    if obstacle is not None:
        raise IncompatibleMandateError(
            rule=obstacle.rule.key,
            text=obstacle.rule.reference.title,
            person=person_id,
            mandate=obstacle.held.mandate_id,
            until=obstacle.until,
        )


def suspend_mandate(session: Session, act: Act, *, mandate_id: int, first: date) -> None:
    """Suspend a running mandate from a day on; the seat stays held."""
    require(act.actor, Right.MANAGE_MANDATES)
    mandate = find_mandate(session, mandate_id)
    check_suspension(mandate.period, mandate.suspensions, first)
    session.add(Suspension(mandate_id=mandate_id, first_day=first))
    record(session, act, "mandate.suspended", "mandate", mandate_id, first=first.isoformat())


def resume_mandate(session: Session, act: Act, *, mandate_id: int, first: date) -> None:
    """Let a suspended mandate run again from a day on; its term is not lengthened."""
    require(act.actor, Right.MANAGE_MANDATES)
    mandate = find_mandate(session, mandate_id)
    check_resumption(
        mandate.period, mandate.suspensions[-1] if mandate.suspensions else None, first
    )
    row = session.scalars(
        select(Suspension).where(Suspension.mandate_id == mandate_id, Suspension.last_day.is_(None))
    ).one()
    row.last_day = first - timedelta(days=1)
    record(session, act, "mandate.resumed", "mandate", mandate_id, first=first.isoformat())


def end_mandate(
    session: Session, act: Act, *, mandate_id: int, last: date, reason: EndReason
) -> None:
    """End a mandate early; ``last`` is its last day. The seat is vacant from the next one."""
    require(act.actor, Right.MANAGE_MANDATES)
    mandate = find_mandate(session, mandate_id)
    if mandate.end_reason is not None:
        raise MandateEndError(mandate=mandate_id, reason="it was ended already", last=last)
    check_end(mandate.period, last)
    row = session.get_one(Mandate, mandate_id)
    row.last_day, row.end_reason = last, reason
    session.flush()
    record(
        session,
        act,
        "mandate.ended",
        "mandate",
        mandate_id,
        last=last.isoformat(),
        planned=mandate.planned_last.isoformat(),
        reason=reason,
    )


def withdraw_mandate(session: Session, act: Act, *, mandate_id: int) -> None:
    """Record that a mandate will never begin: its holder gave it up before the first day."""
    require(act.actor, Right.MANAGE_MANDATES)
    mandate = find_mandate(session, mandate_id)
    if day_of(act.at) >= mandate.period.first:
        raise MandateEndError(mandate=mandate_id, reason="it has begun: end it instead")
    session.get_one(Mandate, mandate_id).withdrawn_at = act.at
    session.flush()
    record(session, act, "mandate.withdrawn", "mandate", mandate_id)


def _check_seat(session: Session, seat: SeatView, period: Period) -> int | None:
    """Return the mandate left early in the same term, if any; refuse a seat that is held."""
    history = seat_history(session, seat.id)
    for other in history:
        if other.period.overlaps(period):
            raise SeatTakenError(seat=seat.id, mandate=other.id, until=other.period.last)
    before = [one for one in history if one.period.last < period.first <= one.planned_last]
    return before[-1].id if before else None
