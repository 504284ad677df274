"""From panels with weights to M numbered panels: the lottery where seats resist cutting.

Each panel of the distribution is taken ⌊M·w⌋ times; the few that remain are chosen by
CP-SAT among all panels known, so that the seats of each profile stay as close as possible
to M times its chance. The largest error is stated with the result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from sortition.column_generation import PanelDistribution
from sortition.items import Items, seat_members
from sortition.lottery import seeded_order
from sortition.panel_problem import is_solved, quick_solver, seats_found
from sortition.pool import NO_HOUSEHOLD, Pool
from sortition.profiles import Profiles

EFFORT = 20.0  # deterministic time for the panels that remain
FINE = 1_000  # fractions of a seat told apart when errors are compared


def round_distribution(
    pool: Pool,
    profiles: Profiles,
    items: Items,
    distribution: PanelDistribution,
    *,
    panels: int,
    seed: str,
) -> NDArray[np.int32]:
    """Return M × k sorted respondent rows close to a distribution of panels."""
    copies = whole_copies(distribution, profiles, panels)
    vectors = np.repeat(distribution.panels, copies, axis=0)
    order = seeded_order(seed, len(pool))
    vectors = vectors[np.argsort(seeded_order(f"{seed}|numbering", panels))]
    return seat_members(_as_items(vectors, profiles, items, order), items, order)


def whole_copies(
    distribution: PanelDistribution, profiles: Profiles, panels: int
) -> NDArray[np.int64]:
    """Return how many of the M panels are copies of each panel known (length J)."""
    exact = panels * distribution.weights
    base = np.floor(exact + 1e-9).astype(np.int64)
    spare = panels - int(base.sum())
    if spare == 0:
        return base
    owed = panels * distribution.chances * profiles.count - base @ distribution.panels
    model = cp_model.CpModel()
    extra = [model.new_int_var(0, spare, "") for _ in base]
    model.add(cp_model.LinearExpr.sum(extra) == spare)
    worst = model.new_int_var(0, FINE * panels, "")
    total = []
    for profile in range(len(profiles)):
        seats = [int(x) * FINE for x in distribution.panels[:, profile]]
        target = round(float(owed[profile]) * FINE)
        missing = model.new_int_var(0, FINE * panels * int(profiles.count[profile]), "")
        given = cp_model.LinearExpr.weighted_sum(extra, seats)
        model.add(missing >= given - target)
        model.add(missing >= target - given)
        model.add(worst >= missing)
        total.append(missing)
    model.minimize(worst * len(profiles) + cp_model.LinearExpr.sum(total))
    for variable, start in zip(extra, _largest_remainders(exact - base, spare), strict=True):
        model.add_hint(variable, int(start))
    solver = quick_solver(EFFORT, presolve=True)
    if not is_solved(solver.solve(model)):
        raise AssertionError("any choice of panels is a solution")
    return base + seats_found(solver, extra)


def _largest_remainders(remainders: NDArray[np.float64], spare: int) -> NDArray[np.int64]:
    extra = np.zeros(len(remainders), dtype=np.int64)
    extra[np.argsort(-remainders, kind="stable")[:spare]] = 1
    extra[0] += spare - extra.sum()
    return extra


def _as_items(
    vectors: NDArray[np.int64], profiles: Profiles, items: Items, order: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Turn seats per profile (M × T) into items per seat (M × k).

    People who share an address are items of their own: those seated least so far go
    first, one per household; every household has somebody of each of its profiles.
    """
    item_of = np.full(len(profiles), -1, dtype=np.int32)
    for item, members in enumerate(np.split(items.members, items.start[1:-1])):
        if items.homes[item] == NO_HOUSEHOLD:
            item_of[_profile_of(profiles, members)] = item
    seated = np.zeros(len(items.homes), dtype=np.int64)
    rows = []
    for vector in vectors:
        row: list[int] = []
        homes: set[int] = set()
        for profile in np.flatnonzero(vector):
            if item_of[profile] >= 0:
                row += [int(item_of[profile])] * int(vector[profile])
                continue
            own = [int(items.of_respondent[member]) for member in profiles.members(int(profile))]
            own.sort(key=lambda item: (seated[item], order[items.members[items.start[item]]]))
            for item in own:
                if vector[profile] and int(items.homes[item]) not in homes:
                    homes.add(int(items.homes[item]))
                    row.append(item)
                    seated[item] += 1
                    vector[profile] -= 1
        rows.append(row)
    return np.array(rows, dtype=np.int32)


def _profile_of(profiles: Profiles, members: NDArray[np.int32]) -> int:
    return int(profiles.of_respondent[members[0]])
