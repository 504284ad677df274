"""Whether a panel exists, who could sit on it, and what could give way: as data and in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sortition.cli.terminal import bars, many, show_problems, speak
from sortition.errors import InputError
from sortition.pool import Pool
from sortition.problems import Problem
from sortition.quotas import Quotas

if TYPE_CHECKING:
    from sortition.files import DrawInput
    from sortition.shutouts import Shutout

NAMED = 10  # people named in the terminal; --json and witness/ name them all


def read_inputs(
    features: Path, people: Path, size: int, **given: Any
) -> tuple[DrawInput, Sequence[Problem]]:
    """Read the files of a draw, and the problems found by adding quotas up.

    These problems leave a pool and quotas to reason about; any other raises ``InputError``
    with all of them, sums included.
    """
    from sortition.files import read_problem

    try:
        return read_problem(features, people, size, **given), ()
    except InputError as error:
        try:
            read = read_problem(features, people, size, check_arithmetic=False, **given)
        except InputError:
            raise error from None  # the second reading leaves sums out
        return read, error.problems


def judge(pool: Pool, quotas: Quotas) -> dict[str, Any]:
    """Tell whether a panel exists; if not, the conflict and the relaxations, as plain values."""
    from sortition.leximin import find_leximin
    from sortition.panel_problem import PanelProblem
    from sortition.shutouts import find_shutouts

    facts: dict[str, Any] = {"pool": len(pool), "panel_size": quotas.size}
    with bars() as progress:
        if PanelProblem(pool, quotas).find_seats() is None:
            progress.start("Looking for what could give way", None)
            return {**facts, "feasible": False, **_what_gives_way(pool, quotas)}
        chances = find_leximin(pool, quotas, progress=progress)
        suspects = (chances.numerators == 0).nonzero()[0].tolist()
        shut_out = find_shutouts(pool, quotas, suspects)
    return {**facts, "feasible": True, "bound": float(chances.bound), **named(pool, shut_out)}


def named(pool: Pool, shut_out: Iterable[Shutout]) -> dict[str, Any]:
    """Name the people no panel can contain, and say why, as plain values."""
    reasons = {pool.ids[person.respondent]: person.reason for person in shut_out}
    return {"excluded_by_quotas": list(reasons), "excluded_reasons": reasons}


def _what_gives_way(pool: Pool, quotas: Quotas) -> dict[str, Any]:
    from sortition.feasibility import find_conflict
    from sortition.leximin import find_leximin
    from sortition.relaxations import propose_relaxations

    def smallest(pool: Pool, quotas: Quotas) -> Fraction:
        return find_leximin(pool, quotas, first_level_only=True).levels[0].bound

    conflict = find_conflict(pool, quotas)
    assert conflict is not None  # noqa: S101 - CP-SAT has just proved that there is no panel
    return {
        "conflict": {
            "message": conflict.message,
            "smallest": conflict.smallest,
            "quotas": [
                {"feature": s.feature, "category": s.category, "side": s.side, "bound": s.bound}
                for s in conflict.sides
            ],
        },
        "relaxations": [
            {
                "message": p.message,
                "seats_moved": p.seats_moved,
                "quotas_touched": p.quotas_touched,
                "largest_change": p.largest_change,
                "best_at": list(p.best_at),
                "drops_households": p.drops_households,
                "min_probability": None if p.min_probability is None else float(p.min_probability),
                "changes": [
                    {
                        "feature": c.feature,
                        "category": c.category,
                        "side": c.side,
                        "before": c.before,
                        "after": c.after,
                    }
                    for c in p.changes
                ],
            }
            for p in propose_relaxations(pool, quotas, evaluate=smallest)
        ],
    }


def show_refusal(problems: Sequence[Problem], verdict: dict[str, Any]) -> None:
    """Say why no panel meets the quotas, and what could give way, best first."""
    show_problems(problems)
    speak(verdict["conflict"]["message"])
    if verdict["relaxations"]:
        speak("\nWhat could give way, the least first:")
    for number, proposal in enumerate(verdict["relaxations"], 1):
        seats = many(proposal["seats_moved"], "seat")
        touched = many(proposal["quotas_touched"], "quota")
        speak(f"{number:3}. {seats} moved in {touched}: {_chance(proposal['min_probability'])}.")
        steps = proposal["message"].rstrip(".").split("; ")
        speak("\n".join(f"     {step[:1].upper()}{step[1:]}." for step in steps))


def _chance(smallest: float) -> str:
    if not smallest:
        return "the smallest chance is then 0, some people cannot be drawn"
    return f"the smallest chance is then {smallest:.2%} at most"


def show_shut_out(reasons: dict[str, str]) -> None:
    """Name the people no panel can contain, those of one reason together."""
    alike: dict[str, list[str]] = {}
    for respondent, reason in reasons.items():
        alike.setdefault(reason, []).append(respondent)
    for reason, people in alike.items():
        more = f" and {len(people) - NAMED} more (--json names them all)"
        listed = ", ".join(people[:NAMED]) + (more if len(people) > NAMED else "")
        speak(f"No chance for {many(len(people), 'respondent')}, {listed}: {reason}")
