"""``draw`` and ``replace``: public randomness in, members out, recorded once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import rich_click as click
from click.exceptions import Exit

from sortition.cli import options
from sortition.cli.terminal import bars, problems_json, speak, speak_json
from sortition.errors import BundleError, InputError, QuotasInfeasibleError, RandomnessError


def _now() -> str:
    """Read the clock, at the edge: the instant goes into the record as a text."""
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 -- this is the edge


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RandomnessError(f"{file} cannot be read: {error}") from error


officers = click.option("--officer", "officers", multiple=True, help="Name of an officer (repeat).")


@click.command()
@options.bundle
@click.option("--number", help="The number drawn by hand (asked twice when it is not given).")
@click.option("--number-again", help="The same number, typed by the second officer.")
@click.option(
    "--value", "values", multiple=True, help="NAME=VALUE of an announced source (repeat)."
)
@click.option(
    "--drand", "drand_file", type=options.FILE, help="The announced drand round, as JSON."
)
@officers
@options.as_json
def draw(
    bundle: Path,
    number: str | None,
    number_again: str | None,
    values: tuple[str, ...],
    drand_file: Path | None,
    officers: tuple[str, ...],
    as_json: bool,
) -> None:
    """Draw the panel of a frozen bundle, once and for all.

    Bring what the bundle announced (`solve --randomness`), and nothing else: a number drawn
    by hand unless it says otherwise.

    \b
    kleroterion draw bundle                 (two officers type the number)
    kleroterion draw bundle --number 187 --officer "A. Un" --officer "B. Deux"
    kleroterion draw bundle --drand round.json
    kleroterion draw bundle --value "Loto of 2026-12-05=4 11 23 31 40"
    """
    from sortition import drawing
    from sortition.bundle import read_bundle
    from sortition.drand import parse_round
    from sortition.drawn_number import DrawInputs, parse_values
    from sortition.randomness import NumberPlan, parts_of, plan_from_json

    frozen = read_bundle(bundle)
    drawing.refuse_drawn(frozen)
    plan = plan_from_json(frozen.manifest["randomness"])
    if number is None and any(isinstance(part, NumberPlan) for part in parts_of(plan)):
        last = int(frozen.manifest["panels"]) - 1
        number = click.prompt(f"Number drawn, 0 to {last}", err=True)
        number_again = click.prompt("Again, by the second officer", err=True)
    inputs = DrawInputs(
        number=number,
        number_again=number_again,
        values=parse_values(plan, values),
        drand_round=None if drand_file is None else parse_round(_text_of(drand_file)),
    )
    record = drawing.draw(bundle, inputs, drawn_at=_now(), officers=officers)
    if as_json:
        speak_json(record.as_json())
        return
    speak(
        f"Panel {record.number} is drawn: {len(record.panel)} members, "
        f"{len({alternate for _, _, alternate in record.alternates})} alternates.\n"
        f"Who they are: {bundle / 'private' / 'panel.csv'}\n"
        f"Record: {bundle / 'public' / 'draw.json'}, SHA-256 {record.digest}"
    )


@click.command()
@options.bundle
@click.option("--left", required=True, metavar="ID,ID", help="Members who have left.")
@click.option("--seed", help="Draw at once with this text; without it, only freeze.")
@click.option("--unavailable", default="", metavar="ID,ID", help="People who must not be drawn.")
@click.option("--may-return", is_flag=True, help="Whoever left before may be drawn again.")
@click.option("--panels", type=click.IntRange(1), help="Panels in the lottery.")
@officers
@options.as_json
def replace(
    bundle: Path,
    left: str,
    seed: str | None,
    unavailable: str,
    may_return: bool,
    panels: int | None,
    officers: tuple[str, ...],
    as_json: bool,
) -> None:
    """Draw replacements fairly: from the alternates if they can, else from the pool.

    \b
    kleroterion replace bundle --left V00012,V00345 --seed "Loto: 4 11 23 31 40"
    kleroterion replace bundle --left V00012          (freezes, draws nothing)
    kleroterion draw bundle/replacements/1 --number 42
    """
    from sortition.replacement import replace as replace_members

    try:
        with bars() as progress:
            done = replace_members(
                bundle,
                options.columns(left),
                seed=seed,
                unavailable=options.columns(unavailable),
                may_return=may_return,
                panels=panels,
                drawn_at=None if seed is None else _now(),
                officers=officers,
                progress=progress,
            )
    except InputError as error:
        if not as_json:
            raise
        speak_json({"problems": problems_json(error.problems)})
        raise Exit(1) from None
    except QuotasInfeasibleError:
        raise BundleError(
            f"Nobody left in the pool of {bundle} can fill these seats and keep the quotas. "
            "Draw more volunteers, or let --may-return those who left."
        ) from None
    names = done.bundle.respondents()
    chosen = [] if done.record is None else [names[token] for token in done.record.panel]
    path = done.bundle.path
    if as_json:
        content = {"bundle": str(path), "from": done.source, "digest": done.bundle.digest}
        speak_json({**content, "drawn": done.record is not None, "replacements": chosen})
    elif done.record is None:
        speak(
            f"Frozen in {path}, among the {done.source}. Publish {path / 'public'} and this digest "
            f"before the draw:\n  {done.bundle.digest}\nThen: kleroterion draw {path}"
        )
    else:
        speak(f"Drawn among the {done.source}: {', '.join(chosen)}\nRecorded in {done.bundle.path}")
