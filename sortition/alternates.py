"""Alternates: who may take the seat of each member without breaking a rule, and in what order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest

import numpy as np
from numpy.typing import NDArray

from sortition.pool import NO_HOUSEHOLD, Pool
from sortition.quotas import Quotas

DEFAULT_DEPTH = 5
"""How many alternates each member has at most: one seat in ten falls vacant, not one in two."""


@dataclass(frozen=True, slots=True)
class SeatAlternates:
    """The alternates of one member, as rows of the pool: the first is called first."""

    seat: int
    alternates: tuple[int, ...]


def find_alternates(
    pool: Pool,
    quotas: Quotas,
    panel: Sequence[int] | NDArray[np.integer],
    *,
    tokens: Sequence[str],
    lot: str,
    depth: int = DEFAULT_DEPTH,
) -> tuple[SeatAlternates, ...]:
    """List the alternates of each member of a panel, members in the order of their tokens.

    An alternate of member s is a respondent outside the panel who can take the seat of s:
    after the exchange every quota holds and no household sits twice. They are ordered by
    the number of features in which they differ from s, then by
    SHA-256("lot|alternate|token of s|token"), where ``lot`` is what the public draw settled
    ("manifest digest|panel number"), so that nobody chooses the order. The first ``depth``
    are kept. ``tokens`` are in pool order. The panel must meet the quotas.
    """
    members = sorted((int(row) for row in panel), key=lambda row: tokens[row])
    exchange = _Exchange.of(pool, quotas, members)
    names = [token.encode() for token in tokens]
    found = []
    for seat in members:
        rows, distances = exchange.nearest(seat, depth)
        prefix = hashlib.sha256(f"{lot}|alternate|{tokens[seat]}|".encode())
        ranked = (
            (distance, _finish(prefix, names[row]), row)
            for row, distance in zip(rows.tolist(), distances.tolist(), strict=True)
        )
        found.append(SeatAlternates(seat, tuple(row for *_, row in nsmallest(depth, ranked))))
    return tuple(found)


def _finish(prefix: hashlib._Hash, name: bytes) -> bytes:
    """Hash the prefix and a name without hashing the prefix again."""
    digest = prefix.copy()
    digest.update(name)
    return digest.digest()


@dataclass(frozen=True)
class _Exchange:
    """What must be known of a panel to judge every exchange of a member for an outsider.

    Arrays over the c candidates outside the panel; those of categories are F × c.
    """

    rows: NDArray[np.int64]
    codes: NDArray[np.int32]
    may_join: NDArray[np.bool_]
    """Whether the quota of the candidate's category leaves room for one more."""
    may_leave: NDArray[np.bool_]
    """Length C: whether a category can lose one member."""
    households: NDArray[np.int32]
    household_sits: NDArray[np.bool_]
    member_codes: dict[int, tuple[int, ...]]
    member_households: dict[int, int]

    @classmethod
    def of(cls, pool: Pool, quotas: Quotas, members: Sequence[int]) -> _Exchange:
        counts = pool.counts(members)
        if (counts < quotas.lower).any() or (counts > quotas.upper).any():
            raise ValueError("the panel does not meet the quotas")
        rows = np.setdiff1d(np.arange(len(pool)), np.array(members, dtype=np.int64))
        codes = np.ascontiguousarray(pool.codes[rows].T)
        households = pool.households[rows]
        sitting = pool.households[np.array(members, dtype=np.int64)]
        return cls(
            rows=rows,
            codes=codes,
            may_join=(counts < quotas.upper)[codes],
            may_leave=counts > quotas.lower,
            households=households,
            household_sits=(households != NO_HOUSEHOLD) & np.isin(households, sitting),
            member_codes={row: tuple(pool.codes[row].tolist()) for row in members},
            member_households={row: int(pool.households[row]) for row in members},
        )

    def nearest(self, seat: int, depth: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the candidates for a seat at the distances needed to find ``depth`` of them.

        With them, the number of features in which each differs from the member.
        """
        fits = ~self.household_sits | (self.households == self.member_households[seat])
        distance = np.zeros(len(self.rows), dtype=np.int64)
        for codes, may_join, code in zip(
            self.codes, self.may_join, self.member_codes[seat], strict=True
        ):
            differs = codes != code
            distance += differs
            fits &= ~differs | may_join if self.may_leave[code] else ~differs
        within = np.cumsum(np.bincount(distance[fits], minlength=len(self.codes) + 1))
        furthest = int(np.searchsorted(within, min(depth, int(within[-1]))))
        near = fits & (distance <= furthest)
        return self.rows[near], distance[near]
