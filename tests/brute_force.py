"""The fairest lottery of a tiny pool found the long way: list every panel, solve every level."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from sortition.pool import Pool
from sortition.quotas import Quotas
from tests.hidden_panels import is_panel

_TIE = 1e-7


def all_panels(pool: Pool, quotas: Quotas) -> list[tuple[int, ...]]:
    """Return every panel of a pool, as rows."""
    return [
        rows for rows in combinations(range(len(pool)), quotas.size) if is_panel(pool, quotas, rows)
    ]


def leximin_by_hand(people: int, panels: list[tuple[int, ...]]) -> NDArray[np.float64]:
    """Return everybody's chance under the leximin lottery over the panels listed.

    Those in no panel have none. At each level the floor of the free is raised as far as it
    goes, then each of them is raised alone above it: who cannot be is fixed there.
    """
    sits = np.zeros((people, len(panels)))
    for column, rows in enumerate(panels):
        sits[list(rows), column] = 1.0
    chances = np.zeros(people)
    fixed = ~sits.any(axis=1)
    while not fixed.all():
        floor = _highest(sits, fixed, chances, np.flatnonzero(~fixed), floor=0.0)
        stuck = [
            person
            for person in np.flatnonzero(~fixed)
            if _highest(sits, fixed, chances, np.array([person]), floor=floor) < floor + _TIE * 10
        ]
        assert stuck, "at every level somebody must be unable to rise"
        chances[stuck] = floor
        fixed[stuck] = True
    return chances


def _highest(
    sits: NDArray[np.float64],
    fixed: NDArray[np.bool_],
    chances: NDArray[np.float64],
    raised: NDArray[np.intp],
    *,
    floor: float,
) -> float:
    """Return how far the smallest chance of ``raised`` goes, all others held at their floor."""
    people, panels = sits.shape
    held = np.where(fixed, chances, floor) - _TIE
    least = np.hstack([-sits, np.zeros((people, 1))])
    rising = np.hstack([-sits[raised], np.ones((len(raised), 1))])
    answer = linprog(
        c=[*np.zeros(panels), -1.0],
        A_ub=np.vstack([least, rising]),
        b_ub=[*-held, *np.zeros(len(raised))],
        A_eq=[[*np.ones(panels), 0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * panels + [(0, 1)],
    )
    assert answer.success, answer.message
    return float(-answer.fun)
