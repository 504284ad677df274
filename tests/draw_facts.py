"""A small draw brought to any of its states, for tests of draws and of what follows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from assemblies.accounts.rules import Role
from assemblies.database import Database
from assemblies.draws.actions import freeze_draw, prepare_draw
from assemblies.draws.building import build_lottery
from assemblies.draws.proclaiming import enter_randomness, proclaim_panel
from assemblies.journal.rules import Actor
from sortition.files import DrawInput, read_problem
from tests.assembly_facts import NOON, act_of, body, officer
from tests.golden.make_draw import FEATURES, SIZE, people

PANELS = 40


def ticking(start: datetime = NOON) -> Callable[[], datetime]:
    """A clock that moves on by a second each time it is read."""
    now = start

    def read() -> datetime:
        nonlocal now
        now += timedelta(seconds=1)
        return now

    return read


def draw_input(folder: Path) -> DrawInput:
    """The golden pool of thirty volunteers and its quotas."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "features.csv").write_text(FEATURES, "utf-8")
    (folder / "people.csv").write_text(people(), "utf-8")
    return read_problem(
        folder / "features.csv", folder / "people.csv", SIZE, household_columns=("adresse",)
    )


def officers(session: Session) -> tuple[Actor, Actor]:
    """Two draw officers."""
    return (
        officer(session, Role.DRAW_OFFICER, name="premiere"),
        officer(session, Role.DRAW_OFFICER, name="second"),
    )


def prepared(session: Session, folder: Path, actor: Actor) -> int:
    """A draw of the six citizens of a constituent assembly, prepared."""
    where = body(session, first=date(2026, 12, 1), seats={"elected": 6, "citizens": 6})
    read = draw_input(folder)
    return prepare_draw(
        session,
        act_of(actor),
        body_id=where,
        college="citizens",
        title="Tirage d'essai",
        pool=read.pool,
        quotas=read.quotas,
        panels=PANELS,
    )


def built(database: Database, folder: Path) -> tuple[int, Actor, Actor]:
    """A draw whose lottery is built; and its two officers."""
    with database.writing() as session:
        first, second = officers(session)
        draw = prepared(session, folder, first)
        freeze_draw(session, act_of(first), draw_id=draw)
    build_lottery(database, draw_id=draw, bundles=folder / "bundles", clock=ticking())
    return draw, first, second


def agree(database: Database, draw: int, number: str, first: Actor, second: Actor) -> None:
    """Two officers type the same number."""
    for actor in (first, second):
        with database.writing() as session:
            enter_randomness(session, act_of(actor), draw_id=draw, inputs={"number": number})


def proclaimed(database: Database, folder: Path, number: str = "17") -> tuple[int, Actor, Actor]:
    """A draw whose panel is proclaimed; and its two officers."""
    draw, first, second = built(database, folder)
    agree(database, draw, number, first, second)
    with database.writing() as session:
        proclaim_panel(session, act_of(first), draw_id=draw, bundles=folder / "bundles")
    return draw, first, second
