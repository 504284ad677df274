"""Solving a draw: from pool and quotas to a numbered lottery with its proof."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sortition.column_generation import (
    PanelDistribution,
    find_possible,
    leximin_distribution,
    reach,
)
from sortition.distribution_rounding import round_distribution
from sortition.errors import LotteryNotReachedError, QuotasInfeasibleError
from sortition.items import make_items
from sortition.leximin import find_leximin
from sortition.lottery import build_lottery
from sortition.panel_problem import PanelProblem
from sortition.pool import Pool
from sortition.probabilities import PROBABILITY_SCALE, SelectionProbabilities
from sortition.profiles import Profiles, group_profiles
from sortition.progress import SILENT, Progress
from sortition.quotas import Quotas
from sortition.shutouts import Shutout, find_shutouts

DEFAULT_PANELS = 1_000  # three digits to draw
LEAST_SEATS = 5  # with fewer, one seat of rounding would weigh more than a fifth of a chance
MOST_PANELS = 100_000
CUTTING = "halving"
COLUMNS = "column generation"


@dataclass(frozen=True)
class Solution:
    """A solved draw: M numbered panels, the chances behind them, and the proof.

    ``panels``: M × k sorted rows of the pool. ``seats`` (n): the panels each respondent
    sits in. ``excluded``: people no panel can contain. ``bound``: a proved ceiling on the
    smallest chance of the others. ``seconds`` is for the person waiting: it goes into no
    public file.
    """

    pool: Pool
    quotas: Quotas
    seed: str
    seed_rule: str
    probabilities: SelectionProbabilities
    panels: NDArray[np.int32]
    seats: NDArray[np.int64]
    excluded: tuple[Shutout, ...]
    bound: Fraction
    method: str
    seconds: Mapping[str, float]

    @property
    def panel_count(self) -> int:
        """M, the number of panels in the lottery."""
        return len(self.panels)

    @cached_property
    def min_probability(self) -> Fraction:
        """The smallest chance of being drawn, among those some panel can contain."""
        possible = np.ones(len(self.pool), dtype=bool)
        possible[[shutout.respondent for shutout in self.excluded]] = False
        return Fraction(int(self.seats[possible].min(initial=self.panel_count)), self.panel_count)

    @property
    def gap(self) -> Fraction:
        """By how much the bound exceeds the smallest chance."""
        return max(Fraction(0), self.bound - self.min_probability)

    @cached_property
    def max_error_seats(self) -> Fraction:
        """The largest difference between a respondent's seats and M times their chance."""
        wanted = self.probabilities.numerators.astype(object) * self.panel_count
        missed = np.abs(self.seats.astype(object) * PROBABILITY_SCALE - wanted)
        return Fraction(int(missed.max()), PROBABILITY_SCALE)

    @cached_property
    def distinct_panels(self) -> int:
        """How many of the M panels differ."""
        return len(np.unique(self.panels, axis=0))


