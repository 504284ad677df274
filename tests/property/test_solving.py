"""A solved draw keeps every promise: quotas, households, chances, fairness, and its proof."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.probabilities import PROBABILITY_SCALE
from sortition.profiles import group_profiles
from sortition.quotas import Quota, Quotas
from sortition.solving import COLUMNS, Solution, solve
from tests.brute_force import all_panels, leximin_by_hand
from tests.hidden_panels import HiddenPanel, hidden_panels, is_panel

PANELS = 240  # divisible by many numbers, so that small examples come out even


def solved(hidden: HiddenPanel, panels: int = PANELS) -> Solution:
    return solve(hidden.pool, hidden.quotas, panels=panels)


@given(hidden_panels())
def test_every_panel_of_the_lottery_meets_every_quota_and_household(hidden: HiddenPanel) -> None:
    solution = solved(hidden, 60)
    assert solution.panels.shape == (60, hidden.quotas.size)
    assert all(
        is_panel(hidden.pool, hidden.quotas, tuple(rows)) for rows in solution.panels.tolist()
    )


@given(hidden_panels(), st.sampled_from([1, 2, 7, 60, 240]))
def test_everybody_sits_as_often_as_their_chance_says_within_one_seat(
    hidden: HiddenPanel, panels: int
) -> None:
    solution = solved(hidden, panels)
    counted = np.bincount(solution.panels.ravel(), minlength=len(hidden.pool))
    assert counted.tolist() == solution.seats.tolist()
    assert solution.max_error_seats <= 1


@given(hidden_panels())
def test_people_whom_nothing_tells_apart_sit_equally_often_within_one_seat(
    hidden: HiddenPanel,
) -> None:
    solution = solved(hidden)
    profiles = group_profiles(hidden.pool)
    for profile in range(len(profiles)):
        members = profiles.members(profile)
        assert len(set(solution.probabilities.numerators[members].tolist())) == 1
        assert np.ptp(solution.seats[members]) <= 1


@given(hidden_panels())
def test_the_chances_are_those_of_the_fairest_lottery_found_by_listing_every_panel(
    hidden: HiddenPanel,
) -> None:
    by_hand = leximin_by_hand(len(hidden.pool), all_panels(hidden.pool, hidden.quotas))
    found = solved(hidden).probabilities.as_floats
    assert np.abs(np.sort(found) - np.sort(by_hand)).max() < 2e-6
    assert np.abs(found - by_hand).max() < 2e-6


@given(hidden_panels())
def test_the_bound_is_proved_and_the_smallest_chance_is_within_a_seat_of_it(
    hidden: HiddenPanel,
) -> None:
    solution = solved(hidden)
    possible = [row for row in range(len(hidden.pool)) if solution.probabilities.numerators[row]]
    by_hand = leximin_by_hand(len(hidden.pool), all_panels(hidden.pool, hidden.quotas))
    smallest = min(by_hand[row] for row in possible)
    assert float(solution.bound) >= smallest - 2e-6
    if solution.method != COLUMNS:
        assert solution.gap <= Fraction(1, PANELS)


@given(hidden_panels())
def test_who_is_named_as_shut_out_is_who_sits_in_no_panel(hidden: HiddenPanel) -> None:
    solution = solved(hidden)
    seated = {row for rows in all_panels(hidden.pool, hidden.quotas) for row in rows}
    named = {shutout.respondent for shutout in solution.excluded}
    assert named == set(range(len(hidden.pool))) - seated
    assert all(shutout.reason for shutout in solution.excluded)
    assert not solution.seats[sorted(named)].any()


@given(hidden_panels())
def test_the_first_levels_lie_in_the_quota_polytope(hidden: HiddenPanel) -> None:
    chances = solved(hidden).probabilities.as_floats
    pool, quotas = hidden.pool, hidden.quotas
    totals = np.zeros(len(pool.categories))
    np.add.at(totals, pool.codes.ravel(), np.repeat(chances, len(pool.features)))
    assert abs(chances.sum() - quotas.size) < 1e-5
    assert (totals >= quotas.lower - 1e-5).all()
    assert (totals <= quotas.upper + 1e-5).all()
    for home in set(pool.households.tolist()) - {NO_HOUSEHOLD}:
        assert chances[pool.households == home].sum() <= 1 + 1e-5


@given(hidden_panels())
def test_new_names_change_nothing_but_who_is_who(hidden: HiddenPanel) -> None:
    pool = hidden.pool
    people = len(pool)
    shift = 3 % people
    rows = [(row + shift) % people for row in range(people)]
    moved = Pool(
        ids=pool.ids,
        features=pool.features,
        membership=pool.membership[rows].copy(),
        households=pool.households[rows].copy(),
    )
    one, two = solve(pool, hidden.quotas, panels=60), solve(moved, hidden.quotas, panels=60)
    ours = one.probabilities.numerators[rows] / PROBABILITY_SCALE
    assert np.abs(ours - two.probabilities.as_floats).max() < 2e-6


@given(hidden_panels())
def test_a_quota_too_loose_to_bind_changes_no_chance(hidden: HiddenPanel) -> None:
    pool, size = hidden.pool, hidden.quotas.size
    loose = Pool(
        ids=pool.ids,
        features=(*pool.features, Feature("slack", ("only",))),
        membership=np.column_stack([pool.membership, np.zeros(len(pool))]).astype(np.int32),
        households=pool.households.copy(),
    )
    quotas = Quotas(size, (*hidden.quotas.quotas, Quota("slack", "only", 0, size)))
    one, two = solve(pool, hidden.quotas, panels=60), solve(loose, quotas, panels=60)
    difference = one.probabilities.as_floats - two.probabilities.as_floats
    assert np.abs(difference).max() < 2e-6


@settings(max_examples=30)
@given(hidden_panels(), st.text(min_size=1, max_size=8))
def test_the_same_draw_solved_again_has_the_same_panels_whatever_the_cores(
    hidden: HiddenPanel, seed: str
) -> None:
    one = solve(hidden.pool, hidden.quotas, panels=96, seed=seed)
    with pytest.MonkeyPatch.context() as machine:
        machine.setattr("sortition.lottery.os.cpu_count", lambda: 1)
        two = solve(hidden.pool, hidden.quotas, panels=96, seed=seed)
    assert np.array_equal(one.panels, two.panels)


@given(hidden_panels())
def test_another_seed_changes_the_panels_and_no_chance(hidden: HiddenPanel) -> None:
    one = solve(hidden.pool, hidden.quotas, panels=60, seed="one")
    two = solve(hidden.pool, hidden.quotas, panels=60, seed="two")
    assert np.array_equal(one.probabilities.numerators, two.probabilities.numerators)
    assert one.bound == two.bound


def odd_cycle(length: int) -> tuple[Pool, Quotas]:
    """People on a cycle, each in two neighbouring categories: only fractions share it evenly.

    A category per edge, at most one member of each; a panel is a set of edges that do not
    touch. With an odd cycle the polytope allows half of everybody, panels do not.
    """
    features = tuple(Feature(f"node {n}", ("in", "out")) for n in range(length))
    membership = np.ones((length, length), dtype=np.int32)
    for edge in range(length):
        membership[edge, edge] = membership[edge, (edge + 1) % length] = 0
    pool = Pool(
        ids=tuple(f"edge {edge}" for edge in range(length)),
        features=features,
        membership=membership,
        households=np.full(length, NO_HOUSEHOLD, dtype=np.int32),
    )
    size = (length - 1) // 2
    quotas = [
        quota
        for feature in features
        for quota in (Quota(feature.name, "in", 0, 1), Quota(feature.name, "out", 0, size))
    ]
    return pool, Quotas(size, tuple(quotas))


@pytest.mark.parametrize("length", [3, 5, 7])
def test_an_odd_cycle_is_shared_evenly(length: int) -> None:
    pool, quotas = odd_cycle(length)
    solution = solve(pool, quotas, panels=length * 10)
    assert set(solution.seats.tolist()) == {10 * quotas.size}
    assert solution.gap == 0


def triangle(others: int, size: int) -> tuple[Pool, Quotas]:
    """An odd cycle of three and people beside it: the polytope promises what no panel holds.

    Two people of the triangle always share a node, so a panel holds one of the three at
    most; the polytope would let one and a half of them sit.
    """
    pool, quotas = odd_cycle(3)
    people = 3 + others
    membership = np.ones((people, 3), dtype=np.int32)
    membership[:3] = pool.membership
    wide = Pool(
        ids=tuple(f"person {row:02d}" for row in range(people)),
        features=pool.features,
        membership=membership,
        households=np.full(people, NO_HOUSEHOLD, dtype=np.int32),
    )
    loose = tuple(
        Quota(q.feature, q.category, 0, 1 if q.category == "in" else size) for q in quotas.quotas
    )
    return wide, Quotas(size, loose)


@pytest.mark.parametrize(("others", "size"), [(2, 2), (3, 3), (4, 4), (5, 5)])
def test_chances_that_only_fractions_reach_give_way_to_those_of_whole_panels(
    others: int, size: int
) -> None:
    pool, quotas = triangle(others, size)
    solution = solve(pool, quotas, panels=PANELS)
    by_hand = leximin_by_hand(len(pool), all_panels(pool, quotas))
    assert solution.method == COLUMNS
    assert np.abs(solution.probabilities.as_floats - by_hand).max() < 2e-6
    assert solution.min_probability == Fraction(PANELS // 3, PANELS)
    assert solution.max_error_seats <= 1
    assert solution.bound >= solution.min_probability
    assert all(is_panel(pool, quotas, tuple(rows)) for rows in solution.panels.tolist())


@given(hidden_panels(most=9, slack=0))
def test_tight_quotas_are_the_hard_case_and_hold_too(hidden: HiddenPanel) -> None:
    assume(len(hidden.pool) > hidden.quotas.size)
    solution = solved(hidden, 60)
    assert all(
        is_panel(hidden.pool, hidden.quotas, tuple(rows)) for rows in solution.panels.tolist()
    )
    by_hand = leximin_by_hand(len(hidden.pool), all_panels(hidden.pool, hidden.quotas))
    assert np.abs(solution.probabilities.as_floats - by_hand).max() < 2e-6
