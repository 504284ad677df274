"""From one sound share of M panels down to M panels (see ``sortition.halving``)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sortition.halving import _seed, settle

NO_HOME = -1
_FREE = 1 << 40  # bounds that bind nothing


@njit(cache=True, nogil=True)
def cut_range(  # noqa: PLR0915 -- a stack walked in one compiled loop
    codes: NDArray[np.int32],
    homes: NDArray[np.int32],
    room: NDArray[np.int64],
    home_count: int,
    lower: NDArray[np.int64],
    upper: NDArray[np.int64],
    items: NDArray[np.int32],
    seats: NDArray[np.int64],
    start: int,
    size: int,
    leaf: int,
    loose: bool,
    seed: np.uint64,
    panels: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Cut a share into panels ``start`` … ``start + size − 1``, written to ``panels``.

    ``codes`` (items × F), ``homes`` and ``room`` (its people) describe every item; ``items``
    and ``seats`` (L) are the share, of size·k seats. Where halves as even as can be are not
    sound, ``loose`` tries halves that may be a seat or two less even. Row p of ``panels``
    (M × k) receives the items of panel p, one entry per seat. Ranges of ``leaf`` panels or fewer are left whole (1: cut to the
    end). Returns these and the ranges that could not be cut, flattened as (start, size)
    pairs; their rows hold their uncut seats, so nothing is lost.
    """
    width = panels.shape[1]
    state = np.zeros(1, np.uint64)
    slot = np.full(home_count, NO_HOME, np.int64)
    capacity = items.shape[0]
    stack_items = np.empty(capacity, np.int32)
    stack_seats = np.empty(capacity, np.int64)
    stack_items[:] = items
    stack_seats[:] = seats
    offsets = np.zeros(70, np.int64)
    starts = np.zeros(70, np.int64)
    sizes = np.zeros(70, np.int64)
    ends = np.zeros(70, np.int64)
    starts[0] = start
    sizes[0] = size
    ends[0] = capacity
    depth = 0
    failed = np.empty(0, np.int64)
    while depth >= 0:
        begin, end = offsets[depth], ends[depth]
        first, many = starts[depth], sizes[depth]
        own_items = stack_items[begin:end].copy()
        own_seats = stack_seats[begin:end].copy()
        depth -= 1
        left = np.empty(end - begin, np.int64)
        amiss = 0
        if many > leaf:
            _seed(state, seed, first, many)
            amiss = _cut(
                codes,
                homes,
                room,
                slot,
                lower,
                upper,
                own_items,
                own_seats,
                many,
                width,
                loose,
                state,
                left,
            )
        if many <= leaf or amiss > 0:
            _write(panels, first, own_items, own_seats)
            if many > 1:
                failed = np.append(failed, np.array([first, many], np.int64))
            continue
        needed = begin + 2 * (end - begin)
        if needed > stack_items.shape[0]:
            stack_items = np.append(stack_items, np.empty(needed, np.int32))
            stack_seats = np.append(stack_seats, np.empty(needed, np.int64))
        top = begin
        for part in range(2):  # the right part first: the left one is cut next
            depth += 1
            offsets[depth] = top
            for place in range(own_items.shape[0]):
                count = left[place] if part == 1 else own_seats[place] - left[place]
                if count > 0:
                    stack_items[top] = own_items[place]
                    stack_seats[top] = count
                    top += 1
            ends[depth] = top
            starts[depth] = first if part == 1 else first + many // 2
            sizes[depth] = many // 2 if part == 1 else many - many // 2
    return failed


