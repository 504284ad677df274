"""Invented people: drawn from the reference tables, then volunteering or not.

The tables give region × sex × age, occupation by age and type of commune by region. They hold no
other crossing: the tilts below, written as weights, give the rest the look of the country. They
are invented, and so is every person.

Self-selection follows what was seen in real conventions: too many graduates, executives and people
of large towns (end-of-life convention of 2022-23), fewer of the young and of manual workers; the
2019 convention kept 28 % of its seats for people without a diploma, who seldom volunteer.

Only ``Generator.random`` is called, and what follows is additions, products, quotients and
comparisons: nothing that another machine could round otherwise.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data import resource

Draws = NDArray[np.intp]
Weights = NDArray[np.float64]

SEXES = ("Femme", "Homme")
AGES = ("16-17 ans", "18-24 ans", "25-34 ans", "35-49 ans", "50-64 ans", "65 ans ou plus")
DIPLOMAS = (
    *("Sans diplôme ou certificat d'études", "Brevet des collèges", "CAP, BEP ou équivalent"),
    *("Baccalauréat ou équivalent", "Diplôme du supérieur", "Élève ou étudiant"),
)
OCCUPATIONS = (
    *("Agriculteurs exploitants", "Artisans, commerçants, chefs d'entreprise"),
    *("Cadres et professions intellectuelles supérieures", "Professions intermédiaires"),
    *("Employés", "Ouvriers", "Retraités", "Autres personnes sans activité professionnelle"),
)
COMMUNE_TYPES = (
    *("Pôle d'une aire d'attraction", "Couronne d'une aire d'attraction"),
    "Hors attraction des villes",
)
PLACES = ("pole", "ring", "rural")
FARMER, EXECUTIVE, RETIRED, NONE = 0, 2, 6, 7
STUDENT, MINOR, POLE = 5, 0, 0

# Rows: sexes. Columns: occupations. Women are most of the employees, men of the workers.
OCCUPATION_BY_SEX = (
    (0.5, 0.6, 0.85, 1.05, 1.5, 0.4, 1.05, 1.1),
    (1.5, 1.4, 1.15, 0.95, 0.5, 1.6, 0.95, 0.9),
)
OCCUPATION_OF_MINORS = (0, 0, 0, 0, 3, 3, 0, 94)
FARMER_BY_PLACE = (0.2, 1.5, 4.0)
EXECUTIVE_IN_CAPITAL_REGION = 1.8
# Rows: ages. Columns: the five levels of those who have left school.
DIPLOMA_BY_AGE = (
    *((35, 60, 5, 0, 0), (10, 6, 20, 40, 24), (8, 3, 15, 23, 51)),
    *((11, 3.5, 20.5, 19.5, 45.5), (16, 5, 31, 16, 32), (36, 8, 25, 12, 19)),
)
DIPLOMA_BY_OCCUPATION = (
    *((1, 1, 1.6, 1.3, 0.6), (1, 1, 1.6, 1.1, 0.8), (0.05, 0.1, 0.12, 0.4, 2.5)),
    *((0.2, 0.4, 0.6, 1.2, 1.6), (1, 1.1, 1.3, 1.4, 0.6), (1.9, 1.3, 1.9, 0.8, 0.2)),
    *((1, 1, 1, 1, 1), (1.8, 1.2, 1, 0.9, 0.6)),
)
STUDYING_WITHOUT_JOB = (0.98, 0.85, 0.1, 0.01, 0.0, 0.0)  # by age
STUDYING_WITH_JOB = (0.8, 0.15, 0.02, 0.003, 0.0, 0.0)
# Who says yes, relative to one another.
YES_BY_DIPLOMA = (0.35, 0.45, 0.65, 1.0, 1.7, 1.1)
YES_BY_OCCUPATION = (0.6, 0.8, 1.35, 1.15, 0.8, 0.55, 1.1, 0.85)
YES_BY_AGE = (0.7, 0.7, 0.75, 0.95, 1.3, 1.15)
YES_BY_PLACE = (1.15, 0.9, 0.75)
YES_BY_SEX = (0.97, 1.03)
YES_OVERSEAS = 0.7


@dataclass(frozen=True)
class Country:
    """What the reference tables say, as weights."""

    regions: tuple[str, ...]
    region_codes: tuple[str, ...]
    cells: Weights  # regions × sexes × five-year bands from 15-19 on
    occupations: Weights  # five-year bands × occupations, 18-19 alone in the first band
    communes: Weights  # regions × types of commune


@dataclass(frozen=True)
class Crowd:
    """People as arrays of positions in the lists above, one entry each."""

    region: Draws
    sex: Draws
    age: Draws
    place: Draws
    occupation: Draws
    diploma: Draws

    def take(self, rows: Draws) -> Crowd:
        """Return some of the people, in the order asked."""
        return Crowd(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def read_country() -> Country:
    """Read the reference tables of ``data/population``."""
    people = [
        row for row in _rows("population_region_sexe_age5_2021.csv") if row["code_region"] == "06"
    ]
    people = _rows("population_region_sexe_age5_2025_15plus.csv") + people
    people = [row for row in people if _first_age(row["age"]) >= _first_age("15-19")]
    regions = tuple(dict.fromkeys(row["nom_region"] for row in people))
    bands = tuple(dict.fromkeys(row["age"] for row in people))
    cells = np.zeros((len(regions), len(SEXES), len(bands)))
    for row in people:
        at = (regions.index(row["nom_region"]), "FH".index(row["sexe"]), bands.index(row["age"]))
        cells[at] = int(row["population"])
    return Country(
        regions,
        tuple(dict.fromkeys(row["code_region"] for row in people)),
        cells,
        _read_occupations(bands),
        _read_communes(regions),
    )


def _read_occupations(bands: Sequence[str]) -> Weights:
    table = [row for row in _rows("pcs_age_2022.csv") if row["age"] != "15+"]
    ages = tuple(dict.fromkeys(row["age"] for row in table))
    wide = np.zeros((len(ages), len(OCCUPATIONS)))
    for row in table:
        wide[ages.index(row["age"]), int(row["code_pcs"]) - 1] = int(row["population"])
    # Aged 15 to 17, people are nearly all at school: three fifths of 15-19 leave the last group.
    wide[0, NONE] -= wide[0].sum() * 3 / 5
    firsts = [_first_age(age) for age in ages]
    rows = [max(i for i, first in enumerate(firsts) if first <= _first_age(b)) for b in bands]
    return wide[rows]


def _read_communes(regions: Sequence[str]) -> Weights:
    types = {"11": 0, "12": 0, "13": 0, "20": 1, "30": 2}
    weights = np.zeros((len(regions), len(COMMUNE_TYPES)))
    for row in _rows("type_commune_region_2023.csv"):
        if row["dimension"] == "categorie_commune_aire_attraction" and row["nom_region"] in regions:
            at = (regions.index(row["nom_region"]), types[row["code_categorie"]])
            weights[at] += int(row["population"])
    return weights


def _first_age(band: str) -> int:
    return int(band.rstrip("+").split("-")[0])


def _rows(name: str) -> list[dict[str, str]]:
    text = resource(f"population/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def choose(rng: np.random.Generator, weights: Weights) -> Draws:
    """Draw one column for each row of weights, in proportion."""
    steps = np.cumsum(weights, axis=1)
    marks = rng.random(len(weights)) * steps[:, -1]
    chosen: Draws = np.minimum((marks[:, None] >= steps).sum(axis=1), weights.shape[1] - 1)
    return chosen


def invite(country: Country, number: int, minimum_age: int, rng: np.random.Generator) -> Crowd:
    """Draw the people invited, as a random sample of the residents of the age asked."""
    cells = country.cells.copy()
    cells[:, :, 0] *= 4 / 5 if minimum_age == 16 else 2 / 5
    steps = np.cumsum(cells.ravel())
    marks = rng.random(number) * steps[-1]
    region, sex, band = np.unravel_index(np.searchsorted(steps, marks, side="right"), cells.shape)
    adult = np.array([1, 1, 2, 2, 3, 3, 3, 4, 4, 4, *[5] * (cells.shape[2] - 10)])
    minor = (rng.random(number) < 1 / 2) & (band == 0) & (minimum_age == 16)
    age = np.where(minor, MINOR, adult[band])
    place = choose(rng, country.communes[region])
    occupation = choose(rng, _occupation_weights(country, region, sex, band, age, place))
    return Crowd(region, sex, age, place, occupation, _diplomas(rng, age, occupation))


def _occupation_weights(
    country: Country, region: Draws, sex: Draws, band: Draws, age: Draws, place: Draws
) -> Weights:
    weights: Weights = country.occupations[band] * np.array(OCCUPATION_BY_SEX)[sex]
    weights[:, FARMER] *= np.array(FARMER_BY_PLACE)[place]
    weights[region == country.regions.index("Île-de-France"), EXECUTIVE] *= (
        EXECUTIVE_IN_CAPITAL_REGION
    )
    weights[age == MINOR] = OCCUPATION_OF_MINORS
    return weights


def _diplomas(rng: np.random.Generator, age: Draws, occupation: Draws) -> Draws:
    levels = choose(
        rng, np.array(DIPLOMA_BY_AGE)[age] * np.array(DIPLOMA_BY_OCCUPATION)[occupation]
    )
    studying = np.where(
        occupation == NONE, np.array(STUDYING_WITHOUT_JOB)[age], np.array(STUDYING_WITH_JOB)[age]
    )
    studies = (rng.random(len(age)) < studying) & (occupation != RETIRED)
    return np.where(studies, STUDENT, levels)


def volunteer(country: Country, invited: Crowd, number: int, rng: np.random.Generator) -> Draws:
    """Choose who says yes, the likelier first, and return their rows in no particular order."""
    overseas = np.array([code.startswith("0") for code in country.region_codes])
    eagerness = (
        np.array(YES_BY_DIPLOMA)[invited.diploma]
        * np.array(YES_BY_OCCUPATION)[invited.occupation]
        * np.array(YES_BY_AGE)[invited.age]
        * np.array(YES_BY_PLACE)[invited.place]
        * np.array(YES_BY_SEX)[invited.sex]
        * np.where(overseas, YES_OVERSEAS, 1.0)[invited.region]
    )
    # Sequential Poisson sampling: the smallest of u / weight, with no logarithm to round.
    chosen = np.argsort(rng.random(len(eagerness)) / eagerness, kind="stable")[:number]
    return chosen[np.argsort(rng.random(number), kind="stable")]


def categories_of(country: Country, crowd: Crowd, feature: str) -> list[str]:
    """Return the category of each person for a feature, by name."""
    names: Mapping[str, tuple[Sequence[str], Draws]] = {
        "sex": (SEXES, crowd.sex),
        "age": (AGES, crowd.age),
        "diploma": (DIPLOMAS, crowd.diploma),
        "occupation": (OCCUPATIONS, crowd.occupation),
        "commune_type": (COMMUNE_TYPES, crowd.place),
        "region": (country.regions, crowd.region),
    }
    categories, positions = names[feature]
    return [categories[position] for position in positions]