def default_seed(pool: Pool, quotas: Quotas, panels: int) -> str:
    """Return the digest of the frozen inputs, the seed nobody can choose.

    It covers the categories and households of the pool in canonical order, the quotas, k
    and M; no identifier and no secret, so that a witness can compute it again.
    """
    inputs = {
        "size": quotas.size,
        "panels": panels,
        "quotas": [[q.feature, q.category, q.lower, q.upper] for q in quotas.in_code_order],
        "pool": _categories(pool),
        "households": pool.households.tolist(),
    }
    text = json.dumps(inputs, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _categories(pool: Pool) -> list[list[str]]:
    """Return the categories of everyone, column by column because pools are long."""
    names = np.empty(pool.membership.shape, dtype=object)
    for column, feature in enumerate(pool.features):
        names[:, column] = np.array(feature.categories, dtype=object)[pool.membership[:, column]]
    rows: list[list[str]] = names.tolist()
    return rows


def default_panels(smallest: float) -> int:
    """Return the number of panels: a power of ten that gives everyone a few seats."""
    panels = DEFAULT_PANELS
    while panels < MOST_PANELS and smallest * panels < LEAST_SEATS:
        panels *= 10
    return panels


def solve(
    pool: Pool,
    quotas: Quotas,
    *,
    panels: int | None = None,
    seed: str | None = None,
    progress: Progress = SILENT,
) -> Solution:
    """Return the leximin lottery of ``panels`` numbered panels.

    Deterministic from (pool, quotas, panels, seed), whatever the number of cores. Raises
    ``QuotasInfeasibleError`` where no panel meets every quota.
    """
    begun = time.perf_counter()
    profiles = group_profiles(pool)
    chances = find_leximin(pool, quotas, profiles=profiles, progress=progress)
    found = time.perf_counter()
    drawn = _Lottery(pool, quotas, profiles, chances, panels, seed, progress)
    table, method = drawn.build()
    seats = np.bincount(table.ravel(), minlength=len(pool)).astype(np.int64)
    built = time.perf_counter()
    return Solution(
        pool=pool,
        quotas=quotas,
        seed=drawn.seed,
        seed_rule="digest of the inputs" if seed is None else "chosen",
        probabilities=drawn.chances,
        panels=table,
        seats=seats,
        excluded=_shut_out(pool, quotas, drawn.chances),
        bound=drawn.bound,
        method=method,
        seconds={
            "probabilities": found - begun,
            "lottery": built - found,
            "total": time.perf_counter() - begun,
        },
    )


def _shut_out(pool: Pool, quotas: Quotas, chances: SelectionProbabilities) -> tuple[Shutout, ...]:
    """Explain each chance of 0."""
    return find_shutouts(pool, quotas, np.flatnonzero(chances.numerators == 0).tolist())


class _Lottery:
    """The ways to a lottery, from the quickest and best proved to the last resort."""

    def __init__(
        self,
        pool: Pool,
        quotas: Quotas,
        profiles: Profiles,
        chances: SelectionProbabilities,
        panels: int | None,
        seed: str | None,
        progress: Progress,
    ) -> None:
        self._pool = pool
        self._quotas = quotas
        self._profiles = profiles
        self.chances = chances
        self.bound = chances.bound
        self._progress = progress
        positive = chances.numerators[chances.numerators > 0]
        smallest = int(positive.min(initial=PROBABILITY_SCALE)) / PROBABILITY_SCALE
        self.panels = default_panels(smallest) if panels is None else panels
        self.seed = default_seed(pool, quotas, self.panels) if seed is None else seed

    def build(self) -> tuple[NDArray[np.int32], str]:
        """Return the panels (M × k rows) and the method that gave them."""
        try:
            return self._cut(), CUTTING
        except LotteryNotReachedError:
            pass
        problem = PanelProblem(self._pool, self._quotas, self._profiles)
        first = problem.find_seats()
        if first is None:
            raise QuotasInfeasibleError
        possible, panels = find_possible(problem, [first], self._progress)
        if (~possible & (self._per_profile() > 0)).any():
            self._set_aside(~possible)
            try:
                return self._cut(), CUTTING
            except LotteryNotReachedError:
                pass
        distribution = reach(problem, self._per_profile(), panels, self._progress)
        if distribution is not None:
            return self._round(distribution), CUTTING
        distribution = leximin_distribution(problem, panels, self._progress)
        self._adopt(distribution)
        return self._round(distribution), COLUMNS

    def _cut(self) -> NDArray[np.int32]:
        return build_lottery(
            self._pool,
            self._quotas,
            self._profiles,
            self.chances.numerators,
            panels=self.panels,
            seed=self.seed,
            progress=self._progress,
        )

    def _round(self, distribution: PanelDistribution) -> NDArray[np.int32]:
        return round_distribution(
            self._pool,
            self._profiles,
            make_items(self._pool, self._profiles),
            distribution,
            panels=self.panels,
            seed=self.seed,
        )

    def _per_profile(self) -> NDArray[np.float64]:
        """Return the chance of each profile (length T)."""
        firsts = [int(self._profiles.members(t)[0]) for t in range(len(self._profiles))]
        return self.chances.as_floats[firsts]

    def _set_aside(self, impossible: NDArray[np.bool_]) -> None:
        """Hold at 0 the profiles that no panel of whole people can contain."""
        self.chances = find_leximin(
            self._pool,
            self._quotas,
            profiles=self._profiles,
            shut_out=impossible,
            progress=self._progress,
        )
        self.bound = self.chances.bound

    def _adopt(self, distribution: PanelDistribution) -> None:
        """Take the chances of a distribution; the levels of the polytope still bound them."""
        per_profile = np.rint(distribution.chances * PROBABILITY_SCALE).astype(np.int64)
        per_profile[~distribution.possible] = 0
        # Those shut out keep the level they have: the proofs of all levels count them there.
        self.chances = SelectionProbabilities(
            per_profile[self._profiles.of_respondent], self.chances.level, self.chances.levels
        )
