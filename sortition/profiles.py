"""Profiles: the groups of respondents that no rule of the draw can tell apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sortition.pool import NO_HOUSEHOLD, Pool

_KEY_LIMIT = 2**62  # mixed-radix keys stay below this to fit in a 64-bit integer


@dataclass(frozen=True)
class HouseholdProfile:
    """Households made of the same profiles: a panel takes at most one member of each.

    ``members`` lists (profile, how many members of it live in one such household), by
    rising profile. ``households`` holds the numbers of those households in the pool. A
    lottery that treats alike people alike gives each of them Σ many · p_profile ≤ 1.
    """

    members: tuple[tuple[int, int], ...]
    households: NDArray[np.int32]

    @property
    def count(self) -> int:
        """How many households of the pool have this profile."""
        return len(self.households)


@dataclass(frozen=True)
class Profiles:
    """The pool as T profiles: people of one profile can be swapped without effect.

    Two respondents share a profile when they agree on every feature and their households
    hold people of the same features. Profiles are numbered by their content (categories,
    then household), never by identifiers.
    """

    of_respondent: NDArray[np.int32]
    """Length n: the profile of each respondent."""
    codes: NDArray[np.int32]
    """T × F: the global category codes of each profile."""
    count: NDArray[np.int64]
    """Length T: respondents of each profile."""
    household_of: NDArray[np.int32]
    """Length T: the household profile its people live in, or ``NO_HOUSEHOLD``."""
    household_rows: tuple[HouseholdProfile, ...]
    """The distinct households of two respondents or more."""
    _order: NDArray[np.int32] = field(repr=False)
    _start: NDArray[np.int64] = field(repr=False)

    def __len__(self) -> int:
        return len(self.count)

    def members(self, profile: int) -> NDArray[np.int32]:
        """Return the rows of the respondents of one profile, ascending."""
        return self._order[self._start[profile] : self._start[profile + 1]]


def group_profiles(pool: Pool) -> Profiles:
    """Group the respondents that quotas and households cannot tell apart.

    Without shared households a profile is a distinct row of categories. With them it is a
    pair (row of categories, multiset of the rows of the whole household), which is the
    finest grouping that every symmetry of the polytope of selection probabilities keeps.
    A numbered household with a single respondent in the pool binds nobody: it is ignored.
    """
    row_key = _row_keys(pool)
    household_key, groups = _household_keys(pool, row_key)
    width = int(household_key.max(initial=-1)) + 2
    _, first, of_respondent = np.unique(
        row_key * width + household_key + 1, return_index=True, return_inverse=True
    )
    of_respondent = of_respondent.astype(np.int32)
    count = np.bincount(of_respondent, minlength=len(first)).astype(np.int64)
    rows = tuple(_household_profile(pool, members, of_respondent) for members in groups)
    profiles = Profiles(
        of_respondent=of_respondent,
        codes=pool.codes[first].copy(),
        count=count,
        household_of=household_key[first].astype(np.int32),
        household_rows=rows,
        _order=np.argsort(of_respondent, kind="stable").astype(np.int32),
        _start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
    )
    for array in (profiles.of_respondent, profiles.codes, profiles.count, profiles.household_of):
        array.setflags(write=False)
    return profiles


def _row_keys(pool: Pool) -> NDArray[np.int64]:
    """Number the distinct rows of categories, in lexicographic order (length n)."""
    key = np.zeros(len(pool), dtype=np.int64)
    largest = 1
    for column, feature in enumerate(pool.features):
        size = max(len(feature.categories), 1)
        if largest > _KEY_LIMIT // size:
            key, largest = _compress(key)
        key = key * size + pool.membership[:, column]
        largest *= size
    return _compress(key)[0]


def _compress(key: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Renumber keys 0, 1, … keeping their order; return them and how many there are."""
    distinct, inverse = np.unique(key, return_inverse=True)
    return inverse.astype(np.int64), len(distinct)


def _household_keys(
    pool: Pool, row_key: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """Number the household profiles, by size and then content.

    Returns the number for each respondent (``NO_HOUSEHOLD`` for people who share none),
    and for each number the rows of its respondents, households × size, each household
    in the order of ``row_key``.
    """
    key = np.full(len(pool), NO_HOUSEHOLD, dtype=np.int64)
    groups: list[NDArray[np.int64]] = []
    sharing = np.flatnonzero(pool.households >= 0)
    if not len(sharing):
        return key, groups
    order = sharing[np.lexsort((row_key[sharing], pool.households[sharing]))]
    starts = np.flatnonzero(np.diff(pool.households[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(order)))
    for size in np.unique(sizes[sizes > 1]):
        rows = order[starts[sizes == size][:, None] + np.arange(size)]
        _, kind = np.unique(row_key[rows], axis=0, return_inverse=True)
        key[rows] = len(groups) + kind.reshape(-1, 1)
        by_kind = rows[np.argsort(kind.ravel(), kind="stable")]
        groups.extend(np.split(by_kind, np.cumsum(np.bincount(kind.ravel()))[:-1]))
    return key, groups


def _household_profile(
    pool: Pool, members: NDArray[np.int64], of_respondent: NDArray[np.int32]
) -> HouseholdProfile:
    """Describe the households whose rows are given (households × size)."""
    many = Counter(of_respondent[members[0]].tolist())
    households = np.sort(pool.households[members[:, 0]]).astype(np.int32)
    households.setflags(write=False)
    return HouseholdProfile(tuple(sorted(many.items())), households)
