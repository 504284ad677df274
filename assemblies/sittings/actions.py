"""Setting sittings, convoking, giving proxies, standing aside, recording who was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from assemblies.accounts.rules import Right, require
from assemblies.composition.queries import find_body
from assemblies.composition.rules import require_in_term
from assemblies.database import refused_as
from assemblies.errors import (
    AttendanceError,
    NotFoundError,
    OutsideTermError,
    SittingError,
)
from assemblies.journal.actions import record
from assemblies.journal.rules import Act
from assemblies.mandates.queries import members_on
from assemblies.parameters import load
from assemblies.people.queries import find_person
from assemblies.periods import PARIS, Period, day_of
from assemblies.sittings.models import (
    NOT_MEMBER,
    OUTSIDE_SITTING,
    SITTING_OUTSIDE_BODY,
    Attendance,
    InterestConflict,
    Proxy,
    Sitting,
    SittingItem,
    Unavailability,
)
from assemblies.sittings.queries import SittingView, count_at, find_sitting, proxies_of
from assemblies.sittings.rules import (
    AgendaItem,
    Kind,
    Span,
    check_agenda,
    check_convocation,
    check_presence,
    check_proxy,
    half_days,
    is_attended,
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the attendance sheet says of a member: there from when to when, and how."""

    mandate_id: int
    span: Span
    is_remote: bool = False


def set_sitting(
    session: Session,
    act: Act,
    *,
    body_id: int,
    kind: Kind,
    span: Span,
    place: str,
    is_remote: bool = False,
    second_call_of: int | None = None,
) -> int:
    """Set a sitting within the life of its body; return its number."""
    require(act.actor, Right.MANAGE_SITTINGS)
    body = find_body(session, body_id)
    require_in_term(body.period, span.day, what="sitting")
    row = Sitting(
        body_id=body_id,
        kind=kind,
        starts_at=span.start,
        ends_at=span.end,
        place=place.strip(),
        is_remote=is_remote,
        second_call_of=second_call_of,
    )
    with refused_as(session, {SITTING_OUTSIDE_BODY: OutsideTermError}, day=span.day):
        session.add(row)
    record(session, act, "sitting.set", "sitting", row.id, body=body_id, kind=kind)
    return row.id


def convoke(
    session: Session,
    act: Act,
    *,
    sitting_id: int,
    agenda: Sequence[AgendaItem],
    urgency: str | None = None,
) -> None:
    """Convoke a sitting with its agenda, in time or with the reason of its urgency."""
    require(act.actor, Right.MANAGE_SITTINGS)
    sitting = _held(session, sitting_id)
    if sitting.convoked_at is not None:
        raise SittingError(sitting=sitting_id, reason="it is convoked already")
    check_agenda(sitting.span, agenda)
    on = day_of(act.at)
    days = load("sittings/convocation_days").on(sitting.span.day).whole
    check_convocation(on, sitting.span.day, days, urgency=urgency)
    session.add_all(
        SittingItem(
            sitting_id=sitting_id, position=place, title=item.title.strip(), minutes=item.minutes
        )
        for place, item in enumerate(agenda, start=1)
    )
    row = session.get_one(Sitting, sitting_id)
    row.convoked_at, row.urgency = act.at, urgency
    session.flush()
    record(session, act, "sitting.convoked", "sitting", sitting_id, points=len(agenda))


def cancel_sitting(session: Session, act: Act, *, sitting_id: int, reason: str) -> None:
    """Cancel a sitting nobody attended; it stays in the calendar with its reason."""
    require(act.actor, Right.MANAGE_SITTINGS)
    _held(session, sitting_id)
    if not reason.strip():
        raise SittingError(sitting=sitting_id, reason="a cancellation needs a reason")
    if session.query(Attendance).filter_by(sitting_id=sitting_id).first() is not None:
        raise SittingError(sitting=sitting_id, reason="it took place")
    row = session.get_one(Sitting, sitting_id)
    row.cancelled_at, row.cancel_reason = act.at, reason.strip()
    session.flush()
    record(session, act, "sitting.cancelled", "sitting", sitting_id)


def call_again(
    session: Session,
    act: Act,
    *,
    sitting_id: int,
    span: Span,
    place: str,
    urgency: str | None = None,
) -> int:
    """Set the sitting that follows one without quorum, on the same agenda; return it.

    No quorum is then needed (CRPA, art. R133-10); the convocation has to be in time like any
    other. Raise ``SittingError`` where the first one was not convoked, has no attendance
    recorded yet, or had its quorum when it opened.
    """
    require(act.actor, Right.MANAGE_SITTINGS)
    first = _held(session, sitting_id)
    if first.convoked_at is None or first.second_call_of is not None:
        raise SittingError(sitting=sitting_id, reason="only a first convocation is called again")
    if session.get_one(Sitting, sitting_id).attendance_at is None:
        raise SittingError(sitting=sitting_id, reason="its attendance is not recorded yet")
    count, enough = count_at(session, sitting_id, at=first.span.start)
    if enough:
        raise SittingError(sitting=sitting_id, reason="it had its quorum", counted=count.counted)
    if span.start <= first.span.start:
        raise SittingError(sitting=sitting_id, reason="the second one comes after the first")
    again = set_sitting(
        session,
        act,
        body_id=first.body_id,
        kind=first.kind,
        span=span,
        place=place,
        second_call_of=sitting_id,
    )
    convoke(session, act, sitting_id=again, agenda=first.agenda, urgency=urgency)
    return again


