"""Invented addresses: one each, but for households, whose members may each write theirs their way."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from data.samples.crowd import PLACES, Country, Crowd
from data.samples.inventions import LAST_NAMES, STREETS, TOWNS, mistyped, respelled

HOUSEHOLDS_PER_THOUSAND = 22
THIRD_MEMBER_EVERY = 7  # one household in seven has three members
RESPELLED_EVERY = 2  # every other second member writes the address another way
SAME_NAME_EVERY = 3  # two households in three share a last name
MISTYPED_PER_THOUSAND = 4  # neighbours with nearly the same address, for a human to look at
HOUSE_NUMBERS = 180


@dataclass(frozen=True, slots=True)
class Home:
    """Where a person lives; ``last_name`` is empty when nothing ties it to the household."""

    address: str
    postcode: str
    city: str
    last_name: str = ""


def settle(country: Country, crowd: Crowd, rng: np.random.Generator) -> list[Home]:
    """Give everybody a home: their own, then that of another for a few."""
    homes = _own_homes(country, crowd, rng)
    free = set(range(len(homes)))
    number = len(homes) * HOUSEHOLDS_PER_THOUSAND // 1000
    for household, first in enumerate(_some(rng, len(homes), number)):
        if first not in free:
            continue
        name = (
            LAST_NAMES[int(rng.random() * len(LAST_NAMES))] if household % SAME_NAME_EVERY else ""
        )
        homes[first] = replace(homes[first], last_name=name)
        free.discard(first)
        for rank in range(2 if household % THIRD_MEMBER_EVERY == 0 else 1):
            other = _partner(crowd, first, free)
            if other is None:
                break
            free.discard(other)
            homes[other] = _shared(homes[first], household + rank)
    for place, first in enumerate(
        _some(rng, len(homes), len(homes) * MISTYPED_PER_THOUSAND // 1000)
    ):
        other = _partner(crowd, first, free)
        if other is not None and first in free:
            free -= {first, other}
            homes[other] = replace(homes[first], address=mistyped(homes[first].address, place))
    return homes


def _own_homes(country: Country, crowd: Crowd, rng: np.random.Generator) -> list[Home]:
    """Return a home for each person, no two alike."""
    taken: set[Home] = set()
    homes: list[Home] = []
    for region, place in zip(crowd.region, crowd.place, strict=True):
        towns = TOWNS[PLACES[place]]
        while True:
            marks = rng.random(3)
            town = int(marks[0] * len(towns))
            street = STREETS[int(marks[1] * len(STREETS))]
            home = Home(
                f"{1 + int(marks[2] * HOUSE_NUMBERS)} {street}",
                # No department bears the number 96.
                f"96{country.region_codes[region]}{3 * int(place) + town}",
                towns[town],
            )
            if home not in taken:
                break
        taken.add(home)
        homes.append(home)
    return homes


def _some(rng: np.random.Generator, people: int, number: int) -> list[int]:
    return [int(i) for i in np.argsort(rng.random(people), kind="stable")[:number]]


def _partner(crowd: Crowd, first: int, free: set[int]) -> int | None:
    """Return the next free person of the same region and type of commune, close in age."""
    people = len(crowd.region)
    for step in range(1, people):
        other = (first + step) % people
        near = abs(int(crowd.age[other]) - int(crowd.age[first])) <= 1
        same = (
            crowd.region[other] == crowd.region[first] and crowd.place[other] == crowd.place[first]
        )
        if other in free and near and same:
            return other
    return None


def _shared(home: Home, manner: int) -> Home:
    if manner % RESPELLED_EVERY:
        return home
    return replace(
        home,
        address=respelled(home.address, manner // RESPELLED_EVERY),
        city=home.city.upper() if manner % 3 == 0 else home.city,
    )
