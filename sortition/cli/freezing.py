"""``solve`` and ``reproduce``: the lottery, frozen; and made again from what was published."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import rich_click as click
from click.exceptions import Exit

from sortition.cli import options
from sortition.cli.terminal import bars, problems_json, show_problems, speak, speak_json
from sortition.cli.verdict import judge, named, read_inputs, show_refusal, show_shut_out
from sortition.errors import BundleError, InputError, QuotasInfeasibleError

if TYPE_CHECKING:
    from sortition.bundle import Bundle
    from sortition.files import DrawInput
    from sortition.problems import Problem
    from sortition.solving import Solution


@click.command()
@options.features_file
@options.people_file
@options.size
@click.option(
    "--panels", type=click.IntRange(1), help="Panels in the lottery (default: 1 000, or more)."
)
@click.option("--seed", help="Seed of the panel table (default: the digest of the inputs).")
@options.household
@options.exclude
@options.id_column
@click.option("--title", help="What is drawn, as the public will read it.")
@click.option(
    "--randomness",
    multiple=True,
    help="What will decide, announced now: number, drand:quicknet:ROUND or source:NAME (repeat).",
)
@click.option("--secret", type=options.FILE, help="Key of a former freeze, to make it again.")
@click.option("--out", type=options.FOLDER, required=True, help="Folder of the bundle, new.")
@options.as_json
def solve(
    features: Path,
    people: Path,
    size: int,
    panels: int | None,
    seed: str | None,
    household: str,
    exclude: Path | None,
    id_column: str | None,
    title: str | None,
    randomness: tuple[str, ...],
    secret: Path | None,
    out: Path,
    as_json: bool,
) -> None:
    """Compute the fairest lottery and freeze it in a bundle, ready to be drawn in public.

    \b
    kleroterion solve features.csv people.csv --size 150 --out bundle
    kleroterion solve features.csv people.csv --size 150 --out bundle \\
        --household address,postcode --exclude excluded.csv --json
    kleroterion solve features.csv people.csv --size 150 --out bundle \\
        --randomness drand:quicknet:23000000 --randomness number
    """
    from sortition import bundle, solving
    from sortition.randomness import parse_plan

    if out.exists():
        raise BundleError(
            f"{out} exists already: nothing frozen is ever overwritten. Name a new folder."
        )
    plan = parse_plan(randomness)
    key = secrets.token_bytes(32) if secret is None else _read_key(secret)
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
    if faults:
        _refuse(faults, read, as_json)
    try:
        with bars() as progress:
            solution = solving.solve(
                read.pool, read.quotas, panels=panels, seed=seed, progress=progress
            )
    except QuotasInfeasibleError:
        _refuse(read.warnings, read, as_json)
    frozen = bundle.freeze(
        solution,
        out,
        title=title or out.name,
        randomness_plan=plan.as_json(),
        secret=key,
        exclusion_list=[(person.respondent, person.reason) for person in read.excluded],
        targets=_targets(features),
    )
    if as_json:
        speak_json(
            {
                **figures(solution),
                "digest": frozen.digest,
                "warnings": problems_json(read.warnings),
            }
        )
    else:
        show_problems(read.warnings)
        _say(solution, out, frozen)


def _refuse(problems: Sequence[Problem], read: DrawInput, as_json: bool) -> NoReturn:
    """Leave without a bundle: say which quotas contradict each other and what could give way."""
    verdict = judge(read.pool, read.quotas)
    if as_json:
        speak_json({"problems": problems_json(problems), **verdict})
    else:
        show_refusal(problems, verdict)
    raise Exit(1)


def _read_key(file: Path) -> bytes:
    """Read the key of a former freeze."""
    try:
        return bytes.fromhex(file.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise BundleError(
            f"{file} does not hold a key. Give private/secret.key of the bundle to make again."
        ) from error


def _targets(features: Path) -> dict[str, Any] | None:
    """Return the shares a quota file keeps, for the report; None where it keeps none."""
    from sortition.tables import read_table

    table = read_table(features)
    heads = [head.strip().lower() for head in table.header]
    if not {"feature", "value", "share"} <= set(heads):
        return None
    rows = [dict(zip(heads, row, strict=True)) for row in table.rows]
    kept = ("feature", "value", "share", "source", "date")
    return {"categories": [{key: row[key] for key in kept if row.get(key)} for row in rows]}


def figures(solution: Solution) -> dict[str, Any]:
    """Return the figures of a solution as plain values."""
    return {
        "pool": len(solution.pool),
        "panel_size": solution.quotas.size,
        "panels": solution.panel_count,
        "min_probability": float(solution.min_probability),
        "bound": float(solution.bound),
        "gap": float(solution.gap),
        "max_error_seats": float(solution.max_error_seats),
        "distinct_panels": solution.distinct_panels,
        **named(solution.pool, solution.excluded),
        "method": solution.method,
        "seed": solution.seed,
        "seconds": {name: round(value, 4) for name, value in solution.seconds.items()},
    }


def _say(solution: Solution, out: Path, frozen: Bundle) -> None:
    speak(
        f"{solution.panel_count} panels of {solution.quotas.size} from {len(solution.pool)} "
        f"respondents, {solution.distinct_panels} of them distinct.\n"
        f"Smallest chance {float(solution.min_probability):.4%}; no lottery under these quotas "
        f"exceeds {float(solution.bound):.4%} (proved). Largest rounding error: "
        f"{float(solution.max_error_seats):.2f} seats of {solution.panel_count}."
    )
    show_shut_out(named(solution.pool, solution.excluded)["excluded_reasons"])
    speak(
        f"Frozen in {out}. Publish {out / 'public'} and this digest before the draw:\n"
        f"  {frozen.digest}\n"
        f"Then: kleroterion draw {out} {_what_to_bring(frozen, solution.panel_count)}"
    )


def _what_to_bring(frozen: Bundle, panels: int) -> str:
    """Return the options of ``draw`` that the announced randomness calls for."""
    from sortition.randomness import DrandPlan, NumberPlan, SourcesPlan, parts_of, plan_from_json

    words, notes = [], []
    for part in parts_of(plan_from_json(frozen.manifest["randomness"])):
        if isinstance(part, NumberPlan):
            words.append("--number N")
            notes.append(f"0 ≤ N < {panels}; without it, two officers type it")
        elif isinstance(part, SourcesPlan):
            words += [f'--value "{name}=…"' for name in part.sources]
        elif isinstance(part, DrandPlan):
            words.append("--drand FILE")
            notes.append(f"FILE: round {part.round} of {part.chain}, as a relay gives it")
    return " ".join(words) + (f"   ({'; '.join(notes)})" if notes else "")


@click.command()
@options.bundle
def reproduce(bundle: Path) -> None:
    """Solve again from public/ and witness/, and compare the panel table byte for byte.

    \b
    kleroterion reproduce bundle
    """
    from sortition import solving
    from sortition.bundle import pool_from_witness, read_bundle
    from sortition.frozen_tables import public_tables

    frozen = read_bundle(bundle)
    again = pool_from_witness(frozen)
    chosen = frozen.manifest["seed_rule"] == "chosen"
    with bars() as progress:
        solution = solving.solve(
            again.pool,
            again.quotas,
            panels=again.panels,
            seed=again.seed if chosen else None,
            progress=progress,
        )
    if solution.seed != again.seed:
        raise BundleError(f"the seed of {bundle} is not the digest of its inputs, as it claims")
    made = public_tables(solution, again.tokens)
    for name in ("public/panels.csv", "public/probabilities.csv", "public/certificate.json"):
        if made[name] != (bundle / name).read_bytes():
            raise BundleError(
                f"{bundle / name} is not what these inputs give with this version "
                f"(frozen with {frozen.manifest['software']})"
            )
    speak(f"The same {again.panels} panels, byte for byte.")