def give_proxy(session: Session, act: Act, *, sitting_id: int, giver: int, holder: int) -> None:
    """Let a member be represented by another one at a sitting."""
    require(act.actor, Right.MANAGE_SITTINGS)
    sitting = _held(session, sitting_id)
    members = {m.id for m in members_on(session, sitting.body_id, on=sitting.span.day)}
    most = load("sittings/proxies_per_member").on(sitting.span.day).whole
    check_proxy(giver, holder, members, proxies_of(session, sitting_id), most)
    session.add(Proxy(sitting_id=sitting_id, giver_id=giver, holder_id=holder, given_at=act.at))
    session.flush()
    record(session, act, "sitting.proxy_given", "sitting", sitting_id, giver=giver, holder=holder)


def stand_aside(session: Session, act: Act, *, item_id: int, mandate_id: int, reason: str) -> None:
    """Declare that a member takes no part in a point of the agenda (CRPA, art. R133-3 to R133-13)."""
    require(act.actor, Right.MANAGE_SITTINGS)
    item = session.get(SittingItem, item_id)
    if item is None:
        raise NotFoundError(kind="agenda item", id=item_id)
    sitting = _held(session, item.sitting_id)
    members = {m.id for m in members_on(session, sitting.body_id, on=sitting.span.day)}
    if mandate_id not in members or not reason.strip():
        raise SittingError(item=item_id, mandate=mandate_id, reason="a member and a reason")
    session.merge(
        InterestConflict(
            item_id=item_id, mandate_id=mandate_id, reason=reason.strip(), declared_at=act.at
        )
    )
    session.flush()
    record(session, act, "sitting.stood_aside", "sitting", sitting.id, mandate=mandate_id)


def record_attendance(
    session: Session, act: Act, *, sitting_id: int, arrivals: Sequence[Arrival]
) -> int:
    """Record the whole attendance sheet of a sitting, in place of what was there.

    Returns how many half-days count as attended (``sittings/half_day_minutes``). Raise
    ``AttendanceError`` for whoever is not a member that day, is there outside the sitting or
    is listed twice; nothing is then recorded.
    """
    require(act.actor, Right.RECORD_ATTENDANCE)
    sitting = _held(session, sitting_id)
    on = sitting.span.day
    noon, minutes = (
        load(f"sittings/{name}").on(on).whole for name in ("noon_hour", "half_day_minutes")
    )
    members = {m.id for m in members_on(session, sitting.body_id, on=on)}
    halves = half_days(sitting.span, noon)
    rows = []
    seen: set[int] = set()
    for arrival in arrivals:
        if arrival.mandate_id not in members or arrival.mandate_id in seen:
            twice = arrival.mandate_id in seen
            raise AttendanceError(
                mandate=arrival.mandate_id, reason="listed twice" if twice else "not a member"
            )
        seen.add(arrival.mandate_id)
        check_presence(arrival.span, sitting.span, arrival.mandate_id)
        for half in halves:
            there = arrival.span.within(half.span)
            if there is not None:
                rows.append(
                    Attendance(
                        sitting_id=sitting_id,
                        mandate_id=arrival.mandate_id,
                        day=half.day,
                        half=half.half,
                        arrived_at=there.start,
                        left_at=there.end,
                        is_remote=arrival.is_remote,
                        is_attended=is_attended(arrival.span, half, minutes),
                    )
                )
    session.execute(delete(Attendance).where(Attendance.sitting_id == sitting_id))
    refusals = {OUTSIDE_SITTING: AttendanceError, NOT_MEMBER: AttendanceError}
    with refused_as(session, refusals, sitting=sitting_id):
        session.add_all(rows)
    session.get_one(Sitting, sitting_id).attendance_at = act.at
    session.flush()
    attended = sum(row.is_attended for row in rows)
    record(
        session,
        act,
        "sitting.attendance_recorded",
        "sitting",
        sitting_id,
        members=len(seen),
        half_days=attended,
    )
    return attended


def tell_unavailable(session: Session, act: Act, *, person_id: int, days: Period) -> int:
    """Record days on which a person cannot sit; they may tell it themselves."""
    person = find_person(session, person_id)
    if person.account_id is None or person.account_id != act.actor.account:
        require(act.actor, Right.MANAGE_SITTINGS)
    row = Unavailability(person_id=person_id, first_day=days.first, last_day=days.last)
    session.add(row)
    session.flush()
    record(session, act, "person.unavailable", "person", person_id, days=days.days)
    return row.id


def sitting_span(day: date, first_hour: int, last_hour: int) -> Span:
    """Return the hours of a day, where the bodies sit."""
    start = datetime(day.year, day.month, day.day, first_hour, tzinfo=PARIS)
    return Span(start, start.replace(hour=last_hour))


def _held(session: Session, sitting_id: int) -> SittingView:
    """Return a sitting that is not cancelled."""
    sitting = find_sitting(session, sitting_id)
    if sitting.is_cancelled:
        raise SittingError(sitting=sitting_id, reason="it is cancelled")
    return sitting
