"""Building the lottery of a frozen draw: long work outside any transaction, resumed if it dies.

The bundle appears on the disk whole or not at all; the record of it follows in one
transaction. Killed between the two, the next run finds the bundle, proves that it is that of
the draw and adopts it. Killed before, it starts again. A run tells that it lives every second; one
that has been silent for too long is taken over.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from assemblies.accounts.rules import SYSTEM, Right, require
from assemblies.database import Database, refused_as
from assemblies.draws.models import Draw, DrawRun
from assemblies.draws.queries import (
    DrawView,
    exclusions_of,
    find_draw,
    frozen_pool,
    replacements_of,
)
from assemblies.draws.rules import (
    DrawState,
    is_silent,
    require_state,
    respondent_name,
)
from assemblies.errors import BundleMismatchError, NotFoundError, RunInProgressError
from assemblies.journal.actions import record
from assemblies.journal.rules import Act
from assemblies.parameters import load
from assemblies.periods import day_of
from sortition.bundle import Bundle, freeze, read_bundle
from sortition.errors import CancelledError, SortitionError
from sortition.pool import Pool
from sortition.randomness import plan_from_json
from sortition.replacement import replace
from sortition.solving import solve

Clock = Callable[[], datetime]
_BEAT = timedelta(seconds=1)
CANCELLED = "cancelled"
_GROUND = "construction de la loterie"


def bundle_folder(bundles: Path, draw: DrawView) -> Path:
    """Return where the bundle of a draw stands, or will stand."""
    return bundles / f"draw-{draw.pool_of}"


def set_aside_cancelled(session: Session, root: DrawView, bundles: Path) -> None:
    """Move the bundles of cancelled replacements out of the way of the next one.

    To be called while no replacement is under way: a bundle that no standing replacement
    names is then that of a cancelled one. It is kept, beside, for whoever asks.
    """
    folder = bundle_folder(bundles, root)
    standing = {draw.bundle_digest for draw in replacements_of(session, root.id)}
    rows = session.execute(  # the same people left: the same bundle, so the last one names it
        select(Draw.bundle_digest, Draw.id).where(Draw.root_id == root.id).order_by(Draw.id)
    )
    number_of = dict(iter(rows))
    for path in sorted((folder / "replacements").glob("*")):
        found = read_bundle(path).digest
        if found in standing:
            continue
        name = f"draw-{number_of[found]}" if found in number_of else f"bundle-{found[:16]}"
        (folder / CANCELLED).mkdir(exist_ok=True)
        path.rename(folder / CANCELLED / name)


def start_run(session: Session, act: Act, *, draw_id: int) -> int:
    """Begin to build the lottery of a frozen draw; return the number of the run.

    Raise ``RunInProgressError`` while another run gives news; one that has fallen silent
    (``draws/run_silence_seconds``) is declared dead and taken over.
    """
    require(act.actor, Right.RUN_DRAWS)
    draw = find_draw(session, draw_id)
    require_state(draw_id, draw.state, DrawState.FROZEN)
    silence = timedelta(seconds=load("draws/run_silence_seconds").on(day_of(act.at)).whole)
    open_run = session.scalars(
        select(DrawRun).where(DrawRun.draw_id == draw_id, DrawRun.ended_at.is_(None))
    ).one_or_none()
    if open_run is not None:
        if not is_silent(open_run.heartbeat_at, act.at, silence):
            raise RunInProgressError(draw=draw_id, run=open_run.id)
        open_run.ended_at, open_run.outcome = act.at, "dead"
        session.flush()
    run = DrawRun(
        draw_id=draw_id,
        started_at=act.at,
        heartbeat_at=act.at,
        label="",
        done=0,
        cancel_asked=False,
    )
    refusals = {"uq_draw_runs_at_work": RunInProgressError, "draw_runs.draw_id": RunInProgressError}
    with refused_as(session, refusals, draw=draw_id):
        session.add(run)
    record(session, act, "draw.run_started", "draw", draw_id, run=run.id)
    return run.id


def ask_to_stop(session: Session, act: Act, *, draw_id: int) -> None:
    """Ask the run at work to stop; it does at its next sign of life, and leaves no bundle."""
    require(act.actor, Right.RUN_DRAWS)
    run = session.scalars(
        select(DrawRun).where(DrawRun.draw_id == draw_id, DrawRun.ended_at.is_(None))
    ).one_or_none()
    if run is None:
        raise NotFoundError(kind="run", draw=draw_id)
    run.cancel_asked = True
    session.flush()
    record(session, act, "draw.run_stop_asked", "draw", draw_id, run=run.id)


@dataclass
class _Heartbeat:
    """Writes the advance of a run, once a second at most, and hears the wish to stop."""

    database: Database
    run: int
    clock: Clock
    label: str = ""
    total: int | None = None
    last: datetime | None = None

    def start(self, label: str, total: int | None) -> None:
        """Begin a piece of work."""
        self.label, self.total = label, total
        self.beat(0)

    def advance(self, done: int) -> None:
        """Tell how far it is; raise ``CancelledError`` when an officer asked to stop."""
        now = self.clock()
        if self.last is None or now - self.last >= _BEAT:
            self.beat(done)

    def beat(self, done: int) -> None:
        """Write that the run lives."""
        self.last = self.clock()
        with self.database.writing() as session:
            row = session.get_one(DrawRun, self.run)
            row.heartbeat_at, row.label = self.last, self.label
            row.done, row.total = done, self.total
            stop = row.cancel_asked or row.ended_at is not None
        if stop:
            raise CancelledError


def build_lottery(database: Database, *, draw_id: int, bundles: Path, clock: Clock) -> str:
    """Build the lottery of a frozen draw and record it; return the digest of its bundle.

    To be called by a worker, as often as it takes: each call resumes where the last one
    died. Raise ``RunInProgressError`` while another is at work, ``CancelledError`` when an
    officer asked to stop, the error of ``sortition`` when no panel meets the quotas.
    """
    with database.writing() as session:
        run = start_run(session, Act(SYSTEM, clock(), _GROUND), draw_id=draw_id)
        draw = find_draw(session, draw_id)
        pool = frozen_pool(session, draw)
        excluded = [(respondent_name(n), reason) for n, reason in exclusions_of(session, draw_id)]
    heart = _Heartbeat(database, run, clock)
    try:
        bundle = _bundle(draw, pool, excluded, bundles, heart)
    except (SortitionError, BundleMismatchError) as error:
        outcome = "cancelled" if isinstance(error, CancelledError) else "failed"
        _end_run(database, draw_id, run, clock, outcome)
        raise
    with database.writing() as session:
        _finish(session, Act(SYSTEM, clock(), _GROUND), draw_id, run, bundle)
    return bundle.digest


def _bundle(
    draw: DrawView, pool: Pool, excluded: list[tuple[str, str]], bundles: Path, heart: _Heartbeat
) -> Bundle:
    """Return the bundle of a draw: the one on the disk if it is there, else a new one."""
    folder = bundle_folder(bundles, draw)
    plan = plan_from_json(dict(draw.randomness))
    if draw.root is not None:
        left = [respondent_name(number) for number in draw.left]
        away = [respondent_name(number) for number in draw.unavailable]
        standing = _pending_replacement(folder, left)
        if standing is not None:
            return standing
        return replace(
            folder, left, unavailable=away, randomness_plan=plan, panels=draw.panels, progress=heart
        ).bundle
    if folder.exists():
        bundle = read_bundle(folder)
        if bundle.pool().ids != pool.ids or bundle.quotas().quotas != _bare(draw):
            raise BundleMismatchError(draw=draw.id, folder=folder.name)
        return bundle
    solution = solve(pool, draw.quotas, panels=draw.panels, progress=heart)
    return freeze(
        solution,
        folder,
        title=draw.title,
        randomness_plan=plan.as_json(),
        secret=secrets.token_bytes(32),
        exclusion_list=excluded,
    )


def _pending_replacement(folder: Path, left: list[str]) -> Bundle | None:
    """Return the last replacement on the disk if it is frozen, not drawn and for these."""
    made = sorted((folder / "replacements").glob("*"), key=lambda path: int(path.name))
    if not made:
        return None
    bundle = read_bundle(made[-1])
    token_of = {name: token for token, name in read_bundle(folder).respondents().items()}
    parent = bundle.manifest["parent"]
    same = parent["left"] == sorted(token_of[name] for name in left)
    return bundle if same and not bundle.is_drawn else None


def _bare(draw: DrawView) -> tuple[object, ...]:
    """Return the quotas as a bundle keeps them, without the limits set to relaxations."""
    return tuple(
        type(q)(q.feature, q.category, q.lower, q.upper) for q in draw.quotas.in_code_order
    )


def _finish(session: Session, act: Act, draw_id: int, run: int, bundle: Bundle) -> None:
    row = session.get_one(Draw, draw_id)
    run_row = session.get_one(DrawRun, run)
    if run_row.ended_at is not None or row.state != DrawState.FROZEN:
        raise RunInProgressError(draw=draw_id, run=run, reason="it was taken over")
    manifest = bundle.manifest
    row.state, row.built_at, row.bundle_digest = DrawState.BUILT, act.at, bundle.digest
    row.certificate = {
        name: manifest[name]
        for name in (
            "minimum_probability",
            "bound",
            "max_error_seats",
            "panels",
            "pool",
            "method",
            "excluded_by_quotas",
        )
    }
    run_row.ended_at, run_row.outcome = act.at, "done"
    session.flush()
    record(session, act, "draw.lottery_built", "draw", draw_id, digest=bundle.digest, run=run)


def _end_run(database: Database, draw_id: int, run: int, clock: Clock, outcome: str) -> None:
    with database.writing() as session:
        row = session.get_one(DrawRun, run)
        if row.ended_at is None:
            row.ended_at, row.outcome = clock(), outcome
        act = Act(SYSTEM, clock(), _GROUND)
        record(session, act, "draw.run_ended", "draw", draw_id, run=run, outcome=outcome)
