"""The public number typed by two officers, and the panel it points at.

The record of the draw is written into the bundle first, then into the database in one
transaction. Killed between the two, proclaiming again finds the record, checks that it is what
the two officers typed, and adopts it: a draw is never drawn twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from assemblies.accounts.rules import Right, require
from assemblies.draws.building import bundle_folder
from assemblies.draws.models import Draw, DrawAlternate, DrawEntry, DrawMember
from assemblies.draws.queries import DrawView, find_draw, standing_entry
from assemblies.draws.rules import (
    DrawState,
    Entered,
    compare_entries,
    require_other,
    require_state,
    respondent_number,
)
from assemblies.errors import BundleMismatchError, DrawStateError
from assemblies.journal.actions import record
from assemblies.journal.rules import Act, instant_text
from sortition import drawing
from sortition.bundle import Bundle, read_bundle
from sortition.canonical import digest
from sortition.drand import parse_round
from sortition.drawn_number import DrawInputs, find_number
from sortition.randomness import plan_from_json

ALTERNATES = "witness/alternates.csv"


def enter_randomness(
    session: Session, act: Act, *, draw_id: int, inputs: Mapping[str, Any]
) -> Entered:
    """Record what an officer typed of the public randomness; two different ones must agree.

    ``inputs`` holds, as the plan of the draw announced, ``number``, ``text``, ``values``
    (by name of source) or ``drand`` (the text of a round). What leads to no panel is
    refused at once, with the error of ``sortition``; what differs from the other officer's
    typing sets both aside.
    """
    require(act.actor, Right.RUN_DRAWS)
    draw = find_draw(session, draw_id)
    require_state(draw_id, draw.state, DrawState.BUILT)
    _number_of(draw, inputs)
    standing = standing_entry(session, draw_id)
    if len(standing) > 1:
        raise DrawStateError(draw=draw_id, reason="two officers have agreed already")
    earlier = standing[0] if standing else (None, None)
    require_other(draw_id, act.actor.account, earlier[0])
    session.add(
        DrawEntry(
            draw_id=draw_id,
            account_id=act.actor.account,
            inputs=dict(inputs),
            entered_at=act.at,
            set_aside=False,
        )
    )
    session.flush()
    outcome = compare_entries(earlier[1], inputs)
    if outcome is Entered.DISAGREED:
        session.execute(
            update(DrawEntry).where(DrawEntry.draw_id == draw_id).values(set_aside=True)
        )
    record(session, act, f"draw.randomness_{outcome}", "draw", draw_id)
    return outcome


def proclaim_panel(session: Session, act: Act, *, draw_id: int, bundles: Path) -> tuple[int, ...]:
    """Draw the panel that the agreed number points at, and record it; return its members.

    Raise ``DrawStateError`` unless two officers agreed and nobody proclaimed before.
    """
    require(act.actor, Right.RUN_DRAWS)
    draw = find_draw(session, draw_id)
    require_state(draw_id, draw.state, DrawState.BUILT)
    standing = standing_entry(session, draw_id)
    if len(standing) < 2:
        raise DrawStateError(draw=draw_id, reason="two officers have to type the number first")
    bundle = _bundle_of(draw, bundles)
    inputs = standing[0][1]
    if not bundle.is_drawn:
        drawing.draw(
            bundle.path,
            _inputs(inputs),
            drawn_at=instant_text(act.at),
            officers=[f"account {account}" for account, _ in standing],
        )
    found = bundle.draw()
    if found["number"] != _number_of(draw, inputs):
        raise BundleMismatchError(draw=draw_id, recorded=found["number"])
    members = _store(session, draw, bundle, found)
    row = session.get_one(Draw, draw_id)
    row.state, row.proclaimed_at = DrawState.PROCLAIMED, act.at
    row.number = found["number"]
    row.record_digest = digest((bundle.path / "public" / "draw.json").read_bytes())
    session.flush()
    record(
        session,
        act,
        "draw.proclaimed",
        "draw",
        draw_id,
        number=row.number,
        digest=row.record_digest,
    )
    return members


def _bundle_of(draw: DrawView, bundles: Path) -> Bundle:
    """Return the bundle of a draw; raise ``BundleMismatchError`` if it is another one."""
    folder = bundle_folder(bundles, draw)
    paths = [folder]
    if draw.root is not None:
        paths = sorted((folder / "replacements").glob("*"))
    for path in paths:
        bundle = read_bundle(path)
        if bundle.digest == draw.bundle_digest:
            return bundle
    raise BundleMismatchError(draw=draw.id, digest=draw.bundle_digest)


def _number_of(draw: DrawView, inputs: Mapping[str, Any]) -> int:
    assert draw.certificate is not None  # noqa: S101 -- a draw that is built has one
    plan = plan_from_json(dict(draw.randomness))
    drawn = find_number(
        plan,
        _inputs(inputs),
        digest=str(draw.bundle_digest),
        panels=int(draw.certificate["panels"]),
    )
    return drawn.number


def _inputs(inputs: Mapping[str, Any]) -> DrawInputs:
    number = inputs.get("number")
    return DrawInputs(
        number=number,
        number_again=number,
        values=inputs.get("values", {}),
        drand_round=parse_round(inputs["drand"]) if "drand" in inputs else None,
        text=inputs.get("text"),
    )


def _store(
    session: Session, draw: DrawView, bundle: Bundle, found: Mapping[str, Any]
) -> tuple[int, ...]:
    listed = (bundle.path / ALTERNATES).read_bytes()
    if digest(listed) != found["alternates_digest"]:
        raise BundleMismatchError(draw=draw.id, file=ALTERNATES)
    names = bundle.respondents()
    members = tuple(sorted(respondent_number(names[token]) for token in found["panel"]))
    session.add_all(DrawMember(draw_id=draw.id, number=number) for number in members)
    session.add_all(
        DrawAlternate(
            draw_id=draw.id,
            seat=respondent_number(names[seat]),
            rank=int(rank),
            number=respondent_number(names[token]),
        )
        for seat, rank, token in bundle.table(ALTERNATES)
    )
    session.flush()
    return members
