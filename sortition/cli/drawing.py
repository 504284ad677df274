"""``draw`` and ``replace``: public randomness in, members out, recorded once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import rich_click as click

from sortition.cli import options
from sortition.cli.terminal import bars, speak, speak_json


def _now() -> str:
    """Read the clock, at the edge: the instant goes into the record as a text."""
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 -- this is the edge


officers = click.option("--officer", "officers", multiple=True, help="Name of an officer (repeat).")


@click.command()
@click.argument("bundle", type=options.FOLDER)
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

    \b
    kleroterion draw draw --number 187
    kleroterion draw draw                       (asks for the number twice)
    kleroterion draw draw --drand round.json
    kleroterion draw draw --value "Loto of 2026-12-05=4 11 23 31 40"
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
        drand_round=None if drand_file is None else parse_round(drand_file.read_text("utf-8")),
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
@click.argument("bundle", type=options.FOLDER)
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
    kleroterion replace draw --left v0012,v0345 --seed "Loto of 2026-12-05: 4 11 23 31 40"
    kleroterion replace draw --left v0012     (freezes; then: kleroterion draw draw/replacements/1)
    """
    from sortition.replacement import replace as replace_members

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
    names = done.bundle.respondents()
    chosen = [] if done.record is None else [names[token] for token in done.record.panel]
    if as_json:
        speak_json({"bundle": str(done.bundle.path), "from": done.source, "replacements": chosen})
    elif done.record is None:
        speak(
            f"Frozen in {done.bundle.path}, among the {done.source}. Now: kleroterion draw {done.bundle.path}"
        )
    else:
        speak(f"Drawn among the {done.source}: {', '.join(chosen)}\nRecorded in {done.bundle.path}")
