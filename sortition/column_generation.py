"""Leximin over whole panels, for the rare pools whose quotas only fractions can share fairly.

The quota polytope of ``sortition.leximin`` may hold probabilities that no lottery over
panels of whole people reaches. Then, and only then, panels are generated one by one, as in
Flanigan et al. (*Nature* 596, 2021): at each level a master programme over the panels found
so far, with x_jt the seats of profile t (m_t people) in panel j::

    maximise λ
    Σ_j w_j x_jt ≥ m_t λ       (t free)        Σ_j w_j = 1,  w ≥ 0
    Σ_j w_j x_jt ≥ m_t v_t     (t fixed at an earlier level)

and a pricing problem, max Σ_t π_t x_t over all panels (π the duals), which either brings a
panel that helps or proves that none does. A profile whose dual is positive cannot rise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from sortition.panel_problem import PanelProblem
from sortition.progress import SILENT, Progress

OPTIMALITY_TOLERANCE = 1e-7  # of a chance: how much a missing panel could still bring
DUAL_TOLERANCE = 1e-6  # relative to the largest dual; below it a profile may still rise
HELD_MARGIN = 1e-7  # by which fixed chances may fall, so that rounding blocks no later level
REACH_TOLERANCE = 1e-6  # seats missing in all for a lottery to count as having the chances
MOST_COLUMNS = 20_000


@dataclass(frozen=True)
class PanelDistribution:
    """Panels with their weights, and the chance of each profile under them.

    ``panels``: J × T seats per profile; ``weights``: length J, summing to 1; ``chances``:
    length T, per respondent; ``possible``: T booleans, whether some panel seats the profile;
    ``floor_bound``: what the last pricing of the first level proved no lottery can exceed
    for the smallest chance of those possible.
    """

    panels: NDArray[np.int64]
    weights: NDArray[np.float64]
    chances: NDArray[np.float64]
    possible: NDArray[np.bool_]
    floor_bound: float


def find_possible(
    problem: PanelProblem, panels: Iterable[NDArray[np.int64]], progress: Progress = SILENT
) -> tuple[NDArray[np.bool_], list[NDArray[np.int64]]]:
    """Return which profiles some panel seats, and panels that show it.

    A profile absent from every panel given is searched for one by one, exactly.
    """
    found = [np.asarray(panel) for panel in panels]
    count = len(problem.profiles)
    seen = np.zeros(count, dtype=bool)
    for panel in found:
        seen |= panel > 0
    missing = np.flatnonzero(~seen)
    progress.start("Who can sit in a panel", len(missing))
    for done, profile in enumerate(missing):
        if not seen[profile]:
            seats = problem.find_seats(containing=int(problem.profiles.members(int(profile))[0]))
            if seats is not None:
                found.append(seats)
                seen |= seats > 0
        progress.advance(done + 1)
    return seen, found


def reach(
    problem: PanelProblem,
    chances: NDArray[np.float64],
    panels: Iterable[NDArray[np.int64]],
    progress: Progress = SILENT,
) -> PanelDistribution | None:
    """Return a lottery with exactly these chances (T, per respondent), or None if none has.

    The seats each profile still lacks on average are priced; a panel worth at least what
    the chances themselves are worth must exist if they can be reached, and is added. When
    CP-SAT proves that there is none, the prices separate the chances from every lottery.
    """
    count = problem.profiles.count
    wanted = chances * count
    master = _ShortfallMaster(wanted, panels)
    progress.start("Panels for these chances", None)
    while len(master.columns) < MOST_COLUMNS:
        shortfall, prices = master.solve()
        progress.advance(len(master.columns))
        if shortfall <= REACH_TOLERANCE:
            weights = master.weights()
            used = np.flatnonzero(weights > 0)
            return PanelDistribution(
                panels=np.array(master.columns)[used],
                weights=weights[used] / weights[used].sum(),
                chances=chances,
                possible=np.ones(len(count), dtype=bool),
                floor_bound=float(chances.min()),
            )
        seats = problem.find_above(prices, float(prices @ wanted) - REACH_TOLERANCE / 10)
        if seats is None or not master.add(seats):
            return None
    raise ArithmeticError("column generation did not settle")


def leximin_distribution(
    problem: PanelProblem, panels: Iterable[NDArray[np.int64]], progress: Progress = SILENT
) -> PanelDistribution:
    """Return the leximin lottery over panels of whole people, panel by panel.

    ``panels`` (vectors of T seats) are where to start from. Raises ``ArithmeticError``
    should the columns run past all measure.
    """
    possible, columns = find_possible(problem, panels, progress)
    master = _Master(problem.profiles.count, possible, columns)
    free = possible.copy()
    chances = np.zeros(len(possible))
    floor_bound = 1.0
    first = True
    progress.start("Fairest lottery over whole panels", int(possible.sum()))
    while free.any():
        floor, duals, excess = _solve_level(master, problem, free, chances)
        if first:
            floor_bound, first = floor + excess, False
        newly = free & (duals > DUAL_TOLERANCE * duals[free].max())
        chances[newly] = floor
        free &= ~newly
        progress.advance(int((possible & ~free).sum()))
    weights = master.weights(free, chances)
    used = np.flatnonzero(weights > 0)
    table = np.array(master.columns)[used]
    weights = weights[used] / weights[used].sum()
    return PanelDistribution(
        panels=table,
        weights=weights,
        chances=weights @ table / problem.profiles.count,
        possible=possible,
        floor_bound=min(1.0, floor_bound),
    )


def _solve_level(
    master: _Master,
    problem: PanelProblem,
    free: NDArray[np.bool_],
    chances: NDArray[np.float64],
) -> tuple[float, NDArray[np.float64], float]:
    """Return the floor, the duals (T, of the free profiles) and what may be missing."""
    while len(master.columns) < MOST_COLUMNS:
        floor, duals, price = master.solve(free, chances)
        best = problem.maximise(duals)
        if best is None:
            raise ArithmeticError("the pricing problem lost the panels it has already shown")
        excess = float(best.bound) - price
        if excess <= OPTIMALITY_TOLERANCE or not master.add(best.seats):
            return floor, np.where(free, duals, 0.0), max(0.0, excess)
    raise ArithmeticError("column generation did not settle")


class _Master:
    """The programme over the panels found so far, rebuilt cold when GLOP loses precision."""

    def __init__(
        self,
        count: NDArray[np.int64],
        possible: NDArray[np.bool_],
        columns: Iterable[NDArray[np.int64]],
    ) -> None:
        self._count = count
        self._possible = possible
        self.columns: list[NDArray[np.int64]] = []
        self._known: set[bytes] = set()
        self._build()
        for column in columns:
            self.add(column)

    def add(self, seats: NDArray[np.int64]) -> bool:
        """Add a panel; False when it is there already."""
        key = np.asarray(seats, dtype=np.int64).tobytes()
        if key in self._known:
            return False
        self._known.add(key)
        self.columns.append(np.asarray(seats, dtype=np.int64))
        self._add_variable(self.columns[-1])
        return True

    def solve(
        self, free: NDArray[np.bool_], chances: NDArray[np.float64]
    ) -> tuple[float, NDArray[np.float64], float]:
        """Return the floor λ, the duals π (T, ≥ 0) and the price of a panel, μ."""
        self._optimise(free, chances)
        duals = np.array([row.dual_value() if row is not None else 0.0 for row in self._rows])
        duals = np.maximum(0.0, -duals)
        return self._floor.solution_value(), duals, self._one.dual_value()

    def weights(self, free: NDArray[np.bool_], chances: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weight of each panel once every profile is fixed (length J)."""
        self._optimise(free, chances)
        return np.array([max(0.0, variable.solution_value()) for variable in self._variables])

    def _optimise(self, free: NDArray[np.bool_], chances: NDArray[np.float64]) -> None:
        self._set_rows(free, chances)
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            self._build()
            for column in self.columns:
                self._add_variable(column)
            self._set_rows(free, chances)
            status = self._solver.Solve()
            if status != pywraplp.Solver.OPTIMAL:
                raise ArithmeticError(f"GLOP stopped with status {status}")

    def _build(self) -> None:
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        infinity = self._solver.infinity()
        # No chance exceeds 1: a bound of 1 would bind, and take the duals that say who is fixed.
        self._floor = self._solver.NumVar(0.0, 2.0, "")
        self._one = self._solver.Constraint(1.0, 1.0)
        self._rows = [
            self._solver.Constraint(0.0, infinity) if possible else None
            for possible in self._possible
        ]
        self._variables: list[pywraplp.Variable] = []
        self._solver.Objective().SetCoefficient(self._floor, 1.0)
        self._solver.Objective().SetMaximization()

    def _add_variable(self, seats: NDArray[np.int64]) -> None:
        variable = self._solver.NumVar(0.0, self._solver.infinity(), "")
        self._one.SetCoefficient(variable, 1.0)
        for profile in np.flatnonzero(seats):
            row = self._rows[profile]
            if row is not None:
                row.SetCoefficient(variable, float(seats[profile]))
        self._variables.append(variable)

    def _set_rows(self, free: NDArray[np.bool_], chances: NDArray[np.float64]) -> None:
        for profile, row in enumerate(self._rows):
            if row is None:
                continue
            people = float(self._count[profile])
            row.SetCoefficient(self._floor, -people if free[profile] else 0.0)
            held = max(0.0, people * (float(chances[profile]) - HELD_MARGIN))
            row.SetLb(0.0 if free[profile] else held)


