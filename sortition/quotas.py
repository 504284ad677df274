"""Quotas: how many members of each category a panel must hold, at least and at most."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sortition.pool import Feature


@dataclass(frozen=True, slots=True)
class Quota:
    """Bounds on the members of one category; ``*_flex`` say how far a relaxation may go.

    ``lower_flex`` ≤ ``lower`` ≤ ``upper`` ≤ ``upper_flex``; ``None`` means that the
    secretariat set no limit to a relaxation on that side.
    """

    feature: str
    category: str
    lower: int
    upper: int
    lower_flex: int | None = None
    upper_flex: int | None = None


@dataclass(frozen=True)
class Quotas:
    """The quotas of a panel of ``size`` members, feature by feature, in file order."""

    size: int
    quotas: tuple[Quota, ...]

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """The features and their categories, in the order of the quotas."""
        names = dict.fromkeys(quota.feature for quota in self.quotas)
        return tuple(
            Feature(name, tuple(q.category for q in self.quotas if q.feature == name))
            for name in names
        )

    @cached_property
    def in_code_order(self) -> tuple[Quota, ...]:
        """The quotas ordered as ``Pool.categories``: feature by feature."""
        return tuple(q for f in self.features for q in self.quotas if q.feature == f.name)

    @cached_property
    def lower(self) -> NDArray[np.int64]:
        """Lower bound of each category, in the order of the global codes."""
        return np.array([q.lower for q in self.in_code_order], dtype=np.int64)

    @cached_property
    def upper(self) -> NDArray[np.int64]:
        """Upper bound of each category, in the order of the global codes."""
        return np.array([q.upper for q in self.in_code_order], dtype=np.int64)

    def with_bounds(self, lower: NDArray[np.integer], upper: NDArray[np.integer]) -> Quotas:
        """Return the same categories under other bounds (a relaxation, what remains)."""
        return Quotas(
            self.size,
            tuple(
                Quota(q.feature, q.category, int(low), int(high), q.lower_flex, q.upper_flex)
                for q, low, high in zip(self.in_code_order, lower, upper, strict=True)
            ),
        )

    def resized(self, size: int) -> Quotas:
        """Return the same quotas for another panel size."""
        return Quotas(size, self.quotas)
