"""Leximin over the quota polytope: the fairest selection probabilities, with their proof.

Let P be the polytope of vectors p with 0 ≤ pᵢ ≤ 1, Σ pᵢ = k, lower_c ≤ Σ_{i∈c} pᵢ ≤ upper_c
for each category c and Σ_{i∈h} pᵢ ≤ 1 for each household h. The probabilities of every
lottery over panels lie in P. Leximin raises the smallest pᵢ as far as it goes, then the
next, and so on (Flanigan, Gölz, Gupta, Hennig, Procaccia, *Nature* 596, 2021,
doi:10.1038/s41586-021-03788-6, who do it over the panels instead).

People of one profile get the same chance, because leximin is unique and P is symmetric.
Each level is one linear programme in λ and s_t = m_t·(p_t − λ), the seats that the m_t
people of a free profile t get above the floor::

    maximise λ
    lower_c − fixed_c ≤ N_c·λ + Σ_{t∈c} s_t ≤ upper_c − fixed_c      (a row per category)
    N·λ + Σ_t s_t = k − fixed                                        (panel size)
    s_t ≥ 0,  and, once violated,  m_t·λ + s_t ≤ m_t,  household rows

with N_c the free respondents of c. It has a few dozen rows. Its columns are priced in
only when they help, so that 50 000 respondents cost little more than 500. A profile whose
reduced cost is positive cannot rise: it is fixed at λ, and the next level begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sortition.certificate import Multipliers, proved_bound, round_multipliers
from sortition.errors import QuotasInfeasibleError
from sortition.floor_programme import FloorProgramme, Optimum
from sortition.pool import Pool
from sortition.probabilities import NO_LEVEL, PROBABILITY_SCALE, Level, SelectionProbabilities
from sortition.profiles import Profiles, group_profiles
from sortition.progress import SILENT, Progress
from sortition.quotas import Quotas

_STILL_FREE = np.iinfo(np.int32).max  # the level of a profile that has none yet
WEIGHT_TOLERANCE = 1e-7  # relative to the largest weight; below it, a profile may still rise


def find_leximin(
    pool: Pool,
    quotas: Quotas,
    *,
    profiles: Profiles | None = None,
    shut_out: NDArray[np.bool_] | None = None,
    first_level_only: bool = False,
    progress: Progress = SILENT,
) -> SelectionProbabilities:
    """Return the leximin selection probabilities over the quota polytope.

    ``shut_out`` (T booleans) names profiles known to fit in no panel: they are held at 0.
    ``first_level_only`` stops after maximin: everybody else keeps the same floor, so the
    result is a floor and not a point of the polytope. Raises ``QuotasInfeasibleError``
    where not even fractional panels meet the quotas.
    """
    profiles = group_profiles(pool) if profiles is None else profiles
    free = np.ones(len(profiles), dtype=bool) if shut_out is None else ~shut_out
    level_of = np.where(free, _STILL_FREE, NO_LEVEL).astype(np.int32)
    chances = np.zeros(len(profiles))
    exact: list[Fraction] = []
    levels: list[Level] = []
    programme = FloorProgramme(profiles, quotas, free)
    progress.start("Selection probabilities", len(pool))
    while free.any():
        optimum = programme.raise_floor(free, chances)
        if optimum is None:
            raise QuotasInfeasibleError
        multipliers = round_multipliers(
            optimum.quota_duals, optimum.size_dual, optimum.household_duals
        )
        exact.append(max(Fraction(0), proved_bound(profiles, quotas, level_of, exact, multipliers)))
        levels.append(_level(profiles, quotas, level_of, levels, exact[-1], multipliers))
        newly = _cannot_rise(optimum, free)
        if first_level_only and levels[-1].value > 0:
            newly = free
        level_of[newly] = len(levels) - 1
        chances[newly] = float(exact[-1])
        free = free & ~newly
        progress.advance(int(profiles.count[~free].sum()))
    values = np.array([0, *(level.value for level in levels)], dtype=np.int64)
    return SelectionProbabilities(
        numerators=values[level_of + 1][profiles.of_respondent],
        level=level_of[profiles.of_respondent],
        levels=tuple(levels),
    )


def _cannot_rise(optimum: Optimum, free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the free profiles whose weight in the proof is positive (at least one)."""
    weights = np.where(free, optimum.weights, 0.0)
    largest = weights.max()
    if largest <= 0:
        raise ArithmeticError("a level without a tight profile: the duals do not add up")
    tight: NDArray[np.bool_] = weights > WEIGHT_TOLERANCE * largest
    return tight


def _level(
    profiles: Profiles,
    quotas: Quotas,
    level_of: NDArray[np.int32],
    earlier: Sequence[Level],
    value: Fraction,
    multipliers: Multipliers,
) -> Level:
    """Publish a level: its value rounded to the scale, its bound given the values published."""
    published = [Fraction(level.value, PROBABILITY_SCALE) for level in earlier]
    return Level(
        value=round(value * PROBABILITY_SCALE),
        quota_multipliers=tuple(int(y) for y in multipliers.quotas),
        size_multiplier=multipliers.size,
        household_multipliers=multipliers.numbered(profiles),
        bound=proved_bound(profiles, quotas, level_of, published, multipliers),
    )
