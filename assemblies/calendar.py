"""Public holidays, working days and the ordinary session of Parliament, by the rules in ``data``."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from dateutil.easter import easter

import data
from assemblies.errors import DataFileError
from assemblies.parameters import FAULTS, load, only, read_day, read_reference, read_text, read_yaml
from assemblies.periods import Period

_SATURDAY, _SUNDAY = 5, 6
_HOLIDAYS = "calendars/public_holidays.yaml"


@cache
def public_holidays(year: int) -> Mapping[date, str]:
    """Return the public holidays of a year with their French names, by day.

    Code du travail, L3133-1: the eleven days of the whole country; ten in the years when
    Ascension falls on 1 or 8 May. Alsace-Moselle and the overseas departments have more,
    which do not stop a national body. Raise ``DataFileError`` where the file breaks its schema.
    """
    return read_holidays(year, data.resource(_HOLIDAYS).read_text("utf-8"))


def read_holidays(year: int, content: str) -> Mapping[date, str]:
    """Read the text of a file of holidays into those of a year."""
    found: dict[date, str] = {}
    try:
        file = read_yaml(content)
        only(file, "description", "checked_on", "reference", "days")
        read_text(file["description"])
        read_day(file["checked_on"])
        read_reference(file["reference"])
        for day, name in sorted(
            (_day(year, rule), read_text(rule["name"])) for rule in file["days"]
        ):
            found[day] = f"{found[day]}, {name}" if day in found else name
    except FAULTS as error:
        raise DataFileError(file=_HOLIDAYS, reason=repr(error)) from error
    return MappingProxyType(found)


def _day(year: int, rule: Mapping[str, Any]) -> date:
    if "easter" in rule:
        only(rule, "name", "easter")
        return easter(year) + timedelta(days=rule["easter"])
    only(rule, "name", "month", "day")
    return date(year, rule["month"], rule["day"])


def is_working_day(day: date) -> bool:
    """Tell whether a day is neither Saturday, Sunday nor public holiday (« jour ouvré »)."""
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

    Constitution, art. 28: from the first to the last « jour ouvrable » of two months, which
    are dated parameters. Such a day is any but a Sunday or a public holiday: the Senate
    opened its session of 2011-2012 on a Saturday.
    """
    first = date(autumn, load("parliament/session_first_month").on(date(autumn, 10, 1)).whole, 1)
    last_month = load("parliament/session_last_month").on(first).whole
    last = date(autumn + 1, last_month, monthrange(autumn + 1, last_month)[1])
    while _is_rest(first):
        first += timedelta(days=1)
    while _is_rest(last):
        last -= timedelta(days=1)
    return Period(first, last)


def _is_rest(day: date) -> bool:
    return day.weekday() == _SUNDAY or day in public_holidays(day.year)


def is_in_session(day: date) -> bool:
    """Tell whether a day falls in an ordinary session (extraordinary ones are not known here)."""
    return any(day in ordinary_session(autumn) for autumn in (day.year, day.year - 1))
