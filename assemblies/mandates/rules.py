"""When a mandate begins, is suspended and ends; which mandates cannot be held together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from assemblies.composition.rules import Incompatibility, Mode, Renewal, RenewalRule, Scope
from assemblies.errors import MandateEndError, SuspensionError
from assemblies.periods import Period

_DAY = timedelta(days=1)


class Standing(StrEnum):
    """What a mandate is on a day."""

    TO_COME = "to_come"
    RUNNING = "running"
    SUSPENDED = "suspended"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a mandate ended before its term."""

    RESIGNATION = "resignation"
    DEATH = "death"
    LOSS_OF_ELIGIBILITY = "loss_of_eligibility"
    REVOKED = "revoked"  # an institution recalls whom it appointed


@dataclass(frozen=True, slots=True)
class SeatTerm:
    """What decides when the mandates of a seat end: the body's life and how it is renewed."""

    body: Period
    months: int | None
    renewal: RenewalRule
    part: int


@dataclass(frozen=True, slots=True)
class Held:
    """A mandate somebody holds, held or will hold, as incompatibilities look at it."""

    mandate_id: int
    body_id: int
    kind: str
    mode: Mode
    period: Period


@dataclass(frozen=True, slots=True)
class Candidacy:
    """A mandate that somebody would hold."""

    body_id: int
    kind: str
    mode: Mode
    period: Period


@dataclass(frozen=True, slots=True)
class Obstacle:
    """The rule that refuses a candidacy, the mandate it sees, and the last day it does."""

    rule: Incompatibility
    held: Held
    until: date


def term_holding(seat: SeatTerm, day: date) -> Period:
    """Return the term of a seat in which a day falls: a mandate begun that day ends with it.

    Without renewal there is one term, the body's life. Renewed whole, terms of ``months``
    follow one another from the body's first day. Renewed by parts, the first term of part p
    lasts p × ``every_months`` only, so that the parts end one after the other; full terms
    follow. No term outlives the body. ``day`` must belong to the body's life.
    """
    renewal = seat.renewal
    if renewal.kind is Renewal.NONE or seat.months is None:
        return seat.body
    first_months = seat.months
    if renewal.kind is Renewal.BY_PARTS and renewal.every_months is not None:
        first_months = renewal.every_months * seat.part
    start, months = seat.body.first, first_months
    while day > (last := Period.of_months(seat.body.first, months).last):
        start, months = last + _DAY, months + seat.months
    return Period(start, min(last, seat.body.last))


def standing(period: Period, suspensions: Iterable[tuple[date, date | None]], on: date) -> Standing:
    """Return what a mandate is on a day; a suspension without last day goes on."""
    if on < period.first:
        return Standing.TO_COME
    if on > period.last:
        return Standing.ENDED
    if any(first <= on and (last is None or on <= last) for first, last in suspensions):
        return Standing.SUSPENDED
    return Standing.RUNNING


def check_end(period: Period, last: date) -> None:
    """Raise ``MandateEndError`` unless a mandate can end on a day, which is its last one.

    A mandate is shortened, never lengthened, and lasts a day at least: one that its holder
    gives up before it begins is withdrawn instead.
    """
    if last not in period:
        raise MandateEndError(last=last, first=period.first, planned=period.last)


def check_suspension(
    period: Period, suspensions: Iterable[tuple[date, date | None]], first: date
) -> None:
    """Raise ``SuspensionError`` unless a mandate can be suspended from a day on."""
    found = standing(period, suspensions, first)
    if found is not Standing.RUNNING:
        raise SuspensionError(first=first, standing=found)
    if any(later > first for later, _ in suspensions):
        raise SuspensionError(first=first, reason="a later suspension is recorded already")


def check_resumption(
    period: Period, suspension: tuple[date, date | None] | None, first: date
) -> None:
    """Raise ``SuspensionError`` unless a suspended mandate can resume on a day."""
    if suspension is None or suspension[1] is not None:
        raise SuspensionError(resumed=first, reason="the mandate is not suspended")
    if first <= suspension[0]:
        raise SuspensionError(resumed=first, suspended=suspension[0])
    if first not in period:
        raise SuspensionError(resumed=first, last=period.last, reason="the mandate has ended")


def find_obstacle(
    rules: Sequence[Incompatibility], candidacy: Candidacy, held: Iterable[Held]
) -> Obstacle | None:
    """Return the first rule that refuses a candidacy, or None.

    A mandate of a kind that the rule counts stands in the way when the two share a day, or
    when it ended less than the cooling-off before: the first free day is the day after its
    last one, moved on by that many months.
    """
    mandates = sorted(held, key=lambda one: (one.period, one.mandate_id))
    for rule in rules:
        if candidacy.mode not in rule.modes:
            continue
        for other in mandates:
            if other.mode not in rule.held or not _in_scope(rule.scope, candidacy, other):
                continue
            until = other.period.last + _DAY + relativedelta(months=rule.cooling_off_months) - _DAY
            if candidacy.period.first <= until and other.period.first <= candidacy.period.last:
                return Obstacle(rule, other, until)
    return None


def _in_scope(scope: Scope, candidacy: Candidacy, other: Held) -> bool:
    if scope is Scope.SAME_BODY:
        return candidacy.body_id == other.body_id
    return scope is Scope.ANY_BODY or candidacy.kind == other.kind
