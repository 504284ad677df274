"""Items: what the lottery gives seats to; a profile, or one person who shares an address."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sortition.pool import NO_HOUSEHOLD, Pool
from sortition.profiles import Profiles


@dataclass(frozen=True)
class Items:
    """The pool as L items, in an order fixed by content and canonical pool order.

    People of one profile who live alone are one item, since any of them may take its
    seats; people who share an address are an item each, so that two of a household are
    never seated together. ``members`` holds the rows of item l at ``start[l]:start[l+1]``.
    """

    codes: NDArray[np.int32]
    """L × F: global category codes."""
    homes: NDArray[np.int32]
    """Length L: the household, or ``NO_HOUSEHOLD``."""
    members: NDArray[np.int32]
    """Length n: rows of respondents, item by item."""
    start: NDArray[np.int64]
    """Length L + 1."""
    of_respondent: NDArray[np.int32]
    """Length n: the item of each respondent."""

    @property
    def count(self) -> NDArray[np.int64]:
        """How many respondents each item stands for (length L)."""
        return np.diff(self.start)


def make_items(pool: Pool, profiles: Profiles) -> Items:
    """Return the items of a pool."""
    shares = profiles.household_of[profiles.of_respondent] != NO_HOUSEHOLD
    own = np.where(shares, np.arange(len(pool)) + len(profiles), profiles.of_respondent)
    _, of_respondent = np.unique(own, return_inverse=True)
    members = np.argsort(of_respondent, kind="stable").astype(np.int32)
    start = np.concatenate([[0], np.cumsum(np.bincount(of_respondent))]).astype(np.int64)
    first = members[start[:-1]]
    return Items(
        codes=pool.codes[first].copy(),
        homes=np.where(shares[first], pool.households[first], NO_HOUSEHOLD).astype(np.int32),
        members=members,
        start=start,
        of_respondent=of_respondent.astype(np.int32),
    )


def seat_members(
    panels: NDArray[np.int32], items: Items, order: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Replace items by respondents (M × k, rows sorted): seats go round the members in turn.

    ``order`` (length n) ranks respondents at random: within an item, seats are dealt in that
    order, so counts differ by at most one and nobody sits twice in a panel.
    """
    ranked = items.members[np.lexsort((order[items.members], items.of_respondent[items.members]))]
    return np.sort(_deal(panels, ranked, items.start), axis=1)


@njit(cache=True, nogil=True)
def _deal(
    panels: NDArray[np.int32], ranked: NDArray[np.int32], start: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Give each seat of an item to the next of its members, from the first panel to the last."""
    seated = np.empty_like(panels)
    following = start[:-1].copy()
    for panel in range(panels.shape[0]):
        for seat in range(panels.shape[1]):
            item = panels[panel, seat]
            seated[panel, seat] = ranked[following[item]]
            following[item] += 1
            if following[item] == start[item + 1]:
                following[item] = start[item]
    return seated
