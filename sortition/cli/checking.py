"""``audit``, ``receipt`` and ``report``: what others see of a draw."""

from __future__ import annotations

import json
from pathlib import Path

import rich_click as click
from click.exceptions import Exit

from sortition.cli import options
from sortition.cli.terminal import speak, speak_json


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    short_help="Prove again everything that a published draw claims.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def audit(arguments: tuple[str, ...]) -> None:
    """Prove again, with the standard library alone, everything that a published draw claims.

    \b
    kleroterion audit bundle
    kleroterion audit bundle --digest HEX --json
    kleroterion audit bundle --receipt receipt.json
    python sortition/audit.py bundle            (the same, with nothing installed)
    """
    from sortition.audit import main

    raise Exit(main(list(arguments), program="kleroterion audit"))


@click.command()
@options.bundle
@click.argument("respondent", help="Identifier of the volunteer, as in the people file.")
@click.option("--out", type=options.FILE, help="Write the receipt there (default: show it).")
@click.option(
    "--lang", type=click.Choice(["fr", "en"]), default="fr", help="Language of the letter."
)
@options.as_json
def receipt(bundle: Path, respondent: str, out: Path | None, lang: str, as_json: bool) -> None:
    """Give a volunteer their own opening: what they hold to check the draw by themselves.

    \b
    kleroterion receipt bundle V00012 --lang en          (to read)
    kleroterion receipt bundle V00012 --out receipt.json
    kleroterion audit bundle --receipt receipt.json
    """
    from sortition.atomic import add_files
    from sortition.bundle import read_bundle
    from sortition.receipts import receipt as make_receipt
    from sortition.receipts import receipt_text

    content = make_receipt(read_bundle(bundle), respondent)
    if out is not None:
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        add_files(out.parent, {out.name: text.encode()})
        speak(f"Receipt of {respondent} in {out}")
    elif as_json:
        speak_json(content)
    else:
        speak(receipt_text(content, lang))


@click.command()
@options.bundle
@click.option("--out", type=options.FILE, required=True, help="The page; plots go beside it.")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="Language of the page.")
def report(bundle: Path, out: Path, lang: str) -> None:
    """Write the page to show the press: target, pool and panel, and everybody's chances.

    \b
    kleroterion report bundle --out report.html
    kleroterion report bundle --out press/report.html --lang en
    """
    from sortition.report import build_report, write_report

    for path in write_report(build_report(bundle, lang), out):
        speak(str(path))
