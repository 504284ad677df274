"""Quotas that may give way: the panel that misses them by the fewest seats, within limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model

from sortition.panel_problem import (
    EFFORT,
    add_seats,
    category_totals,
    is_solved,
    quick_solver,
    seats_found,
)
from sortition.profiles import Profiles
from sortition.quotas import Quotas

SEAT_TOLERANCE = 1e-6  # above GLOP's own tolerance (1e-7), far below one seat
_CORE = 120  # profiles left free around the linear optimum: solved in some milliseconds
_CORE_EFFORT = 5.0  # deterministic time: when the core is not quick, ask the whole
_SHUFFLE = 2654435761  # spreads the profiles of equal cost over the pool, always alike


@dataclass(frozen=True)
class Concession:
    """By how many seats a panel misses each side (length 2C), and its seats per profile."""

    amounts: NDArray[np.int64]
    seats: NDArray[np.int64]

    @property
    def total(self) -> int:
        """Seats missed, over all sides."""
        return int(self.amounts.sum())


class ElasticQuotas:
    """The quotas as 2C sides, each of which may give way by some seats.

    Side s < C is the lower bound of category s, side C + c the upper bound of category c:

        minimise Σ_s w_s·d_s over integer panels x (see ``PanelProblem``) with
        Σ_{t in c} x_t + d_c ≥ lower_c,   Σ_{t in c} x_t − d_{C+c} ≤ upper_c,
        0 ≤ d_s ≤ limit_s

    One linear programme, kept warm, answers most of it. Its optimum, rounded up, bounds
    the integer one; a small CP-SAT programme around its solution nearly always reaches
    that bound, and the whole problem is solved only when it does not.

    ``containing`` is a profile of which one respondent must be seated.
    """

    def __init__(
        self,
        profiles: Profiles,
        quotas: Quotas,
        *,
        households: bool = True,
        containing: int | None = None,
    ) -> None:
        self._profiles = profiles
        self._quotas = quotas
        self._households = households
        self._containing = containing
        counts = np.bincount(
            profiles.codes.ravel(),
            weights=np.repeat(profiles.count, profiles.codes.shape[1]),
            minlength=len(quotas.lower),
        ).astype(np.int64)
        most = np.minimum(counts, quotas.size) - quotas.upper
        self.most: NDArray[np.int64] = np.maximum(np.concatenate([quotas.lower, most]), 0)
        """Length 2C: the limit at which a side no longer binds anybody."""
        self._build()

    def cheapest(self, limits: NDArray[np.int64], *, exact: bool = True) -> Concession | None:
        """Return a panel that misses the quotas by the fewest seats, within the limits.

        None when no panel keeps the limits. Without ``exact``, any panel close to the
        linear optimum will do.
        """
        point = self._solve_linear(limits, np.ones(len(limits)))
        if point is None:
            return None
        bound = math.ceil(point.objective - SEAT_TOLERANCE)
        best = self._solve_core(limits, point, bound)
        if best is not None and (best.total <= bound or not exact):
            return best
        whole = np.full(len(self._profiles), -1, dtype=np.int64)
        return self._search(limits, whole, bound, EFFORT)

    def linear_bound(self, limits: NDArray[np.int64]) -> float:
        """Return a lower bound on the seats missed within the limits; inf when impossible."""
        point = self._solve_linear(limits, np.ones(len(limits)))
        return math.inf if point is None else point.objective

    def linear_conflict(
        self, limits: NDArray[np.int64], free: NDArray[np.bool_]
    ) -> frozenset[int] | None:
        """Return sides that cannot all stay when the ``free`` ones go to their limits.

        Those are the sides of nonzero dual in the programme that makes only the others
        pay: their rows alone already force it above 0. None when fractional panels exist.
        """
        point = self._solve_linear(np.where(free, limits, self.most), np.where(free, 0.0, 1.0))
        if point is None or point.objective <= SEAT_TOLERANCE:
            return None
        weighing = np.abs(point.duals) > SEAT_TOLERANCE
        return frozenset(np.flatnonzero(weighing & ~free).tolist())

    def _build(self) -> None:
        """Write the linear programme; limits and costs come with each question."""
        quotas, profiles = self._quotas, self._profiles
        solver = pywraplp.Solver.CreateSolver("GLOP")
        infinity = solver.infinity()
        sides = [*quotas.lower.tolist(), *quotas.upper.tolist()]
        half = len(quotas.lower)
        self._slacks = [solver.NumVar(0.0, 0.0, "") for _ in sides]
        self._rows = [solver.Constraint(-infinity, infinity) for _ in sides]
        for side, row in enumerate(self._rows):
            row.SetCoefficient(self._slacks[side], 1.0 if side < half else -1.0)
            row.SetBounds(
                float(sides[side]) if side < half else -infinity,
                infinity if side < half else float(sides[side]),
            )
        size = solver.Constraint(float(quotas.size), float(quotas.size))
        self._columns = []
        for profile, codes in enumerate(profiles.codes.tolist()):
            least = 1.0 if profile == self._containing else 0.0
            column = solver.NumVar(least, float(profiles.count[profile]), "")
            size.SetCoefficient(column, 1.0)
            for code in codes:
                self._rows[code].SetCoefficient(column, 1.0)
                self._rows[half + code].SetCoefficient(column, 1.0)
            self._columns.append(column)
        for home in profiles.household_rows if self._households else ():
            row = solver.Constraint(-infinity, float(home.count))
            for profile, _ in home.members:
                row.SetCoefficient(self._columns[profile], 1.0)
        solver.Objective().SetMinimization()
        self._linear = solver

    def _solve_linear(self, limits: NDArray[np.int64], costs: NDArray[np.float64]) -> _Point | None:
        objective = self._linear.Objective()
        for slack, limit, cost in zip(self._slacks, limits.tolist(), costs.tolist(), strict=True):
            slack.SetUb(float(limit))
            objective.SetCoefficient(slack, cost)
        status = self._linear.Solve()
        if status == pywraplp.Solver.INFEASIBLE:
            return None
        if status != pywraplp.Solver.OPTIMAL:
            raise ArithmeticError(f"GLOP stopped with status {status}")
        return _Point(
            objective=float(objective.Value()),
            seats=np.array([column.solution_value() for column in self._columns]),
            costs=np.array([column.reduced_cost() for column in self._columns]),
            duals=np.array([row.dual_value() for row in self._rows]),
        )

    def _solve_core(
        self, limits: NDArray[np.int64], point: _Point, bound: int
    ) -> Concession | None:
        """Solve with all profiles held at the linear optimum but the fractional and a few more."""
        whole = np.abs(point.seats - np.round(point.seats)) <= SEAT_TOLERANCE
        spread = (np.arange(len(whole)) * _SHUFFLE) % 2**32
        order = np.lexsort((spread, np.round(np.abs(point.costs), 6), whole))
        held = np.ones(len(whole), dtype=bool)
        held[order[: _CORE + int((~whole).sum())]] = False
        if self._containing is not None:
            held[self._containing] = False
        seats = np.where(held, np.round(point.seats), -1).astype(np.int64)
        return self._search(limits, seats, bound, _CORE_EFFORT)

    def _search(
        self, limits: NDArray[np.int64], held: NDArray[np.int64], bound: int, effort: float
    ) -> Concession | None:
        """Find the best integer panel; ``held`` gives seats to keep, -1 where free.

        ``bound`` is known to hold: reaching it ends the search.
        """
        model = cp_model.CpModel()
        seats = add_seats(model, self._profiles, self._quotas.size, households=self._households)
        for profile in np.flatnonzero(held >= 0).tolist():
            seats[profile].with_domain(cp_model.Domain(int(held[profile]), int(held[profile])))
        if self._containing is not None:
            model.add(seats[self._containing] >= 1)
        slacks = [model.new_int_var(0, limit, "") for limit in limits.tolist()]
        totals = category_totals(seats, self._profiles, self._quotas)
        for code, total in enumerate(totals):
            model.add(total + slacks[code] >= int(self._quotas.lower[code]))
            model.add(total - slacks[len(totals) + code] <= int(self._quotas.upper[code]))
        missed = cp_model.LinearExpr.sum(slacks)
        model.add(missed >= bound)
        model.minimize(missed)
        solver = quick_solver(effort, presolve=True)
        status = solver.solve(model)
        if (status == cp_model.UNKNOWN and effort < EFFORT) or not is_solved(status):
            return None
        amounts = np.array([solver.value(slack) for slack in slacks], dtype=np.int64)
        return Concession(amounts, seats_found(solver, seats))


@dataclass(frozen=True)
class _Point:
    """An optimum of the linear programme: value, seats, reduced costs, duals of the sides."""

    objective: float
    seats: NDArray[np.float64]
    costs: NDArray[np.float64]
    duals: NDArray[np.float64]
