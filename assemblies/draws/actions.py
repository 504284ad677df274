"""Preparing a draw, freezing its pool, deciding on its quotas, cancelling it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assemblies.accounts.rules import Right, require
from assemblies.composition.queries import find_body, seats_of
from assemblies.composition.rules import Mode, require_in_term
from assemblies.draws.models import (
    Draw,
    DrawCancellation,
    DrawDecision,
    DrawExclusion,
    DrawRespondent,
    DrawRun,
)
from assemblies.draws.pool_import import Volunteer, volunteers_in
from assemblies.draws.queries import (
    DrawView,
    cancellations_of,
    exclusions_of,
    find_draw,
    replacements_of,
    respondents_of,
)
from assemblies.draws.rules import (
    Cancellation,
    DrawState,
    frozen_digest,
    quotas_to_json,
    require_other,
    require_state,
)
from assemblies.errors import (
    AlreadyMemberError,
    DrawRefusedError,
    IncompatibleMandateError,
)
from assemblies.journal.actions import record
from assemblies.journal.rules import Act
from assemblies.mandates.actions import check_compatible
from assemblies.mandates.models import Mandate
from assemblies.mandates.queries import term_of
from assemblies.mandates.rules import term_holding
from assemblies.people.actions import add_people
from assemblies.periods import Period, day_of
from sortition.pool import NO_HOUSEHOLD, Pool
from sortition.quotas import Quotas
from sortition.randomness import NumberPlan, RandomnessPlan


def prepare_draw(
    session: Session,
    act: Act,
    *,
    body_id: int,
    college: str,
    title: str,
    pool: Pool,
    quotas: Quotas,
    excluded: Sequence[tuple[int, str]] = (),
    randomness: RandomnessPlan | None = None,
    panels: int | None = None,
) -> int:
    """Record a draw of the seats of a drawn college with its pool; return its number.

    ``pool`` and ``quotas`` are as ``sortition.files`` reads them. Each volunteer becomes a
    person, or is the one that the file names; who cannot hold the mandate is kept out with
    the rule as reason. ``excluded`` are (person, reason) kept out beforehand. Raise
    ``DrawRefusedError`` where the college is not drawn or is smaller than the panel.
    """
    require(act.actor, Right.RUN_DRAWS)
    body = find_body(session, body_id)
    chosen = next((c for c in body.colleges if c.key == college), None)
    if chosen is None or chosen.mode is not Mode.DRAWN:
        raise DrawRefusedError(body=body_id, college=college, reason="it is not drawn by lot")
    if quotas.size > chosen.seats:
        raise DrawRefusedError(college=college, seats=chosen.seats, panel=quotas.size)
    draw = Draw(
        college_id=chosen.id,
        title=title.strip(),
        state=DrawState.PREPARED,
        size=quotas.size,
        panels=panels,
        quotas=quotas_to_json(quotas),
        features=[[feature.name, list(feature.categories)] for feature in pool.features],
        randomness=(randomness or NumberPlan()).as_json(),
        prepared_at=act.at,
    )
    session.add(draw)
    session.flush()
    volunteers = volunteers_in(pool)
    persons = _persons(session, act, volunteers)
    known = [v.person for v in volunteers if v.person is not None]
    barred = dict(excluded) | _incompatible(session, act, body_id, college, known)
    _add_rows(session, draw.id, pool, persons, barred)
    record(
        session,
        act,
        "draw.prepared",
        "draw",
        draw.id,
        respondents=len(persons) - len(barred.keys() & set(persons)),
        excluded=len(barred.keys() & set(persons)),
        size=quotas.size,
    )
    return draw.id


def relax_quotas(session: Session, act: Act, *, draw_id: int, quotas: Quotas, reason: str) -> None:
    """Sign for other quotas, before the pool is frozen; the decision stays with the draw."""
    require(act.actor, Right.RUN_DRAWS)
    draw = find_draw(session, draw_id)
    require_state(draw_id, draw.state, DrawState.PREPARED)
    same = [(q.feature, q.category) for q in quotas.quotas]
    if quotas.size != draw.size or same != [(q.feature, q.category) for q in draw.quotas.quotas]:
        raise DrawRefusedError(draw=draw_id, reason="only the bounds of quotas may change")
    if not reason.strip() or act.actor.account is None:
        raise DrawRefusedError(draw=draw_id, reason="a person has to sign, with a reason")
    session.add(
        DrawDecision(
            draw_id=draw_id,
            account_id=act.actor.account,
            quotas_before=quotas_to_json(draw.quotas),
            quotas_after=quotas_to_json(quotas),
            reason=reason.strip(),
            decided_at=act.at,
        )
    )
    session.get_one(Draw, draw_id).quotas = quotas_to_json(quotas)
    session.flush()
    record(session, act, "draw.quotas_relaxed", "draw", draw_id)


def freeze_draw(session: Session, act: Act, *, draw_id: int) -> str:
    """Freeze the pool, the quotas and the rules of a draw; return the digest to publish."""
    require(act.actor, Right.RUN_DRAWS)
    draw = find_draw(session, draw_id)
    require_state(draw_id, draw.state, DrawState.PREPARED)
    found = frozen_digest(
        draw.quotas,
        respondents_of(session, draw_id),
        panels=draw.panels,
        randomness=draw.randomness,
        exclusions=exclusions_of(session, draw_id),
    )
    row = session.get_one(Draw, draw_id)
    row.state, row.pool_digest, row.frozen_at = DrawState.FROZEN, found, act.at
    session.flush()
    record(session, act, "draw.frozen", "draw", draw_id, digest=found)
    return found


def cancel_draw(session: Session, act: Act, *, draw_id: int, reason: str) -> Cancellation:
    """Ask to cancel a draw; done when a second officer asks too. It stays visible for ever."""
    require(act.actor, Right.RUN_DRAWS)
    draw = find_draw(session, draw_id)
    states = set(DrawState) - {DrawState.CANCELLED}
    require_state(draw_id, draw.state, *sorted(states))
    if not reason.strip():
        raise DrawRefusedError(draw=draw_id, reason="a cancellation needs a reason")
    _require_nothing_on(session, draw)
    earlier = cancellations_of(session, draw_id)
    require_other(draw_id, act.actor.account, earlier[0][0] if earlier else None)
    session.add(
        DrawCancellation(
            draw_id=draw_id, account_id=act.actor.account, reason=reason.strip(), asked_at=act.at
        )
    )
    session.flush()
    if not earlier:
        record(session, act, "draw.cancellation_asked", "draw", draw_id)
        return Cancellation.ASKED
    row = session.get_one(Draw, draw_id)
    row.state, row.cancelled_at = DrawState.CANCELLED, act.at
    session.execute(  # a run at work sees it at its next sign of life
        update(DrawRun)
        .where(DrawRun.draw_id == draw_id, DrawRun.ended_at.is_(None))
        .values(ended_at=act.at, outcome="cancelled")
    )
    session.flush()
    record(session, act, "draw.cancelled", "draw", draw_id, asked_by=earlier[0][0])
    return Cancellation.DONE


def _require_nothing_on(session: Session, draw: DrawView) -> None:
    """Refuse to cancel what seats, or later replacements, rest on."""
    last = session.scalar(
        select(func.max(Mandate.last_day)).where(
            Mandate.draw_id == draw.id, Mandate.withdrawn_at.is_(None)
        )
    )
    if last is not None:
        raise DrawRefusedError(draw=draw.id, reason="mandates began from it", last=last)
    for other in replacements_of(session, draw.pool_of):
        if other.id > draw.id:
            reason = "a replacement rests on it: cancel that one first"
            raise DrawRefusedError(draw=draw.id, reason=reason, replacement=other.id)


def _persons(session: Session, act: Act, volunteers: Sequence[Volunteer]) -> list[int]:
    """Return the person of each volunteer, in the order of the pool; record the new ones."""
    new = [v for v in volunteers if v.person is None]
    numbers = iter(add_people(session, act, [(v.identity, v.contact) for v in new]))
    return [next(numbers) if v.person is None else v.person for v in volunteers]


def _incompatible(
    session: Session, act: Act, body_id: int, college: str, persons: Sequence[int]
) -> dict[int, str]:
    """Return why each person who could not hold the mandate is kept out."""
    body = find_body(session, body_id)
    seat = seats_of(session, body_id, college=college)[0]
    first = max(day_of(act.at), body.period.first)
    require_in_term(body.period, first, what="draw")
    period = Period(first, term_holding(term_of(body, seat), first).last)
    reasons: dict[int, str] = {}
    for person in persons:
        try:
            check_compatible(session, body, seat, person, period)
        except AlreadyMemberError:
            reasons[person] = "one_seat"
        except IncompatibleMandateError as error:
            reasons[person] = str(error.facts["rule"])
    return reasons


def _add_rows(
    session: Session, draw_id: int, pool: Pool, persons: Sequence[int], barred: dict[int, str]
) -> None:
    if len(set(persons)) != len(persons):
        raise DrawRefusedError(draw=draw_id, reason="the file names one person twice")
    for row, person in enumerate(persons):
        number = row + 1
        if person in barred:
            session.add(
                DrawExclusion(
                    draw_id=draw_id, number=number, person_id=person, reason=barred[person]
                )
            )
            continue
        home = int(pool.households[row])
        session.add(
            DrawRespondent(
                draw_id=draw_id,
                number=number,
                person_id=person,
                profile=list(pool.profile(row)),
                household=None if home == NO_HOUSEHOLD else home,
            )
        )
    session.flush()
