"""Public holidays, working days and the ordinary session of Parliament, by the rules in ``data``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import yaml
from dateutil.easter import easter

import data
from assemblies.parameters import load
from assemblies.periods import Period

_SATURDAY = 5


@cache
def public_holidays(year: int) -> Mapping[date, str]:
    """Return the public holidays of a year with their French names, by day.

    Code du travail, L3133-1: the eleven days of the whole country. Alsace-Moselle and the
    overseas departments have more, which do not stop a national body.
    """
    file = yaml.safe_load(data.resource("calendars/public_holidays.yaml").read_text("utf-8"))
    return dict(sorted((_day(year, rule), rule["name"]) for rule in file["days"]))


def _day(year: int, rule: Mapping[str, Any]) -> date:
    if "easter" in rule:
        return easter(year) + timedelta(days=rule["easter"])
    return date(year, rule["month"], rule["day"])


def is_working_day(day: date) -> bool:
    """Tell whether a day is neither Saturday, Sunday nor public holiday."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


def next_working_day(day: date) -> date:
    """Return the day itself when it is a working day, otherwise the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def previous_working_day(day: date) -> date:
    """Return the day itself when it is a working day, otherwise the last one before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def ordinary_session(autumn: int) -> Period:
    """Return the ordinary session of Parliament that opens in the autumn of a year.

    Constitution, art. 28: from the first working day of October to the last working day of
    June; the months are dated parameters.
    """
    opening = date(autumn, load("parliament/session_first_month").on(date(autumn, 10, 1)).whole, 1)
    month = load("parliament/session_last_month").on(opening).whole
    after = date(autumn + 1, month, 28) + timedelta(days=4)
    return Period(
        next_working_day(opening), previous_working_day(after.replace(day=1) - timedelta(days=1))
    )


def is_in_session(day: date) -> bool:
    """Tell whether a day falls in an ordinary session (extraordinary ones are not known here)."""
    return any(day in ordinary_session(year) for year in (day.year - 1, day.year))
