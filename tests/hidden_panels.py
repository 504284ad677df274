"""Hypothesis strategies: small pools whose quotas hold a hidden panel, so that one exists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.quotas import Quota, Quotas


@dataclass(frozen=True)
class HiddenPanel:
    """A pool, quotas, and one panel that meets them (rows of the pool)."""

    pool: Pool
    quotas: Quotas
    panel: tuple[int, ...]


@st.composite
def hidden_panels(draw: st.DrawFn, *, most: int = 10, slack: int = 2) -> HiddenPanel:
    """Draw a pool of at most ``most`` respondents and quotas within ``slack`` of a panel's."""
    people = draw(st.integers(2, most))
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    rows = st.tuples(*(st.integers(0, size - 1) for size in sizes))
    household = st.just(NO_HOUSEHOLD) | st.integers(0, people // 2)
    pool = Pool(
        ids=tuple(f"person {row:02d}" for row in range(people)),
        features=tuple(
            Feature(f"feature {f}", tuple(f"category {c}" for c in range(size)))
            for f, size in enumerate(sizes)
        ),
        membership=np.array(
            draw(st.lists(rows, min_size=people, max_size=people)), dtype=np.int32
        ).reshape(people, len(sizes)),
        households=np.array(
            draw(st.lists(household, min_size=people, max_size=people)), dtype=np.int32
        ),
    )
    order = draw(st.permutations(range(people)))
    homes: set[int] = set()
    apart = []  # in that order, whoever lives with nobody taken before
    for row in order:
        home = int(pool.households[row])
        if home not in homes:
            apart.append(row)
        homes |= {home} - {NO_HOUSEHOLD}
    panel = tuple(sorted(apart[: draw(st.integers(1, len(apart)))]))
    margin = st.integers(0, slack)
    quotas = Quotas(
        len(panel),
        tuple(
            Quota(feature, category, max(0, int(count) - draw(margin)), int(count) + draw(margin))
            for (feature, category), count in zip(pool.categories, pool.counts(panel), strict=True)
        ),
    )
    return HiddenPanel(pool, quotas, panel)


def is_panel(pool: Pool, quotas: Quotas, rows: tuple[int, ...]) -> bool:
    """Tell, straight from the definition, whether some rows are a panel."""
    homes = [int(pool.households[row]) for row in rows if pool.households[row] != NO_HOUSEHOLD]
    held = [pool.profile(row) for row in rows]
    names = [feature.name for feature in pool.features]
    return (
        len(rows) == len(set(rows)) == quotas.size
        and len(homes) == len(set(homes))
        and all(
            q.lower
            <= sum(profile[names.index(q.feature)] == q.category for profile in held)
            <= q.upper
            for q in quotas.quotas
        )
    )
