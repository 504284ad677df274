"""The linear programme of one leximin level, kept warm from level to level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from sortition.profiles import Profiles
from sortition.quotas import Quotas

_PARAMETERS = (
    "primal_feasibility_tolerance:1e-10 dual_feasibility_tolerance:1e-10 use_preprocessing:false"
)
PRICING_TOLERANCE = 1e-9  # above GLOP's own tolerance, far below any weight that matters
ROW_TOLERANCE = 1e-9  # a chance above 1 by less is rounding
SLACK_TOLERANCE = 1e-7  # seats missing in all: beyond it the quotas contradict each other
ROUNDING = 5e-9  # seats by which the rounding of the chances held may make rows disagree
FIRST_PENALTY = 1e4  # rarely below a dual; where it is, the slack left shows it
PENALTY_STEP = 100.0
LARGEST_PENALTY = 1e8
COLUMNS_PER_ROW = 4  # first columns offered, and half as many at each pricing


@dataclass(frozen=True)
class Optimum:
    """The highest floor, and the duals that prove it (per unit of chance, for one person).

    ``weights``: T reduced costs per respondent of a profile: positive where the floor binds.
    """

    floor: float
    weights: NDArray[np.float64]
    quota_duals: NDArray[np.float64]
    size_dual: float
    household_duals: Mapping[int, float]


class FloorProgramme:
    """``maximise λ`` over the free profiles, the others held at their chance.

    The rows are elastic: a slack that costs more than it can bring keeps every warm start
    feasible, also when the rounding of the chances held makes rows miss one another by
    some 1e-10 seats. Slack that remains at the largest penalty means empty quotas.
    """

    def __init__(self, profiles: Profiles, quotas: Quotas, free: NDArray[np.bool_]) -> None:
        self._profiles = profiles
        self._lower = np.append(quotas.lower, quotas.size).astype(float)
        self._upper = np.append(quotas.upper, quotas.size).astype(float)
        self._people = 1.0  # λ is scaled by the people left free, so that duals stay near 1
        width = len(self._lower)
        self._codes = np.hstack(
            [profiles.codes, np.full((len(profiles), 1), width - 1, dtype=profiles.codes.dtype)]
        )
        self._penalty = FIRST_PENALTY
        self._build(_spread(profiles, free, COLUMNS_PER_ROW * width), caps=(), homes=())

    def _build(self, profiles: Iterable[int], caps: Iterable[int], homes: Iterable[int]) -> None:
        """Make a cold programme with these columns, caps and household rows."""
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetSolverSpecificParametersAsString(_PARAMETERS)
        self._infinity = self._solver.infinity()
        self._rows = [self._solver.Constraint(0.0, 0.0) for _ in self._lower]
        self._floor = self._solver.NumVar(0.0, self._infinity, "floor")
        self._slacks = [self._slack(row, sign) for row in self._rows for sign in (1.0, -1.0)]
        self._solver.Objective().SetCoefficient(self._floor, 1.0)
        self._solver.Objective().SetMaximization()
        self._set_penalty(self._penalty)
        self._columns: dict[int, pywraplp.Variable] = {}
        self._caps: dict[int, pywraplp.Constraint] = {}
        self._homes: dict[int, pywraplp.Constraint] = {}
        for profile in profiles:
            self._add_column(profile)
        for profile in caps:
            self._add_cap(profile)
        for home in homes:
            self._add_home(home)

    def raise_floor(self, free: NDArray[np.bool_], chances: NDArray[np.float64]) -> Optimum | None:
        """Return the optimum with ``chances`` (T) held where not ``free``; None if impossible."""
        self._people = float(self._profiles.count[free].sum())
        self._set_right_hand_sides(free, chances)
        while True:
            self._seek(free, chances)
            if sum(slack.solution_value() for slack in self._slacks) <= SLACK_TOLERANCE:
                return self._optimum()
            if self._penalty >= LARGEST_PENALTY:
                return None
            self._set_penalty(self._penalty * PENALTY_STEP)

    def _set_penalty(self, penalty: float) -> None:
        """Price a seat of slack, in units of λ·people: exact once above every dual."""
        self._penalty = penalty
        for slack in self._slacks:
            self._solver.Objective().SetCoefficient(slack, -penalty)

    def _slack(self, row: pywraplp.Constraint, sign: float) -> pywraplp.Variable:
        slack = self._solver.NumVar(0.0, self._infinity, "")
        row.SetCoefficient(slack, sign)
        return slack

    def _set_right_hand_sides(self, free: NDArray[np.bool_], chances: NDArray[np.float64]) -> None:
        count = self._profiles.count
        width = len(self._rows)
        held = self._per_row(np.where(free, 0.0, chances * count), width)
        people = self._per_row(np.where(free, count, 0).astype(float), width)
        for position, row in enumerate(self._rows):
            row.SetCoefficient(self._floor, people[position] / self._people)
            if people[position]:
                row.SetBounds(
                    self._lower[position] - held[position] - ROUNDING,
                    self._upper[position] - held[position] + ROUNDING,
                )
            else:  # nobody is left to move: what remains is the rounding of those held
                row.SetBounds(-self._infinity, self._infinity)
        for profile, column in self._columns.items():
            column.SetBounds(0.0, self._infinity if free[profile] else 0.0)
        for profile, cap in self._caps.items():
            self._write_cap(cap, profile, held=not free[profile])
        for home, row in self._homes.items():
            self._write_home(row, home, free, chances)

    def _per_row(self, amounts: NDArray[np.float64], width: int) -> NDArray[np.float64]:
        spread = np.repeat(amounts, self._codes.shape[1])
        sums = np.bincount(self._codes.ravel(), weights=spread, minlength=width)
        return sums.astype(np.float64)

    def _seek(self, free: NDArray[np.bool_], chances: NDArray[np.float64]) -> None:
        """Solve, pricing columns in and adding violated rows until nothing changes."""
        while True:
            status = self._solver.Solve()
            if status == pywraplp.Solver.ABNORMAL:  # a warm start lost its precision
                self._build(list(self._columns), list(self._caps), list(self._homes))
                self._set_right_hand_sides(free, chances)
                status = self._solver.Solve()
            if status != pywraplp.Solver.OPTIMAL:
                raise ArithmeticError(f"GLOP stopped with status {status}")
            if not (self._price_columns(free) or self._add_violated_rows(free, chances)):
                return

    def _reduced_costs(self) -> NDArray[np.float64]:
        """Return the reduced cost of s_t for each profile: its weight, per respondent."""
        duals = np.array([row.dual_value() for row in self._rows])
        costs: NDArray[np.float64] = duals[self._codes].sum(axis=1)
        for profile, cap in self._caps.items():
            costs[profile] += cap.dual_value()
        for home, row in self._homes.items():
            per_person = row.dual_value() / self._profiles.household_rows[home].count
            costs[self._profiles.household_of == home] += per_person
        return costs

    def _price_columns(self, free: NDArray[np.bool_]) -> bool:
        costs = self._reduced_costs()
        helpful = free & (costs < -PRICING_TOLERANCE)
        helpful[list(self._columns)] = False
        candidates = np.flatnonzero(helpful)
        if not len(candidates):
            return False
        limit = COLUMNS_PER_ROW * len(self._rows) // 2
        for profile in candidates[np.argsort(costs[candidates], kind="stable")][:limit]:
            self._add_column(int(profile))
        return True

    def _add_column(self, profile: int) -> None:
        column = self._solver.NumVar(0.0, self._infinity, "")
        for code in self._codes[profile]:
            self._rows[code].SetCoefficient(column, 1.0)
        home = int(self._profiles.household_of[profile])
        if home in self._homes:
            self._homes[home].SetCoefficient(column, 1.0 / self._homes_count(home))
        self._columns[profile] = column

    def _homes_count(self, home: int) -> float:
        return float(self._profiles.household_rows[home].count)

    def _add_violated_rows(self, free: NDArray[np.bool_], chances: NDArray[np.float64]) -> bool:
        floor = self._floor.solution_value() / self._people
        current = np.where(free, floor, chances)
        for profile, column in self._columns.items():
            if free[profile]:
                current[profile] += column.solution_value() / self._profiles.count[profile]
        too_likely = np.flatnonzero(free & (current > 1 + ROW_TOLERANCE))
        new_caps = [int(t) for t in too_likely if int(t) not in self._caps]
        for profile in new_caps:
            self._add_cap(profile)
            self._write_cap(self._caps[profile], profile, held=False)
        new_homes = [
            home
            for home, household in enumerate(self._profiles.household_rows)
            if home not in self._homes
            and sum(many * current[t] for t, many in household.members) > 1 + ROW_TOLERANCE
        ]
        for home in new_homes:
            self._add_home(home)
            self._write_home(self._homes[home], home, free, chances)
        return bool(new_caps or new_homes)

    def _write_cap(self, cap: pywraplp.Constraint, profile: int, *, held: bool) -> None:
        people = float(self._profiles.count[profile])
        cap.SetCoefficient(self._floor, 0.0 if held else people / self._people)
        cap.SetBounds(-self._infinity, self._infinity if held else people)

    def _add_cap(self, profile: int) -> None:
        cap = self._solver.Constraint(-self._infinity, self._infinity)
        if profile not in self._columns:
            self._add_column(profile)
        cap.SetCoefficient(self._columns[profile], 1.0)
        self._caps[profile] = cap

    def _add_home(self, home: int) -> None:
        row = self._solver.Constraint(-self._infinity, self._infinity)
        for profile, _ in self._profiles.household_rows[home].members:
            if profile in self._columns:
                row.SetCoefficient(self._columns[profile], 1.0 / self._homes_count(home))
        self._homes[home] = row

    def _write_home(
        self,
        row: pywraplp.Constraint,
        home: int,
        free: NDArray[np.bool_],
        chances: NDArray[np.float64],
    ) -> None:
        members = self._profiles.household_rows[home].members
        held = sum(many * chances[t] for t, many in members if not free[t])
        people = sum(many for t, many in members if free[t])
        row.SetCoefficient(self._floor, people / self._people)
        row.SetBounds(-self._infinity, 1.0 - held + ROUNDING if people else self._infinity)

    def _optimum(self) -> Optimum:
        duals = np.array([row.dual_value() for row in self._rows])
        return Optimum(
            floor=self._floor.solution_value() / self._people,
            weights=self._reduced_costs(),
            quota_duals=duals[:-1],
            size_dual=float(duals[-1]),
            household_duals={
                home: row.dual_value() / self._homes_count(home)
                for home, row in self._homes.items()
            },
        )


def _spread(profiles: Profiles, free: NDArray[np.bool_], limit: int) -> list[int]:
    """Return free profiles spread evenly over the sorted list, as first columns."""
    rows = np.flatnonzero(free)
    if len(rows) <= limit:
        return [int(row) for row in rows]
    return [int(row) for row in rows[np.linspace(0, len(rows) - 1, limit).astype(int)]]
