"""Reading mandates: who sits where, whose a seat was, what is vacant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assemblies.composition.models import Body, College, Seat
from assemblies.composition.queries import BodyView, SeatView, find_body, find_seat, seats_of
from assemblies.composition.rules import Mode, require_in_term
from assemblies.errors import NotFoundError
from assemblies.mandates.models import Mandate, Suspension
from assemblies.mandates.rules import EndReason, Held, SeatTerm, Standing, standing, term_holding
from assemblies.periods import Period


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate with the seat it holds.

    ``period`` is as it runs, ``planned_last`` the end of its term; ``end_reason`` tells why
    it ends earlier. ``origin`` is how the college comes by its members.
    """

    id: int
    body_id: int
    seat_id: int
    college: str
    seat_number: int
    origin: Mode
    person_id: int
    period: Period
    planned_last: date
    end_reason: EndReason | None
    draw_id: int | None
    replaces: int | None
    suspensions: tuple[tuple[date, date | None], ...]

    def standing(self, on: date) -> Standing:
        """Return what the mandate is on a day."""
        return standing(self.period, self.suspensions, on)


def find_mandate(session: Session, mandate_id: int) -> MandateView:
    """Return a mandate; raise ``NotFoundError`` where there is none, or it was withdrawn."""
    found = _views(session, _all().where(Mandate.id == mandate_id))
    if not found:
        raise NotFoundError(kind="mandate", id=mandate_id)
    return found[0]


def members_on(
    session: Session, body_id: int, *, on: date, college: str | None = None
) -> tuple[MandateView, ...]:
    """Return the mandates running on a day, suspended ones left out, by college and seat."""
    return tuple(
        mandate
        for mandate in mandates_on(session, body_id, on=on, college=college)
        if mandate.standing(on) is Standing.RUNNING
    )


def mandates_on(
    session: Session, body_id: int, *, on: date, college: str | None = None
) -> tuple[MandateView, ...]:
    """Return the mandates held on a day, suspended ones too, by college and seat."""
    wanted = _all().where(
        Mandate.body_id == body_id, Mandate.first_day <= on, Mandate.last_day >= on
    )
    if college is not None:
        wanted = wanted.where(College.key == college)
    return _views(session, wanted)


def mandates_of(session: Session, person_id: int) -> tuple[MandateView, ...]:
    """Return every mandate of a person, oldest first."""
    found = _views(session, _all().where(Mandate.person_id == person_id))
    return tuple(sorted(found, key=lambda mandate: (mandate.period, mandate.id)))


def seat_history(session: Session, seat_id: int) -> tuple[MandateView, ...]:
    """Return whose a seat was and is, oldest first, each with the draw that filled it."""
    found = _views(session, _all().where(Mandate.seat_id == seat_id))
    return tuple(sorted(found, key=lambda mandate: (mandate.period, mandate.id)))


def vacant_seats(
    session: Session, body_id: int, *, on: date, college: str | None = None
) -> tuple[SeatView, ...]:
    """Return the seats that nobody holds on a day; a suspended member's seat is held."""
    held = {mandate.seat_id for mandate in mandates_on(session, body_id, on=on)}
    return tuple(
        seat for seat in seats_of(session, body_id, college=college) if seat.id not in held
    )


def free_seats(
    session: Session, body_id: int, *, first: date, college: str
) -> tuple[SeatView, ...]:
    """Return the seats that nobody holds, or will hold, from a day to the end of their term."""
    body = find_body(session, body_id)
    require_in_term(body.period, first, what="mandate")
    later = session.execute(
        select(Mandate.seat_id, Mandate.first_day).where(
            Mandate.body_id == body_id, Mandate.last_day >= first, Mandate.withdrawn_at.is_(None)
        )
    )
    starts: dict[int, date] = {}
    for seat_id, day in later:
        starts[seat_id] = min(day, starts.get(seat_id, day))
    return tuple(
        seat
        for seat in seats_of(session, body_id, college=college)
        if starts.get(seat.id, date.max) > term_holding(term_of(body, seat), first).last
    )


def held_by(session: Session, person_id: int) -> tuple[Held, ...]:
    """Return the mandates of a person as incompatibilities look at them."""
    rows = session.execute(
        select(Mandate, Body.template, College.mode)
        .join(Body, Body.id == Mandate.body_id)
        .join(Seat, Seat.id == Mandate.seat_id)
        .join(College, College.id == Seat.college_id)
        .where(Mandate.person_id == person_id, Mandate.withdrawn_at.is_(None))
    )
    return tuple(
        Held(m.id, m.body_id, kind, Mode(mode), Period(m.first_day, m.last_day))
        for m, kind, mode in rows
    )


def term_of(body: BodyView, seat: SeatView) -> SeatTerm:
    """Return what decides when the mandates of a seat end."""
    template = body.template
    return SeatTerm(body.period, template.term.months, template.renewal, seat.part)


def seat_and_body(session: Session, seat_id: int) -> tuple[SeatView, BodyView]:
    """Return a seat and its body; raise ``NotFoundError`` where there is none."""
    seat = find_seat(session, seat_id)
    return seat, find_body(session, seat.body_id)


def _all() -> Select[Mandate, Seat, College]:
    return (
        select(Mandate, Seat, College)
        .join(Seat, Seat.id == Mandate.seat_id)
        .join(College, College.id == Seat.college_id)
        .where(Mandate.withdrawn_at.is_(None))
        .order_by(College.id, Seat.number, Mandate.first_day, Mandate.id)
    )


def _views(session: Session, wanted: Select[Mandate, Seat, College]) -> tuple[MandateView, ...]:
    rows = session.execute(wanted).all()
    suspensions = _suspensions(session, [mandate.id for mandate, _, _ in rows])
    return tuple(
        MandateView(
            id=mandate.id,
            body_id=mandate.body_id,
            seat_id=seat.id,
            college=college.key,
            seat_number=seat.number,
            origin=Mode(college.mode),
            person_id=mandate.person_id,
            period=Period(mandate.first_day, mandate.last_day),
            planned_last=mandate.planned_last_day,
            end_reason=None if mandate.end_reason is None else EndReason(mandate.end_reason),
            draw_id=mandate.draw_id,
            replaces=mandate.replaces_id,
            suspensions=tuple(suspensions.get(mandate.id, ())),
        )
        for mandate, seat, college in rows
    )


def _suspensions(
    session: Session, mandates: Sequence[int]
) -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = {}
    rows = session.scalars(
        select(Suspension).where(Suspension.mandate_id.in_(mandates)).order_by(Suspension.first_day)
    )
    for row in rows:
        found.setdefault(row.mandate_id, []).append((row.first_day, row.last_day))
    return found
