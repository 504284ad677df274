"""The search for the fewest quota sides that cannot hold together."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sortition.bounds_check import BoundsCheck
from sortition.elastic_quotas import ElasticQuotas
from sortition.hitting_sets import shrink, smallest_hitting_set
from sortition.profiles import Profiles
from sortition.quotas import Quotas

ROUNDS = 300  # of the search for the smallest conflict; those met so far took less than 40
UNBOUNDED = 2**31  # an upper bound above any pool


class ConflictSearch:
    """Conflicts between the sides of some quotas, numbered as in ``ElasticQuotas``.

    The smallest one is found by implicit hitting sets (Ignatiev, Previti, Liffiton and
    Marques-Silva, *Smallest MUS extraction with minimal hitting set dualization*, CP 2015,
    pp. 173–182). The sides that any real panel breaks form a
    *correction set*: each conflict contains one of them at least. So

    1. take a smallest set of sides that meets every correction set known so far;
    2. if no panel keeps those sides, they are a smallest conflict;
    3. otherwise find a panel that keeps them: what it breaks is a new correction set.

    Every set kept in step 3 comes from a panel, and step 2 is answered exactly on the few
    categories concerned: no tolerance enters the result.

    ``containing`` is a profile of which one respondent must be seated.
    """

    def __init__(
        self, profiles: Profiles, quotas: Quotas, *, containing: int | None = None
    ) -> None:
        self._profiles = profiles
        self._quotas = quotas
        self._containing = containing
        self.check = BoundsCheck(profiles, quotas.size, containing)

    @cached_property
    def elastic(self) -> ElasticQuotas:
        """The quotas as sides that may give way."""
        return ElasticQuotas(self._profiles, self._quotas, containing=self._containing)

    def bounds(self, sides: Collection[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the lower and upper bounds that leave only these sides in force."""
        half = len(self._quotas.lower)
        inside = np.zeros(2 * half, dtype=bool)
        inside[list(sides)] = True
        return (
            np.where(inside[:half], self._quotas.lower, 0),
            np.where(inside[half:], self._quotas.upper, UNBOUNDED),
        )

    def holds(self, sides: Collection[int], *, households: bool = True, sized: bool = True) -> bool:
        """Tell whether some panel keeps these sides, all others set aside."""
        lower, upper = self.bounds(sides)
        return self.check.holds(lower, upper, households=households, sized=sized)

    def smallest(
        self, known: Iterable[Collection[int]] = (), *, rounds: int = ROUNDS
    ) -> tuple[frozenset[int], bool] | None:
        """Return a smallest conflict and True, or None when a panel meets every quota.

        ``known`` gives conflicts found otherwise, preferred to others of the same size.
        Should ``rounds`` not be enough, an irreducible conflict is returned with False.
        The conflict is empty when not even the panel size can be met.
        """
        if not self.holds(()):
            return frozenset(), True
        first = self.elastic.cheapest(self.elastic.most)
        if first is None or first.total == 0:
            return None
        best = self._first_conflict(known)
        corrections = [_broken(first.amounts)]
        for _ in range(rounds):
            hitting = smallest_hitting_set(corrections)
            if hitting is None or len(hitting) >= len(best):
                return best, True
            if not self.holds(hitting):
                return hitting, True
            corrections += self._corrections_beyond(hitting, most=len(best))
        return best, False

    def _first_conflict(self, known: Iterable[Collection[int]]) -> frozenset[int]:
        """Return the smallest of the conflicts known and of one read from the linear programme."""
        nothing = np.zeros(len(self.elastic.most), dtype=bool)
        linear = self.elastic.linear_conflict(self.elastic.most, nothing)
        if linear is None or self.holds(linear):
            linear = frozenset(np.flatnonzero(self.elastic.most).tolist())
        candidates = [frozenset(sides) for sides in known]
        if not candidates or min(map(len, candidates)) > 1:
            candidates.append(shrink(linear, self.holds))
        return min(candidates, key=len)

    def _corrections_beyond(self, sides: frozenset[int], most: int) -> list[frozenset[int]]:
        """Return correction sets, disjoint from these sides and from one another."""
        limits = self.elastic.most.copy()
        limits[list(sides)] = 0
        found: list[frozenset[int]] = []
        while len(found) < most:
            panel = self.elastic.cheapest(limits, exact=False)
            if panel is None:
                break
            found.append(_broken(panel.amounts))
            limits[list(found[-1])] = 0
        return found


def _broken(amounts: NDArray[np.int64]) -> frozenset[int]:
    return frozenset(np.flatnonzero(amounts).tolist())


def arithmetic_conflicts(quotas: Quotas, counts: NDArray[np.int64]) -> list[frozenset[int]]:
    """Return the conflicts that sums show, without any panel: the fewest sides of each kind.

    A minimum above the respondents there are (``counts``), above the maximum of the same
    category or above the panel size; minima of one feature that add up to more than the
    panel; maxima of one feature that leave seats nobody can take.
    """
    half = len(quotas.lower)
    lower, upper = quotas.lower, quotas.upper
    found = [
        frozenset([code])
        for code in np.flatnonzero(lower > np.minimum(counts, quotas.size)).tolist()
    ]
    found += [frozenset([code, half + code]) for code in np.flatnonzero(lower > upper).tolist()]
    start = 0
    for feature in quotas.features:
        codes = range(start, start + len(feature.categories))
        start = codes.stop
        needed = sorted(codes, key=lambda code: (-int(lower[code]), code))
        found += _prefix(needed, lower, quotas.size)
        # Each maximum takes some seats away from what the pool could fill.
        capped = np.maximum(counts - upper, 0)
        spare = int(counts[list(codes)].sum()) - quotas.size
        taking = sorted(codes, key=lambda code: (-int(capped[code]), code))
        found += [
            frozenset(half + code for code in codes) for codes in _prefix(taking, capped, spare)
        ]
    return sorted(found, key=lambda sides: (len(sides), sorted(sides)))


def _prefix(codes: list[int], amounts: NDArray[np.int64], limit: int) -> list[frozenset[int]]:
    """Return, if there is one, the shortest prefix of codes whose amounts exceed the limit."""
    total = 0
    for position, code in enumerate(codes):
        total += int(amounts[code])
        if total > limit:
            return [frozenset(codes[: position + 1])]
    return []
