"""The usual library as oracle: its fairest smallest chance is ours, on instances it can solve."""

from __future__ import annotations

import contextlib
import io
import warnings

import pytest

from sortition.solving import solve
from tests.benchmarks.instances import Instance, make_instance
from tests.benchmarks.measure import measure_peer


def peer_smallest(instance: Instance, panels: int) -> float:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # its own, not ours to mend
        return float(measure_peer(instance, panels, "maximin")["smallest"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_does_better_than_our_bound_nor_than_our_lottery(seed: int) -> None:
    instance = make_instance(60, 12, 3, seed)
    ours = solve(instance.pool, instance.quotas, panels=1_000)
    theirs = peer_smallest(instance, 1_000)
    assert theirs <= float(ours.bound) + 1 / 1_000 + 1e-9  # its rounding may add a seat
    assert float(ours.min_probability) >= theirs - 1 / 1_000
