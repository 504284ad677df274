"""Reading draws: their state, their pool, their panel, who a respondent is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assemblies.composition.models import College
from assemblies.draws.models import (
    Draw,
    DrawAlternate,
    DrawCancellation,
    DrawDecision,
    DrawEntry,
    DrawExclusion,
    DrawMember,
    DrawRespondent,
    DrawRun,
)
from assemblies.draws.rules import (
    DrawState,
    RespondentRow,
    frozen_digest,
    make_pool,
    quotas_from_json,
)
from assemblies.errors import BundleMismatchError, NotFoundError
from sortition.pool import Feature, Pool
from sortition.quotas import Quotas


@dataclass(frozen=True, slots=True)
class DrawView:
    """A draw as it stands. ``root`` is the draw that a replacement mends."""

    id: int
    body_id: int
    college_id: int
    college: str
    root: int | None
    title: str
    state: DrawState
    size: int
    panels: int | None
    quotas: Quotas
    randomness: Mapping[str, Any]
    left: tuple[int, ...]
    unavailable: tuple[int, ...]
    pool_digest: str | None
    bundle_digest: str | None
    certificate: Mapping[str, Any] | None
    number: int | None
    record_digest: str | None
    proclaimed_at: datetime | None
    respondents: int

    @property
    def pool_of(self) -> int:
        """The draw whose respondents these are: its own, or those of the draw it mends."""
        return self.id if self.root is None else self.root


@dataclass(frozen=True, slots=True)
class RunView:
    """A run of the lottery: how far it is, and how it ended."""

    id: int
    started_at: datetime
    heartbeat_at: datetime
    label: str
    done: int
    total: int | None
    cancel_asked: bool
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """Quotas relaxed while a draw was prepared, and who signed for it."""

    account: int
    before: Quotas
    after: Quotas
    reason: str
    decided_at: datetime


def find_draw(session: Session, draw_id: int) -> DrawView:
    """Return a draw; raise ``NotFoundError`` where there is none."""
    row = session.execute(
        select(Draw, College).join(College, College.id == Draw.college_id).where(Draw.id == draw_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(kind="draw", id=draw_id)
    return _view(session, *row)


def draws_of(session: Session, body_id: int) -> tuple[DrawView, ...]:
    """Return the draws of a body, cancelled ones and replacements too, oldest first."""
    rows = session.execute(
        select(Draw, College)
        .join(College, College.id == Draw.college_id)
        .where(College.body_id == body_id)
        .order_by(Draw.id)
    )
    return tuple(_view(session, *row) for row in rows)


def replacements_of(session: Session, draw_id: int) -> tuple[DrawView, ...]:
    """Return the replacements of a draw that were not cancelled, oldest first."""
    ids = session.scalars(
        select(Draw.id)
        .where(Draw.root_id == draw_id, Draw.state != DrawState.CANCELLED)
        .order_by(Draw.id)
    ).all()
    return tuple(find_draw(session, number) for number in ids)


def respondents_of(session: Session, draw_id: int) -> tuple[RespondentRow, ...]:
    """Return the respondents of a draw as the lottery sees them, by number.

    Raise ``NotFoundError`` once their profiles have been erased.
    """
    rows = session.scalars(
        select(DrawRespondent)
        .where(DrawRespondent.draw_id == draw_id)
        .order_by(DrawRespondent.number)
    ).all()
    if any(row.profile is None for row in rows):
        raise NotFoundError(kind="profiles", draw=draw_id, reason="erased")
    return tuple(RespondentRow(r.number, tuple(r.profile or ()), r.household) for r in rows)


def exclusions_of(session: Session, draw_id: int) -> tuple[tuple[int, str], ...]:
    """Return (number, reason) of everybody kept out before the draw."""
    rows = session.scalars(
        select(DrawExclusion).where(DrawExclusion.draw_id == draw_id).order_by(DrawExclusion.number)
    )
    return tuple((row.number, row.reason) for row in rows)


def persons_of(session: Session, draw_id: int) -> dict[int, int]:
    """Return the person behind the number of each respondent."""
    rows = session.execute(
        select(DrawRespondent.number, DrawRespondent.person_id).where(
            DrawRespondent.draw_id == draw_id
        )
    )
    return dict(iter(rows))


def panel_of(session: Session, draw_id: int) -> tuple[int, ...]:
    """Return the numbers of the members that a draw brought, ascending."""
    rows = session.scalars(
        select(DrawMember.number).where(DrawMember.draw_id == draw_id).order_by(DrawMember.number)
    )
    return tuple(rows)


def alternates_of(session: Session, draw_id: int) -> tuple[tuple[int, int, int], ...]:
    """Return (seat, rank, number) of the alternates, by seat and rank."""
    rows = session.scalars(
        select(DrawAlternate)
        .where(DrawAlternate.draw_id == draw_id)
        .order_by(DrawAlternate.seat, DrawAlternate.rank)
    )
    return tuple((row.seat, row.rank, row.number) for row in rows)


def frozen_pool(session: Session, draw: DrawView) -> Pool:
    """Return the pool of a frozen draw, proved to be the one whose digest was published.

    Raise ``BundleMismatchError`` when the digest is not that of the rows.
    """
    rows = respondents_of(session, draw.pool_of)
    own_rows = rows if draw.root is None else ()
    found = frozen_digest(
        draw.quotas,
        own_rows,
        panels=draw.panels,
        randomness=draw.randomness,
        exclusions=exclusions_of(session, draw.id),
    )
    if draw.pool_digest is not None and found != draw.pool_digest:
        raise BundleMismatchError(draw=draw.id, frozen=draw.pool_digest, found=found)
    return make_pool(features_of(session, draw.id), rows)


def features_of(session: Session, draw_id: int) -> tuple[Feature, ...]:
    """Return the features of a draw and their categories, in file order."""
    rows = session.get_one(Draw, draw_id).features
    return tuple(Feature(name, tuple(categories)) for name, categories in rows)


def standing_entry(session: Session, draw_id: int) -> tuple[tuple[int, Mapping[str, Any]], ...]:
    """Return (account, inputs) of each officer's typing that was not set aside."""
    rows = session.scalars(
        select(DrawEntry)
        .where(DrawEntry.draw_id == draw_id, DrawEntry.set_aside.is_(False))
        .order_by(DrawEntry.id)
    )
    return tuple((row.account_id, row.inputs) for row in rows)


