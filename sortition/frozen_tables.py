"""The tables of a bundle: what was solved, written under tokens or under identifiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sortition.canonical import csv_bytes, csv_cell, json_bytes
from sortition.pool import Pool
from sortition.probabilities import MULTIPLIER_SCALE, NO_LEVEL, PROBABILITY_SCALE
from sortition.quotas import Quotas
from sortition.tokens import Tokens, household_text

if TYPE_CHECKING:
    from sortition.solving import Solution

_DECIMALS = len(str(PROBABILITY_SCALE)) - 1


def probability_text(numerator: int) -> str:
    """Write a chance in 1/PROBABILITY_SCALE as a decimal, exactly."""
    whole, rest = divmod(int(numerator), PROBABILITY_SCALE)
    return f"{whole}.{rest:0{_DECIMALS}d}"


def fraction_text(value: Fraction) -> str:
    """Write a fraction in lowest terms, with its denominator even when that is 1."""
    return f"{value.numerator}/{value.denominator}"


def public_tables(solution: Solution, tokens: Tokens) -> dict[str, bytes]:
    """Return the tables that name nobody and show no feature of anybody."""
    return {
        "public/quotas.csv": quotas_table(solution.quotas),
        "public/commitments.csv": csv_bytes(
            ("token", "commitment"),
            sorted(zip(tokens.tokens, tokens.commitments(solution.pool), strict=True)),
        ),
        "public/panels.csv": _panels_table(solution.panels, tokens.tokens, "token"),
        "public/probabilities.csv": csv_bytes(
            ("token", "probability", "seats", "level"), sorted(_probability_rows(solution, tokens))
        ),
        "public/composition.csv": csv_bytes(
            ("feature", "value", "count", "panels"), _composition_rows(solution)
        ),
        "public/certificate.json": _certificate(solution),
    }


def witness_tables(solution: Solution, tokens: Tokens) -> dict[str, bytes]:
    """Return the openings of the commitments and the people no panel can contain."""
    pool = solution.pool
    shut_out = [(tokens.tokens[s.respondent], s.reason) for s in solution.excluded]
    return {
        "witness/openings.csv": csv_bytes(
            ("token", "salt", "household", *(feature.name for feature in pool.features)),
            (
                (token, salt, household_text(pool, row), *pool.profile(row))
                for row, (token, salt) in enumerate(zip(tokens.tokens, tokens.salts, strict=True))
            ),
        ),
        "witness/exclusions.csv": csv_bytes(("token", "reason"), sorted(shut_out)),
    }


def private_tables(
    solution: Solution, tokens: Tokens, exclusion_list: Sequence[tuple[str, str]]
) -> dict[str, bytes]:
    """Return the tables that lead from tokens to people."""
    pool = solution.pool
    chances = (
        (name, probability_text(numerator), str(seats))
        for name, numerator, seats in zip(
            pool.ids, solution.probabilities.numerators, solution.seats.tolist(), strict=True
        )
    )
    return {
        "private/tokens.csv": csv_bytes(
            ("token", "respondent", "salt"),
            sorted(zip(tokens.tokens, pool.ids, tokens.salts, strict=True)),
        ),
        "private/panels.csv": _panels_table(solution.panels, pool.ids, "respondent"),
        "private/probabilities.csv": csv_bytes(("respondent", "probability", "seats"), chances),
        "private/respondents.csv": respondents_table(pool, range(len(pool))),
        "private/exclusion_list.csv": csv_bytes(("respondent", "reason"), sorted(exclusion_list)),
    }


def respondents_table(pool: Pool, rows: Sequence[int]) -> bytes:
    """Write some respondents with their features and the columns kept, in pool order."""
    header = ("respondent", *(feature.name for feature in pool.features), *pool.kept_columns)
    return csv_bytes(
        header,
        (
            (pool.ids[row], *pool.profile(row), *(pool.kept[row] if pool.kept else ()))
            for row in sorted(rows)
        ),
    )


def quotas_table(quotas: Quotas) -> bytes:
    """Write the quotas in the order of the global category codes."""
    return csv_bytes(
        ("feature", "value", "min", "max"),
        ((q.feature, q.category, str(q.lower), str(q.upper)) for q in quotas.in_code_order),
    )


def _panels_table(panels: NDArray[np.int32], names: Sequence[str], column: str) -> bytes:
    """Write the members of each panel, panel by panel, sorted by name."""
    rank = np.empty(len(names), dtype=np.int64)
    in_order = sorted(range(len(names)), key=names.__getitem__)
    rank[in_order] = np.arange(len(names))
    cells = [csv_cell(names[row]) for row in in_order]
    lines = [f"panel,{column}\n"]
    for number, members in enumerate(np.sort(rank[panels], axis=1)):
        lines.append("".join(f"{number},{cells[position]}\n" for position in members))
    return "".join(lines).encode()


def _probability_rows(solution: Solution, tokens: Tokens) -> Iterator[tuple[str, ...]]:
    """Yield token, chance, seats and level; no level for those shut out by whole numbers."""
    chances = solution.probabilities
    for token, numerator, seats, level in zip(
        tokens.tokens,
        chances.numerators.tolist(),
        solution.seats.tolist(),
        chances.level.tolist(),
        strict=True,
    ):
        text = "" if level == NO_LEVEL else str(level)
        yield token, probability_text(numerator), str(seats), text


def _composition_rows(solution: Solution) -> Iterator[tuple[str, ...]]:
    """Yield, for each category, how many panels hold how many of its members.

    Counts are not published panel by panel: with as many panels as respondents, and each
    panel's members public, the features of everybody would follow by linear algebra.
    """
    counts = np.array([solution.pool.counts(members) for members in solution.panels])
    for code, (feature, category) in enumerate(solution.pool.categories):
        for count, panels in zip(*np.unique(counts[:, code], return_counts=True), strict=True):
            yield feature, category, str(count), str(panels)


def _certificate(solution: Solution) -> bytes:
    levels = [
        {
            "value": int(level.value),
            "quotas": [int(multiplier) for multiplier in level.quota_multipliers],
            "size": int(level.size_multiplier),
            "households": {str(number): int(eta) for number, eta in level.household_multipliers},
            "bound": fraction_text(level.bound),
        }
        for level in solution.probabilities.levels
    ]
    return json_bytes(
        {
            "probability_scale": PROBABILITY_SCALE,
            "multiplier_scale": MULTIPLIER_SCALE,
            "levels": levels,
        }
    )
