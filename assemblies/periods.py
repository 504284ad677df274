"""Spans of days, both ends included, as mandates and terms are counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from assemblies.errors import PeriodError

PARIS = ZoneInfo("Europe/Paris")  # where the bodies sit
_DAY = timedelta(days=1)


def day_of(at: datetime) -> date:
    """Return the day of an instant where the bodies sit: not that of UTC around midnight."""
    return at.astimezone(PARIS).date()


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """The days from ``first`` to ``last``, both included.

    Raises ``PeriodError`` when the last day comes before the first.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodError(first=self.first, last=self.last)

    @classmethod
    def of_months(cls, first: date, months: int) -> Period:
        """Return the period of whole months that begins on ``first``.

        It ends on the eve of the day of the same number: nine months from 15 January end on
        14 October. Where the last month has no such day it counts whole: one month from 31
        January ends on 28 or 29 February, as for time limits (code de procédure civile,
        art. 641).
        """
        same_number = first + relativedelta(months=months)
        is_short = same_number.day < first.day and months > 0
        return cls(first, same_number if is_short else same_number - _DAY)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(self.days))

    @property
    def days(self) -> int:
        """How many days, both ends counted."""
        return (self.last - self.first).days + 1

    def overlaps(self, other: Period) -> bool:
        """Tell whether the two share a day."""
        return self.first <= other.last and other.first <= self.last

    def intersection(self, other: Period) -> Period | None:
        """Return the days in both, or None when there are none."""
        if not self.overlaps(other):
            return None
        return Period(max(self.first, other.first), min(self.last, other.last))

    def holds(self, other: Period) -> bool:
        """Tell whether every day of ``other`` is in this one."""
        return self.first <= other.first and other.last <= self.last


def union(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Return the same days as disjoint periods in order; those that touch are joined."""
    joined: list[Period] = []
    for period in sorted(periods):
        if joined and period.first <= joined[-1].last + _DAY:
            joined[-1] = Period(joined[-1].first, max(joined[-1].last, period.last))
        else:
            joined.append(period)
    return tuple(joined)


def gaps(whole: Period, periods: Iterable[Period]) -> tuple[Period, ...]:
    """Return the days of ``whole`` that none of the periods holds, as disjoint periods."""
    found: list[Period] = []
    day = whole.first
    for period in union(periods):
        if period.first > day and day <= whole.last:
            found.append(Period(day, min(period.first - _DAY, whole.last)))
        day = max(day, period.last + _DAY)
    if day <= whole.last:
        found.append(Period(day, whole.last))
    return tuple(found)
