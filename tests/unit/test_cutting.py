"""Cutting owed seats into panels, where halves as even as can be do not exist."""

from __future__ import annotations

import pytest

from sortition.solving import CUTTING, solve
from tests.benchmarks.instances import make_instance


@pytest.mark.parametrize(
    ("people", "size", "features", "seed"), [(150, 30, 5, 26), (300, 40, 6, 24)]
)
def test_tight_pools_are_cut_within_a_seat(
    people: int, size: int, features: int, seed: int
) -> None:
    """These two fell back on rounding: minutes, and up to three seats lost by one person.

    Of the first, no half of 250 panels was sound with every item halved as evenly as can be.
    """
    instance = make_instance(people, size, features, seed)
    solution = solve(instance.pool, instance.quotas, panels=1_000)
    assert solution.method == CUTTING
    assert solution.max_error_seats < 1
    assert solution.gap * 1_000 <= 1
    members = instance.pool.codes[solution.panels]
    for panel in members:
        counts = [int((panel == code).sum()) for code in range(len(instance.quotas.lower))]
        assert (counts >= instance.quotas.lower).all()
        assert (counts <= instance.quotas.upper).all()
        assert len(panel) == size
    assert all(len(set(panel.tolist())) == size for panel in solution.panels)
