"""``demo`` and ``bench``: the whole way on invented people, and how fast it goes."""

from __future__ import annotations

import importlib.util
import shlex
import sys
from pathlib import Path

import rich_click as click
from click.exceptions import Exit

import data
from sortition.cli import options
from sortition.cli.terminal import speak

SIZE = "150"
CRITERIA = "sex,age,diploma,occupation,commune_type,region"


@click.command()
@click.option("--out", type=options.FOLDER, default=Path("demo"), help="Folder to save it in.")
@click.option("--number", default="187", help="The number that stands for the public draw.")
def demo(out: Path, number: str) -> None:
    """Draw an invented climate convention end to end: targets, check, solve, draw, audit.

    \b
    kleroterion demo --out my-demo
    """
    from sortition.cli.program import program

    folder = _fresh(out)
    people = str(data.resource("samples/climate/people.csv"))
    quotas, bundle = folder / "features.csv", folder / "draw"
    speak(f"Everything is saved in {folder}. 3 000 invented volunteers, 150 seats, six criteria.\n")
    asked = ["targets", "--base", "16+", "--features", CRITERIA, "--size", SIZE, "--tolerance", "1"]
    speak(f"$ kleroterion {' '.join(asked)} > {quotas}")
    text = _captured(asked)
    quotas.write_text(text, "utf-8")
    homes = ["--household", "address,postcode"]
    steps = [
        ["check", str(quotas), people, "--size", SIZE, *homes],
        [
            "solve",
            str(quotas),
            people,
            "--size",
            SIZE,
            *homes,
            "--out",
            str(bundle),
            "--title",
            "Convention climat (démonstration)",
        ],
        ["draw", str(bundle), "--number", number],
        ["report", str(bundle), "--out", str(folder / "report.html")],
        ["audit", str(bundle)],
    ]
    for step in steps:
        speak(f"\n$ kleroterion {shlex.join(step)}")
        try:
            code = program.main(args=step, standalone_mode=False)
        except Exit as leaving:
            code = leaving.exit_code
        if code:
            raise Exit(int(code))
    speak(f"\nOpen {(folder / 'report.html').absolute()} in a browser.")


def _fresh(out: Path) -> Path:
    """Return a folder that does not exist yet: what was drawn is never overwritten."""
    folder, number = out, 1
    while folder.exists():
        number += 1
        folder = out.with_name(f"{out.name}-{number}")
    folder.mkdir(parents=True)
    return folder


def _captured(arguments: list[str]) -> str:
    from click.testing import CliRunner

    from sortition.cli.program import program

    result = CliRunner().invoke(program, arguments, catch_exceptions=False)
    if result.exit_code:
        raise Exit(result.exit_code)
    return result.stdout


# Its words, --help among them, are for the benchmark itself.
@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Measure the draw against the usual library, from a checkout (tests/benchmarks).

    \b
    kleroterion bench --quick
    kleroterion bench --no-peer --seeds 10
    kleroterion bench --help      (the protocol)
    """
    script = Path(__file__).resolve().parents[2] / "tests" / "benchmarks" / "bench.py"
    if not script.is_file():
        raise click.UsageError("the benchmark runs from a checkout of the repository")
    spec = importlib.util.spec_from_file_location("kleroterion_bench", script)
    assert spec is not None  # noqa: S101 - the file is there
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    raise Exit(module.main(list(arguments)))
