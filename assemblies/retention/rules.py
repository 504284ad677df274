"""From which day a person's data are due to be erased.

Each part that somebody played keeps their data for a time of its own, a dated parameter of
``data/parameters/retention``; the longest one counts. A part that is not over keeps them
without end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta


class Part(StrEnum):
    """What somebody was to a body."""

    VOLUNTEER = "volunteers_not_drawn"
    """In a pool, neither drawn nor alternate: counts from the end of the draw."""
    ALTERNATE = "alternates"
    """Named to fill a seat and never seated: counts from the end of the body."""
    MEMBER = "members"
    """Held a seat: counts from the last day of the mandate."""


@dataclass(frozen=True, slots=True)
class Played:
    """A part that somebody played, over on ``over`` (None: not over)."""

    part: Part
    over: date | None


def due_day(played: Iterable[Played], months: Mapping[Part, int]) -> date | None:
    """Return the first day on which somebody's data are to be erased; None: not yet known."""
    days = []
    for one in played:
        if one.over is None:
            return None
        days.append(one.over + relativedelta(months=months[one.part]))
    return max(days, default=None)


def is_due(played: Iterable[Played], months: Mapping[Part, int], on: date) -> bool:
    """Tell whether somebody's data are to be erased on a day.

    Who played no part at all is nobody that a rule speaks of: a human decides.
    """
    day = due_day(played, months)
    return day is not None and day <= on
