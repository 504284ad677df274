"""Run the steps of a draw in a process that kills itself (SIGKILL) at a point given by name.

python -m tests.integration.assemblies.crash_steps URL FOLDER STEP POINT
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy.orm import Session

from assemblies.accounts.queries import actor_on
from assemblies.accounts.rules import SYSTEM
from assemblies.database import Database, open_database
from assemblies.draws import building, proclaiming
from assemblies.draws.actions import freeze_draw
from assemblies.journal.rules import Act
from tests.assembly_facts import NOON, TODAY, act_of
from tests.draw_facts import ticking


def die(*_: Any, **__: Any) -> NoReturn:
    """End as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("SIGKILL does not return")


def after(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that does its work and then dies."""

    def done_then_dead(*arguments: Any, **named: Any) -> NoReturn:
        function(*arguments, **named)
        die()

    return done_then_dead


def before_commit(work: Callable[[Session], Any], database: Database, *, dies: bool) -> None:
    """Do some work in a transaction; die before it is kept, if asked."""
    with database.writing() as session:
        work(session)
        if dies:
            session.flush()
            die()


def main(url: str, folder: str, step: str, point: str) -> None:
    """Do one step of draw 1, dying at the point named."""
    database, bundles = open_database(url), Path(folder)
    if step == "freeze":
        before_commit(
            lambda s: freeze_draw(s, act_of(), draw_id=1), database, dies=point == "before commit"
        )
    elif step == "build":
        if point == "while solving":
            building.solve = die  # type: ignore[assignment]
        elif point == "after the bundle":
            building.freeze = after(building.freeze)  # type: ignore[assignment]
        elif point == "before commit":
            building._finish = after(building._finish)
        clock = ticking(NOON + timedelta(hours=int(os.environ.get("HOURS", "0"))))
        building.build_lottery(database, draw_id=1, bundles=bundles, clock=clock)
    elif step == "enter":
        with database.reading() as session:
            actor = actor_on(session, 1, on=TODAY)
        before_commit(
            lambda s: proclaiming.enter_randomness(
                s, Act(actor, NOON, "test"), draw_id=1, inputs={"number": "17"}
            ),
            database,
            dies=point == "before commit",
        )
    else:
        if point == "after the record":
            proclaiming.drawing.draw = after(proclaiming.drawing.draw)  # type: ignore[assignment]
        before_commit(
            lambda s: proclaiming.proclaim_panel(
                s, Act(SYSTEM, NOON, "test"), draw_id=1, bundles=bundles
            ),
            database,
            dies=point == "before commit",
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
