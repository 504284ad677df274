"""Sittings: half-days cover the hours, proxies never exceed, plans keep to their conditions."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assemblies.calendar import is_in_session, public_holidays
from assemblies.errors import PlanError, ProxyError
from assemblies.periods import Period
from assemblies.sittings.planner import Condition, Plan, SessionRule, Wishes, plan_sittings
from assemblies.sittings.rules import (
    PARIS,
    Span,
    check_proxy,
    count_present,
    half_days,
)

FIRST = date(2026, 12, 1)


@given(st.integers(0, 60 * 24 * 200), st.integers(1, 60 * 24 * 3), st.integers(11, 14))
def test_half_days_cover_a_sitting_without_gap_or_overlap(
    start: int, minutes: int, noon: int
) -> None:
    begins = datetime(2026, 1, 1, tzinfo=PARIS) + timedelta(minutes=start)
    sitting = Span(begins, begins + timedelta(minutes=minutes))
    halves = half_days(sitting, noon)
    assert halves[0].span.start == sitting.start
    assert halves[-1].span.end == sitting.end
    assert all(a.span.end == b.span.start for a, b in itertools.pairwise(halves))
    assert len({(h.day, h.half) for h in halves}) == len(halves)


MEMBERS = st.sets(st.integers(1, 12), min_size=1)


@given(MEMBERS, st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=20))
def test_nobody_ever_holds_more_proxies_than_allowed_or_passes_one_on(
    members: set[int], asked: list[tuple[int, int]]
) -> None:
    given_proxies: list[tuple[int, int]] = []
    for giver, holder in asked:
        try:
            check_proxy(giver, holder, members, given_proxies, 1)
        except ProxyError:
            continue
        given_proxies.append((giver, holder))
    givers = [giver for giver, _ in given_proxies]
    holders = [holder for _, holder in given_proxies]
    assert len(set(givers)) == len(givers)
    assert len(set(holders)) == len(holders)
    assert set(givers).isdisjoint(holders)
    assert set(givers) | set(holders) <= members


@given(MEMBERS, st.sets(st.integers(0, 14)), st.sets(st.integers(1, 12)))
def test_a_count_never_exceeds_the_members(
    members: set[int], present: set[int], aside: set[int]
) -> None:
    proxies = [(member, (member % 12) + 1) for member in members]
    count = count_present(members, present, proxies, aside)
    assert count.counted <= count.members == len(members)
    assert count.counted + len(aside & members) <= len(members)


@st.composite
def wishes(draw: st.DrawFn) -> Wishes:
    return Wishes(
        within=Period(FIRST, FIRST + timedelta(days=draw(st.integers(20, 120)))),
        sittings=draw(st.integers(1, 5)),
        weekdays=frozenset(draw(st.sets(st.integers(0, 6), min_size=1))),
        session=draw(st.sampled_from(list(SessionRule))),
        least_gap=draw(st.integers(1, 20)),
        most_gap=draw(st.none() | st.integers(10, 60)),
    )


def plan_or_none(asked: Wishes, absent: dict[date, int]) -> Plan | None:
    try:
        return plan_sittings(asked, absent, 10)
    except PlanError:
        return None


@settings(max_examples=40)
@given(wishes(), st.dictionaries(st.integers(0, 120), st.integers(0, 9), max_size=40))
def test_a_plan_meets_every_condition_or_says_which_stand_in_the_way(
    asked: Wishes, away: dict[int, int]
) -> None:
    absent = {FIRST + timedelta(days=n): count for n, count in away.items()}
    plan = plan_or_none(asked, absent)
    if plan is None:
        return
    days = [one.day for one in plan.days]
    assert len(days) == asked.sittings
    for day in days:
        assert day in asked.within
        assert day.weekday() in asked.weekdays
        assert day not in public_holidays(day.year)
        if asked.session is not SessionRule.ANY:
            assert is_in_session(day) == (asked.session is SessionRule.WITHIN)
    gaps = [(b - a).days for a, b in itertools.pairwise(days)]
    assert all(gap >= asked.least_gap for gap in gaps)
    if asked.most_gap is not None:
        assert all(gap <= asked.most_gap for gap in gaps)
    assert plan.absences == sum(absent.get(day, 0) for day in days)
    assert all(trade.gained > 0 for trade in plan.trades)


def test_the_best_dates_are_chosen_and_what_they_cost_is_said() -> None:
    asked = Wishes(Period(FIRST, FIRST + timedelta(days=13)), 2, least_gap=7)
    absent = dict.fromkeys(asked.within, 5)
    absent[date(2026, 12, 4)] = 0
    absent[date(2026, 12, 5)] = 0  # a Saturday
    absent[date(2026, 12, 7)] = 0
    plan = plan_sittings(asked, absent, 10)
    assert plan.absences == 5
    assert date(2026, 12, 4) in [one.day for one in plan.days] or date(2026, 12, 7) in [
        one.day for one in plan.days
    ]
    assert {trade.condition: trade.gained for trade in plan.trades} == {Condition.LEAST_GAP: 5}


def test_what_stands_in_the_way_is_named() -> None:
    asked = Wishes(Period(FIRST, FIRST + timedelta(days=13)), 3, least_gap=7)
    with pytest.raises(PlanError) as refused:
        plan_sittings(asked, {}, 10)
    assert refused.value.facts["conditions"] == (Condition.LEAST_GAP,)
    assert refused.value.facts["most"] == 2


def test_days_already_set_are_kept() -> None:
    fixed = date(2026, 12, 5)  # a Saturday
    asked = Wishes(
        Period(FIRST, FIRST + timedelta(days=30)), 3, least_gap=5, fixed=frozenset({fixed})
    )
    days = [one.day for one in plan_sittings(asked, {}, 10).days]
    assert fixed in days
    assert len(days) == 3