def runs_of(session: Session, draw_id: int) -> tuple[RunView, ...]:
    """Return the runs of a draw, oldest first."""
    rows = session.scalars(select(DrawRun).where(DrawRun.draw_id == draw_id).order_by(DrawRun.id))
    return tuple(
        RunView(
            row.id,
            row.started_at,
            row.heartbeat_at,
            row.label,
            row.done,
            row.total,
            row.cancel_asked,
            row.outcome,
        )
        for row in rows
    )


def cancellations_of(session: Session, draw_id: int) -> tuple[tuple[int, str], ...]:
    """Return (account, reason) of each officer who asked to cancel a draw."""
    rows = session.scalars(
        select(DrawCancellation)
        .where(DrawCancellation.draw_id == draw_id)
        .order_by(DrawCancellation.asked_at)
    )
    return tuple((row.account_id, row.reason) for row in rows)


def decisions_of(session: Session, draw_id: int) -> tuple[Decision, ...]:
    """Return the signed choices made while a draw was prepared, oldest first."""
    size = find_draw(session, draw_id).size
    rows = session.scalars(
        select(DrawDecision).where(DrawDecision.draw_id == draw_id).order_by(DrawDecision.id)
    )
    return tuple(
        Decision(
            row.account_id,
            quotas_from_json(size, row.quotas_before),
            quotas_from_json(size, row.quotas_after),
            row.reason,
            row.decided_at,
        )
        for row in rows
    )


def _view(session: Session, draw: Draw, college: College) -> DrawView:
    respondents = session.scalar(
        select(func.count())
        .select_from(DrawRespondent)
        .where(DrawRespondent.draw_id == (draw.root_id or draw.id))
    )
    return DrawView(
        id=draw.id,
        body_id=college.body_id,
        college_id=college.id,
        college=college.key,
        root=draw.root_id,
        title=draw.title,
        state=DrawState(draw.state),
        size=draw.size,
        panels=draw.panels,
        quotas=quotas_from_json(draw.size, draw.quotas),
        randomness=draw.randomness,
        left=tuple(draw.left or ()),
        unavailable=tuple(draw.unavailable or ()),
        pool_digest=draw.pool_digest,
        bundle_digest=draw.bundle_digest,
        certificate=draw.certificate,
        number=draw.number,
        record_digest=draw.record_digest,
        proclaimed_at=draw.proclaimed_at,
        respondents=respondents or 0,
    )
