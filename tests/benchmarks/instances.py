"""The public instances: invented pools of stated sizes, made anew from a seed by anyone.

A population of forty volunteers' worth per respondent is drawn from a latent trait: features
lean on it, each in its own way, so they are correlated; people volunteer the more readily the
higher their trait, so the pool is skewed. Quotas are the floor and the ceiling of k times the
population's shares. Where the pool cannot hold such a panel the next seed is taken, and the
table says which.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sortition.panel_problem import PanelProblem
from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.profiles import group_profiles
from sortition.quotas import Quota, Quotas

CATEGORIES = (2, 6, 5, 8, 3, 13, 4)  # of each feature, in order: sex, age, diploma, work, …
SKEW = 1.0  # how much likelier one standard deviation of the trait makes volunteering (log)
TRIES = 50


@dataclass(frozen=True)
class Instance:
    """A pool and its quotas, and the seed that gave a feasible one."""

    name: str
    seed: int
    pool: Pool
    quotas: Quotas


def make_instance(people: int, size: int, features: int, seed: int) -> Instance:
    """Return the first feasible instance from ``seed`` on."""
    for shift in range(TRIES):
        pool, quotas = _draw(people, size, features, seed + 1_000 * shift)
        if (pool.counts() >= quotas.lower).all() and _is_feasible(pool, quotas):
            return Instance(f"({people}, {size}, {features})", seed + 1_000 * shift, pool, quotas)
    raise ValueError(f"no feasible instance of ({people}, {size}, {features}) from seed {seed}")


def _draw(people: int, size: int, features: int, seed: int) -> tuple[Pool, Quotas]:
    rng = np.random.default_rng([seed, people, size, features])
    crowd = 40 * people
    trait = rng.standard_normal(crowd)
    columns = [_column(rng, trait, count) for count in CATEGORIES[:features]]
    keen = np.exp(SKEW * trait)
    chosen = np.sort(rng.choice(crowd, people, replace=False, p=keen / keen.sum()))
    names = tuple(
        Feature(f"feature {f}", tuple(f"category {c}" for c in range(count)))
        for f, count in enumerate(CATEGORIES[:features])
    )
    pool = Pool(
        ids=tuple(f"v{row:05d}" for row in range(people)),
        features=names,
        membership=np.column_stack(columns)[chosen].astype(np.int32),
        households=np.full(people, NO_HOUSEHOLD, dtype=np.int32),
    )
    quotas = [
        Quota(feature.name, category, int(np.floor(share)), int(np.ceil(share)))
        for feature, column in zip(names, columns, strict=True)
        for category, share in zip(
            feature.categories,
            size * np.bincount(column, minlength=len(feature.categories)) / crowd,
            strict=True,
        )
    ]
    return pool, Quotas(size, tuple(quotas))


def _column(rng: np.random.Generator, trait: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Give everyone one of ``count`` categories, leaning on the trait."""
    frequent = np.log(rng.dirichlet(np.full(count, 3.0)))
    leaning = rng.normal(0.0, 0.7, count)
    noise = rng.gumbel(size=(len(trait), count))  # the greatest of these is a softmax draw
    return np.argmax(frequent + np.outer(trait, leaning) + noise, axis=1)


def _is_feasible(pool: Pool, quotas: Quotas) -> bool:
    return PanelProblem(pool, quotas, group_profiles(pool)).find() is not None


def features_rows(instance: Instance) -> list[dict[str, str]]:
    """Return the quotas as rows of a ``features.csv``."""
    return [
        {"feature": q.feature, "value": q.category, "min": str(q.lower), "max": str(q.upper)}
        for q in instance.quotas.in_code_order
    ]


def people_rows(instance: Instance) -> list[dict[str, str]]:
    """Return the pool as rows of a ``people.csv``."""
    names = [feature.name for feature in instance.pool.features]
    return [
        {"id": name, **dict(zip(names, instance.pool.profile(row), strict=True))}
        for row, name in enumerate(instance.pool.ids)
    ]


def write_instance(instance: Instance, folder: Path) -> None:
    """Write an instance as the files that any tool of the trade reads."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "features.csv", features_rows(instance))
    _write(folder / "people.csv", people_rows(instance))
    (folder / "size.txt").write_text(f"{instance.quotas.size}\n", "utf-8")


def _write(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
