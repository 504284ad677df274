"""The lottery: M numbered panels in which each person sits as often as their chance says.

The seats owed over the M panels, M·pᵢ, are rounded to whole numbers that respect M times
every quota; the share so obtained is cut in two until each piece is a panel (see
``sortition.halving``). Each respondent then sits in ⌊Mpᵢ⌋ or ⌈Mpᵢ⌉ panels: drawing one
of the M panels with equal chance gives everybody their probability, within one seat in M.
"""

from __future__ import annotations

import hashlib
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
_HOPELESS = 0.2  # share of panels stuck after three attempts beyond which more would not help
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
    units = np.array([(2 * seats * _UNIT + PROBABILITY_SCALE) // (2 * PROBABILITY_SCALE) for seats in owed], dtype=np.int64)
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
    amiss = settle(
        codes, whole, rest, _UNIT, panels * quotas.size, lower, upper, state, seats
    )
    if amiss:
        raise LotteryNotReachedError(panels)
    seated = np.flatnonzero(seats)
    return Share(seated.astype(np.int32), seats[seated], panels)


def _full_homes(
    items: Items, most: NDArray[np.int64], panels: int
) -> NDArray[np.int32]:
    """Return the households whose members could be owed more than a seat in every panel."""
    at_home = items.homes != NO_HOUSEHOLD
    owed = np.bincount(items.homes[at_home], weights=most[at_home])
    return np.flatnonzero(owed > panels).astype(np.int32)


def _cut_all(
    items: Items, quotas: Quotas, share: Share, seed: str, progress: Progress
) -> NDArray[np.int32]:
    """Cut a share into panels of items (M × k), taking up again what resists."""
    table = np.full((share.size, quotas.size), -1, dtype=np.int32)
    homes = int(items.homes.max(initial=-1)) + 1
    number = seed_number(seed, "panels")

    def cut(share: Share, start: int, attempt: int) -> list[tuple[int, int]]:
        failed = cut_range(
            items.codes, items.homes, homes, quotas.lower, quotas.upper,
            share.items, share.seats, start, share.size, np.uint64((number + attempt) % 2**64), table,
        )
        return [(int(failed[i]), int(failed[i + 1])) for i in range(0, len(failed), 2)]

    stuck = cut(share, 0, 0)
    for attempt in range(1, ATTEMPTS + 1):
        if not stuck:
            break
        if attempt > 3 and sum(size for _, size in stuck) > _HOPELESS * share.size:
            break
        progress.advance(share.size - sum(size for _, size in stuck))
        height = 1 + attempt // 3
        ranges = sorted({_ancestor(share.size, start, size, height) for start, size in stuck})
        stuck = []
        for start, size in _outermost(ranges):
            stuck += cut(_gather(table, start, size), start, attempt)
    if stuck:
        raise LotteryNotReachedError(sum(size for _, size in stuck))
    progress.advance(share.size)
    return table


def _gather(table: NDArray[np.int32], start: int, size: int) -> Share:
    """Put the seats of some panels back into one share."""
    items, seats = np.unique(table[start : start + size], return_counts=True)
    return Share(items.astype(np.int32), seats.astype(np.int64), size)


def _ancestor(total: int, start: int, size: int, height: int) -> tuple[int, int]:
    """Return the range that was cut ``height`` times to give this one (or the whole)."""
    path = [(0, total)]
    while path[-1] != (start, size):
        first, many = path[-1]
        half = many // 2
        path.append((first, half) if start < first + half else (first + half, many - half))
    return path[max(0, len(path) - 1 - height)]


def _outermost(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop the ranges that lie inside another one."""
    kept: list[tuple[int, int]] = []
    for start, size in sorted(ranges, key=lambda r: (r[0], -r[1])):
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
