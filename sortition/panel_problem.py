"""The integer programme of a panel that meets the quotas, built once and re-priced many times."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from sortition.pool import NO_HOUSEHOLD, Pool
from sortition.profiles import HouseholdProfile, Profiles, group_profiles
from sortition.quotas import Quotas

EFFORT = 600.0  # deterministic time of one search; questions met so far take less than 3
_WEIGHT_BITS = 30  # integer weights below 2³⁰: with 1 000 seats a sum stays far below 2⁵³


@dataclass(frozen=True)
class PricedPanel:
    """The best panel found under some weights, and what no panel can exceed.

    ``seats`` (length T) counts the members taken from each profile. ``value`` is the sum
    of the weights over the panel, ``bound`` a proved upper bound on that sum over all
    panels; both are exact for the weights given. They are equal up to the rounding of the
    weights (relative 2⁻³⁰) unless the effort ran out.
    """

    seats: NDArray[np.int64]
    value: Fraction
    bound: Fraction


class PanelProblem:
    """The panels of a pool under its quotas, as integer points.

    With m_t respondents in profile t (see ``group_profiles``) a panel is, up to swaps of
    people whom nothing tells apart, an integer vector x:

        Σ_t x_t = k,   0 ≤ x_t ≤ m_t
        lower_c ≤ Σ_{t in category c} x_t ≤ upper_c     for each category c
        Σ_{t in h} x_t ≤ number of households h         for each household profile h

    The last line is exact: people of household profile h can always be seated in distinct
    households, since every one of these households has somebody of each of its profiles.

    CP-SAT runs with one worker, a fixed seed and a deterministic limit: the same question
    always gets the same answer.
    """

    def __init__(
        self,
        pool: Pool,
        quotas: Quotas,
        profiles: Profiles | None = None,
        *,
        effort: float = EFFORT,
    ) -> None:
        self.pool = pool
        self.quotas = quotas
        self.profiles = group_profiles(pool) if profiles is None else profiles
        self._effort = effort
        self._model = cp_model.CpModel()
        self._seats = add_seats(self._model, self.profiles, quotas.size)
        for code, total in enumerate(category_totals(self._seats, self.profiles, quotas)):
            low, high = int(quotas.lower[code]), int(quotas.upper[code])
            self._model.add_linear_constraint(total, low, high)

    def find(self, *, containing: int | None = None) -> NDArray[np.int32] | None:
        """Return the sorted rows of a panel, or None when there is none.

        ``containing`` names a row that must be in it.
        """
        seats = self.find_seats(containing=containing)
        return None if seats is None else self.rows_of(seats, containing=containing)

    def find_seats(self, *, containing: int | None = None) -> NDArray[np.int64] | None:
        """Return the seats per profile (length T) of a panel, or None when there is none."""
        model = self._model
        model.clear_objective()  # type: ignore[no-untyped-call]  # the stub says no return type
        if containing is not None:
            model = model.clone()
            forced = self._seats[int(self.profiles.of_respondent[containing])]
            model.add(model.get_int_var_from_proto_index(forced.index) >= 1)
        solver = quick_solver(self._effort, presolve=False)
        if not is_solved(solver.solve(model)):
            return None
        return seats_found(solver, self._seats)

    def may_contain(self, respondent: int) -> bool:
        """Tell whether some panel seats this respondent (a row of the pool)."""
        return self.find_seats(containing=respondent) is not None

    def maximise(
        self, weights: Sequence[float] | NDArray[np.float64], *, effort: float | None = None
    ) -> PricedPanel | None:
        """Return a panel of largest total weight with a proved bound, or None without panel.

        ``weights`` has one entry per profile, counted once per seat. They are rounded *up*
        to integers after scaling by a power of two, so that the solver's bound, scaled
        back, bounds the true sum whatever the rounding.
        """
        weights = np.asarray(weights, dtype=np.float64)
        exponent = _WEIGHT_BITS - _exponent(weights)
        scaled = [math.ceil(math.ldexp(float(weight), exponent)) for weight in weights]
        self._model.maximize(cp_model.LinearExpr.weighted_sum(self._seats, scaled))
        solver = quick_solver(self._effort if effort is None else effort, presolve=True)
        if not is_solved(solver.solve(self._model)):
            return None
        seats = seats_found(solver, self._seats)
        chosen = np.flatnonzero(seats)
        value = sum((Fraction(float(weights[t])) * int(seats[t]) for t in chosen), Fraction(0))
        bound = Fraction(round(solver.best_objective_bound)) / Fraction(2) ** exponent
        return PricedPanel(seats, value, bound)

    def find_above(
        self, weights: Sequence[float] | NDArray[np.float64], least: float
    ) -> NDArray[np.int64] | None:
        """Return the seats (length T) of some panel of total weight ≥ ``least``, or None.

        Much faster than ``maximise`` where any good panel will do. Weights are rounded so
        that no panel good enough is missed; one found may fall short by a relative 2⁻³⁰.
        """
        weights = np.asarray(weights, dtype=np.float64)
        exponent = _WEIGHT_BITS - _exponent(weights)
        scaled = [math.ceil(math.ldexp(float(weight), exponent)) for weight in weights]
        model = self._model.clone()
        model.clear_objective()  # type: ignore[no-untyped-call]
        seats = [model.get_int_var_from_proto_index(seat.index) for seat in self._seats]
        total = cp_model.LinearExpr.weighted_sum(seats, scaled)
        model.add(total >= math.floor(math.ldexp(least, exponent)))
        solver = quick_solver(self._effort, presolve=False)
        if not is_solved(solver.solve(model)):
            return None
        return seats_found(solver, seats)

    def rows_of(
        self, seats: NDArray[np.int64], *, containing: int | None = None
    ) -> NDArray[np.int32]:
        """Return the sorted rows of one panel with these seats per profile.

        ``containing`` is seated first among its like. Otherwise people of a profile are
        taken in the order of the pool and households in that of their numbers: a lottery
        that must be fair inside a profile chooses by itself.
        """
        profiles = self.profiles
        rows: list[int] = []
        for profile in np.flatnonzero(seats).tolist():
            if profiles.household_of[profile] == NO_HOUSEHOLD:
                members = sorted(profiles.members(profile).tolist(), key=_first(containing))
                rows += members[: int(seats[profile])]
        for household in profiles.household_rows:
            rows += self._seat_households(household, seats, containing)
        return np.array(sorted(rows), dtype=np.int32)

    def _seat_households(
        self, household: HouseholdProfile, seats: NDArray[np.int64], containing: int | None
    ) -> list[int]:
        """Seat the profiles of these households, one row in a household."""
        profiles, home_of = self.profiles, self.pool.households
        own = None if containing is None else int(profiles.of_respondent[containing])
        own_home = None if containing is None else int(home_of[containing])
        homes = sorted(household.households.tolist(), key=_first(own_home))
        rows: list[int] = []
        for profile in sorted((profile for profile, _ in household.members), key=_first(own)):
            if seats[profile]:
                members = sorted(profiles.members(profile).tolist(), key=_first(containing))
                inside = {int(home_of[row]): row for row in reversed(members)}
                taken = homes[len(rows) : len(rows) + int(seats[profile])]
                rows += [inside[home] for home in taken]
        return rows


def add_seats(
    model: cp_model.CpModel, profiles: Profiles, size: int, *, households: bool = True
) -> list[cp_model.IntVar]:
    """Add to a model the seats of each profile, the panel size and the household rule."""
    seats = [model.new_int_var(0, int(count), "") for count in profiles.count]
    model.add(cp_model.LinearExpr.sum(seats) == size)
    if households:
        for row in profiles.household_rows:
            model.add(cp_model.LinearExpr.sum([seats[p] for p, _ in row.members]) <= row.count)
    return seats


def category_totals(
    seats: Sequence[cp_model.IntVar], profiles: Profiles, quotas: Quotas
) -> list[cp_model.LinearExpr]:
    """Return, for each global category code, the sum of the seats of its profiles."""
    members: list[list[cp_model.IntVar]] = [[] for _ in quotas.lower]
    for variable, codes in zip(seats, profiles.codes.tolist(), strict=True):
        for code in codes:
            members[code].append(variable)
    return [cp_model.LinearExpr.sum(variables) for variables in members]


def quick_solver(effort: float, *, presolve: bool) -> cp_model.CpSolver:
    """Return a solver that always answers the same, tuned for these small dense rows.

    Measured at n = 1 000 and 10 000: without presolve a feasible panel is found twice as
    fast; with one light round of it (no probing, no symmetry) an optimum comes in half the
    time of the defaults.
    """
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.random_seed = 1
    parameters.max_deterministic_time = effort
    parameters.cp_model_presolve = presolve
    parameters.cp_model_probing_level = 0
    parameters.symmetry_level = 0
    parameters.max_presolve_iterations = 1
    return solver


def is_solved(status: cp_model.CpSolverStatus) -> bool:
    """Tell whether a search found a panel (False: proved that there is none)."""
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return True
    if status == cp_model.INFEASIBLE:
        return False
    raise ArithmeticError("the search for a panel was stopped before it could conclude")


def seats_found(solver: cp_model.CpSolver, seats: Sequence[cp_model.IntVar]) -> NDArray[np.int64]:
    """Return the seats per profile that a solver settled on."""
    return np.array([solver.value(variable) for variable in seats], dtype=np.int64)


def _exponent(weights: NDArray[np.float64]) -> int:
    """Return e such that every weight is below 2^e in absolute value."""
    return int(np.frexp(np.abs(weights).max(initial=0.0))[1])


def _first(favourite: int | None) -> Callable[[int], tuple[bool, int]]:
    """Return a sorting key: ascending, but for one favourite ahead of all."""
    return lambda number: (number != favourite, number)
