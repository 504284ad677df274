"""Vacancies: the seats that members left empty, and who may fill them under what quotas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sortition.errors import InputError
from sortition.pool import NO_HOUSEHOLD, Pool
from sortition.problems import Problem
from sortition.quotas import Quota, Quotas
from sortition.succession import Succession, read_succession


@dataclass(frozen=True)
class Vacancies:
    """The seats to fill, the quotas they must meet and the people who may fill them.

    ``left``, ``staying`` and ``unavailable`` are sorted tokens. ``alternates`` are those of
    the draw who can still come; ``respondents`` all who can, alternates or not.
    """

    succession: Succession
    left: tuple[str, ...]
    staying: tuple[str, ...]
    unavailable: tuple[str, ...]
    quotas: Quotas
    alternates: Pool
    respondents: Pool

    def as_parent(self, source: str) -> dict[str, Any]:
        """Return what the manifest of the replacement says of the draw it mends."""
        before = self.succession
        return {
            "digest": before.root.digest,
            "draw": before.draw_digests[0],
            "previous": before.draw_digests[-1] if before.replacements else None,
            "round": len(before.replacements) + 1,
            "left": list(self.left),
            "staying": list(self.staying),
            "unavailable": list(self.unavailable),
            "from": source,
        }


def remaining_quotas(pool: Pool, quotas: Quotas, staying: Sequence[int]) -> Quotas:
    """Return the quotas of the seats left to fill, ``staying`` being rows of the pool.

    A panel meets them if and only if, together with those who stay, it meets ``quotas``.
    Bounds are cut to what the empty seats can hold, which changes nothing to that. Raise
    ``ValueError`` when those who stay already exceed a quota.
    """
    counts = pool.counts(staying)
    size = quotas.size - len(staying)
    if size < 0 or (counts > quotas.upper).any():
        raise ValueError("those who stay exceed a quota already")

    def left(bound: int, held: int) -> int:
        return min(max(bound - held, 0), size)

    def left_flex(bound: int | None, held: int) -> int | None:
        return None if bound is None else left(bound, held)

    return Quotas(
        size,
        tuple(
            Quota(
                quota.feature,
                quota.category,
                max(quota.lower - held, 0),
                left(quota.upper, held),
                left_flex(quota.lower_flex, held),
                left_flex(quota.upper_flex, held),
            )
            for quota, held in zip(quotas.in_code_order, counts.tolist(), strict=True)
        ),
    )


def find_vacancies(
    path: Path,
    left: Iterable[str],
    *,
    unavailable: Iterable[str] = (),
    may_return: bool = False,
) -> Vacancies:
    """Work out what is to fill in the drawn bundle ``path`` once some members have left.

    ``left`` and ``unavailable`` are identifiers: of members, and of respondents who are
    not members but must not be drawn. Whoever left in an earlier round is not drawn
    either, unless ``may_return``. Nobody is drawn from the household of a member who
    stays. Raise ``InputError`` with every fault of the two lists, ``BundleError`` when
    the bundle is not drawn or a replacement is pending.
    """
    succession = read_succession(path)
    succession.refuse_pending()
    return vacancies_in(succession, list(left), list(unavailable), may_return=may_return)


def vacancies_in(
    succession: Succession, left: list[str], unavailable: list[str], *, may_return: bool
) -> Vacancies:
    """Do as ``find_vacancies`` in a succession already read, pending or not."""
    root = succession.root
    pool, tokens = root.pool(), root.tokens()
    row_of = {name: row for row, name in enumerate(pool.ids)}
    token_of = dict(zip(pool.ids, tokens, strict=True))
    sitting = set(succession.panel)
    problems = [
        *_problems_of_left(left, token_of, sitting, succession),
        *_problems_of_unavailable(unavailable, left, token_of, sitting),
    ]
    if problems:
        raise InputError(problems)
    leaving = [row_of[name] for name in left]
    staying = [row for row, token in enumerate(tokens) if token in sitting]
    staying = [row for row in staying if row not in set(leaving)]
    barred = {token_of[name] for name in (*left, *unavailable)}
    barred |= set() if may_return else succession.left
    eligible = _eligible(pool, tokens, staying, barred)
    named = {token for _, _, token in root.table("witness/alternates.csv")}
    return Vacancies(
        succession=succession,
        left=_sorted_tokens(tokens, leaving),
        staying=_sorted_tokens(tokens, staying),
        unavailable=tuple(sorted(token_of[name] for name in unavailable)),
        quotas=remaining_quotas(pool, root.quotas(), staying),
        alternates=pool.take([row for row in eligible.tolist() if tokens[row] in named]),
        respondents=pool.take(eligible),
    )


def _eligible(
    pool: Pool, tokens: Sequence[str], staying: Sequence[int], barred: set[str]
) -> NDArray[np.int64]:
    """Return the rows of those who may take an empty seat."""
    homes = pool.households[np.array(staying, dtype=np.int64)]
    free = ~np.isin(pool.households, homes[homes != NO_HOUSEHOLD])
    free[[row for row, token in enumerate(tokens) if token in barred]] = False
    free[np.array(staying, dtype=np.int64)] = False
    return np.flatnonzero(free)


def _sorted_tokens(tokens: Sequence[str], rows: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted(tokens[row] for row in rows))


def _problems_of_left(
    left: list[str], token_of: dict[str, str], sitting: set[str], succession: Succession
) -> list[Problem]:
    where = "those who left"
    if not left:
        return [_problem(where, None, "Nobody is named.", "Name at least one member who left.")]
    problems = []
    for name in dict.fromkeys(left):
        if left.count(name) > 1:
            problems.append(_problem(where, name, "Named twice.", "Name each person once."))
        if name not in token_of:
            message, remedy = "Not in the pool.", "Look the identifier up in private/panel.csv."
        elif token_of[name] in succession.left and token_of[name] not in sitting:
            message, remedy = "Already replaced.", "Leave this person out."
        elif token_of[name] not in sitting:
            message = "Not a member of the panel as it stands."
            remedy = "To keep a respondent from being drawn, say that they are unavailable."
        else:
            continue
        problems.append(_problem(where, name, message, remedy))
    return problems


def _problems_of_unavailable(
    unavailable: list[str], left: list[str], token_of: dict[str, str], sitting: set[str]
) -> list[Problem]:
    where = "those unavailable"
    problems = []
    for name in dict.fromkeys(unavailable):
        if unavailable.count(name) > 1:
            problems.append(_problem(where, name, "Named twice.", "Name each person once."))
        if name not in token_of:
            remedy = "Look the identifier up in private/respondents.csv."
            problems.append(_problem(where, name, "Not in the pool.", remedy))
        elif token_of[name] in sitting and name not in left:
            remedy = "Name this person among those who left, to have the seat filled."
            problems.append(_problem(where, name, "A member of the panel.", remedy))
    return problems


def _problem(where: str, name: str | None, message: str, remedy: str) -> Problem:
    return Problem(where, None, None, name, message, remedy)
