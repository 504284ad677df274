"""Commands of the demonstration: ``kleroterion load-year`` and ``kleroterion look``."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from assemblies.cli.records import url_option
from sortition.cli.terminal import speak, whisper

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("load-year")
@url_option
@click.option(
    "--bundles",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("bundles"),
    show_default=True,
    help="Folder that receives the bundles of the draws.",
)
@click.option("--first", type=DAY, default="2026-01-05", show_default=True, help="First day.")
@click.option("--seed", default=1, show_default=True, help="Another number, another year.")
@click.option(
    "--commissions", type=click.IntRange(0, 10), default=10, show_default=True, help="How many."
)
@click.option("--small", is_flag=True, help="Leave out the assembly of 600: some seconds only.")
def load_year(
    url: str, bundles: Path, first: datetime, seed: int, commissions: int, *, small: bool
) -> None:
    """Fill an empty database with an invented year in the life of the secretariat.

    A council of 60, a constituent assembly of 600, ten commissions of 30: every row is an act
    of somebody, from the draw to the attendance sheet. It takes some minutes.

    \b
    kleroterion database upgrade --database sqlite:///year.db
    kleroterion load-year --database sqlite:///year.db --bundles bundles
    kleroterion look --database sqlite:///year.db --day 2026-06-15
    """
    from assemblies.composition.queries import list_bodies
    from assemblies.database import connected
    from assemblies.demonstration.year import fill_year

    with connected(url) as opened:
        with opened.reading() as session:
            if list_bodies(session):
                raise click.UsageError("This database holds bodies already: name an empty one.")
        summary = fill_year(
            opened,
            bundles=bundles,
            first=first.date(),
            seed=seed,
            commissions=commissions,
            assembly=not small,
            say=whisper,
        )
    speak(
        f"{len(summary.bodies)} bodies, {summary.sittings} sittings, "
        f"{summary.half_days} half-days attended.\n"
        f"Now: kleroterion look --database {url} --day {first.year}-06-15"
    )


@click.command()
@url_option
@click.option("--day", type=DAY, required=True, help="The day to look at.")
def look(url: str, day: datetime) -> None:
    """Show the bodies of a day: seats held, next sittings, what the secretariat should see.

    \b
    kleroterion look --database sqlite:///year.db --day 2026-06-15
    """
    from assemblies.composition.queries import list_bodies
    from assemblies.database import connected
    from assemblies.mandates.alerts import alerts

    on = day.date()
    with connected(url) as opened, opened.reading() as session:
        bodies = list_bodies(session, on=on)
        for body in bodies:
            _show_body(session, body.id, body.name, body.seats, on)
        found = alerts(session, on=on)
    if not bodies:
        speak("No body lives on that day.")
    for kind in dict.fromkeys(alert.kind for alert in found):
        of_kind = [alert for alert in found if alert.kind is kind]
        late = sum(alert.is_late for alert in of_kind)
        seats = sum(len(alert.seats) for alert in of_kind)
        speak(f"! {kind}: {seats} seats, the first on {of_kind[0].day}, {late} of them late")


def _show_body(session: Session, body_id: int, name: str, seats: int, on: date) -> None:
    from assemblies.mandates.queries import mandates_on, members_on
    from assemblies.sittings.queries import calendar_of

    held, running = (len(read(session, body_id, on=on)) for read in (mandates_on, members_on))
    sittings = [s for s in calendar_of(session, body_id) if not s.is_cancelled]
    ahead = [s for s in sittings if s.span.day >= on]
    following = f"{ahead[0].span.day} {ahead[0].kind}" if ahead else "none"
    speak(
        f"{name}: {held} of {seats} seats held, {held - running} suspended; "
        f"{len(sittings)} sittings, the next one {following}"
    )
