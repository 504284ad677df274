"""The pool: respondents, the features they are balanced on, and their households."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

NO_HOUSEHOLD = -1  # a respondent who shares no address with another one


@dataclass(frozen=True, slots=True)
class Feature:
    """An attribute used for balance (sex, age band) and its categories, in file order."""

    name: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Pool:
    """All respondents who may be drawn, in the canonical order: sorted by identifier.

    ``membership`` is an n × F array: the position, among the categories of feature f,
    of the category of respondent i. ``households`` has length n: the number of the
    address shared with others, or ``NO_HOUSEHOLD``; a panel holds at most one member
    of each numbered household. ``kept`` holds, in the same order as ``ids``, the
    columns that the draw does not read (``kept_columns`` names them).

    The order is part of the definition: a solver that sees rows, never identifiers,
    gives the same answer however the people file was sorted.
    """

    ids: tuple[str, ...]
    features: tuple[Feature, ...]
    membership: NDArray[np.int32]
    households: NDArray[np.int32]
    kept_columns: tuple[str, ...] = ()
    kept: tuple[tuple[str, ...], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if list(self.ids) != sorted(set(self.ids)):
            raise ValueError("ids must be unique and sorted")
        if self.membership.shape != (len(self.ids), len(self.features)):
            raise ValueError("membership must have one row per id and one column per feature")
        if self.households.shape != (len(self.ids),):
            raise ValueError("households must have one entry per id")
        self.membership.setflags(write=False)
        self.households.setflags(write=False)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def offsets(self) -> NDArray[np.int32]:
        """First global category code of each feature (length F)."""
        sizes = [len(feature.categories) for feature in self.features]
        return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)

    @cached_property
    def codes(self) -> NDArray[np.int32]:
        """Global category codes, n × F: each in 0 … C−1, where C counts all categories."""
        codes = (self.membership + self.offsets).astype(np.int32)
        codes.setflags(write=False)
        return codes

    @cached_property
    def categories(self) -> tuple[tuple[str, str], ...]:
        """Every (feature name, category) in the order of the global codes."""
        return tuple((f.name, c) for f in self.features for c in f.categories)

    def profile(self, respondent: int) -> tuple[str, ...]:
        """Return the categories of one respondent, a name per feature."""
        row = self.membership[respondent]
        return tuple(
            feature.categories[position]
            for feature, position in zip(self.features, row, strict=True)
        )

    def counts(
        self, members: NDArray[np.integer] | Sequence[int] | None = None
    ) -> NDArray[np.int64]:
        """Count the members of each category (length C) among the rows given, or all."""
        codes = self.codes if members is None else self.codes[np.asarray(members, dtype=np.int64)]
        return np.bincount(codes.ravel(), minlength=len(self.categories)).astype(np.int64)

    def take(self, rows: NDArray[np.integer] | Sequence[int]) -> Pool:
        """Return the pool made of some rows only (order kept canonical)."""
        chosen = np.sort(np.asarray(rows, dtype=np.int64))
        return Pool(
            ids=tuple(self.ids[i] for i in chosen),
            features=self.features,
            membership=self.membership[chosen].copy(),
            households=self.households[chosen].copy(),
            kept_columns=self.kept_columns,
            kept=tuple(self.kept[i] for i in chosen) if self.kept else (),
        )
