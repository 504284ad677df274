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

STEPS = 400  # swaps tried before a start is given up
STARTS = 4  # starts of a cut before the share is handed back
CANDIDATES = 48  # items weighed on each side of a swap, a sample where there are more
TABU = 5  # steps during which a swapped item stays put, at least
NO_ITEM = -1


@njit(cache=True, nogil=True)
def _next(state: NDArray[np.uint64]) -> np.int64:
    """Return 31 random bits and move the generator on (xorshift64*, Vigna 2016)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(33))


@njit(cache=True, nogil=True)
def _seed(state: NDArray[np.uint64], seed: np.uint64, start: int, size: int) -> None:
    """Mix a seed with the place of a share (splitmix64)."""
    z = seed + np.uint64(start) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(size)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    state[0] = (z ^ (z >> np.uint64(31))) | np.uint64(1)


@njit(cache=True, nogil=True)
def _excess(count: int, lower: int, upper: int) -> int:
    """Return by how many seats a count misses its bounds."""
    if count < lower:
        return lower - count
    if count > upper:
        return count - upper
    return 0


@njit(cache=True, nogil=True)
def _sample(items: NDArray[np.int64], count: int, state: NDArray[np.uint64]) -> int:
    """Bring a random sample of the first ``count`` items to the front; return its size."""
    if count <= CANDIDATES:
        return count
    for place in range(CANDIDATES):
        other = place + _next(state) % (count - place)
        items[place], items[other] = items[other], items[place]
    return CANDIDATES


@njit(cache=True, nogil=True)
def _has(codes: NDArray[np.int32], item: int, code: int) -> bool:
    for column in range(codes.shape[1]):  # noqa: SIM110 -- Numba compiles no any()
        if codes[item, column] == code:
            return True
    return False


@njit(cache=True, nogil=True)
def _swap_search(  # noqa: C901, PLR0915 -- one compiled loop: a call per step costs more
    codes: NDArray[np.int32],
    chosen: NDArray[np.int8],
    counts: NDArray[np.int64],
    lower: NDArray[np.int64],
    upper: NDArray[np.int64],
    state: NDArray[np.uint64],
) -> int:
    """Swap chosen and unchosen items until every count is within bounds.

    Works on ``chosen`` (0 or 1 per item) and ``counts`` (per code) in place; returns the
    seats still amiss, 0 when it succeeded. A step picks one code out of bounds and the best
    swap that moves it the right way; items just swapped wait (tabu) unless that breaks the
    record.
    """
    items = codes.shape[0]
    amiss = 0
    for code in range(counts.shape[0]):
        amiss += _excess(counts[code], lower[code], upper[code])
    best = amiss
    waits = np.zeros(items, np.int64)
    out = np.empty(items, np.int64)
    back = np.empty(items, np.int64)
    wrong = np.empty(counts.shape[0], np.int64)
    for step in range(1, STEPS + 1):
        if amiss == 0:
            return 0
        wrongs = 0
        for code in range(counts.shape[0]):
            if counts[code] < lower[code] or counts[code] > upper[code]:
                wrong[wrongs] = code
                wrongs += 1
        target = wrong[_next(state) % wrongs]
        too_many = counts[target] > upper[target]
        outs = 0
        backs = 0
        for item in range(items):
            if chosen[item] == 1:
                if _has(codes, item, target) == too_many:
                    out[outs] = item
                    outs += 1
            elif _has(codes, item, target) != too_many:
                back[backs] = item
                backs += 1
        if outs == 0 or backs == 0:
            return amiss
        outs = _sample(out, outs, state)
        backs = _sample(back, backs, state)
        gain, leaving, coming = _best_swap(
            codes, counts, lower, upper, out[:outs], back[:backs], waits, step, best - amiss, state
        )
        if leaving == NO_ITEM:
            continue
        chosen[leaving] = 0
        chosen[coming] = 1
        for column in range(codes.shape[1]):
            counts[codes[leaving, column]] -= 1
            counts[codes[coming, column]] += 1
        amiss += gain
        best = min(best, amiss)
        waits[leaving] = step + TABU + _next(state) % (TABU + 1)
        waits[coming] = step + TABU + _next(state) % (TABU + 1)
    return amiss


@njit(cache=True, nogil=True)
def _best_swap(
    codes: NDArray[np.int32],
    counts: NDArray[np.int64],
    lower: NDArray[np.int64],
    upper: NDArray[np.int64],
    out: NDArray[np.int64],
    back: NDArray[np.int64],
    waits: NDArray[np.int64],
    step: int,
    record: int,
    state: NDArray[np.uint64],
) -> tuple[int, int, int]:
    """Return (change in seats amiss, item to drop, item to take), ties drawn at random.

    A waiting item may move only when the change is below ``record``.
    """
    columns = codes.shape[1]
    gain = 1 << 40
    leaving = NO_ITEM
    coming = NO_ITEM
    ties = 0
    for item in out:
        left = 0
        for column in range(columns):
            code = codes[item, column]
            left += _excess(counts[code] - 1, lower[code], upper[code])
            left -= _excess(counts[code], lower[code], upper[code])
            counts[code] -= 1
        for other in back:
            change = left
            for column in range(columns):
                code = codes[other, column]
                change += _excess(counts[code] + 1, lower[code], upper[code])
                change -= _excess(counts[code], lower[code], upper[code])
            if change > gain or ((waits[item] > step or waits[other] > step) and change >= record):
                continue
            if change < gain:
                gain = change
                ties = 0
            ties += 1
            if ties == 1 or _next(state) % ties == 0:
                leaving = item
                coming = other
        for column in range(columns):
            counts[codes[item, column]] += 1
    return gain, leaving, coming


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
        order = _lexicographic(codes, open_items, state)
        chosen = _systematic(rest, order, unit, spare, state)
        counts = fixed.copy()
        own = np.empty((order.shape[0], codes.shape[1]), np.int32)
        for place in range(order.shape[0]):
            for column in range(codes.shape[1]):
                own[place, column] = codes[order[place], column]
                counts[own[place, column]] += chosen[place]
        amiss = _swap_search(own, chosen, counts, lower, upper, state)
        if amiss == 0:
            for place in range(order.shape[0]):
                seats[order[place]] += chosen[place]
            return 0
    return amiss


@njit(cache=True, nogil=True)
def _lexicographic(
    codes: NDArray[np.int32], items: NDArray[np.int64], state: NDArray[np.uint64]
) -> NDArray[np.int64]:
    """Shuffle the items, then sort them by their codes, features taken in random order."""
    order = items.copy()
    for place in range(order.shape[0] - 1, 0, -1):
        other = _next(state) % (place + 1)
        order[place], order[other] = order[other], order[place]
    columns = np.arange(codes.shape[1])
    for place in range(columns.shape[0] - 1, 0, -1):
        other = _next(state) % (place + 1)
        columns[place], columns[other] = columns[other], columns[place]
    for column in columns:
        key = np.empty(order.shape[0], np.int32)
        for place in range(order.shape[0]):
            key[place] = codes[order[place], column]
        order = order[np.argsort(key, kind="mergesort")]
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
    carried = np.int64(_next(state) % unit)
    count = 0
    for place in range(order.shape[0]):
        carried += rest[order[place]]
        if carried >= unit:
            carried -= unit
            chosen[place] = 1
            count += 1
    while count != spare:
        place = _next(state) % order.shape[0]
        if count > spare and chosen[place] == 1:
            chosen[place] = 0
            count -= 1
        elif count < spare and chosen[place] == 0:
            chosen[place] = 1
            count += 1
    return chosen
