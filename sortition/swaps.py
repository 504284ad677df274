"""Swapping pairs of items until every category is within its bounds: the inner loop of a cut.

A swap takes one item out and another in. With ``down`` and ``up`` the change in seats amiss
when a code loses or gains one, a swap of i for j changes Σ down(i) + Σ up(j), less down + up
of the codes that i and j share: sums kept from step to step, so that a pair costs a few
additions. Compiled by Numba; whole numbers only (see ``sortition.halving``).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

STEPS = 400  # swaps tried before a start is given up
CANDIDATES = 48  # items weighed on each side of a swap, a sample where there are more
TABU = 5  # steps during which a swapped item stays put, at least
NO_ITEM = -1


@njit(cache=True, nogil=True)
def next_bits(state: NDArray[np.uint64]) -> np.int64:
    """Return 31 random bits and move the generator on (xorshift64*, Vigna 2016)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(33))


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
        other = place + next_bits(state) % (count - place)
        items[place], items[other] = items[other], items[place]
    return CANDIDATES


@njit(cache=True, nogil=True)
def _weigh(
    code: int,
    counts: NDArray[np.int64],
    lower: NDArray[np.int64],
    upper: NDArray[np.int64],
    down: NDArray[np.int32],
    up: NDArray[np.int32],
) -> None:
    """Note what one seat less and one seat more in a code would change."""
    now = _excess(counts[code], lower[code], upper[code])
    down[code] = _excess(counts[code] - 1, lower[code], upper[code]) - now
    up[code] = _excess(counts[code] + 1, lower[code], upper[code]) - now


@njit(cache=True, nogil=True)
def swap_search(  # noqa: C901, PLR0915 -- one compiled loop: a call per step costs more
    codes: NDArray[np.int32],
    chosen: NDArray[np.int8],
    counts: NDArray[np.int64],
    lower: NDArray[np.int64],
    upper: NDArray[np.int64],
    state: NDArray[np.uint64],
) -> int:
    """Swap chosen and unchosen items until every count is within bounds.

    ``codes`` is F × L, a code never in two rows. Works on ``chosen`` (0 or 1 per item) and
    ``counts`` (per code) in place; returns the seats still amiss, 0 when it succeeded. A
    step picks one code out of bounds and the best swap that moves it the right way; items
    just swapped wait (tabu) unless that breaks the record.
    """
    columns, items = codes.shape
    down = np.empty(counts.shape[0], np.int32)
    up = np.empty(counts.shape[0], np.int32)
    amiss = 0
    for code in range(counts.shape[0]):
        amiss += _excess(counts[code], lower[code], upper[code])
        _weigh(code, counts, lower, upper, down, up)
    if amiss == 0:
        return 0
    best = amiss
    column_of = np.zeros(counts.shape[0], np.int64)
    for column in range(columns):
        for item in range(items):
            column_of[codes[column, item]] = column
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
        target = wrong[next_bits(state) % wrongs]
        too_many = counts[target] > upper[target]
        outs = 0
        backs = 0
        row = codes[column_of[target]]
        for item in range(items):
            if chosen[item] == 1:
                if (row[item] == target) == too_many:
                    out[outs] = item
                    outs += 1
            elif (row[item] == target) != too_many:
                back[backs] = item
                backs += 1
        if outs == 0 or backs == 0:
            return amiss
        outs = _sample(out, outs, state)
        backs = _sample(back, backs, state)
        gain, leaving, coming = _best_swap(
            codes, down, up, out[:outs], back[:backs], waits, step, best - amiss, state
        )
        if leaving == NO_ITEM:
            continue
        chosen[leaving] = 0
        chosen[coming] = 1
        for column in range(columns):
            counts[codes[column, leaving]] -= 1
            counts[codes[column, coming]] += 1
            _weigh(codes[column, leaving], counts, lower, upper, down, up)
            _weigh(codes[column, coming], counts, lower, upper, down, up)
        amiss += gain
        best = min(best, amiss)
        waits[leaving] = step + TABU + next_bits(state) % (TABU + 1)
        waits[coming] = step + TABU + next_bits(state) % (TABU + 1)
    return amiss


@njit(cache=True, nogil=True)
def _best_swap(
    codes: NDArray[np.int32],
    down: NDArray[np.int32],
    up: NDArray[np.int32],
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
    columns = codes.shape[0]
    near = np.empty((columns, back.shape[0]), np.int32)  # side by side, to be compared at once
    taken = np.zeros(back.shape[0], np.int32)
    for column in range(columns):
        for place in range(back.shape[0]):
            near[column, place] = codes[column, back[place]]
            taken[place] += up[near[column, place]]
    changes = np.empty(back.shape[0], np.int32)
    gain, leaving, coming, ties = 1 << 30, NO_ITEM, NO_ITEM, 0
    for item in out:
        _weigh_swaps(codes, down, up, item, near, taken, changes)
        for place in range(back.shape[0]):
            change = changes[place]
            other = back[place]
            if change > gain or (max(waits[item], waits[other]) > step and change >= record):
                continue
            if change < gain:
                gain, ties = change, 0
            ties += 1
            if ties == 1 or next_bits(state) % ties == 0:
                leaving, coming = item, other
    return gain, leaving, coming


@njit(cache=True, nogil=True)
def _weigh_swaps(
    codes: NDArray[np.int32],
    down: NDArray[np.int32],
    up: NDArray[np.int32],
    item: int,
    near: NDArray[np.int32],
    taken: NDArray[np.int32],
    changes: NDArray[np.int32],
) -> None:
    """Write what it changes to swap an item for each of those in ``near`` (F × B codes)."""
    left = np.int32(0)
    for column in range(codes.shape[0]):
        left += down[codes[column, item]]
    for place in range(changes.shape[0]):
        changes[place] = taken[place] + left
    for column in range(codes.shape[0]):
        code = codes[column, item]
        shared = np.int32(down[code] + up[code])
        if shared != 0:
            for place in range(changes.shape[0]):
                changes[place] -= shared if near[column, place] == code else np.int32(0)
