"""Dates for the sittings of a term: those that the most members can attend, and what they cost.

A day may be chosen or not, x_d ∈ {0, 1}; with a_d the members who cannot come on day d::

    minimise Σ a_d x_d
    Σ x_d = sittings          x_d = 1 for the days already set
    Σ x_d ≤ 1 over any ``least_gap`` days in a row
    Σ x_d ≥ 1 over any ``most_gap`` days in a row of the term

CP-SAT runs with one worker, a fixed seed and a deterministic limit: the same question always
gets the same dates. What each condition costs is found by solving without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from ortools.sat.python import cp_model
from sqlalchemy.orm import Session

from assemblies.calendar import is_in_session, public_holidays
from assemblies.composition.queries import find_body
from assemblies.errors import PlanError
from assemblies.mandates.queries import members_on
from assemblies.periods import Period
from assemblies.sittings.models import Sitting
from assemblies.sittings.queries import calendar_of, unavailable_on

_EFFORT = 20.0  # deterministic seconds: a term is solved in a fraction of one
_SEED = 1
_DAY = timedelta(days=1)


class Condition(StrEnum):
    """What a plan must meet, and may be asked to do without."""

    WEEKDAYS = "weekdays"
    HOLIDAYS = "holidays"
    SESSION = "parliamentary_session"
    LEAST_GAP = "least_gap"
    MOST_GAP = "most_gap"


class SessionRule(StrEnum):
    """Whether sittings keep to the ordinary session of Parliament."""

    ANY = "any"
    WITHIN = "within"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What dates are wanted: how many, within which days, how far apart (in days).

    ``weekdays`` are 0 (Monday) to 6. ``fixed`` days are sittings already; they count.
    """

    within: Period
    sittings: int
    weekdays: frozenset[int] = frozenset(range(5))
    session: SessionRule = SessionRule.ANY
    least_gap: int = 1
    most_gap: int | None = None
    fixed: frozenset[date] = frozenset()
    dropped: frozenset[Condition] = frozenset()

    def without(self, condition: Condition) -> Wishes:
        """Return the same wishes less one condition."""
        return replace(self, dropped=self.dropped | {condition})


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A date and how many of the members are expected to be away."""

    day: date
    absent: int
    members: int


@dataclass(frozen=True, slots=True)
class Trade:
    """What doing without a condition would bring: members more, over all the dates."""

    condition: Condition
    gained: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Proposed dates in order, and what was traded for them."""

    days: tuple[PlannedDay, ...]
    trades: tuple[Trade, ...]

    @property
    def absences(self) -> int:
        """Members expected to be away, over all the dates."""
        return sum(day.absent for day in self.days)


def plan_sittings(wishes: Wishes, absent: Mapping[date, int], members: int) -> Plan:
    """Propose the dates that the most members can attend.

    ``absent`` counts, by day, the members who cannot come. Raise ``PlanError`` where no dates
    meet every condition: ``conditions`` are those of which any one alone stands in the way,
    ``most`` the number of sittings that would fit with all of them.
    """
    chosen = _solve(wishes, absent)
    if chosen is None:
        raise _refusal(wishes, absent)
    days = tuple(PlannedDay(day, absent.get(day, 0), members) for day in chosen)
    cost = sum(day.absent for day in days)
    trades = []
    for condition in _held(wishes):
        freer = _solve(wishes.without(condition), absent)
        assert freer is not None  # noqa: S101 -- what meets more conditions meets fewer
        gained = cost - sum(absent.get(day, 0) for day in freer)
        if gained > 0:
            trades.append(Trade(condition, gained))
    return Plan(days, tuple(sorted(trades, key=lambda trade: -trade.gained)))


def propose_dates(session: Session, *, body_id: int, wishes: Wishes) -> Plan:
    """Propose dates for a body from what its members told and from their other sittings.

    Sittings already in its calendar are kept and count; a member due at another body's
    sitting that day is taken to be away.
    """
    body = find_body(session, body_id)
    within = wishes.within.intersection(body.period)
    if within is None:
        raise PlanError(body=body_id, reason="these days are outside the life of the body")
    people = {m.person_id for m in members_on(session, body_id, on=within.first)}
    own = {s.span.day for s in calendar_of(session, body_id, within=within) if not s.is_cancelled}
    away: dict[date, set[int]] = {}
    for person, periods in unavailable_on(session, people, within=within).items():
        for day in {day for period in periods for day in period}:
            away.setdefault(day, set()).add(person)
    for day, busy in _busy_elsewhere(session, body_id, within, people).items():
        away.setdefault(day, set()).update(busy)
    asked = replace(wishes, within=within, fixed=wishes.fixed | own)
    return plan_sittings(asked, {day: len(who) for day, who in away.items()}, len(people))


