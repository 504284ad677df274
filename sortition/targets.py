"""Targets: the seats of a panel that the reference tables call for, and the quotas around them.

Seats are shared out by largest remainder (Hamilton's method): each category first gets the
floor of its exact number of seats, then the seats left go to the largest fractions. It is the
method whose result always lies between the floor and the ceiling of every exact number, which
is what a quota of the form "11 or 12 of 150" promises; divisor methods (Webster, Jefferson) can
leave that interval. Its known paradoxes concern a change of the number of seats, which is fixed
before a draw. Equal fractions go to the larger category, then to the first in the table.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from sortition.errors import TargetsError
from sortition.persons import FeaturePersons, count_persons
from sortition.quotas import Quota, Quotas
from sortition.reference import load_population

FLOOR_CEILING: Literal["floor-ceiling"] = "floor-ceiling"
Tolerance = int | Literal["floor-ceiling"]
QUOTA_FILE_COLUMNS = (
    *("feature", "value", "min", "max"),
    *("share", "target", "population", "base", "source", "date", "note"),
)


@dataclass(frozen=True, slots=True)
class Target:
    """The seats of one category: the exact number called for, the whole number, the bounds.

    ``persons`` is how many the population counts and ``share`` their part of it. ``exact``
    is what the panel should hold; it differs from ``share`` × size when part of the body is
    already seated (``sortition.whole_body``).
    """

    category: str
    persons: Fraction
    share: Fraction
    exact: Fraction
    seats: int
    lower: int
    upper: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class FeatureTargets:
    """The targets of a feature, in the order of its table, with the table they come from."""

    counted: FeaturePersons
    rows: tuple[Target, ...]

    @property
    def feature(self) -> str:
        """The key of the feature, as in the people file."""
        return self.counted.feature


@dataclass(frozen=True)
class Targets:
    """What the population calls for in a panel of ``size`` members, feature by feature."""

    population: str
    population_title: str
    base: str
    size: int
    tolerance: Tolerance
    features: tuple[FeatureTargets, ...]

    @cached_property
    def quotas(self) -> Quotas:
        """The targets as the quotas of a draw."""
        return Quotas(
            self.size,
            tuple(
                Quota(feature.feature, row.category, row.lower, row.upper)
                for feature in self.features
                for row in feature.rows
            ),
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Say whom these quotas shut out: categories that live in the population, without a seat."""
        return tuple(
            f"{feature.feature}: nobody of {row.category!r} can be drawn, for its quota is 0 "
            f"({float(row.exact):.2f} seat called for). "
            "Widen the tolerance, or group the categories."
            for feature in self.features
            for row in feature.rows
            if row.upper == 0 and row.persons > 0
        )

    @property
    def notes(self) -> tuple[tuple[str, str], ...]:
        """What was interpolated or assumed, as (feature, sentence)."""
        return tuple((f.feature, note) for f in self.features for note in f.counted.notes)


def targets(
    *,
    size: int,
    population: str = "france",
    base: str | None = None,
    features: Sequence[str] = ("sex", "age", "region"),
    tolerance: Tolerance = 0,
) -> Targets:
    """Compute the targets of a panel from the reference tables of a population.

    ``features`` are keys of the index, each with an optional grouping (``region:large``);
    ``tolerance`` widens each quota by that many seats on either side, or sets it to the floor
    and ceiling of the exact number. Raise ``TargetsError`` for anything the tables do not
    hold, and for totals that do not agree.
    """
    if size < 1:
        raise TargetsError(f"a panel of {size} members has no targets; the size must be 1 or more")
    names = [feature.partition(":")[0] for feature in features]
    if not names or len(set(names)) < len(names):
        raise TargetsError(f"name each feature once, at least one; asked: {', '.join(features)}")
    tables = load_population(population)
    chosen_base = base or tables.default_base
    return Targets(
        population=tables.name,
        population_title=tables.title,
        base=chosen_base,
        size=size,
        tolerance=tolerance,
        features=tuple(
            share_out(count_persons(tables, feature, chosen_base), size, tolerance)
            for feature in features
        ),
    )


def share_out(counted: FeaturePersons, size: int, tolerance: Tolerance) -> FeatureTargets:
    """Share the seats of a panel out among the categories of a feature."""
    shares = {category: counted.share(category) for category in counted.persons}
    seats = apportion(list(counted.persons.values()), size)
    return FeatureTargets(
        counted,
        tuple(
            bounded(counted, category, share * size, number, size, tolerance)
            for (category, share), number in zip(shares.items(), seats, strict=True)
        ),
    )


def bounded(
    counted: FeaturePersons,
    category: str,
    exact: Fraction,
    seats: int,
    size: int,
    tolerance: Tolerance,
    note: str = "",
) -> Target:
    """Return the target of a category with the bounds that the tolerance gives."""
    if isinstance(tolerance, int):
        if tolerance < 0:
            raise TargetsError(f"a tolerance of {tolerance} seats is below zero")
        lower, upper = max(0, seats - tolerance), min(size, seats + tolerance)
    else:
        lower, upper = math.floor(exact), math.ceil(exact)
    return Target(
        category,
        counted.persons[category],
        counted.share(category),
        exact,
        seats,
        lower,
        upper,
        note,
    )


def apportion(weights: Sequence[Fraction | int], seats: int) -> tuple[int, ...]:
    """Share ``seats`` out in proportion to ``weights``, by largest remainder, summing exactly.

    Every result is the floor or the ceiling of its exact number. Equal remainders go to the
    larger weight, then to the first.
    """
    total = Fraction(sum(weights))
    if total <= 0 or min(weights) < 0:
        raise TargetsError("seats are shared out among weights of zero or more, not all zero")
    exact = [seats * Fraction(weight) / total for weight in weights]
    floors = [math.floor(number) for number in exact]
    left = seats - sum(floors)
    order = sorted(
        range(len(exact)), key=lambda i: (floors[i] - exact[i], -Fraction(weights[i]), i)
    )
    winners = set(order[:left])
    return tuple(floor + (i in winners) for i, floor in enumerate(floors))


def parse_tolerance(text: str) -> Tolerance:
    """Read a tolerance: a number of seats, or ``floor-ceiling``."""
    if text == FLOOR_CEILING:
        return FLOOR_CEILING
    if text.isascii() and text.isdigit():
        return int(text)
    raise TargetsError(f"tolerance {text!r} is neither a number of seats nor {FLOOR_CEILING!r}")


def write_quota_file(computed: Targets) -> str:
    """Return the quota file as CSV, with the columns that keep a record of where it comes from.

    ``share`` is the part of the population (six digits), ``target`` the whole number of seats,
    ``population`` the persons counted on ``base``. A draw reads the first four columns only.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(QUOTA_FILE_COLUMNS)
    for feature in computed.features:
        counted = feature.counted
        for row in feature.rows:
            writer.writerow(
                (
                    *(counted.feature, row.category, row.lower, row.upper),
                    *(_decimal(row.share), row.seats, round(row.persons), counted.field),
                    *(
                        counted.source,
                        counted.date,
                        " ".join([*filter(None, [row.note]), *counted.notes]),
                    ),
                )
            )
    return out.getvalue()


def _decimal(share: Fraction) -> str:
    millionths = round(share * 10**6)
    return f"{millionths // 10**6}.{millionths % 10**6:06d}"