@njit(cache=True, nogil=True)
def _write(
    panels: NDArray[np.int32], first: int, items: NDArray[np.int32], seats: NDArray[np.int64]
) -> None:
    """Write a share into the rows from ``first`` on, one entry per seat."""
    width = panels.shape[1]
    entry = 0
    for place in range(items.shape[0]):
        for _ in range(seats[place]):
            panels[first + entry // width, entry % width] = items[place]
            entry += 1


@njit(cache=True, nogil=True)
def _cut(
    codes: NDArray[np.int32],
    homes: NDArray[np.int32],
    room: NDArray[np.int64],
    slot: NDArray[np.int64],
    lower: NDArray[np.int64],
    upper: NDArray[np.int64],
    items: NDArray[np.int32],
    seats: NDArray[np.int64],
    size: int,
    width: int,
    loose: bool,
    state: NDArray[np.uint64],
    left: NDArray[np.int64],
) -> int:
    """Choose the seats of the left half; return the seats amiss (0 when both are sound)."""
    half = size // 2
    other = size - half
    features = codes.shape[1]
    categories = lower.shape[0]
    tight = _tight_homes(homes, slot, items, seats, half)
    columns = features if tight == 0 else features + 1
    own = np.empty((items.shape[0], columns), np.int32)
    owed = np.zeros(categories + tight + 1, np.int64)
    whole = np.empty(items.shape[0], np.int64)
    rest = np.empty(items.shape[0], np.int64)
    for place in range(items.shape[0]):
        whole[place] = seats[place] * half // size
        rest[place] = seats[place] * half % size
        for column in range(features):
            own[place, column] = codes[items[place], column]
        if tight > 0:
            home = homes[items[place]]
            known = home != NO_HOME and slot[home] != NO_HOME
            own[place, features] = categories + (slot[home] if known else tight)
        for column in range(columns):
            owed[own[place, column]] += seats[place]
    for place in range(items.shape[0]):
        if homes[items[place]] != NO_HOME:
            slot[homes[items[place]]] = NO_HOME
    low, high = _bounds(owed, lower, upper, half, other)
    amiss = settle(own, whole, rest, size, half * width, low, high, state, left)
    if amiss > 0 and loose:
        lent = _lend(homes, room, items, seats, whole, half, other)
        amiss = _settle_loosely(own, whole, rest, size, half * width, low, high, lent, state, left)
    return amiss


@njit(cache=True, nogil=True)
def _settle_loosely(
    codes: NDArray[np.int32],
    whole: NDArray[np.int64],
    rest: NDArray[np.int64],
    unit: int,
    total: int,
    lower: NDArray[np.int64],
    upper: NDArray[np.int64],
    lent: NDArray[np.int64],
    state: NDArray[np.uint64],
    seats: NDArray[np.int64],
) -> int:
    """Settle as ``settle`` does, with two seats more to place for each item that lends one."""
    origin = np.concatenate((np.arange(codes.shape[0]), lent, lent))
    sure = np.concatenate((whole, np.zeros(2 * lent.shape[0], np.int64)))
    sure[lent] -= 1
    chance = np.concatenate((rest, np.full(2 * lent.shape[0], unit // 2, np.int64)))
    parts = np.empty(origin.shape[0], np.int64)
    amiss = settle(codes[origin], sure, chance, unit, total, lower, upper, state, parts)
    seats[:] = 0
    for place in range(origin.shape[0]):
        seats[origin[place]] += parts[place]
    return amiss


@njit(cache=True, nogil=True)
def _bounds(
    owed: NDArray[np.int64],
    lower: NDArray[np.int64],
    upper: NDArray[np.int64],
    half: int,
    other: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the fewest and the most seats of the left half, per category, then per home.

    Both halves must be sound; a home has at most a seat in each panel. The last code is
    that of people of no such home, which nothing binds.
    """
    low = np.full(owed.shape[0], -_FREE, np.int64)
    high = np.full(owed.shape[0], _FREE, np.int64)
    for code in range(lower.shape[0]):
        low[code] = max(half * lower[code], owed[code] - other * upper[code])
        high[code] = min(half * upper[code], owed[code] - other * lower[code])
    for code in range(lower.shape[0], owed.shape[0] - 1):
        low[code] = owed[code] - other
        high[code] = half
    return low, high


@njit(cache=True, nogil=True)
def _lend(
    homes: NDArray[np.int32],
    room: NDArray[np.int64],
    items: NDArray[np.int32],
    seats: NDArray[np.int64],
    whole: NDArray[np.int64],
    half: int,
    other: int,
) -> NDArray[np.int64]:
    """Return the places of items that may lend a seat to either half.

    One seat less than ``whole`` and two more must leave no panel with more of an item than
    it has people. Of two quotas that ask for odd numbers of people who come in even ones,
    neither can be met otherwise. People who share an address are left alone.
    """
    lenders = np.empty(items.shape[0], np.int64)
    count = 0
    for place in range(items.shape[0]):
        most = whole[place] + 2
        rest = seats[place] - whole[place] + 1
        if (
            homes[items[place]] == NO_HOME
            and whole[place] >= 1
            and most <= min(half * room[items[place]], seats[place])
            and rest <= other * room[items[place]]
        ):
            lenders[count] = place
            count += 1
    return lenders[:count]


@njit(cache=True, nogil=True)
def _tight_homes(
    homes: NDArray[np.int32],
    slot: NDArray[np.int64],
    items: NDArray[np.int32],
    seats: NDArray[np.int64],
    half: int,
) -> int:
    """Number, in ``slot``, the homes owed more seats than the smaller part has panels."""
    for place in range(items.shape[0]):
        if homes[items[place]] != NO_HOME:
            slot[homes[items[place]]] = 0
    for place in range(items.shape[0]):
        if homes[items[place]] != NO_HOME:
            slot[homes[items[place]]] += seats[place]
    tight = 0
    for place in range(items.shape[0]):
        home = homes[items[place]]
        if home != NO_HOME and slot[home] >= 0:
            if slot[home] > half:
                slot[home] = -2 - tight
                tight += 1
            else:
                slot[home] = NO_HOME
    for place in range(items.shape[0]):
        home = homes[items[place]]
        if home != NO_HOME and slot[home] < NO_HOME:
            slot[home] = -2 - slot[home]
    return tight
