"""``targets`` and ``check``: what goes into a draw, and whether it can be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rich_click as click
from click.exceptions import Exit

from sortition.cli import options
from sortition.cli.terminal import (
    many,
    problems_json,
    show_problems,
    show_table,
    speak,
    speak_json,
    whisper,
)
from sortition.cli.verdict import judge, read_inputs, show_refusal, show_shut_out
from sortition.errors import InputError
from sortition.pool import Pool
from sortition.problems import Problem
from sortition.quotas import Quotas


@click.command()
@click.option("--population", default="france", show_default=True, help="Reference population.")
@click.option("--base", help="Who counts: 18+, 16+ or electors (default: that of the population).")
@click.option("--features", default="sex,age,region", show_default=True, help="Criteria, by comma.")
@click.option("--size", type=int, required=True, help="Seats to share out.")
@click.option(
    "--tolerance", default="0", show_default=True, help="Seats either side, or floor-ceiling."
)
@click.option("--whole", type=int, help="Size of the whole body, when part of it is seated.")
@click.option("--seated", type=options.FILE, help="Members already seated (with --whole).")
def targets(
    population: str,
    base: str | None,
    features: str,
    size: int,
    tolerance: str,
    whole: int | None,
    seated: Path | None,
) -> None:
    """Write a quota file from the reference tables, to standard output.

    \b
    kleroterion targets --population france --base 18+ \\
        --features sex,age,region --size 150 > features.csv
    kleroterion targets --base 16+ --size 150 --tolerance 1 \\
        --features sex,age,diploma,occupation,commune_type,region > features.csv
    kleroterion targets --features sex,age --size 300 \\
        --whole 600 --seated elected.csv > features.csv
    """
    from sortition import targets as reckoning

    if (whole is None) != (seated is None):
        raise click.UsageError("--whole and --seated go together.")
    allowed = reckoning.parse_tolerance(tolerance)
    computed = reckoning.targets(
        size=size if whole is None else whole,
        population=population,
        base=base,
        features=options.columns(features),
        tolerance=allowed,
    )
    if whole is not None and seated is not None:
        from sortition import tables, whole_body

        table = tables.read_table(seated)
        heads = table.header
        members = [dict(zip(heads, row, strict=True)) for row in table.rows]
        counted = whole_body.count_seated(members, computed)
        computed = whole_body.what_remains(computed, counted, size=size, tolerance=allowed)
    noted: dict[str, list[str]] = {}
    for feature, note in computed.notes:
        noted.setdefault(note, []).append(feature)
    for note, features_noted in noted.items():
        whisper(f"{', '.join(features_noted)}: {note}")
    for warning in computed.warnings:
        whisper(f"! {warning}")
    click.echo(reckoning.write_quota_file(computed), nl=False)


@click.command()
@options.features_file
@options.people_file
@options.size
@options.household
@options.exclude
@options.id_column
@options.as_json
def check(
    features: Path,
    people: Path,
    size: int,
    household: str,
    exclude: Path | None,
    id_column: str | None,
    as_json: bool,
) -> None:
    """Check a pool against its quotas: every problem at once, and what could give way.

    \b
    kleroterion check features.csv people.csv --size 150
    kleroterion check features.csv people.csv --size 150 \\
        --household address,postcode --json
    """
    try:
        read, faults = read_inputs(
            features,
            people,
            size,
            household_columns=options.columns(household),
            exclusions=exclude,
            id_column=id_column,
        )
    except InputError as error:
        if not as_json:
            raise
        speak_json({"problems": problems_json(error.problems), "feasible": None})
        raise Exit(1) from None
    problems = faults or read.warnings
    verdict = judge(read.pool, read.quotas)
    if as_json:
        speak_json({"problems": problems_json(problems), **verdict})
    else:
        _say(problems, verdict, read.pool, read.quotas)
    raise Exit(0 if verdict["feasible"] and not faults else 1)


def _say(problems: Sequence[Problem], verdict: dict[str, Any], pool: Pool, quotas: Quotas) -> None:
    counts = pool.counts()
    rows = [
        (f"{q.feature}: {q.category}", f"{q.lower}–{q.upper}", str(counts[code]))
        for code, q in enumerate(quotas.in_code_order)
    ]
    show_table(("category", "seats", "pool"), rows)
    if not verdict["feasible"]:
        show_refusal(problems, verdict)
        return
    show_problems(problems)
    speak(
        f"A panel of {quotas.size} can be drawn from {many(len(pool), 'respondent')}. "
        f"The smallest chance cannot exceed {verdict['bound']:.4%}."
    )
    show_shut_out(verdict["excluded_reasons"])
