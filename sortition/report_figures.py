"""The figures that a report shows of a draw: aggregates only, before they are put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

SMALLEST_CELL = 5
"""Volunteers of a category are counted in public from this number on."""


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """What is shown of one category; shares and chances lie between 0 and 1.

    ``pool``: its volunteers, None where unknown or hidden. ``least`` and ``most``: its
    seats over all prepared panels. ``drawn``: its seats in the panel drawn, None before
    the draw or where unknown. ``target`` is the share it should hold: of the population
    where known, otherwise the middle of its quota. ``chance`` is its volunteers' mean.
    """

    feature: str
    name: str
    lower: int
    upper: int
    least: int
    most: int
    drawn: int | None = None
    pool: int | None = None
    pool_share: float | None = None
    population: float | None = None
    target: float = 0.0
    chance: float | None = None

    @property
    def presence(self) -> float | None:
        """How many times its target share the category weighs among volunteers."""
        if not self.pool_share or not self.target:
            return None
        return self.pool_share / self.target


@dataclass(frozen=True, slots=True)
class FeatureFigures:
    """A feature and its categories; ``is_rounded`` where counts are to the nearest ten."""

    name: str
    categories: tuple[CategoryFigures, ...]
    is_rounded: bool = False


@dataclass(frozen=True)
class Figures:
    """Everything a report says, before it is put into words."""

    title: str
    size: int
    pool: int
    panels: int
    digest: str
    least_chance: Fraction
    bound: Fraction
    largest_error: Fraction
    shut_out: int
    seats: tuple[tuple[int, int], ...]
    """(panels sat in, how many people do), from the fewest panels to the most."""
    lowest_level: int
    """How many people have the smallest chance that the calculation gives, above 0."""
    features: tuple[FeatureFigures, ...]
    software: Mapping[str, str]
    randomness: Mapping[str, Any]
    targets_source: str | None = None
    is_replacement: bool = False
    draw: Mapping[str, Any] | None = None
    """The record of the draw, None before it."""

    @property
    def gap(self) -> Fraction:
        """How far the smallest chance is below the proved ceiling."""
        return self.bound - self.least_chance

    @property
    def even_chance(self) -> Fraction:
        """The chance of each volunteer if the draw ignored the quotas."""
        return Fraction(self.size, self.pool)

    @property
    def number(self) -> int | None:
        """The number of the panel drawn."""
        return None if self.draw is None else int(self.draw["number"])

    @cached_property
    def categories(self) -> tuple[CategoryFigures, ...]:
        """All categories, feature by feature."""
        return tuple(category for feature in self.features for category in feature.categories)

    @property
    def shows_pool(self) -> bool:
        """Whether the volunteers of the categories are known."""
        return any(category.pool is not None for category in self.categories)

    @property
    def shows_panel(self) -> bool:
        """Whether the seats of the panel drawn are known."""
        return all(category.drawn is not None for category in self.categories)

    @property
    def shows_population(self) -> bool:
        """Whether the shares of the population are known, at least of some categories."""
        return any(category.population is not None for category in self.categories)

    @property
    def hides_cells(self) -> bool:
        """Whether some category has too few volunteers to be counted in public."""
        return any(feature.is_rounded for feature in self.features)
