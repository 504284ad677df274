"""An invented draw that looks like a French convention: six features, volunteers unlike the public."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.probabilities import PROBABILITY_SCALE, Level, SelectionProbabilities
from sortition.quotas import Quota, Quotas
from tests.frozen_bundles import HandSolution

# Category → (share of the population, how readily its people volunteer); invented figures.
FEATURES: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "sex": {"Femme": (0.52, 0.9), "Homme": (0.48, 1.1)},
    "age": {
        "18-24": (0.11, 0.8),
        "25-34": (0.15, 0.9),
        "35-49": (0.24, 1.0),
        "50-64": (0.25, 1.3),
        "65-74": (0.14, 1.5),
        "75+": (0.11, 0.5),
    },
    "region": {
        "Île-de-France": (0.185, 1.3),
        "Auvergne-Rhône-Alpes": (0.121, 1.0),
        "Nouvelle-Aquitaine": (0.091, 1.0),
        "Occitanie": (0.091, 1.1),
        "Hauts-de-France": (0.088, 0.7),
        "Grand Est": (0.081, 0.8),
        "Provence-Alpes-Côte d’Azur": (0.076, 1.0),
        "Pays de la Loire": (0.057, 1.0),
        "Bretagne": (0.050, 1.2),
        "Normandie": (0.048, 0.8),
        "Bourgogne-Franche-Comté": (0.041, 0.8),
        "Centre-Val de Loire": (0.038, 0.9),
        "Outre-mer": (0.028, 0.4),
        "Corse": (0.005, 0.6),
    },
    "diploma": {
        "Aucun diplôme ou brevet": (0.25, 0.35),
        "CAP ou BEP": (0.24, 0.55),
        "Baccalauréat": (0.18, 0.9),
        "Bac + 2": (0.12, 1.3),
        "Bac + 3 ou plus": (0.21, 2.2),
    },
    "occupation": {
        "Agriculteurs exploitants": (0.01, 0.7),
        "Artisans, commerçants et chefs d’entreprise": (0.04, 0.8),
        "Cadres et professions intellectuelles supérieures": (0.11, 2.0),
        "Professions intermédiaires": (0.14, 1.4),
        "Employés": (0.15, 0.8),
        "Ouvriers": (0.12, 0.4),
        "Retraités": (0.28, 1.1),
        "Autres sans activité professionnelle": (0.15, 0.6),
    },
    "commune_type": {
        "Centre": (0.28, 1.2),
        "Autre commune d’un pôle": (0.23, 1.0),
        "Couronne": (0.42, 0.9),
        "Hors attraction des villes": (0.07, 0.8),
    },
}
_REPAIRS = 400  # swaps tried before a panel is taken as it is, and the quotas widened to hold it


def lifelike_draw(
    *,
    people: int = 240,
    size: int = 40,
    panels: int = 60,
    chances: NDArray[np.float64] | None = None,
) -> HandSolution:
    """Invent a pool and fill panels greedily, so that everybody's seats follow their chance."""
    rng = np.random.default_rng(2019)
    pool = _volunteers(rng, people)
    wanted = _wanted(size)
    if chances is None:
        chances = _raked(pool, wanted, size)
    nominal = np.floor(wanted) - (wanted > 2), np.ceil(wanted) + (wanted > 2)
    filled = _panels(pool, chances, np.maximum(nominal[0], 0), nominal[1], size, panels)
    counts = np.array([pool.counts(members) for members in filled])
    lower = np.minimum(counts.min(axis=0), np.maximum(nominal[0], 0))
    upper = np.maximum(counts.max(axis=0), nominal[1])
    quotas = Quotas(
        size,
        tuple(
            Quota(feature, category, int(low), int(high))
            for (feature, category), low, high in zip(pool.categories, lower, upper, strict=True)
        ),
    )
    return HandSolution(pool, quotas, _probabilities(filled, people), filled)


def population_shares() -> dict[str, Any]:
    """Return the content of ``private/targets.json`` for the invented population."""
    return {
        "source": "Chiffres inventés",
        "date": "2026-01-01",
        "categories": [
            {"feature": feature, "value": category, "share": str(share)}
            for feature, categories in FEATURES.items()
            for category, (share, _) in categories.items()
        ],
    }


def _volunteers(rng: np.random.Generator, people: int) -> Pool:
    columns = []
    for categories in FEATURES.values():
        weights = np.array([share * zeal for share, zeal in categories.values()])
        columns.append(rng.choice(len(weights), size=people, p=weights / weights.sum()))
        columns[-1][: len(weights)] = np.arange(len(weights))  # nobody is missing altogether
    return Pool(
        ids=tuple(f"{row:06d}" for row in range(people)),
        features=tuple(Feature(name, tuple(c)) for name, c in FEATURES.items()),
        membership=np.array(columns, dtype=np.int32).T.copy(),
        households=np.full(people, NO_HOUSEHOLD, dtype=np.int32),
    )


def _wanted(size: int) -> NDArray[np.float64]:
    return np.concatenate(
        [
            size * np.array([share for share, _ in c.values()]) / sum(s for s, _ in c.values())
            for c in FEATURES.values()
        ]
    )


def _raked(pool: Pool, wanted: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Weight the volunteers until each category weighs what is wanted of it."""
    chances = np.full(len(pool), size / len(pool))
    for _ in range(60):
        for column in pool.codes.T:
            held = np.bincount(column, weights=chances, minlength=len(wanted))
            chances = np.clip(chances * (wanted / np.maximum(held, 1e-12))[column], 0.04, 0.9)
    return np.asarray(chances * (size / chances.sum()), dtype=np.float64)


def _panels(
    pool: Pool,
    chances: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    size: int,
    panels: int,
) -> NDArray[np.int32]:
    """Take at each step those who are owed most, then swap members until the quotas are met."""
    owed = np.zeros(len(pool))
    table = []
    for _ in range(panels):
        owed += chances
        inside = np.zeros(len(pool), dtype=bool)
        inside[np.argsort(-owed, kind="stable")[:size]] = True
        _repair(pool, inside, owed, lower, upper)
        owed[inside] -= 1
        table.append(np.flatnonzero(inside))
    return np.array(table, dtype=np.int32)


def _repair(
    pool: Pool,
    inside: NDArray[np.bool_],
    owed: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
) -> None:
    for _ in range(_REPAIRS):
        counts = pool.counts(np.flatnonzero(inside))
        pull = (counts < lower).astype(float) - (counts > upper)
        if not pull.any():
            return
        edge = 0.3 * ((counts <= lower).astype(float) - (counts >= upper))
        worth = (pull + edge)[pool.codes].sum(axis=1) + 0.05 * owed
        enters = np.flatnonzero(~inside)[np.argmax(worth[~inside])]
        leaves = np.flatnonzero(inside)[np.argmin(worth[inside])]
        inside[enters], inside[leaves] = True, False


def _probabilities(panels: NDArray[np.int32], people: int) -> SelectionProbabilities:
    """Owe everybody four tenths of a panel more than they hold: as good as a calculation."""
    seats = np.bincount(panels.ravel(), minlength=people)
    unit = PROBABILITY_SCALE // (10 * len(panels))
    numerators = np.where(seats > 0, (10 * seats + 4) * unit, 0).astype(np.int64)
    values, level = np.unique(numerators, return_inverse=True)
    levels = tuple(
        Level(int(value), (), 0, (), Fraction(int(value) + 7, PROBABILITY_SCALE))
        for value in values
    )
    return SelectionProbabilities(numerators, level.astype(np.int32), levels)
