"""Selection probabilities and the proof, level by level, that they could not be fairer."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

PROBABILITY_SCALE = 10**15
"""Probabilities are whole numbers of this fraction: exact in files, fine enough for anyone."""

MULTIPLIER_SCALE = 10**18
"""Dual multipliers in no simple ratio are rounded to this fraction: a bound stays valid."""

NO_LEVEL = -1  # a respondent no panel can contain though the quota polytope alone allows it


@dataclass(frozen=True, slots=True)
class Level:
    """One level of leximin: a chance, and the multipliers that prove it cannot be raised.

    ``value``: the chance of the people fixed here, in 1/PROBABILITY_SCALE.
    ``quota_multipliers``: α − β per global category code (positive weighs on the upper
    bound, negative on the lower one), ``size_multiplier``: γ, ``household_multipliers``:
    (household number, η ≥ 0); whole numbers, of which only the ratios matter. ``bound`` is
    what they prove, computed exactly (see ``sortition.certificate``).
    """

    value: int
    quota_multipliers: tuple[int, ...]
    size_multiplier: int
    household_multipliers: tuple[tuple[int, int], ...]
    bound: Fraction


@dataclass(frozen=True)
class SelectionProbabilities:
    """The chance of each respondent, in pool order, and the levels behind it.

    ``numerators`` (length n) are in 1/PROBABILITY_SCALE. ``level`` (length n) is the
    position in ``levels`` where each respondent was fixed, ``NO_LEVEL`` for those shut
    out by whole numbers alone.
    """

    numerators: NDArray[np.int64]
    level: NDArray[np.int32]
    levels: tuple[Level, ...]

    @property
    def as_floats(self) -> NDArray[np.float64]:
        """The chances as floating-point numbers, for plots and solvers."""
        return self.numerators / PROBABILITY_SCALE

    @property
    def bound(self) -> Fraction:
        """The proved ceiling on the smallest chance of those some panel can contain."""
        for level in self.levels:
            if level.value > 0:
                return level.bound
        return Fraction(0)
