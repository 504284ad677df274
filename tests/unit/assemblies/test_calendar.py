"""Public holidays, working days and sessions of Parliament, against days that are known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assemblies.calendar import (
    is_in_session,
    is_working_day,
    next_working_day,
    ordinary_session,
    previous_working_day,
    public_holidays,
)
from assemblies.errors import ParameterNotInForceError
from assemblies.periods import Period


def test_the_holidays_of_2027_are_the_eleven_of_the_labour_code() -> None:
    assert list(public_holidays(2027)) == [
        date(2027, 1, 1),
        date(2027, 3, 29),  # Easter Monday
        date(2027, 5, 1),
        date(2027, 5, 6),  # Ascension
        date(2027, 5, 8),
        date(2027, 5, 17),  # Whit Monday
        date(2027, 7, 14),
        date(2027, 8, 15),
        date(2027, 11, 1),
        date(2027, 11, 11),
        date(2027, 12, 25),
    ]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 4, 6), "Lundi de Pâques"),
        (date(2024, 4, 1), "Lundi de Pâques"),
        (date(2026, 5, 14), "Ascension"),
        (date(2026, 5, 25), "Lundi de Pentecôte"),
        (date(2028, 4, 17), "Lundi de Pâques"),
        (date(2026, 7, 14), "Fête nationale"),
    ],
)
def test_a_holiday_has_its_name(day: date, name: str) -> None:
    assert public_holidays(day.year)[day] == name


def test_two_holidays_on_one_day_keep_both_names() -> None:
    # Ascension fell on 1 May in 2008: one name hid the other.
    assert public_holidays(2008)[date(2008, 5, 1)] == "Ascension, Fête du travail"
    assert len(public_holidays(2008)) == 10


def test_the_holidays_of_a_year_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        public_holidays(2027)[date(2027, 2, 2)] = "Chandeleur"  # type: ignore[index]


def test_a_working_day_is_no_week_end_and_no_holiday() -> None:
    week = [date(2026, 11, 9) + timedelta(days=n) for n in range(7)]  # the 11th is a Wednesday
    assert [is_working_day(day) for day in week] == [True, True, False, True, True, False, False]


def test_the_nearest_working_days_jump_week_ends_and_holidays() -> None:
    assert next_working_day(date(2026, 12, 25)) == date(2026, 12, 28)
    assert previous_working_day(date(2027, 3, 29)) == date(2027, 3, 26)
    assert next_working_day(date(2026, 11, 26)) == date(2026, 11, 26)
    assert previous_working_day(date(2026, 11, 26)) == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("autumn", "first", "last"),
    [
        (2026, date(2026, 10, 1), date(2027, 6, 30)),  # Thursday, Wednesday
        (2023, date(2023, 10, 2), date(2024, 6, 29)),  # 1 October and 30 June were Sundays
        (2000, date(2000, 10, 2), date(2001, 6, 30)),
        (1999, date(1999, 10, 1), date(2000, 6, 30)),
        (2028, date(2028, 10, 2), date(2029, 6, 30)),
        (2013, date(2013, 10, 1), date(2014, 6, 30)),
    ],
)
def test_the_session_runs_from_october_to_june(autumn: int, first: date, last: date) -> None:
    assert ordinary_session(autumn) == Period(first, last)


@pytest.mark.parametrize("autumn", [2005, 2011])
def test_a_saturday_opens_the_session(autumn: int) -> None:
    # The Senate opened the sessions of 2005-2006 and 2011-2012 on Saturday 1 October, and that
    # of 2000-2001 ended on Saturday 30 June: « jour ouvrable » leaves out Sundays and holidays
    # only (senat.fr/seances/s201110/s20111001, senat.fr/seances/s200106/s20010628).
    assert ordinary_session(autumn).first == date(autumn, 10, 1)
    assert ordinary_session(autumn).first.weekday() == 5


def test_a_day_is_in_session_or_not() -> None:
    assert is_in_session(date(2026, 10, 1))
    assert is_in_session(date(2027, 6, 30))
    assert not is_in_session(date(2026, 9, 30))
    assert not is_in_session(date(2027, 7, 1))
    assert not is_in_session(date(2023, 10, 1))


def test_the_single_session_is_unknown_before_the_text_that_made_it() -> None:
    with pytest.raises(ParameterNotInForceError):
        ordinary_session(1994)


def test_the_first_single_session_is_known_to_its_last_day() -> None:
    assert is_in_session(date(1995, 10, 2))
    assert is_in_session(date(1996, 6, 28))
