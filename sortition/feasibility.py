"""Why no panel meets every quota: the smallest set of quotas that contradict each other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from sortition.conflict_search import ROUNDS, ConflictSearch, arithmetic_conflicts
from sortition.pool import NO_HOUSEHOLD, Pool
from sortition.profiles import group_profiles
from sortition.quotas import Quotas


@dataclass(frozen=True, slots=True)
class QuotaSide:
    """One bound of one quota, and what it would have to be, the others staying as they are."""

    feature: str
    category: str
    side: str
    """``lower`` (at least) or ``upper`` (at most)."""
    bound: int
    respondents: int
    """People of this category in the pool."""
    reach: int
    """The nearest bound that ends this conflict: no panel does better on this side."""

    def __str__(self) -> str:
        return bound_text(self.feature, self.category, self.side, self.bound)


def bound_text(feature: str, category: str, side: str, bound: int) -> str:
    """Say in English what one bound of a quota asks for."""
    return f"{'at least' if side == 'lower' else 'at most'} {bound} of {category} ({feature})"


@dataclass(frozen=True)
class Conflict:
    """Quota sides that no panel meets together, none of which can be spared.

    ``by_size`` and ``by_households`` tell whether the panel size and the rule of one
    member per household take part. ``smallest``: no conflict has fewer sides (False only
    when the search was cut short: the conflict is then irreducible, no more). Without any
    side, the pool cannot fill the panel at all.
    """

    panel_size: int
    respondents: int
    sides: tuple[QuotaSide, ...]
    by_size: bool
    by_households: bool
    smallest: bool

    @property
    def message(self) -> str:
        """Say what happens, why, and what can be done, in plain English."""
        if not self.sides:
            return self._no_panel_at_all()
        opening = f"No panel of {self.panel_size} meets every quota. "
        if len(self.sides) == 1:
            return opening + self._alone(self.sides[0])
        rule = " with one member per household at most" if self.by_households else ""
        listed = "; ".join(map(str, self.sides))
        moves = ", or ".join(_move(side) for side in self.sides)
        return (
            f"{opening}These {len(self.sides)} bounds cannot hold together{rule}: {listed}. "
            f"To end this contradiction, {moves}."
        )

    def _no_panel_at_all(self) -> str:
        people = f"The pool counts {self.respondents} respondents"
        if self.by_households:
            people += ", too few in different households"
        return (
            f"No panel of {self.panel_size} can be drawn. {people}. "
            "Draw a smaller panel or invite more people."
        )

    def _alone(self, side: QuotaSide) -> str:
        people = f"The pool counts {side.respondents} respondents of {side.category}"
        home = ", one per household at most," if self.by_households else ""
        if side.side == "lower":
            return (
                f"{people} ({side.feature}){home} and the quota asks for {side.bound} at least. "
                f"Lower this minimum to {side.reach} or invite more people of that category."
            )
        return (
            f"{people} ({side.feature}) and too few others{home or ':'} any panel holds "
            f"{side.reach} of them at least and the quota allows {side.bound}. "
            f"Raise this maximum to {side.reach} or invite more people of the other categories."
        )


def _move(side: QuotaSide) -> str:
    """Say how one side could end a conflict by itself."""
    verb, name = ("lower", "minimum") if side.side == "lower" else ("raise", "maximum")
    return f"{verb} the {name} of {side.category} to {side.reach}"


def find_conflict(pool: Pool, quotas: Quotas, *, rounds: int = ROUNDS) -> Conflict | None:
    """Return a conflict with the fewest quota sides, or None when a panel meets every quota.

    Sums that cannot work out (see ``arithmetic_conflicts``) are preferred to other
    conflicts of the same number of sides: they are the easiest to understand. See
    ``ConflictSearch`` for the method and for ``rounds``.
    """
    search = ConflictSearch(group_profiles(pool), quotas)
    found = search.smallest(arithmetic_conflicts(quotas, pool.counts()), rounds=rounds)
    if found is None:
        return None
    sides, smallest = found
    homes = bool((pool.households != NO_HOUSEHOLD).any())
    by_households = homes and search.holds(sides, households=False)
    by_size = search.holds(sides, households=by_households, sized=False)
    return Conflict(
        panel_size=quotas.size,
        respondents=len(pool),
        sides=tuple(
            _describe(pool, quotas, search, sides, side, by_size, by_households)
            for side in sorted(sides, key=lambda side: (side % len(quotas.lower), side))
        ),
        by_size=by_size,
        by_households=by_households,
        smallest=smallest,
    )


def _describe(
    pool: Pool,
    quotas: Quotas,
    search: ConflictSearch,
    sides: Collection[int],
    side: int,
    by_size: bool,
    by_households: bool,
) -> QuotaSide:
    """Return one side of a conflict with what it could be, given the others."""
    half = len(quotas.lower)
    code = side % half
    lower, upper = search.bounds(set(sides) - {side})
    reach = search.check.extreme(
        code, lower, upper, largest=side < half, households=by_households, sized=by_size
    )
    if reach is None:
        raise AssertionError("the other sides of an irreducible conflict hold together")
    feature, category = pool.categories[code]
    bound = quotas.lower[code] if side < half else quotas.upper[code]
    return QuotaSide(
        feature=feature,
        category=category,
        side="lower" if side < half else "upper",
        bound=int(bound),
        respondents=int(np.count_nonzero(pool.codes == code)),
        reach=reach,
    )
