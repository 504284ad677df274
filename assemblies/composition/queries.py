"""Reading bodies, colleges and seats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assemblies.composition.models import Body, BodyChoice, College, Seat
from assemblies.composition.rules import Mode, Template
from assemblies.composition.templates import load_template
from assemblies.errors import NotFoundError
from assemblies.periods import Period


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat and where it stands."""

    id: int
    body_id: int
    college_id: int
    college: str
    mode: Mode
    number: int
    part: int
    institution: str | None


@dataclass(frozen=True, slots=True)
class CollegeView:
    """A college and how many seats it has."""

    id: int
    key: str
    mode: Mode
    seats: int


@dataclass(frozen=True, slots=True)
class BodyView:
    """A body with its colleges, its template and the answers to its open choices."""

    id: int
    name: str
    template: Template
    period: Period
    colleges: tuple[CollegeView, ...]
    answers: Mapping[str, str]

    @property
    def seats(self) -> int:
        """How many seats the body has in all."""
        return sum(college.seats for college in self.colleges)


def find_body(session: Session, body_id: int) -> BodyView:
    """Return a body; raise ``NotFoundError`` where there is none."""
    row = session.get(Body, body_id)
    if row is None:
        raise NotFoundError(kind="body", id=body_id)
    return _view(session, row)


def list_bodies(session: Session, *, on: date | None = None) -> tuple[BodyView, ...]:
    """Return the bodies, those living on a day where one is given, oldest first."""
    wanted = select(Body).order_by(Body.first_day, Body.id)
    if on is not None:
        wanted = wanted.where(Body.first_day <= on, Body.last_day >= on)
    return tuple(_view(session, row) for row in session.scalars(wanted))


def find_seat(session: Session, seat_id: int) -> SeatView:
    """Return a seat; raise ``NotFoundError`` where there is none."""
    row = session.execute(
        select(Seat, College).join(College).where(Seat.id == seat_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(kind="seat", id=seat_id)
    return _seat(*row)


def seats_of(session: Session, body_id: int, *, college: str | None = None) -> tuple[SeatView, ...]:
    """Return the seats of a body, or of one college, by college and number."""
    wanted = select(Seat, College).join(College).where(College.body_id == body_id)
    if college is not None:
        wanted = wanted.where(College.key == college)
    return tuple(_seat(*row) for row in session.execute(wanted.order_by(College.id, Seat.number)))


def _seat(seat: Seat, college: College) -> SeatView:
    return SeatView(
        seat.id,
        college.body_id,
        college.id,
        college.key,
        Mode(college.mode),
        seat.number,
        seat.part,
        seat.institution,
    )


def _view(session: Session, row: Body) -> BodyView:
    colleges = session.scalars(
        select(College).where(College.body_id == row.id).order_by(College.id)
    ).all()
    counts: dict[int, int] = {}
    for college_id in session.scalars(
        select(Seat.college_id).where(Seat.college_id.in_([c.id for c in colleges]))
    ):
        counts[college_id] = counts.get(college_id, 0) + 1
    answers = session.execute(
        select(BodyChoice.key, BodyChoice.option)
        .where(BodyChoice.body_id == row.id)
        .order_by(BodyChoice.id)
    )
    return BodyView(
        id=row.id,
        name=row.name,
        template=load_template(row.template, on=row.template_from),
        period=Period(row.first_day, row.last_day),
        colleges=tuple(
            CollegeView(c.id, c.key, Mode(c.mode), counts.get(c.id, 0)) for c in colleges
        ),
        answers=dict(iter(answers)),
    )
