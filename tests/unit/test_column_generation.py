"""Leximin over whole panels ends, whoever is certain to sit, and gives the fairest chances."""

from __future__ import annotations

import numpy as np
import pytest

from sortition.column_generation import leximin_distribution
from sortition.panel_problem import PanelProblem
from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.quotas import Quota, Quotas


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("people", "seats"),
    [((3, 1), (1, 1)), ((3, 2), (1, 2)), ((1, 3), (1, 2)), ((2, 2), (2, 2))],
)
def test_a_lottery_is_found_where_some_or_all_are_certain_to_sit(
    people: tuple[int, int], seats: tuple[int, int]
) -> None:
    sides = ("left", "right")
    pool = Pool(
        ids=tuple(f"person {row}" for row in range(sum(people))),
        features=(Feature("side", sides),),
        membership=np.repeat([0, 1], people).astype(np.int32).reshape(-1, 1),
        households=np.full(sum(people), NO_HOUSEHOLD, dtype=np.int32),
    )
    exact = tuple(Quota("side", side, n, n) for side, n in zip(sides, seats, strict=True))
    problem = PanelProblem(pool, Quotas(sum(seats), exact))
    start = problem.find_seats()
    assert start is not None
    found = leximin_distribution(problem, [start])
    wanted = np.array(seats) / np.array(people)
    assert found.chances == pytest.approx(wanted, abs=1e-6)
    assert found.floor_bound == pytest.approx(wanted.min(), abs=1e-6)
