"""Write the invented pools and the elected half: ``python -m data.samples.generate [FOLDER]``.

The same bytes every time. The quota files beside the pools are not made here but by
``kleroterion targets``, with the commands that ``data/samples/README.md`` gives.
"""

from __future__ import annotations

import csv
import io
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from data import resource
from data.samples.crowd import (
    AGES,
    SEXES,
    Country,
    Crowd,
    categories_of,
    choose,
    invite,
    read_country,
    volunteer,
)
from data.samples.homes import settle
from data.samples.inventions import FIRST_NAMES, LAST_NAMES, ascii_letters

ELECTED_SEED = 300
ELECTED = 300
ELECTED_BY_SEX = (37, 63)
ELECTED_BY_AGE = (0, 0.7, 9, 36, 42, 12.3)
ELECTED_CORSICA = 4.0  # one region with more elected members than its share of the whole body


@dataclass(frozen=True)
class Call:
    """One call for volunteers: how many are invited, how many say yes, what their file holds."""

    folder: str
    seed: int
    invited: int
    volunteers: int
    minimum_age: int
    features: tuple[str, ...]
    groupings: Mapping[str, str] = field(default_factory=dict)
    """Grouping of the index of reference tables, by feature, for coarser categories."""
    with_email: bool = True


CALLS = (
    Call(
        "climate",
        seed=2019,
        invited=30_000,
        volunteers=3_000,
        minimum_age=16,
        features=("sex", "age", "diploma", "occupation", "commune_type", "region"),
    ),
    Call(
        "constituent",
        seed=600,
        invited=60_000,
        volunteers=6_000,
        minimum_age=18,
        features=("sex", "age", "region", "occupation", "commune_type"),
        with_email=False,
    ),
    Call(
        "evaluation",
        seed=30,
        invited=4_000,
        volunteers=400,
        minimum_age=18,
        features=("sex", "age", "diploma", "commune_type", "region"),
        groupings={"diploma": "merged", "region": "large"},
    ),
)


def make_samples() -> dict[str, str]:
    """Return the text of every generated file, by its path under ``data/samples``."""
    country = read_country()
    made: dict[str, str] = {}
    for call in CALLS:
        rng = np.random.default_rng(call.seed)
        invited = invite(country, call.invited, call.minimum_age, rng)
        crowd = invited.take(volunteer(country, invited, call.volunteers, rng))
        made[f"{call.folder}/people.csv"] = _csv(_people(country, call, crowd, rng))
        made[f"{call.folder}/response.csv"] = _csv(_response(country, call, invited, crowd))
    made["constituent/elected.csv"] = _csv(_elected(country))
    return made


def _people(
    country: Country, call: Call, crowd: Crowd, rng: np.random.Generator
) -> Iterable[dict[str, str]]:
    columns = {feature: _categories(country, call, crowd, feature) for feature in call.features}
    homes = settle(country, crowd, rng)
    marks = rng.random((len(homes), 2))
    for i, home in enumerate(homes):
        firsts = FIRST_NAMES[SEXES[crowd.sex[i]]]
        first = firsts[int(marks[i, 0] * len(firsts))]
        last = home.last_name or LAST_NAMES[int(marks[i, 1] * len(LAST_NAMES))]
        person = {"id": f"V{i + 1:05d}"}
        person |= {feature: names[i] for feature, names in columns.items()}
        person |= {"first_name": first, "last_name": last}
        if call.with_email:
            person["email"] = f"{ascii_letters(first)}.{ascii_letters(last)}.{i + 1}@example.org"
        person |= {"address": home.address, "postcode": home.postcode, "city": home.city}
        yield person


def _categories(country: Country, call: Call, crowd: Crowd, feature: str) -> list[str]:
    names = categories_of(country, crowd, feature)
    if feature not in call.groupings:
        return names
    index = tomllib.loads(resource("population/france.toml").read_text(encoding="utf-8"))
    grouping = index["groupings"][feature][call.groupings[feature]]
    group_of = {
        member: group
        for group, members in grouping.items()
        if group != "title"
        for member in members
    }
    return [group_of.get(name, name) for name in names]


def _response(
    country: Country, call: Call, invited: Crowd, crowd: Crowd
) -> Iterable[dict[str, str]]:
    """Count the invited and the volunteers, category by category."""
    for feature in call.features:
        asked = Counter(_categories(country, call, invited, feature))
        said_yes = Counter(_categories(country, call, crowd, feature))
        for category in sorted(asked):
            yield {
                "feature": feature,
                "value": category,
                "invited": str(asked[category]),
                "volunteers": str(said_yes[category]),
            }


def _elected(country: Country) -> Iterable[dict[str, str]]:
    """Compose the elected half as elected houses are: more men, few of the young and of the old."""
    rng = np.random.default_rng(ELECTED_SEED)
    by_region = country.cells.sum(axis=(1, 2))
    by_region[country.regions.index("Corse")] *= ELECTED_CORSICA
    regions = choose(rng, np.tile(by_region, (ELECTED, 1)))
    sexes = choose(rng, np.tile(np.array(ELECTED_BY_SEX, float), (ELECTED, 1)))
    ages = choose(rng, np.tile(np.array(ELECTED_BY_AGE, float), (ELECTED, 1)))
    for i, (sex, age, region) in enumerate(zip(sexes, ages, regions, strict=True)):
        yield {
            "id": f"E{i + 1:03d}",
            "sex": SEXES[sex],
            "age": AGES[age],
            "region": country.regions[region],
        }


def _csv(rows: Iterable[Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    return out.getvalue()


def main(arguments: Sequence[str]) -> None:
    """Write every generated file under a folder, by default beside this module."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parent
    for name, text in make_samples().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
