"""An exact answer to: is there a panel within these bounds, all other quotas set aside?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from sortition.panel_problem import EFFORT, is_solved, quick_solver
from sortition.pool import NO_HOUSEHOLD
from sortition.profiles import Profiles


@dataclass(frozen=True)
class BoundsCheck:
    """Asks for panels that keep a few bounds only, which makes the question small.

    Profiles that differ on categories without a bound are merged: with bounds on a dozen
    categories the thousands of profiles of a pool become a few dozen groups. Households
    are merged likewise, by the *set* of groups that live in them (one member at most is
    taken from each, so how many of a group live there does not matter).

    ``size`` is the panel size; ``containing`` a profile of which one must be seated.
    Bounds are given as two arrays in the order of the global category codes; a lower
    bound of 0, or an upper bound no smaller than the pool's count, is no bound.
    """

    profiles: Profiles
    size: int
    containing: int | None = None

    def holds(
        self,
        lower: NDArray[np.int64],
        upper: NDArray[np.int64],
        *,
        households: bool = True,
        sized: bool = True,
    ) -> bool:
        """Tell whether some panel keeps the bounds.

        ``households=False`` drops the rule of one member per household, ``sized=False``
        the panel size (any number of members will do).
        """
        programme = self._programme(lower, upper, households=households, sized=sized)
        solver = quick_solver(EFFORT, presolve=False)
        return is_solved(solver.solve(programme.model))

    def extreme(
        self,
        code: int,
        lower: NDArray[np.int64],
        upper: NDArray[np.int64],
        *,
        largest: bool,
        households: bool = True,
        sized: bool = True,
    ) -> int | None:
        """Return the largest (or smallest) number of members of a category that the bounds allow.

        None when no panel keeps them.
        """
        watched = np.zeros(len(lower), dtype=bool)
        watched[code] = True
        programme = self._programme(
            lower, upper, households=households, sized=sized, watched=watched
        )
        if largest:
            programme.model.maximize(programme.totals[code])
        else:
            programme.model.minimize(programme.totals[code])
        solver = quick_solver(EFFORT, presolve=True)
        return round(solver.objective_value) if is_solved(solver.solve(programme.model)) else None

    def _programme(
        self,
        lower: NDArray[np.int64],
        upper: NDArray[np.int64],
        *,
        households: bool,
        sized: bool,
        watched: NDArray[np.bool_] | None = None,
    ) -> _Programme:
        counts = np.bincount(
            self.profiles.codes.ravel(),
            weights=np.repeat(self.profiles.count, self.profiles.codes.shape[1]),
            minlength=len(lower),
        )
        bounded = (lower > 0) | (upper < counts)
        programme = _Programme(
            self.profiles, bounded if watched is None else bounded | watched, households
        )
        for code in np.flatnonzero(bounded).tolist():
            programme.model.add_linear_constraint(
                programme.totals[code], int(lower[code]), int(upper[code])
            )
        if sized:
            programme.model.add(cp_model.LinearExpr.sum(programme.seats) == self.size)
        if self.containing is not None:
            programme.model.add(programme.seats[programme.seat_of(self.containing)] >= 1)
        return programme


class _Programme:
    """Seats for each group of merged profiles, apart for each kind of household."""

    def __init__(self, profiles: Profiles, watched: NDArray[np.bool_], households: bool) -> None:
        self.model = cp_model.CpModel()
        self.seats: list[cp_model.IntVar] = []
        marks = np.where(watched[profiles.codes], profiles.codes, -1)
        self._codes, group = np.unique(marks, axis=0, return_inverse=True)
        self._group: list[int] = group.ravel().tolist()
        self._home: dict[int, frozenset[int]] = {}
        kinds: Counter[frozenset[int]] = Counter()
        outside = np.ones(len(profiles), dtype=bool)
        if households:
            outside = profiles.household_of == NO_HOUSEHOLD
            for row in profiles.household_rows:
                kind = frozenset(self._group[profile] for profile, _ in row.members)
                kinds[kind] += row.count
                self._home |= dict.fromkeys((profile for profile, _ in row.members), kind)
        alone = np.bincount(group.ravel(), weights=np.where(outside, profiles.count, 0))
        for kind in [kind for kind in kinds if len(kind) == 1]:
            # Households of one group only bind like single respondents of that group.
            alone[next(iter(kind))] += kinds.pop(kind)
        self._seat: dict[tuple[frozenset[int], int], int] = {}
        self._members: list[list[cp_model.IntVar]] = [[] for _ in watched]
        for number, most in enumerate(alone.astype(int).tolist()):
            self._add(frozenset(), number, most)
        for kind, many in kinds.items():
            variables = [self._add(kind, number, many) for number in sorted(kind)]
            self.model.add(cp_model.LinearExpr.sum(variables) <= many)
        self.totals = [cp_model.LinearExpr.sum(variables) for variables in self._members]

    def _add(self, kind: frozenset[int], group: int, most: int) -> cp_model.IntVar:
        """Add the seats of a group in one kind of household (the empty set: none)."""
        variable = self.model.new_int_var(0, most, "")
        self._seat[kind, group] = len(self.seats)
        self.seats.append(variable)
        for code in self._codes[group].tolist():
            if code >= 0:
                self._members[code].append(variable)
        return variable

    def seat_of(self, profile: int) -> int:
        """Return the position among ``seats`` of the people of a profile."""
        kind = self._home.get(profile, frozenset())
        return self._seat[kind if len(kind) > 1 else frozenset(), self._group[profile]]