class _ShortfallMaster:
    """Minimise the seats that profiles lack on average, over the panels found so far."""

    def __init__(self, wanted: NDArray[np.float64], panels: Iterable[NDArray[np.int64]]) -> None:
        self._wanted = wanted
        self.columns: list[NDArray[np.int64]] = []
        self._known: set[bytes] = set()
        self._build()
        for panel in panels:
            self.add(panel)

    def add(self, seats: NDArray[np.int64]) -> bool:
        """Add a panel; False when it is there already."""
        key = np.asarray(seats, dtype=np.int64).tobytes()
        if key in self._known:
            return False
        self._known.add(key)
        self.columns.append(np.asarray(seats, dtype=np.int64))
        self._add_variable(self.columns[-1])
        return True

    def solve(self) -> tuple[float, NDArray[np.float64]]:
        """Return the seats lacking in all, and the price of a seat of each profile (≥ 0)."""
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            self._build()
            for column in self.columns:
                self._add_variable(column)
            status = self._solver.Solve()
            if status != pywraplp.Solver.OPTIMAL:
                raise ArithmeticError(f"GLOP stopped with status {status}")
        prices = np.array([row.dual_value() for row in self._rows])
        return self._solver.Objective().Value(), np.maximum(0.0, prices)

    def weights(self) -> NDArray[np.float64]:
        """Return the weight of each panel (length J)."""
        return np.array([max(0.0, variable.solution_value()) for variable in self._variables])

    def _build(self) -> None:
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        infinity = self._solver.infinity()
        self._most = self._solver.Constraint(0.0, 1.0)
        self._rows = [self._solver.Constraint(float(seats), infinity) for seats in self._wanted]
        self._variables: list[pywraplp.Variable] = []
        for row in self._rows:
            lacking = self._solver.NumVar(0.0, infinity, "")
            row.SetCoefficient(lacking, 1.0)
            self._solver.Objective().SetCoefficient(lacking, 1.0)
        self._solver.Objective().SetMinimization()

    def _add_variable(self, seats: NDArray[np.int64]) -> None:
        variable = self._solver.NumVar(0.0, self._solver.infinity(), "")
        self._most.SetCoefficient(variable, 1.0)
        for profile in np.flatnonzero(seats):
            self._rows[profile].SetCoefficient(variable, float(seats[profile]))
        self._variables.append(variable)
