"""Cutting a list of owed seats in two, again and again, until each piece is one panel.

A *share* is a multiset of seats owed to items (an item is a profile, or one person who
shares an address) to be spread over ``a`` panels. It is *sound* when, for each category,
a·lower ≤ seats ≤ a·upper. Cutting it gives a₁ + a₂ = a panels: item i with sᵢ seats
leaves ⌊sᵢa₁/a⌋ to the left, ⌊sᵢa₂/a⌋ to the right, and at most one seat to place. The seats
to place are chosen so that both parts are sound: a small puzzle of 0 and 1 with a few dozen
rows, solved by a local search that swaps pairs of items. A sound share of one panel is a
panel that meets every quota, and no seat is ever gained or lost, so each person sits in
exactly the number of panels owed at the start.

The functions here are compiled by Numba and use whole numbers only: the same bytes come
out on every machine. Randomness is a 64-bit seed mixed with the place of the share.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sortition.swaps import next_bits, swap_search

STARTS = 4  # starts of a cut before the share is handed back


@njit(cache=True, nogil=True)
def _seed(state: NDArray[np.uint64], seed: np.uint64, start: int, size: int) -> None:
    """Mix a seed with the place of a share (splitmix64)."""
    z = seed + np.uint64(start) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(size)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    state[0] = (z ^ (z >> np.uint64(31))) | np.uint64(1)


@njit(cache=True, nogil=True)
def settle(
    codes: NDArray[np.int32],
    whole: NDArray[np.int64],
    rest: NDArray[np.int64],
    unit: int,
    total: int,
    lower: NDArray[np.int64],
    upper: NDArray[np.int64],
    state: NDArray[np.uint64],
    seats: NDArray[np.int64],
) -> int:
    """Round whole + rest/unit to whole seats within bounds; return the seats amiss.

    ``codes`` (L × F), ``whole`` and ``rest`` (L, 0 ≤ rest < unit), ``total`` seats in all,
    bounds per code. Each item gets ``whole`` seats, or one more if its ``rest`` is not 0.
    The result goes to ``seats`` (L); it is meaningful when 0 is returned. A start is a
    systematic sample with chance rest/unit along a random lexicographic order, which is
    near the bounds already; the swaps do the rest.
    """
    open_items = np.flatnonzero(rest)
    fixed = np.zeros(lower.shape[0], np.int64)
    spare = total
    for item in range(codes.shape[0]):
        seats[item] = whole[item]
        spare -= int(whole[item])
        for column in range(codes.shape[1]):
            fixed[codes[item, column]] += whole[item]
    if spare < 0 or spare > open_items.shape[0]:
        return total
    amiss = 0
    for _ in range(STARTS):
        order = _lexicographic(codes, open_items, lower.shape[0], state)
        chosen = _systematic(rest, order, unit, spare, state)
        counts = fixed.copy()
        own = np.empty((codes.shape[1], order.shape[0]), np.int32)
        for place in range(order.shape[0]):
            for column in range(codes.shape[1]):
                own[column, place] = codes[order[place], column]
                counts[own[column, place]] += chosen[place]
        amiss = swap_search(own, chosen, counts, lower, upper, state)
        if amiss == 0:
            for place in range(order.shape[0]):
                seats[order[place]] += chosen[place]
            return 0
    return amiss


@njit(cache=True, nogil=True)
def _lexicographic(
    codes: NDArray[np.int32], items: NDArray[np.int64], code_count: int, state: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """Shuffle the items, then sort them by their codes, features taken in random order."""
    order = items.copy()
    for place in range(order.shape[0] - 1, 0, -1):
        other = next_bits(state) % (place + 1)
        order[place], order[other] = order[other], order[place]
    columns = np.arange(codes.shape[1])
    for place in range(columns.shape[0] - 1, 0, -1):
        other = next_bits(state) % (place + 1)
        columns[place], columns[other] = columns[other], columns[place]
    start = np.empty(code_count + 1, np.int64)
    other_order = np.empty_like(order)
    for column in columns:  # a counting sort: codes are small, and equals keep their places
        start[:] = 0
        for item in order:
            start[codes[item, column] + 1] += 1
        for code in range(code_count):
            start[code + 1] += start[code]
        for item in order:
            code = codes[item, column]
            other_order[start[code]] = item
            start[code] += 1
        order, other_order = other_order, order
    return order


@njit(cache=True, nogil=True)
def _systematic(
    rest: NDArray[np.int64],
    order: NDArray[np.int64],
    unit: int,
    spare: int,
    state: NDArray[np.uint64],
) -> NDArray[np.int8]:
    """Choose ``spare`` items, evenly along the order, each with chance about rest/unit."""
    chosen = np.zeros(order.shape[0], np.int8)
    carried = np.int64(next_bits(state) % unit)
    count = 0
    for place in range(order.shape[0]):
        carried += rest[order[place]]
        if carried >= unit:
            carried -= unit
            chosen[place] = 1
            count += 1
    while count != spare:
        place = next_bits(state) % order.shape[0]
        if count > spare and chosen[place] == 1:
            chosen[place] = 0
            count -= 1
        elif count < spare and chosen[place] == 0:
            chosen[place] = 1
            count += 1
    return chosen
