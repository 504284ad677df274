"""Quotas no panel meets: the conflict is real and minimal, each relaxation mends it, none is idle."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sortition.feasibility import Conflict, find_conflict
from sortition.leximin import find_leximin
from sortition.pool import Pool
from sortition.quotas import Quota, Quotas
from sortition.relaxations import QuotaChange, Relaxation, propose_relaxations
from tests.brute_force import all_panels, leximin_by_hand
from tests.hidden_panels import HiddenPanel, hidden_panels


@st.composite
def broken_quotas(draw: st.DrawFn) -> tuple[Pool, Quotas]:
    """Quotas around a hidden panel with bounds pushed past it until no panel is left."""
    hidden: HiddenPanel = draw(hidden_panels(most=8, slack=0))
    assume(len(hidden.pool) > 2)
    lower, upper = hidden.quotas.lower.copy(), hidden.quotas.upper.copy()
    for _ in range(draw(st.integers(1, 3))):
        code = draw(st.integers(0, len(lower) - 1))
        step = draw(st.integers(1, 2))
        if draw(st.booleans()):
            lower[code] += step
            upper[code] = max(upper[code], lower[code])
        else:
            upper[code] = max(0, upper[code] - step)
            lower[code] = min(lower[code], upper[code])
    quotas = hidden.quotas.with_bounds(lower, upper)
    assume(not all_panels(hidden.pool, quotas))
    return hidden.pool, quotas


def only(quotas: Quotas, conflict: Conflict, without: int | None = None) -> Quotas:
    """Return quotas that hold nothing but the sides of a conflict, less one of them."""
    kept = {
        (side.feature, side.category, side.side): side.bound
        for place, side in enumerate(conflict.sides)
        if place != without
    }
    return Quotas(
        quotas.size,
        tuple(
            Quota(
                q.feature,
                q.category,
                kept.get((q.feature, q.category, "lower"), 0),
                kept.get((q.feature, q.category, "upper"), quotas.size),
            )
            for q in quotas.in_code_order
        ),
    )


@settings(max_examples=60)
@given(broken_quotas())
def test_the_conflict_holds_alone_and_none_of_its_sides_can_be_spared(
    broken: tuple[Pool, Quotas],
) -> None:
    pool, quotas = broken
    conflict = find_conflict(pool, quotas)
    assert conflict is not None
    assert not all_panels(pool, only(quotas, conflict))
    for side in range(len(conflict.sides)):
        assert all_panels(pool, only(quotas, conflict, without=side))
    assert conflict.message


@given(hidden_panels(most=8))
def test_quotas_that_some_panel_meets_have_no_conflict(hidden: HiddenPanel) -> None:
    assert find_conflict(hidden.pool, hidden.quotas) is None


@settings(max_examples=60)
@given(broken_quotas())
def test_each_relaxation_leaves_a_panel_and_undoing_any_change_leaves_none(
    broken: tuple[Pool, Quotas],
) -> None:
    pool, quotas = broken
    for relaxation in propose_relaxations(pool, quotas):
        if relaxation.drops_households:
            continue
        assert all_panels(pool, relaxation.quotas)
        assert relaxation.seats_moved == moved(quotas, relaxation)
        for change in relaxation.changes if relaxation.minimal else ():
            assert not all_panels(pool, shortened(relaxation, change))


@settings(max_examples=60)
@given(broken_quotas())
def test_three_different_relaxations_come_back_unless_no_bound_can_move_further(
    broken: tuple[Pool, Quotas],
) -> None:
    """Two quotas that contradict each other have two minimal relaxations: a third is wider."""
    pool, quotas = broken
    proposed = [r for r in propose_relaxations(pool, quotas) if not r.drops_households]
    assert len({r.changes for r in proposed}) == len(proposed)
    if len(proposed) < 3:
        widest = proposed[-1]
        further = [c for c in widest.changes if c.after not in (0, quotas.size)]
        counts = dict(zip(pool.categories, pool.counts(), strict=True))
        assert all(c.after >= counts[c.feature, c.category] for c in further)


@settings(max_examples=30)
@given(broken_quotas())
def test_a_relaxation_tells_the_smallest_chance_it_leads_to(broken: tuple[Pool, Quotas]) -> None:
    pool, quotas = broken
    proposed = propose_relaxations(pool, quotas, evaluate=lambda p, q: find_leximin(p, q).bound)
    for relaxation in proposed:
        if relaxation.drops_households:
            continue
        by_hand = leximin_by_hand(len(pool), all_panels(pool, relaxation.quotas))
        assert relaxation.min_probability is not None
        # Where whole panels shut somebody out whom fractions let in, nothing can be compared.
        if by_hand.min() > 0:
            assert float(relaxation.min_probability) >= by_hand.min() - 1e-6


@settings(max_examples=60)
@given(broken_quotas())
def test_the_first_relaxation_moves_no_more_seats_than_any_other(
    broken: tuple[Pool, Quotas],
) -> None:
    proposed = [r for r in propose_relaxations(*broken) if r.within_flex and not r.drops_households]
    assume(proposed)
    assert proposed[0].seats_moved == min(r.seats_moved for r in proposed)


def moved(quotas: Quotas, relaxation: Relaxation) -> int:
    down = np.maximum(quotas.lower - relaxation.quotas.lower, 0).sum()
    up = np.maximum(relaxation.quotas.upper - quotas.upper, 0).sum()
    return int(down + up)


def shortened(relaxation: Relaxation, change: QuotaChange) -> Quotas:
    """Return the relaxed quotas with one change taken back by a seat."""
    lower, upper = relaxation.quotas.lower.copy(), relaxation.quotas.upper.copy()
    codes = {
        (q.feature, q.category): code for code, q in enumerate(relaxation.quotas.in_code_order)
    }
    code = codes[(change.feature, change.category)]
    if change.side == "lower":
        lower[code] += 1
    else:
        upper[code] -= 1
    return relaxation.quotas.with_bounds(lower, upper)
