"""Killed at any step of a draw, the process leaves a record from which the same call resumes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assemblies.database import Database, open_database
from assemblies.draws.proclaiming import enter_randomness
from assemblies.draws.queries import find_draw, panel_of, runs_of
from assemblies.draws.rules import DrawState
from assemblies.journal.queries import verify
from assemblies.journal.rules import Actor
from sortition.audit import audit
from tests.assembly_facts import act_of
from tests.draw_facts import officers, prepared

POINTS = {
    "freeze": ("before commit",),
    "build": ("while solving", "after the bundle", "before commit"),
    "enter": ("before commit",),
    "proclaim": ("after the record", "before commit"),
}


def run(root: Path, url: str, folder: Path, step: str, point: str, hours: int = 0) -> int:
    command = [sys.executable, "-m", "tests.integration.assemblies.crash_steps"]
    done = subprocess.run(
        [*command, url, folder, step, point],
        cwd=root,
        env=os.environ | {"HOURS": str(hours)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def type_again(database: Database, second: Actor) -> None:
    with database.writing() as session:
        enter_randomness(session, act_of(second), draw_id=1, inputs={"number": "17"})


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_a_draw_killed_at_every_step_ends_as_if_nothing_had_happened(
    root: Path, tmp_path: Path, request: pytest.FixtureRequest, database_kind: str
) -> None:
    if database_kind == "sqlite":
        url = request.getfixturevalue("sqlite_url")
    else:
        url = request.getfixturevalue("new_postgres_url")()
    database = open_database(url)
    bundles = tmp_path / "bundles"
    with database.writing() as session:
        first, second = officers(session)
        prepared(session, tmp_path, first)
    hours = 0
    for step, points in POINTS.items():
        for point in points:
            hours += 1
            assert run(root, url, bundles, step, point, hours) == -signal.SIGKILL
            with database.reading() as session:
                assert verify(session) == []
        assert run(root, url, bundles, step, "never", hours + 1) == 0
        if step == "enter":
            type_again(database, second)
    with database.reading() as session:
        draw = find_draw(session, 1)
        assert (draw.state, draw.number) == (DrawState.PROCLAIMED, 17)
        assert len(panel_of(session, 1)) == 6
        assert [r.outcome for r in runs_of(session, 1)] == ["dead", "dead", "dead", "done"]
        assert verify(session) == []
    assert audit(bundles / "draw-1").lie is None
    assert [path.name for path in bundles.iterdir()] == ["draw-1"]
    database.engine.dispose()
