"""The search for minimal relaxations: the fewest seats, the fewest quotas, and the next best."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sortition.conflict_search import UNBOUNDED, ConflictSearch
from sortition.hitting_sets import shrink, smallest_hitting_set

Amounts = NDArray[np.int64]
"""Length 2C: by how many seats each side of the quotas gives way (see ``ElasticQuotas``)."""
Caps = tuple[tuple[int, int], ...]
"""Alternatives (side, largest amount): keeping one of them makes a relaxation different."""


class RelaxationSearch:
    """Relaxations that let some panel exist, none of whose amounts can be any smaller.

    Relaxations are vectors of amounts; those that work form an upward closed set, and what
    is proposed are some of its minimal elements.
    """

    def __init__(self, conflicts: ConflictSearch) -> None:
        self._conflicts = conflicts
        self._elastic = conflicts.elastic
        self.most = self._elastic.most

    def is_met(self) -> bool:
        """Tell whether the quotas can be met as they are."""
        amounts = self.cheapest(self.most)
        return amounts is not None and not amounts.any()

    def cheapest(self, limits: Amounts) -> Amounts | None:
        """Return the relaxation of fewest seats within the limits, or None."""
        panel = self._elastic.cheapest(limits)
        return None if panel is None else panel.amounts

    def propose(
        self, limits: Amounts, count: int, *, after: Sequence[Amounts] = ()
    ) -> list[Amounts]:
        """Return up to ``count`` minimal relaxations within the limits, those given included.

        First the one of fewest seats, the one that touches the fewest quotas and the one
        whose largest change is smallest; then the next best.
        """
        found = list(after)
        for search in (self.cheapest, self._fewest_touched, self._most_even):
            amounts = search(limits)
            if amounts is None:
                return found  # nothing at all within these limits
            _append(found, amounts)
        for caps in (_other_quotas, _other_amounts):
            while len(found) < count:
                avoid = [caps(amounts) for amounts in found]
                amounts = self._cheapest_avoiding(limits, avoid)
                if amounts is None:
                    break
                _append(found, amounts)
        return found[: max(count, len(after))]

    def _fewest_touched(self, limits: Amounts) -> Amounts | None:
        """Return a relaxation that touches the fewest sides, then moves the fewest seats.

        Implicit hitting sets again, the other way round: what it touches must meet every
        conflict between sides; each set that does not suffice shows a new conflict.
        """
        allowed = np.flatnonzero(limits).tolist()
        conflicts: list[frozenset[int]] = []
        while True:
            touched = smallest_hitting_set(conflicts, allowed)
            if touched is None:
                return None
            free = np.zeros(len(limits), dtype=bool)
            free[list(touched)] = True
            conflict = self._elastic.linear_conflict(limits, free)
            if conflict is None:
                amounts = self.cheapest(np.where(free, limits, 0))
                if amounts is not None:
                    return amounts
            conflicts.append(self._certain(conflict, limits, free))

    def _certain(
        self, conflict: frozenset[int] | None, limits: Amounts, free: NDArray[np.bool_]
    ) -> frozenset[int]:
        """Return a conflict that holds beyond doubt when the free sides go to their limits."""
        holds = partial(self._holds_beside, limits=np.where(free, limits, self.most))
        if conflict is not None and not holds(conflict):
            return conflict
        return shrink(np.flatnonzero(~free & (self.most > 0)).tolist(), holds)

    def _holds_beside(self, sides: Iterable[int], *, limits: Amounts) -> bool:
        """Tell whether these sides hold as they are while all others go to some limits."""
        amounts = limits.copy()
        amounts[list(sides)] = 0
        half = len(amounts) // 2
        lower, upper = self._conflicts.bounds(range(2 * half))
        wide = amounts[half:] >= self.most[half:]
        upper = np.where(wide & (amounts[half:] > 0), UNBOUNDED, upper + amounts[half:])
        return self._conflicts.check.holds(lower - amounts[:half], upper)

    def _most_even(self, limits: Amounts) -> Amounts | None:
        """Return the relaxation whose largest change is smallest, then of fewest seats."""
        low, high = 0, int(limits.max(initial=0))
        while low < high:  # the linear programme shows from where on it is worth trying
            middle = (low + high) // 2
            if math.isinf(self._elastic.linear_bound(np.minimum(limits, middle))):
                low = middle + 1
            else:
                high = middle
        for largest in range(low, int(limits.max(initial=0)) + 1):
            amounts = self.cheapest(np.minimum(limits, largest))
            if amounts is not None:
                return amounts
        return None

    def _cheapest_avoiding(self, limits: Amounts, avoid: Sequence[Caps]) -> Amounts | None:
        """Return the relaxation of fewest seats that keeps a cap out of each in ``avoid``.

        Best first: a node has chosen a cap for each of the first relaxations to avoid; its
        key is a lower bound on the seats, exact once all are chosen. Of equal keys the
        deepest goes first.
        """
        nodes: list[tuple[float, int, int]] = [(0.0, 0, 0)]
        waiting: dict[int, tuple[int, Amounts, Amounts | None]] = {0: (0, limits, None)}
        made = 0
        while nodes:
            _, _, number = heapq.heappop(nodes)
            depth, tight, amounts = waiting.pop(number)
            if amounts is not None:
                return amounts
            for bound, deeper, narrower, solution in self._branch(tight, avoid, depth):
                made += 1
                waiting[made] = (deeper, narrower, solution)
                heapq.heappush(nodes, (bound, -deeper - (solution is not None), made))
        return None

    def _branch(
        self, limits: Amounts, avoid: Sequence[Caps], depth: int
    ) -> list[tuple[float, int, Amounts, Amounts | None]]:
        """Return the nodes below one: (bound, depth, limits, exact solution if it is one)."""
        if depth == len(avoid):
            amounts = self.cheapest(limits)
            return [] if amounts is None else [(float(amounts.sum()), depth, limits, amounts)]
        if any(limits[side] <= cap for side, cap in avoid[depth]):
            return [(self._seats_bound(limits), depth + 1, limits, None)]
        nodes: list[tuple[float, int, Amounts, Amounts | None]] = []
        for side, cap in avoid[depth]:
            narrower = limits.copy()
            narrower[side] = cap
            bound = self._seats_bound(narrower)
            if not math.isinf(bound):
                nodes.append((bound, depth + 1, narrower, None))
        return nodes

    def _seats_bound(self, limits: Amounts) -> float:
        bound = self._elastic.linear_bound(limits)
        return bound if math.isinf(bound) else float(math.ceil(bound - 1e-6))


def _append(found: list[Amounts], amounts: Amounts) -> None:
    """Add a relaxation unless it gives way at least as much as one already there."""
    if not any((amounts >= other).all() for other in found):
        found.append(amounts)


def _other_quotas(amounts: Amounts) -> Caps:
    """Return the caps of which one must hold to touch other quotas than these."""
    return tuple((side, 0) for side in np.flatnonzero(amounts).tolist())


def _other_amounts(amounts: Amounts) -> Caps:
    """Return the caps of which one must hold to give way less somewhere."""
    return tuple((side, int(amounts[side]) - 1) for side in np.flatnonzero(amounts).tolist())
