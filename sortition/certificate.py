"""The proof of a leximin level: dual multipliers as whole numbers, and the bound they give.

For every vector p of the quota polytope in which the people F fixed at earlier levels
have exactly their chance v, and for any multipliers y (one per category), γ, η ≥ 0::

    rᵢ = Σ_{categories c of i} y_c + γ + η_household(i)
    Σᵢ rᵢ pᵢ ≤ Σ_c max(y_c·lower_c, y_c·upper_c) + γ·k + Σ_h η_h  =: RHS
    min_{i free} pᵢ ≤ (RHS − Σ_{i∈F} rᵢ vᵢ + Σ_{i free} max(0, −rᵢ)) / Σ_{i free} max(0, rᵢ)

The first inequality adds up quota rows, the second uses 0 ≤ pᵢ ≤ 1. Whatever the rounding
of the multipliers, the bound is valid; good multipliers make it tight. The numerator and
the denominator grow alike with the multipliers, so these may be scaled at will.
``sortition.audit`` computes the same bound again, alone, from the published files.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sortition.probabilities import MULTIPLIER_SCALE
from sortition.profiles import Profiles
from sortition.quotas import Quotas

_LARGEST = 10**17  # a sum of a few dozen multipliers must fit in 64 bits
_LOW_BITS = 32
_LARGEST_RATIO = 10_000
_RATIO_TOLERANCE = 1e-9  # GLOP's duals are good to 1e-11; two such fractions differ by 1e-8


@dataclass(frozen=True)
class Multipliers:
    """Dual multipliers of one level, whole numbers; only their ratios matter.

    ``quotas``: α − β per global category code (length C); ``size``: γ; ``households``:
    η ≥ 0 for *each* household of the household profile given by its position.
    """

    quotas: NDArray[np.int64]
    size: int
    households: Mapping[int, int]

    def per_profile(self, profiles: Profiles) -> NDArray[np.int64]:
        """Return rᵢ for the respondents of each profile (length T)."""
        weights: NDArray[np.int64] = self.quotas[profiles.codes].sum(axis=1) + self.size
        for household, multiplier in self.households.items():
            weights[profiles.household_of == household] += multiplier
        return weights

    def numbered(self, profiles: Profiles) -> tuple[tuple[int, int], ...]:
        """Return (household number, η) for every household weighed, by number."""
        return tuple(
            sorted(
                (int(number), multiplier)
                for household, multiplier in self.households.items()
                for number in profiles.household_rows[household].households
            )
        )


def round_multipliers(
    quotas: NDArray[np.float64], size: float, households: Mapping[int, float]
) -> Multipliers:
    """Turn floating-point duals into whole multipliers; negative η become 0.

    Duals solve a small system of zeros and ones, so they are nearly always in the ratio of
    small whole numbers: those are recovered, and the bound is then exact. Where they are
    not, the duals are rounded to 1/MULTIPLIER_SCALE, and the bound is very nearly so.
    """
    homes = sorted(household for household, eta in households.items() if eta > 0)
    duals = [*(float(y) for y in quotas), float(size), *(households[home] for home in homes)]
    whole = _small_ratios(duals)
    if whole is None:
        scale = min(float(MULTIPLIER_SCALE), _LARGEST / max(map(abs, duals)))
        whole = [round(dual * scale) for dual in duals]
    return Multipliers(
        quotas=np.array(whole[: len(quotas)], dtype=np.int64),
        size=whole[len(quotas)],
        households={
            home: eta for home, eta in zip(homes, whole[len(quotas) + 1 :], strict=True) if eta
        },
    )


def _small_ratios(duals: Sequence[float]) -> list[int] | None:
    """Return whole numbers in the same ratios, or None where none below 10 000 fit."""
    largest = max(map(abs, duals), default=0.0)
    if largest == 0.0:  # no quota binds: the floor has reached 1
        return [0] * len(duals)
    nothing = Fraction(0)  # most duals: the quotas that do not bind
    ratios = [
        Fraction(dual / largest).limit_denominator(_LARGEST_RATIO) if dual else nothing
        for dual in duals
    ]
    misfit = max(
        abs(float(ratio) - dual / largest) for ratio, dual in zip(ratios, duals, strict=True)
    )
    common = math.lcm(*(ratio.denominator for ratio in ratios))
    if misfit > _RATIO_TOLERANCE or common > _LARGEST_RATIO:
        return None
    return [int(ratio * common) for ratio in ratios]


def proved_bound(
    profiles: Profiles,
    quotas: Quotas,
    level_of: NDArray[np.int32],
    values: Sequence[Fraction],
    multipliers: Multipliers,
) -> Fraction:
    """Return the exact bound on the smallest chance of the profiles still free.

    ``level_of`` (length T) is the level of each profile: those of a level in ``values`` are
    held at that chance, ``NO_LEVEL`` means held at 0, any later level means free. Returns 1
    where the multipliers prove nothing.
    """
    weights = multipliers.per_profile(profiles)
    free = level_of >= len(values)
    positive = _exact_sum(np.maximum(weights, 0)[free], profiles.count[free])
    negative = _exact_sum(np.maximum(-weights, 0)[free], profiles.count[free])
    if positive <= 0:
        return Fraction(1)
    held = _exact_sums(weights, profiles.count, level_of, len(values))
    taken = sum((value * weight for value, weight in zip(values, held, strict=True)), Fraction(0))
    top = _right_hand_side(profiles, quotas, multipliers) + negative - taken
    return min(Fraction(1), top / positive)


def _right_hand_side(profiles: Profiles, quotas: Quotas, multipliers: Multipliers) -> int:
    right = quotas.size * multipliers.size
    for y, lower, upper in zip(multipliers.quotas, quotas.lower, quotas.upper, strict=True):
        right += int(y) * int(upper if y > 0 else lower)
    for household, multiplier in multipliers.households.items():
        right += multiplier * profiles.household_rows[household].count
    return right


def _exact_sum(weights: NDArray[np.int64], count: NDArray[np.int64]) -> int:
    """Return Σ weight·count exactly: the halves of each weight are summed apart."""
    high = int(((weights >> _LOW_BITS) * count).sum())
    low = int(((weights & ((1 << _LOW_BITS) - 1)) * count).sum())
    return (high << _LOW_BITS) + low


def _exact_sums(
    weights: NDArray[np.int64],
    count: NDArray[np.int64],
    level_of: NDArray[np.int32],
    levels: int,
) -> list[int]:
    """Return Σ weight·count of each level exactly, in one pass for all of them."""
    there = np.flatnonzero((level_of >= 0) & (level_of < levels))
    high, low = np.zeros((2, levels), dtype=np.int64)
    np.add.at(high, level_of[there], (weights[there] >> _LOW_BITS) * count[there])
    np.add.at(low, level_of[there], (weights[there] & ((1 << _LOW_BITS) - 1)) * count[there])
    return [(int(h) << _LOW_BITS) + int(rest) for h, rest in zip(high, low, strict=True)]
