"""What the secretariat should see coming: mandates that end, seats empty too long, renewals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from assemblies.composition.queries import BodyView, list_bodies, seats_of
from assemblies.mandates.queries import mandates_on, seat_history, term_of, vacant_seats
from assemblies.mandates.rules import term_holding
from assemblies.parameters import load
from assemblies.periods import Period


class AlertKind(StrEnum):
    """What is coming, or late."""

    ENDING = "ending"
    VACANT = "vacant"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to prepare for ``day``.

    ``seats`` are the seats concerned: the one whose mandate ends (its last day), the one
    empty since ``day``, or all those renewed from ``day`` on.
    """

    kind: AlertKind
    day: date
    body_id: int
    seats: tuple[int, ...]
    is_late: bool = False


def alerts(session: Session, *, on: date) -> tuple[Alert, ...]:
    """Return the alerts of the bodies living on a day, by day.

    Ends and renewals within ``mandates/alert_days``; vacancies from their first day, late
    after ``mandates/vacancy_alert_days``.
    """
    ahead = Period(on, on + timedelta(days=load("mandates/alert_days").on(on).whole))
    found: list[Alert] = []
    for body in list_bodies(session, on=on):
        found += _endings(session, body, ahead)
        found += _vacancies(session, body, on)
        found += _renewals(session, body, ahead)
    return tuple(sorted(found, key=lambda alert: (alert.day, alert.body_id, alert.seats)))


def _endings(session: Session, body: BodyView, ahead: Period) -> list[Alert]:
    """Return the mandates that end before the term of their seat."""
    seats = {seat.id: seat for seat in seats_of(session, body.id)}
    found = []
    for mandate in mandates_on(session, body.id, on=ahead.first):
        last = mandate.period.last
        term = term_holding(term_of(body, seats[mandate.seat_id]), mandate.period.first)
        if last in ahead and last != term.last:
            found.append(Alert(AlertKind.ENDING, last, body.id, (mandate.seat_id,)))
    return found


def _vacancies(session: Session, body: BodyView, on: date) -> list[Alert]:
    patience = timedelta(days=load("mandates/vacancy_alert_days").on(on).whole)
    found = []
    for seat in vacant_seats(session, body.id, on=on):
        past = [one for one in seat_history(session, seat.id) if one.period.last < on]
        since = past[-1].period.last + timedelta(days=1) if past else body.period.first
        late = on >= since + patience
        found.append(Alert(AlertKind.VACANT, since, body.id, (seat.id,), late))
    return found


def _renewals(session: Session, body: BodyView, ahead: Period) -> list[Alert]:
    """Return the days within reach when a group of seats begins a new term."""
    by_day: dict[date, list[int]] = {}
    for seat in seats_of(session, body.id):
        last = term_holding(term_of(body, seat), ahead.first).last
        if last in ahead and last < body.period.last:
            by_day.setdefault(last + timedelta(days=1), []).append(seat.id)
    return [Alert(AlertKind.RENEWAL, day, body.id, tuple(seats)) for day, seats in by_day.items()]
