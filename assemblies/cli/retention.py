"""Commands of retention: ``kleroterion retention due`` and ``kleroterion retention purge``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from assemblies.cli.records import url_option
from sortition.cli.terminal import speak

if TYPE_CHECKING:
    from assemblies.retention.queries import Due


@click.group()
def retention() -> None:
    """Tell what is due to be erased, and erase it.

    \b
    kleroterion retention due
    kleroterion retention purge --bundles bundles
    """


@retention.command()
@url_option
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), help="The day to look at (default: today)."
)
def due(url: str, day: datetime | None) -> None:
    """Count what is due to be erased on a day; nothing is changed.

    \b
    kleroterion retention due --day 2027-06-01
    """
    from assemblies.database import connected
    from assemblies.periods import day_of
    from assemblies.retention.queries import find_due

    on = day_of(_now()) if day is None else day.date()
    with connected(url) as opened, opened.reading() as session:
        speak(_sentence("Due to be erased", find_due(session, on=on)))


@retention.command()
@url_option
@click.option(
    "--bundles",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=True,
    help="Folder of the bundles of the draws, whose private files have a time too.",
)
def purge(url: str, bundles: Path) -> None:
    """Erase what is due today, for good; published draws and the journal still verify.

    To be run every night. Cut off in the middle, it is simply run again.

    \b
    kleroterion retention purge --bundles bundles
    """
    from assemblies.accounts.rules import SYSTEM
    from assemblies.database import connected
    from assemblies.journal.rules import Act
    from assemblies.retention.actions import purge as erase_due

    act = Act(SYSTEM, _now(), "durées de conservation")
    with connected(url) as opened, opened.writing() as session:
        found = erase_due(session, act, bundles=bundles)
    speak(_sentence("Erased", found))


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 -- the edge reads the clock


def _sentence(verb: str, found: Due) -> str:
    if found.is_empty:
        return "Nothing is due to be erased."
    return (
        f"{verb}: {len(found.people)} people, the needs of {len(found.needs)} more, "
        f"the private files of {len(found.witnesses)} draws, {found.reads} entries of the "
        "log of readings."
    )
