"""``targets`` and ``check``: what goes into a draw, and whether it can be drawn."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

import rich_click as click
from click.exceptions import Exit

from sortition.cli import options
from sortition.cli.terminal import bars, show_problems, show_table, speak, speak_json, whisper
from sortition.errors import InputError
from sortition.pool import Pool
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
    kleroterion targets --population france --base 18+ --features sex,age,region --size 150 > features.csv
    kleroterion targets --base 16+ --features sex,age,diploma,occupation,commune_type,region \\
        --size 150 --tolerance 1 > features.csv
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
    for feature, note in computed.notes:
        whisper(f"{feature}: {note}")
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
    kleroterion check features.csv people.csv --size 150 --household address,postcode --json
    """
    from sortition.files import read_problem

    given = {
        "household_columns": options.columns(household),
        "exclusions": exclude,
        "id_column": id_column,
    }
    try:
        read = read_problem(features, people, size, check_arithmetic=False, **given)  # type: ignore[arg-type]
    except InputError as error:
        _refuse(error, as_json)
    faults: tuple[Any, ...] = ()
    try:
        read_problem(features, people, size, **given)  # type: ignore[arg-type]
    except InputError as error:
        faults = error.problems
    problems = faults or read.warnings
    with bars() as progress:
        verdict = judge(read.pool, read.quotas, progress)
    if as_json:
        speak_json({"problems": [p.as_dict() for p in problems], **verdict})
    else:
        show_problems(problems)
        _say(verdict, read.pool, read.quotas)
    raise Exit(0 if verdict["feasible"] and not faults else 1)


def _refuse(error: InputError, as_json: bool) -> NoReturn:
    if not as_json:
        raise error
    speak_json({"problems": [problem.as_dict() for problem in error.problems], "feasible": None})
    raise Exit(1)


def judge(pool: Pool, quotas: Quotas, progress: Any) -> dict[str, Any]:
    """Tell whether a panel exists; if not, the conflict and the relaxations, as plain values."""
    from sortition.errors import QuotasInfeasibleError
    from sortition.feasibility import find_conflict
    from sortition.leximin import find_leximin
    from sortition.panel_problem import PanelProblem
    from sortition.relaxations import propose_relaxations

    def smallest(pool: Pool, quotas: Quotas) -> Fraction:
        return find_leximin(pool, quotas, first_level_only=True).levels[0].bound

    facts: dict[str, Any] = {"pool": len(pool), "panel_size": quotas.size}
    if PanelProblem(pool, quotas).find_seats() is not None:
        try:
            bound = find_leximin(pool, quotas, progress=progress).bound
        except QuotasInfeasibleError as error:  # pragma: no cover - a panel was just found
            raise AssertionError from error
        return {**facts, "feasible": True, "bound": float(bound)}
    conflict = find_conflict(pool, quotas)
    assert conflict is not None  # noqa: S101 - CP-SAT has just proved that there is no panel
    proposals = propose_relaxations(pool, quotas, evaluate=smallest)
    return {
        **facts,
        "feasible": False,
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
                "min_probability": None if p.min_probability is None else float(p.min_probability),
                "changes": [str(change) for change in p.changes],
            }
            for p in proposals
        ],
    }


def _say(verdict: dict[str, Any], pool: Pool, quotas: Quotas) -> None:
    counts = pool.counts()
    rows = [
        (f"{q.feature}: {q.category}", f"{q.lower}–{q.upper}", str(counts[code]))
        for code, q in enumerate(quotas.in_code_order)
    ]
    show_table(("category", "seats", "pool"), rows)
    if verdict["feasible"]:
        speak(
            f"A panel of {quotas.size} can be drawn from {len(pool)} respondents. "
            f"The smallest chance cannot exceed {verdict['bound']:.4%}."
        )
        return
    speak(verdict["conflict"]["message"])
    for number, proposal in enumerate(verdict["relaxations"], 1):
        chance = proposal["min_probability"]
        effect = "" if chance is None else f"; smallest chance then at most {chance:.3%}"
        speak(
            f"{number}. {proposal['message']} ({proposal['seats_moved']} seats in "
            f"{proposal['quotas_touched']} quotas{effect})"
        )
