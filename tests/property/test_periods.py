"""Periods are sets of days: union, gaps, intersection and whole months agree with counting."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assemblies.errors import PeriodError
from assemblies.periods import Period, gaps, union

DAY = timedelta(days=1)
DAYS = st.dates(date(2024, 1, 1), date(2025, 3, 1))
PERIODS = st.builds(lambda a, b: Period(min(a, b), max(a, b)), DAYS, DAYS)
SHORT = st.builds(lambda a, n: Period(a, a + n * DAY), DAYS, st.integers(0, 20))
FIRSTS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def days_of(*periods: Period) -> set[date]:
    """Every day of some periods, counted one by one."""
    return {day for period in periods for day in period}


@given(PERIODS)
def test_a_period_holds_its_days_and_no_other(period: Period) -> None:
    assert len(days_of(period)) == period.days == len(list(period))
    assert period.first - DAY not in period
    assert period.last + DAY not in period
    assert all(day in period for day in period)


@given(DAYS, DAYS)
def test_a_period_that_ends_before_it_begins_is_refused(first: date, last: date) -> None:
    if last < first:
        with pytest.raises(PeriodError):
            Period(first, last)
    else:
        assert Period(first, last).days >= 1


@given(PERIODS, PERIODS)
def test_two_periods_share_exactly_their_common_days(one: Period, other: Period) -> None:
    common = days_of(one) & days_of(other)
    shared = one.intersection(other)
    assert shared == other.intersection(one)
    assert (set() if shared is None else days_of(shared)) == common
    assert one.overlaps(other) == other.overlaps(one) == bool(common)
    assert one.holds(other) == (days_of(other) <= days_of(one))


@given(st.lists(SHORT, max_size=8))
def test_a_union_has_the_same_days_in_separate_periods(periods: list[Period]) -> None:
    joined = union(periods)
    assert days_of(*joined) == days_of(*periods)
    assert sum(period.days for period in joined) == len(days_of(*periods))
    assert all(a.last + DAY < b.first for a, b in pairwise(joined))
    assert union(joined) == joined == union(reversed(periods))


@given(PERIODS, st.lists(SHORT, max_size=8))
def test_gaps_and_union_add_up_to_the_whole(whole: Period, periods: list[Period]) -> None:
    free = gaps(whole, periods)
    assert days_of(*free) == days_of(whole) - days_of(*periods)
    assert all(a.last + DAY < b.first for a, b in pairwise(free))
    inside = [part for p in periods if (part := p.intersection(whole)) is not None]
    assert sum(p.days for p in free) + sum(p.days for p in union(inside)) == whole.days


@given(FIRSTS, st.integers(1, 120))
@example(date(2025, 1, 31), 1)
@example(date(2028, 2, 29), 12)
def test_whole_months_end_on_the_eve_of_the_same_number_or_with_a_short_month(
    first: date, months: int
) -> None:
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    length = calendar.monthrange(year, month)[1]
    last = Period.of_months(first, months).last
    if first.day <= length:
        assert last == date(year, month, first.day) - DAY
    else:
        assert last == date(year, month, length)


@given(FIRSTS, st.integers(1, 60), st.integers(1, 60))
def test_more_months_last_longer(first: date, months: int, more: int) -> None:
    shorter, longer = Period.of_months(first, months), Period.of_months(first, months + more)
    assert longer.holds(shorter)
    assert longer.days > shorter.days


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 1, 15), 9, date(2026, 10, 14)),
        (date(2026, 1, 1), 24, date(2027, 12, 31)),
        (date(2026, 3, 1), 1, date(2026, 3, 31)),
        (date(2026, 1, 28), 1, date(2026, 2, 27)),
        # No 29, 30 or 31 February: the month counts whole (code de procédure civile, art. 641).
        (date(2026, 1, 29), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 24, date(2030, 2, 28)),
    ],
)
def test_months_are_counted_as_a_jurist_counts_them(first: date, months: int, last: date) -> None:
    assert Period.of_months(first, months).last == last


@pytest.mark.parametrize("months", [0, -1])
def test_a_period_of_no_month_is_refused(months: int) -> None:
    with pytest.raises(PeriodError):
        Period.of_months(date(2026, 1, 31), months)
