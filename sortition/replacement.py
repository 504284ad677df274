"""Replacement: a small fair draw, recorded like the first one, fills the empty seats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sortition.bundle import Bundle, freeze
from sortition.drawing import DrawRecord, draw
from sortition.drawn_number import DrawInputs
from sortition.errors import BundleError, QuotasInfeasibleError
from sortition.progress import SILENT, Progress
from sortition.randomness import NumberPlan, RandomnessPlan, TextPlan
from sortition.solving import Solution, solve
from sortition.succession import Succession, read_succession
from sortition.vacancies import Vacancies, vacancies_in

ALTERNATES = "alternates"
POOL = "pool"


@dataclass(frozen=True)
class Replacement:
    """One replacement, frozen and, if its randomness was given, drawn.

    ``source`` says among whom: "alternates" or "pool". ``record`` is None until the
    bundle is drawn.
    """

    bundle: Bundle
    source: str
    record: DrawRecord | None


def replace(
    path: Path,
    left: Iterable[str],
    *,
    seed: str | None = None,
    randomness_plan: RandomnessPlan | None = None,
    unavailable: Iterable[str] = (),
    may_return: bool = False,
    panels: int | None = None,
    drawn_at: str | None = None,
    officers: Sequence[str] = (),
    progress: Progress = SILENT,
) -> Replacement:
    """Freeze the replacement of those who left as a draw of its own, and draw it if told.

    The lottery is leximin among the alternates of the draw if they can fill the seats,
    else among all respondents who may come. It is frozen in ``path``/replacements/n, under
    the tokens of the draw it mends. With ``seed`` it is drawn at once, by that text; a
    replacement cut off between the two is then taken up where it stood. Without, it waits
    for the randomness announced by ``randomness_plan`` (a number drawn by hand by default).

    Raise as ``find_vacancies`` does, and ``QuotasInfeasibleError`` when nobody can fill
    the seats: ``find_vacancies`` then gives the respondents and the quotas in which to
    find the conflict. Nothing is written in either case.
    """
    if seed is not None and randomness_plan is not None:
        raise ValueError("a seed draws at once: it needs no plan")
    members, absent = list(left), list(unavailable)
    succession = read_succession(path)
    pending = succession.pending
    if pending is None or not _is_same(pending, succession, members, absent, seed):
        succession.refuse_pending()
        vacancies = vacancies_in(succession, members, absent, may_return=may_return)
        plan = (randomness_plan or NumberPlan()) if seed is None else TextPlan()
        pending = _freeze(vacancies, plan, panels, progress)
    record = None
    if seed is not None:
        inputs = DrawInputs(text=seed)
        record = draw(pending.path, inputs, drawn_at=drawn_at, officers=officers)
    return Replacement(pending, str(pending.manifest["parent"]["from"]), record)


def _freeze(
    vacancies: Vacancies, plan: RandomnessPlan, panels: int | None, progress: Progress
) -> Bundle:
    succession = vacancies.succession
    root, number = succession.root, len(succession.replacements) + 1
    solution, source = _solve(vacancies, panels, progress)
    return freeze(
        solution,
        succession.folder(number),
        title=f"{root.manifest['title']}, replacement {number}",
        randomness_plan=plan.as_json(),
        secret=_secret(root),
        tokens=root.tokens_of(solution.pool),
        parent=vacancies.as_parent(source),
    )


def _solve(vacancies: Vacancies, panels: int | None, progress: Progress) -> tuple[Solution, str]:
    """Solve among the alternates, else among all; return with the solution which it was."""
    quotas = vacancies.quotas
    if len(vacancies.alternates) >= quotas.size:
        try:
            solution = solve(vacancies.alternates, quotas, panels=panels, progress=progress)
        except QuotasInfeasibleError:
            pass
        else:
            return solution, ALTERNATES
    if len(vacancies.respondents) < quotas.size:
        raise QuotasInfeasibleError
    return solve(vacancies.respondents, quotas, panels=panels, progress=progress), POOL


def _is_same(
    pending: Bundle,
    succession: Succession,
    left: list[str],
    unavailable: list[str],
    seed: str | None,
) -> bool:
    """Tell whether a pending replacement is the one now asked for, to be drawn by a text."""
    token_of = {name: token for token, name in succession.root.respondents().items()}
    parent = pending.manifest["parent"]
    return (
        seed is not None
        and pending.manifest["randomness"] == TextPlan().as_json()
        and parent["left"] == sorted(token_of.get(name, "") for name in left)
        and parent["unavailable"] == sorted(token_of.get(name, "") for name in unavailable)
    )


def _secret(root: Bundle) -> bytes:
    path = root.path / "private" / "secret.key"
    try:
        return bytes.fromhex(path.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise BundleError(f"{path} cannot be read: {error}") from error
