"""Arithmetic between pool and quotas: contradictions that need no solver to be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.problems import Problem
from sortition.quotas import Quota, Quotas


@dataclass(frozen=True)
class Places:
    """Where quotas and respondents were read, so that problems can point at it."""

    quotas_file: str = "quotas"
    people_file: str = "people"
    rows: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Row of each (feature, category) in the quota file, where it came from one."""

    def at(self, quota: Quota, column: str, value: int, message: str, remedy: str) -> Problem:
        """Return a problem at a bound of the quota file."""
        row = self.rows.get((quota.feature, quota.category))
        return Problem(self.quotas_file, row, column, str(value), message, remedy)


@dataclass(frozen=True)
class Supply:
    """How many respondents there are, in all and by category (order of the global codes).

    ``seatable`` counts them as one panel may hold them: one per household. Unless
    ``is_exact``, these are the most there can be, people of unknown category counting in
    each one they might have.
    """

    people: int
    seatable: int
    category_people: NDArray[np.int64]
    category_seatable: NDArray[np.int64]
    is_exact: bool = True

    def describe(self, people: int, seatable: int) -> str:
        """Say how many people there are, and the seats they can fill if fewer."""
        noun = "respondent" if people == 1 else "respondents"
        most = "" if self.is_exact else "at most "
        if seatable == people:
            return f"{most}{people} {noun}"
        homes = "household" if seatable == 1 else "households"
        return f"{most}{people} {noun} in {seatable} {homes} (one seat each)"


def check_quotas(
    pool: Pool, quotas: Quotas, *, places: Places | None = None
) -> tuple[Problem, ...]:
    """Return every contradiction that adding up shows, none where there is none.

    No problem found does not prove that a panel exists. Raises ``ValueError`` where pool
    and quotas do not speak of the same categories in the same order.
    """
    if pool.features != quotas.features:
        raise ValueError("pool and quotas must have the same features and categories")
    places = places or Places()
    return (
        *check_size(quotas.size),
        *check_sums(quotas, places),
        *check_supply(quotas, supply_of(pool), places),
    )


def check_size(size: int) -> tuple[Problem, ...]:
    """Return the problem of a panel of nobody, if it is one."""
    if size > 0:
        return ()
    message = "A panel has at least one member."
    return (Problem("size", None, None, str(size), message, "Give the number of seats to draw."),)


def check_sums(
    quotas: Quotas, places: Places, *, incomplete: frozenset[str] = frozenset()
) -> tuple[Problem, ...]:
    """Return the problems of features whose bounds cannot add up to it.

    Features named in ``incomplete`` miss some category: their upper bounds prove nothing.
    """
    size = quotas.size
    problems: list[Problem] = []
    if size <= 0:
        return ()
    for feature, lower, upper in _by_feature(quotas):
        first = _first(quotas, feature)
        least, most = int(lower.sum()), int(upper.sum())
        if least > size:
            message = (
                f"The minimums of feature {feature.name!r} add up to {least}, more than the "
                f"{size} seats of the panel."
            )
            remedy = f"Lower them by {least - size} in all, or draw a panel of {least} or more."
            problems.append(places.at(first, "min", least, message, remedy))
        if most < size and feature.name not in incomplete:
            message = (
                f"The maximums of feature {feature.name!r} add up to {most}, less than the "
                f"{size} seats of the panel."
            )
            remedy = f"Raise them by {size - most} in all, or draw a panel of {most} or fewer."
            problems.append(places.at(first, "max", most, message, remedy))
    return tuple(problems)


def check_supply(
    quotas: Quotas,
    supply: Supply,
    places: Places,
    *,
    incomplete: frozenset[str] = frozenset(),
) -> tuple[Problem, ...]:
    """Return the problems of a pool too small for the panel or for one of its quotas.

    What is reported is certain, even where ``supply`` is not exact.
    """
    if quotas.size <= 0:
        return ()
    problems = [*_check_pool_size(quotas.size, supply, places)]
    too_small = bool(problems)
    for at, quota in enumerate(quotas.in_code_order):
        seatable = int(supply.category_seatable[at])
        if seatable < quota.lower:
            people = supply.describe(int(supply.category_people[at]), seatable)
            message = (
                f"The pool has {people} of category {quota.category!r} of feature "
                f"{quota.feature!r}, and the quota asks for at least {quota.lower}."
            )
            remedy = f"Lower this minimum to {seatable} or less, or invite more of them."
            problems.append(places.at(quota, "min", quota.lower, message, remedy))
    if not too_small:
        problems.extend(_check_attainable(quotas, supply, places, incomplete))
    return tuple(problems)


def supply_of(pool: Pool) -> Supply:
    """Count the respondents of a pool, and how many of them can sit together."""
    alone = pool.households == NO_HOUSEHOLD
    homes = pool.households[~alone].astype(np.int64)
    total = len(pool.categories)
    pairs = np.unique(homes[:, None] * total + pool.codes[~alone])
    seatable = np.bincount(pool.codes[alone].ravel(), minlength=total)
    seatable += np.bincount(pairs % max(total, 1), minlength=total)
    return Supply(
        len(pool),
        int(alone.sum()) + len(np.unique(homes)),
        pool.counts(),
        seatable.astype(np.int64),
    )


def _check_pool_size(size: int, supply: Supply, places: Places) -> tuple[Problem, ...]:
    if supply.seatable >= size:
        return ()
    people = supply.describe(supply.people, supply.seatable)
    message = f"The pool has {people}, and the panel has {size} seats."
    remedy = f"Draw a panel of {supply.seatable} or fewer, or invite more people."
    return (Problem(places.people_file, None, None, None, message, remedy),)


def _check_attainable(
    quotas: Quotas, supply: Supply, places: Places, incomplete: frozenset[str]
) -> list[Problem]:
    """Find features whose upper bounds add up to the size, but not with the people there are."""
    problems: list[Problem] = []
    attainable = dict(
        zip(quotas.in_code_order, np.minimum(quotas.upper, supply.category_seatable), strict=True)
    )
    for feature, _, upper in _by_feature(quotas):
        reached = sum(int(n) for q, n in attainable.items() if q.feature == feature.name)
        if reached >= quotas.size or upper.sum() < quotas.size or feature.name in incomplete:
            continue
        message = (
            f"With the people of the pool, the categories of feature {feature.name!r} fill "
            f"{reached} seats at most out of {quotas.size}: some have fewer people than "
            "their maximum."
        )
        missing = quotas.size - reached
        remedy = f"Raise by {missing} in all the maximums of categories that have people to spare."
        problems.append(places.at(_first(quotas, feature), "max", reached, message, remedy))
    return problems


def _by_feature(
    quotas: Quotas,
) -> list[tuple[Feature, NDArray[np.int64], NDArray[np.int64]]]:
    """Cut the bounds feature by feature."""
    cut = []
    start = 0
    for feature in quotas.features:
        end = start + len(feature.categories)
        cut.append((feature, quotas.lower[start:end], quotas.upper[start:end]))
        start = end
    return cut


def _first(quotas: Quotas, feature: Feature) -> Quota:
    return next(quota for quota in quotas.quotas if quota.feature == feature.name)