def _busy_elsewhere(
    session: Session, body_id: int, within: Period, people: set[int]
) -> dict[date, set[int]]:
    others = session.query(Sitting.body_id).filter(Sitting.body_id != body_id).distinct()
    found: dict[date, set[int]] = {}
    for (other,) in others:
        for sitting in calendar_of(session, other, within=within):
            if sitting.is_cancelled:
                continue
            due = {m.person_id for m in members_on(session, other, on=sitting.span.day)}
            day = sitting.span.day
            if due & people:
                found.setdefault(day, set()).update(due & people)
    return found


def _held(wishes: Wishes) -> Iterable[Condition]:
    """Return the conditions that these wishes do hold."""
    for condition in Condition:
        idle = (
            (condition is Condition.SESSION and wishes.session is SessionRule.ANY)
            or (condition is Condition.LEAST_GAP and wishes.least_gap <= 1)
            or (condition is Condition.MOST_GAP and wishes.most_gap is None)
            or (condition is Condition.WEEKDAYS and len(wishes.weekdays) == 7)
        )
        if not idle and condition not in wishes.dropped:
            yield condition


def _allowed(wishes: Wishes, day: date) -> bool:
    if day in wishes.fixed:
        return True
    holds = dict.fromkeys(Condition, True)
    holds |= dict.fromkeys(wishes.dropped, False)
    in_session = is_in_session(day)
    refused = (
        (holds[Condition.WEEKDAYS] and day.weekday() not in wishes.weekdays)
        or (holds[Condition.HOLIDAYS] and day in public_holidays(day.year))
        or (holds[Condition.SESSION] and wishes.session is SessionRule.WITHIN and not in_session)
        or (holds[Condition.SESSION] and wishes.session is SessionRule.OUTSIDE and in_session)
    )
    return not refused


def _solve(
    wishes: Wishes, absent: Mapping[date, int], sittings: int | None = None
) -> list[date] | None:
    """Return the best dates, or None when there are none; ``sittings`` None: as wished."""
    model, chosen = _model(wishes)
    model.add(sum(chosen.values()) == (wishes.sittings if sittings is None else sittings))
    # Earlier days first among equals, so that the answer is one.
    order = {day: place for place, day in enumerate(chosen)}
    scale = (len(chosen) + 1) ** 2
    model.minimize(sum((absent.get(day, 0) * scale + order[day]) * x for day, x in chosen.items()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = _SEED
    solver.parameters.max_deterministic_time = _EFFORT
    status = solver.solve(model)
    if status == cp_model.UNKNOWN:
        raise PlanError(reason="not decided with the effort allowed: ask for a shorter term")
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [day for day, x in chosen.items() if solver.boolean_value(x)]


def _model(wishes: Wishes) -> tuple[cp_model.CpModel, dict[date, cp_model.IntVar]]:
    model = cp_model.CpModel()
    chosen = {
        day: model.new_bool_var(day.isoformat()) for day in wishes.within if _allowed(wishes, day)
    }
    for day in wishes.fixed & chosen.keys():
        model.add(chosen[day] == 1)
    if Condition.LEAST_GAP not in wishes.dropped and wishes.least_gap > 1:
        for window in _windows(wishes.within, wishes.least_gap):
            model.add_at_most_one(chosen[day] for day in window if day in chosen)
    if Condition.MOST_GAP not in wishes.dropped and wishes.most_gap is not None:
        for window in _windows(wishes.within, wishes.most_gap):
            model.add(sum(chosen[day] for day in window if day in chosen) >= 1)
    return model, chosen


def _windows(within: Period, days: int) -> Iterable[Period]:
    """Return every stretch of so many days in a row."""
    first = within.first
    while first + (days - 1) * _DAY <= within.last:
        yield Period(first, first + (days - 1) * _DAY)
        first += _DAY


def _refusal(wishes: Wishes, absent: Mapping[date, int]) -> PlanError:
    """Say which conditions, each alone, stand in the way, and how many sittings would fit."""
    blocking = [c for c in _held(wishes) if _solve(wishes.without(c), absent) is not None]
    model, chosen = _model(wishes)
    model.maximize(sum(chosen.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = _EFFORT
    fits = solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return PlanError(
        wanted=wishes.sittings,
        most=int(solver.objective_value) if fits else None,
        conditions=tuple(blocking),
    )
