"""Smallest sets that meet every set of a family, and irreducible parts of a conflict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from ortools.sat.python import cp_model

from sortition.panel_problem import EFFORT, is_solved, quick_solver


def smallest_hitting_set(
    family: Iterable[Collection[int]], allowed: Collection[int] | None = None
) -> frozenset[int] | None:
    """Return a set of fewest numbers that meets every set of the family, or None.

    ``allowed`` restricts the numbers it may use. The empty family is met by the empty set.
    """
    model = cp_model.CpModel()
    chosen: dict[int, cp_model.IntVar] = {}
    for members in family:
        usable = sorted(m for m in members if allowed is None or m in allowed)
        if not usable:
            return None
        for number in usable:
            if number not in chosen:
                chosen[number] = model.new_bool_var("")
        model.add_bool_or([chosen[number] for number in usable])
    if not chosen:
        return frozenset()
    model.minimize(cp_model.LinearExpr.sum(list(chosen.values())))
    solver = quick_solver(EFFORT, presolve=True)
    if not is_solved(solver.solve(model)):
        raise AssertionError("a family of non-empty sets can always be met")
    return frozenset(n for n, variable in chosen.items() if solver.value(variable))


def shrink(conflict: Collection[int], holds: Callable[[Collection[int]], bool]) -> frozenset[int]:
    """Return a part of a conflict of which no member can be spared.

    ``holds`` tells whether a set can hold together; the conflict given cannot. Blocks are
    dropped first, each half as long as the one before, then members one by one.
    """
    kept = sorted(conflict)
    block = max(len(kept) // 2, 1)
    while kept:
        position = 0
        while position < len(kept):
            without = kept[:position] + kept[position + block :]
            if holds(without):
                position += block
            else:
                kept = without
        if block == 1:
            break
        block //= 2
    return frozenset(kept)
