"""Commands on the record itself: ``kleroterion database`` and ``kleroterion journal``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click
from click.exceptions import Exit

from sortition.cli.terminal import speak, speak_json

if TYPE_CHECKING:
    from assemblies.journal.rules import Chain, Head

DEFAULT_URL = "sqlite:///kleroterion.db"
url_option = click.option(
    "--database",
    "url",
    envvar="KLEROTERION_DATABASE",
    default=DEFAULT_URL,
    show_default=True,
    help="Address of the database: sqlite:///file or postgresql+psycopg://user@host/name.",
)


@click.group()
def database() -> None:
    """Make the tables of the record, or bring them up to date.

    \b
    kleroterion database upgrade
    kleroterion database check
    """


@database.command()
@url_option
def upgrade(url: str) -> None:
    """Make the tables, or change them to what this version needs; nothing recorded is lost.

    \b
    kleroterion database upgrade --database sqlite:///kleroterion.db
    """
    from assemblies import migrating

    migrating.upgrade(url)
    speak(f"The tables are those of revision {migrating.revision_of(url)}.")


@database.command()
@url_option
def check(url: str) -> None:
    """Tell whether the tables are those that this version needs; exit code 1 if not.

    \b
    kleroterion database check --database sqlite:///kleroterion.db
    """
    from assemblies import migrating

    found, wanted = migrating.revision_of(url), migrating.latest_revision()
    if found != wanted:
        speak(f"Revision {found} found, {wanted} needed: kleroterion database upgrade")
        raise Exit(1)
    speak(f"The tables are those of revision {found}: nothing to do.")


@click.group()
def journal() -> None:
    """Read and verify the journal of all acts.

    \b
    kleroterion journal verify
    """


@journal.command()
@url_option
@click.option(
    "--head",
    "heads",
    multiple=True,
    metavar="CHAIN:NUMBER:HASH",
    help="A head noted before (printed by this command): it must still be there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result for scripts.")
def verify(url: str, heads: tuple[str, ...], *, as_json: bool) -> None:
    """Find any entry altered or missing; exit code 1 with the first place of each.

    Note the heads that it prints, or publish them: whoever cuts off the end of the journal
    and mends the rest cannot mend what was noted elsewhere.

    \b
    kleroterion journal verify
    kleroterion journal verify --head acts:1204:9f3c…
    """
    from assemblies.database import connected
    from assemblies.journal import queries
    from assemblies.journal.rules import Chain

    known = dict(_noted(text) for text in heads)
    with connected(url) as opened, opened.reading() as session:
        faults = queries.verify(session, known=known)
        ends = {chain: queries.head(session, chain) for chain in Chain}
    if as_json:
        speak_json(
            {
                "faults": [
                    {"chain": f.chain, "number": f.number, "fault": f.fault} for f in faults
                ],
                "heads": {chain: {"number": h.number, "hash": h.hash} for chain, h in ends.items()},
            }
        )
    else:
        for fault in faults:
            speak(f"✗ {fault.chain}, entry {fault.number}: {fault.fault}")
        for chain, head in ends.items():
            speak(f"{chain}: {head.number} entries; head {chain}:{head.number}:{head.hash}")
        speak(
            "FALSE: see above." if faults else "ALL TRUE: nothing is altered, nothing is missing."
        )
    if faults:
        raise Exit(1)


def _noted(text: str) -> tuple[Chain, Head]:
    from assemblies.journal.rules import Chain, Head

    chain, _, rest = text.partition(":")
    number, _, digest = rest.partition(":")
    if chain not in list(Chain) or not number.isdigit() or not digest:
        raise click.UsageError(f"--head {text!r}: CHAIN:NUMBER:HASH, as journal verify prints it.")
    return Chain(chain), Head(int(number), digest)
