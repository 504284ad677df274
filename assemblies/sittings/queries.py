"""Reading sittings: calendar, attendance, quorum, clashes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from assemblies.composition.queries import find_body
from assemblies.errors import NotFoundError
from assemblies.mandates.queries import members_on
from assemblies.periods import PARIS, Period
from assemblies.sittings.models import (
    Attendance,
    InterestConflict,
    Proxy,
    Sitting,
    SittingItem,
    Unavailability,
)
from assemblies.sittings.rules import (
    AgendaItem,
    Count,
    Half,
    Kind,
    Span,
    count_present,
    is_quorate,
)


@dataclass(frozen=True, slots=True)
class SittingView:
    """A sitting as announced. ``items`` are the numbers of the points of ``agenda``."""

    id: int
    body_id: int
    kind: Kind
    span: Span
    place: str
    is_remote: bool
    convoked_at: datetime | None
    second_call_of: int | None
    is_cancelled: bool
    agenda: tuple[AgendaItem, ...]
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """A member's presence on a half-day."""

    mandate_id: int
    day: date
    half: Half
    span: Span
    is_remote: bool
    is_attended: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sittings at the same hours, and the people due at both."""

    one: int
    other: int
    people: tuple[int, ...]


def find_sitting(session: Session, sitting_id: int) -> SittingView:
    """Return a sitting; raise ``NotFoundError`` where there is none."""
    row = session.get(Sitting, sitting_id)
    if row is None:
        raise NotFoundError(kind="sitting", id=sitting_id)
    return _view(session, row)


def calendar_of(
    session: Session, body_id: int, *, within: Period | None = None
) -> tuple[SittingView, ...]:
    """Return the sittings of a body in order, cancelled ones too."""
    wanted = select(Sitting).where(Sitting.body_id == body_id).order_by(Sitting.starts_at)
    if within is not None:
        wanted = wanted.where(*_in_days(within))
    return tuple(_view(session, row) for row in session.scalars(wanted))


def attendance_of(session: Session, sitting_id: int) -> tuple[Presence, ...]:
    """Return who was there, half-day by half-day, by mandate."""
    rows = session.scalars(
        select(Attendance)
        .where(Attendance.sitting_id == sitting_id)
        .order_by(Attendance.day, Attendance.half, Attendance.mandate_id)
    )
    return tuple(_presence(row) for row in rows)


def half_days_of(session: Session, mandate_id: int, *, within: Period) -> tuple[Presence, ...]:
    """Return the half-days a member attended within some days, in order."""
    rows = session.scalars(
        select(Attendance)
        .where(
            Attendance.mandate_id == mandate_id,
            Attendance.is_attended,
            Attendance.day >= within.first,
            Attendance.day <= within.last,
        )
        .order_by(Attendance.day, Attendance.half)
    )
    return tuple(_presence(row) for row in rows)


def proxies_of(session: Session, sitting_id: int) -> tuple[tuple[int, int], ...]:
    """Return (giver, holder) of the proxies of a sitting, by giver."""
    rows = session.scalars(
        select(Proxy).where(Proxy.sitting_id == sitting_id).order_by(Proxy.giver_id)
    )
    return tuple((row.giver_id, row.holder_id) for row in rows)


def count_at(
    session: Session, sitting_id: int, *, at: datetime, item_id: int | None = None
) -> tuple[Count, bool]:
    """Return who counts at an instant, or on a point of the agenda, and whether that is enough."""
    sitting = find_sitting(session, sitting_id)
    members = {m.id for m in members_on(session, sitting.body_id, on=sitting.span.day)}
    present = session.scalars(
        select(Attendance.mandate_id).where(
            Attendance.sitting_id == sitting_id,
            Attendance.arrived_at <= at,
            Attendance.left_at > at,
        )
    ).all()
    aside = session.scalars(
        select(InterestConflict.mandate_id).where(InterestConflict.item_id == item_id)
    ).all()
    count = count_present(members, present, proxies_of(session, sitting_id), aside)
    quorum = find_body(session, sitting.body_id).template.quorum
    return count, is_quorate(quorum, count, second_call=sitting.second_call_of is not None)


def find_clashes(session: Session, *, within: Period) -> tuple[Clash, ...]:
    """Return the sittings that call somebody to two places at once, in order of time.

    Groups of one body sit side by side on purpose, each with its own members: that is none.
    """
    rows = session.scalars(
        select(Sitting)
        .where(*_in_days(within), Sitting.cancelled_at.is_(None))
        .order_by(Sitting.starts_at, Sitting.id)
    ).all()
    people = {
        row.id: {
            m.person_id
            for m in members_on(session, row.body_id, on=Span(row.starts_at, row.ends_at).day)
        }
        for row in rows
    }
    found = []
    for place, one in enumerate(rows):
        for other in rows[place + 1 :]:
            if other.starts_at >= one.ends_at:
                break
            both = people[one.id] & people[other.id]
            apart = one.body_id == other.body_id and one.kind == other.kind == Kind.GROUP
            if both and not apart:
                found.append(Clash(one.id, other.id, tuple(sorted(both))))
    return tuple(found)


def unavailable_on(
    session: Session, people: set[int], *, within: Period
) -> dict[int, list[Period]]:
    """Return the days within a period on which each of some people cannot sit."""
    rows = session.scalars(
        select(Unavailability)
        .where(Unavailability.first_day <= within.last, Unavailability.last_day >= within.first)
        .order_by(Unavailability.person_id, Unavailability.first_day)
    )
    found: dict[int, list[Period]] = {}
    for row in rows:
        days = Period(row.first_day, row.last_day).intersection(within)
        if row.person_id in people and days is not None:
            found.setdefault(row.person_id, []).append(days)
    return found


def _in_days(within: Period) -> tuple[ColumnElement[bool], ...]:
    start = datetime.combine(within.first, time(), PARIS)
    end = datetime.combine(within.last + timedelta(days=1), time(), PARIS)
    return (Sitting.starts_at < end, Sitting.ends_at > start)


def _presence(row: Attendance) -> Presence:
    return Presence(
        row.mandate_id,
        row.day,
        Half(row.half),
        Span(row.arrived_at, row.left_at),
        row.is_remote,
        row.is_attended,
    )


def _view(session: Session, row: Sitting) -> SittingView:
    items = session.scalars(
        select(SittingItem).where(SittingItem.sitting_id == row.id).order_by(SittingItem.position)
    ).all()
    return SittingView(
        id=row.id,
        body_id=row.body_id,
        kind=Kind(row.kind),
        span=Span(row.starts_at, row.ends_at),
        place=row.place,
        is_remote=row.is_remote,
        convoked_at=row.convoked_at,
        second_call_of=row.second_call_of,
        is_cancelled=row.cancelled_at is not None,
        agenda=tuple(AgendaItem(item.title, item.minutes) for item in items),
        items=tuple(item.id for item in items),
    )
