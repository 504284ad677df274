"""The lottery: M numbered panels in which each person sits as often as their chance says.

The seats owed over the M panels, M·pᵢ, are rounded to whole numbers that respect M times
every quota; the share so obtained is cut in two until each piece is a panel (see
``sortition.halving``). Each respondent then sits in ⌊Mpᵢ⌋ or ⌈Mpᵢ⌉ panels: drawing one
of the M panels with equal chance gives everybody their probability, within one seat in M.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortition.cutting import cut_range
from sortition.errors import LotteryNotReachedError
from sortition.halving import settle
from sortition.items import Items, make_items, seat_members
from sortition.pool import NO_HOUSEHOLD, Pool
from sortition.probabilities import PROBABILITY_SCALE
from sortition.profiles import Profiles
from sortition.progress import SILENT, Progress
from sortition.quotas import Quotas

_UNIT = 10**6  # fractions of a seat are told apart down to this; smaller ones are rounding
EVEN_ATTEMPTS = 3  # after which halves need no longer be as even as can be
_HOPELESS = 0.2  # share of panels stuck after twice as many beyond which more would not help
Range = tuple[int, int]  # first panel, number of panels
_PIECE = 32  # panels that one thread cuts at a time
_FIRST = 8  # large pieces, of which threads make those
ATTEMPTS = 24  # times a range that cannot be cut is taken up again, from higher and higher


@dataclass(frozen=True)
class Share:
    """Seats owed to items over ``size`` panels: ``items`` and ``seats`` have length L."""

    items: NDArray[np.int32]
    seats: NDArray[np.int64]
    size: int


def build_lottery(
    pool: Pool,
    quotas: Quotas,
    profiles: Profiles,
    numerators: NDArray[np.int64],
    *,
    panels: int,
    seed: str,
    progress: Progress = SILENT,
) -> NDArray[np.int32]:
    """Return M × k sorted respondent rows realising the chances within one seat in M.

    ``numerators`` (length n, in 1/PROBABILITY_SCALE) must lie in the quota polytope.
    Raises ``LotteryNotReachedError`` where the seats owed resist being cut into panels.
    """
    items = make_items(pool, profiles)
    share = owed_seats(items, quotas, numerators, panels, seed)
    progress.start("Panels", panels)
    table = _cut_all(items, quotas, share, seed, progress)
    return seat_members(table, items, seeded_order(seed, len(pool)))


def owed_seats(
    items: Items, quotas: Quotas, numerators: NDArray[np.int64], panels: int, seed: str
) -> Share:
    """Round M·p to whole seats per item, within M times every quota."""
    owed = [
        panels * int(count) * int(numerators[members])
        for count, members in zip(items.count, items.members[items.start[:-1]], strict=True)
    ]
    units = np.array(
        [(2 * seats * _UNIT + PROBABILITY_SCALE) // (2 * PROBABILITY_SCALE) for seats in owed],
        dtype=np.int64,
    )
    whole, rest = units // _UNIT, units % _UNIT
    homes = _full_homes(items, whole + (rest > 0), panels)
    codes = items.codes
    lower, upper = panels * quotas.lower, panels * quotas.upper
    if len(homes):
        column = np.searchsorted(homes, items.homes)
        found = homes[np.minimum(column, len(homes) - 1)] == items.homes
        column = len(lower) + np.where(found, column, len(homes))
        codes = np.column_stack([codes, column]).astype(np.int32)
        lower = np.append(lower, np.zeros(len(homes) + 1, dtype=np.int64))
        upper = np.append(upper, [*([panels] * len(homes)), panels * quotas.size])
    seats = np.empty(len(owed), dtype=np.int64)
    state = np.array([seed_number(seed, "seats")], dtype=np.uint64)
    amiss = settle(codes, whole, rest, _UNIT, panels * quotas.size, lower, upper, state, seats)
    if amiss:
        raise LotteryNotReachedError(panels)
    seated = np.flatnonzero(seats)
    return Share(seated.astype(np.int32), seats[seated], panels)


def _full_homes(items: Items, most: NDArray[np.int64], panels: int) -> NDArray[np.int32]:
    """Return the households whose members could be owed more than a seat in every panel."""
    at_home = items.homes != NO_HOUSEHOLD
    owed = np.bincount(items.homes[at_home], weights=most[at_home])
    return np.flatnonzero(owed > panels).astype(np.int32)


class _Cutter:
    """Cuts shares of one lottery into the rows of one table (M × k items)."""

    def __init__(self, items: Items, quotas: Quotas, panels: int, seed: str) -> None:
        self._items = items
        self._quotas = quotas
        self._homes = int(items.homes.max(initial=-1)) + 1
        self._seed = seed_number(seed, "panels")
        self.table = np.full((panels, quotas.size), -1, dtype=np.int32)

    def cut(self, share: Share, start: int, *, attempt: int, leaf: int = 1) -> list[Range]:
        """Cut a share from row ``start`` on; return the ranges left whole."""
        whole = cut_range(
            self._items.codes,
            self._items.homes,
            self._items.count,
            self._homes,
            self._quotas.lower,
            self._quotas.upper,
            share.items,
            share.seats,
            start,
            share.size,
            leaf,
            attempt > EVEN_ATTEMPTS,
            np.uint64((self._seed + attempt) % 2**64),
            self.table,
        )
        return [(int(first), int(size)) for first, size in whole.reshape(-1, 2)]

    def share_of(self, start: int, size: int) -> Share:
        """Put the seats of some panels back into one share."""
        items, seats = np.unique(self.table[start : start + size], return_counts=True)
        return Share(items.astype(np.int32), seats.astype(np.int64), size)


def _cut_all(
    items: Items, quotas: Quotas, share: Share, seed: str, progress: Progress
) -> NDArray[np.int32]:
    """Cut a share into panels of items (M × k), taking up again what resists.

    The first cuts are made here, the pieces in threads: each piece writes its own rows and
    draws from its own seed, so that the table is the same whatever the number of cores.
    """
    cutter = _Cutter(items, quotas, share.size, seed)
    large = cutter.cut(share, 0, attempt=0, leaf=max(_PIECE, share.size // _FIRST))

    def cut_piece(piece: Range, leaf: int = 1) -> list[Range]:
        return cutter.cut(cutter.share_of(*piece), piece[0], attempt=0, leaf=leaf)

    stuck: list[Range] = []
    done = 0
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        smaller = threads.map(lambda piece: cut_piece(piece, _PIECE), large)
        pieces = [piece for parts in smaller for piece in parts]
        for piece, left in zip(pieces, threads.map(cut_piece, pieces), strict=True):
            stuck += left
            done += piece[1]
            progress.advance(done)
    return _take_up_again(cutter, stuck, share.size)


def _take_up_again(cutter: _Cutter, stuck: list[Range], panels: int) -> NDArray[np.int32]:
    """Cut again, with other seeds, from higher and higher and less evenly, the ranges that resisted."""
    for attempt in range(1, ATTEMPTS + 1):
        if not stuck:
            return cutter.table
        if attempt > 2 * EVEN_ATTEMPTS and sum(size for _, size in stuck) > _HOPELESS * panels:
            break
        ranges = [_ancestor(panels, start, size, 1 + attempt // 3) for start, size in stuck]
        stuck = [
            left
            for start, size in _outermost(ranges)
            for left in cutter.cut(cutter.share_of(start, size), start, attempt=attempt)
        ]
    if stuck:
        raise LotteryNotReachedError(sum(size for _, size in stuck))
    return cutter.table


def _ancestor(total: int, start: int, size: int, height: int) -> Range:
    """Return the range that was cut ``height`` times to give this one (or the whole)."""
    path = [(0, total)]
    while path[-1] != (start, size):
        first, many = path[-1]
        half = many // 2
        path.append((first, half) if start < first + half else (first + half, many - half))
    return path[max(0, len(path) - 1 - height)]


def _outermost(ranges: list[Range]) -> list[Range]:
    """Drop the ranges that lie inside another one."""
    kept: list[Range] = []
    for start, size in sorted(set(ranges), key=lambda r: (r[0], -r[1])):
        if not kept or start >= kept[-1][0] + kept[-1][1]:
            kept.append((start, size))
    return kept


def seed_number(seed: str, purpose: str) -> int:
    """Return 64 bits from a seed, apart for each purpose (never 0)."""
    digest = hashlib.sha256(f"{seed}|{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "big") | 1


def seeded_order(seed: str, count: int) -> NDArray[np.int64]:
    """Return a random permutation of 0 … count−1, a rank for each respondent."""
    generator = np.random.Generator(np.random.PCG64(seed_number(seed, "members")))
    return generator.permutation(count)
