"""Proposals of relaxed quotas, ranked, when no panel meets the quotas as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sortition.conflict_search import ConflictSearch
from sortition.pool import NO_HOUSEHOLD, Pool
from sortition.profiles import group_profiles
from sortition.quotas import Quotas
from sortition.relaxation_search import Amounts, RelaxationSearch

Evaluate = Callable[[Pool, Quotas], Fraction]
"""Gives the smallest selection probability that a lottery can reach under some quotas."""


@dataclass(frozen=True, slots=True)
class QuotaChange:
    """One bound moved: ``lower`` bounds go down, ``upper`` bounds up."""

    feature: str
    category: str
    side: str
    before: int
    after: int

    @property
    def seats(self) -> int:
        """By how many seats the bound moves."""
        return abs(self.after - self.before)

    def __str__(self) -> str:
        verb, name = ("lower", "minimum") if self.side == "lower" else ("raise", "maximum")
        return (
            f"{verb} the {name} of {self.category} ({self.feature}) "
            f"from {self.before} to {self.after}"
        )


@dataclass(frozen=True)
class Relaxation:
    """Quotas that some panel meets, and what moved to get there.

    ``within_flex``: every bound stays in the limits that the secretariat set.
    ``drops_households``: the rule of one member per household no longer holds.
    ``best_at`` names what no other proposal does better, among ``seats moved``, ``quotas
    touched`` and ``largest change``. ``min_probability``: the smallest selection
    probability a lottery can give under these quotas, None when it was not computed.
    ``minimal``: no change can be undone or shortened.
    """

    changes: tuple[QuotaChange, ...]
    quotas: Quotas
    within_flex: bool
    best_at: tuple[str, ...] = ()
    drops_households: bool = False
    min_probability: Fraction | None = None
    minimal: bool = True

    @property
    def seats_moved(self) -> int:
        """Sum of the changes, in seats."""
        return sum(change.seats for change in self.changes)

    @property
    def quotas_touched(self) -> int:
        """How many categories have a bound that moves."""
        return len({(change.feature, change.category) for change in self.changes})

    @property
    def largest_change(self) -> int:
        """The largest move of one bound, in seats."""
        return max((change.seats for change in self.changes), default=0)

    @property
    def message(self) -> str:
        """Say in one English sentence what to change."""
        steps = [str(change) for change in self.changes]
        if self.drops_households:
            steps.insert(0, "let several members of a household sit together")
        sentence = "; ".join(steps)
        limits = "" if self.within_flex else " (beyond the limits set in the quota file)"
        return f"{sentence[:1].upper()}{sentence[1:]}{limits}."


def propose_relaxations(
    pool: Pool, quotas: Quotas, *, count: int = 3, evaluate: Evaluate | None = None
) -> tuple[Relaxation, ...]:
    """Return ``count`` different relaxations of quotas that no panel meets, best first.

    Each is minimal: undo or shorten any of its changes and no panel is left. They are the
    one that moves the fewest seats in all, the one that touches the fewest quotas, the one
    whose largest change is smallest, and then, as needed, those that move the fewest seats
    without touching all the quotas that an earlier proposal touches; last, those that
    divide the seats between the same quotas in another way. Where there are not so many
    minimal ones, wider ones follow: all these changes at once, then one seat more on each,
    which gives better chances to those whom the quotas left only just enough room. Fewer
    come back only when no bound can move any further.

    Ranking: seats moved, then quotas touched, then the smallest probability (largest
    first, when ``evaluate`` is given). Proposals within ``lower_flex`` and ``upper_flex``
    come before those beyond, which are sought only when the former are too few. Where the
    household rule takes part, dropping it (with the fewest seats then needed) is added
    after the others, which keep it. Nothing comes back when the quotas can be met.
    """
    proposals = _within_households(pool, quotas, count)
    freed = replace(pool, households=np.full(len(pool), NO_HOUSEHOLD, dtype=np.int32))
    if (pool.households != NO_HOUSEHOLD).any():
        proposals += _without_households(freed, quotas, proposals)
    if evaluate is not None:
        proposals = [
            replace(p, min_probability=evaluate(freed if p.drops_households else pool, p.quotas))
            for p in proposals
        ]
    return tuple(sorted((_compared(p, proposals) for p in proposals), key=_rank))


def _compared(proposal: Relaxation, proposals: Sequence[Relaxation]) -> Relaxation:
    """Name what a proposal is best at."""
    best_at = tuple(
        name.replace("_", " ")
        for name in ("seats_moved", "quotas_touched", "largest_change")
        if getattr(proposal, name) == min(getattr(other, name) for other in proposals)
    )
    return replace(proposal, best_at=best_at)


def _rank(proposal: Relaxation) -> tuple[bool, bool, int, int, Fraction]:
    return (
        proposal.drops_households,
        not proposal.within_flex,
        proposal.seats_moved,
        proposal.quotas_touched,
        -(proposal.min_probability or Fraction(0)),
    )


def _within_households(pool: Pool, quotas: Quotas, count: int) -> list[Relaxation]:
    """Return the proposals that keep the household rule."""
    search = RelaxationSearch(ConflictSearch(group_profiles(pool), quotas))
    if search.is_met():
        return []
    flex = _flex_limits(quotas, search.most)
    found = search.propose(flex, count)
    if len(found) < count and (flex < search.most).any():
        found = search.propose(search.most, count, after=found)
    proposals = [_relaxation(amounts, quotas, flex) for amounts in found]
    wider = _widen(found, search.most, count - len(found))
    return proposals + [replace(_relaxation(a, quotas, flex), minimal=False) for a in wider]


def _widen(found: Sequence[Amounts], most: Amounts, count: int) -> list[Amounts]:
    """Return ``count`` relaxations wider than all those found, each wider than the one before."""
    wider: list[Amounts] = []
    if not found:
        return wider
    amounts = np.maximum.reduce(list(found))
    while len(wider) < count:
        if len(found) == 1 or wider:
            broader = np.minimum(amounts + (amounts > 0), most)
            if (broader == amounts).all():
                break
            amounts = broader
        wider.append(amounts)
    return wider


def _without_households(freed: Pool, quotas: Quotas, others: list[Relaxation]) -> list[Relaxation]:
    """Return the cheapest proposal that drops the rule, if that spares any seat."""
    search = RelaxationSearch(ConflictSearch(group_profiles(freed), quotas))
    amounts = search.cheapest(search.most)
    if amounts is None or (others and amounts.sum() >= min(p.seats_moved for p in others)):
        return []
    proposal = _relaxation(amounts, quotas, _flex_limits(quotas, search.most))
    return [replace(proposal, drops_households=True)]


def _flex_limits(quotas: Quotas, most: Amounts) -> Amounts:
    """Return by how much each side may move within the limits of the quota file."""
    listed = quotas.in_code_order
    down = [q.lower if q.lower_flex is None else q.lower - q.lower_flex for q in listed]
    up = [quotas.size if q.upper_flex is None else q.upper_flex - q.upper for q in listed]
    limits: NDArray[np.int64] = np.array(down + up, dtype=np.int64)
    return np.clip(limits, 0, most)


def _relaxation(amounts: Amounts, quotas: Quotas, flex: Amounts) -> Relaxation:
    """Turn amounts per side into a proposal."""
    half = len(quotas.lower)
    lower, upper = quotas.lower - amounts[:half], quotas.upper + amounts[half:]
    changes = []
    for code, quota in enumerate(quotas.in_code_order):
        if amounts[code]:
            after = int(lower[code])
            changes.append(QuotaChange(quota.feature, quota.category, "lower", quota.lower, after))
        if amounts[half + code]:
            after = int(upper[code])
            changes.append(QuotaChange(quota.feature, quota.category, "upper", quota.upper, after))
    return Relaxation(
        changes=tuple(changes),
        quotas=quotas.with_bounds(lower, upper),
        within_flex=bool((amounts <= flex).all()),
    )
