"""Opening the calls of a draw, recording attempts and answers, opening a replacement."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from assemblies.accounts.rules import Right, require
from assemblies.calls.models import Call, CallAttempt
from assemblies.calls.queries import (
    CallView,
    call_list,
    find_call,
    is_replacement_under_way,
    seats_left,
    to_replace,
)
from assemblies.calls.rules import (
    Attempt,
    Outcome,
    check_not_reached,
    check_open,
    deadline,
)
from assemblies.draws.building import bundle_folder, set_aside_cancelled
from assemblies.draws.models import Draw
from assemblies.draws.queries import find_draw, panel_of, persons_of
from assemblies.draws.rules import (
    DrawState,
    frozen_digest,
    quotas_to_json,
    require_state,
    respondent_name,
)
from assemblies.errors import CallError, DrawRefusedError
from assemblies.journal.actions import record, record_read
from assemblies.journal.rules import Act
from assemblies.mandates.actions import start_mandate
from assemblies.mandates.queries import free_seats
from assemblies.parameters import load
from assemblies.periods import day_of
from sortition.randomness import NumberPlan, RandomnessPlan
from sortition.vacancies import find_vacancies


def open_calls(session: Session, act: Act, *, draw_id: int) -> tuple[int, ...]:
    """Put everybody whom a draw brought on the call list, with a deadline; return the calls."""
    require(act.actor, Right.CALL_DRAWN)
    draw = find_draw(session, draw_id)
    require_state(draw_id, draw.state, DrawState.PROCLAIMED)
    if call_list(session, draw_id):
        raise CallError(draw=draw_id, reason="its calls are open already")
    on = day_of(act.at)
    last_day = deadline(on, load("calls/deadline_days").on(on).whole)
    persons = persons_of(session, draw.pool_of)
    calls = [
        Call(
            draw_id=draw_id,
            number=number,
            person_id=persons[number],
            opened_on=on,
            last_day=last_day,
        )
        for number in panel_of(session, draw_id)
    ]
    session.add_all(calls)
    session.flush()
    record(
        session,
        act,
        "calls.opened",
        "draw",
        draw_id,
        count=len(calls),
        last_day=last_day.isoformat(),
    )
    return tuple(call.id for call in calls)


def read_call_list(session: Session, act: Act, *, draw_id: int) -> tuple[CallView, ...]:
    """Return the calls of a draw, notes included, and record that the list was read."""
    require(act.actor, Right.CALL_DRAWN)
    record_read(session, act, "calls.read", "draw", draw_id)
    return call_list(session, draw_id)


def record_attempt(
    session: Session, act: Act, *, call_id: int, result: Attempt, note: str | None = None
) -> None:
    """Record one attempt to reach somebody; the note stays out of the journal."""
    require(act.actor, Right.CALL_DRAWN)
    call = find_call(session, call_id)
    check_open(call_id, call.outcome)
    session.add(
        CallAttempt(
            call_id=call_id, account_id=act.actor.account, at=act.at, result=result, note=note
        )
    )
    session.flush()
    record(session, act, "call.attempted", "call", call_id, result=result)


def accept_seat(session: Session, act: Act, *, call_id: int, first: date) -> int:
    """Record that somebody accepts, and start their mandate; return it.

    They take a seat of the drawn college that is free from that day to the end of its term:
    for a replacement first one that a member replaced has left, then by number. Raise the
    error of the rule that keeps them from it.
    """
    require(act.actor, Right.CALL_DRAWN)
    call = find_call(session, call_id)
    check_open(call_id, call.outcome)
    draw = find_draw(session, call.draw_id)
    require_state(draw.id, draw.state, DrawState.PROCLAIMED)
    free = free_seats(session, draw.body_id, first=first, college=draw.college)
    if not free:
        raise CallError(call=call_id, reason="no seat of the college is vacant", day=first)
    wanted = seats_left(session, draw)
    seat = min(free, key=lambda one: (one.id not in wanted, one.number))
    mandate = start_mandate(
        session,
        act,
        seat_id=seat.id,
        person_id=call.person_id,
        first=first,
        draw_id=call.draw_id,
    )
    _close(session, act, call, Outcome.ACCEPTED, mandate)
    return mandate


def decline_seat(session: Session, act: Act, *, call_id: int, outcome: Outcome) -> None:
    """Record that somebody will not sit, and why.

    Not being reached takes the end of the deadline and enough attempts
    (``calls/attempts``).
    """
    require(act.actor, Right.CALL_DRAWN)
    call = find_call(session, call_id)
    check_open(call_id, call.outcome)
    if outcome is Outcome.ACCEPTED:
        raise CallError(call=call_id, reason="an acceptance starts a mandate: accept the seat")
    if outcome is Outcome.NOT_REACHED:
        on = day_of(act.at)
        needed = load("calls/attempts").on(on).whole
        check_not_reached(call_id, len(call.attempts), needed, on, call.last_day)
    _close(session, act, call, outcome, None)


def open_replacement(
    session: Session,
    act: Act,
    *,
    draw_id: int,
    bundles: Path,
    randomness: RandomnessPlan | None = None,
) -> int:
    """Open the draw of whoever fills the seats left in a first draw; return it, frozen.

    The quotas are what remains once those who stay are counted. Whoever was called and
    declined in an earlier round is not drawn again. Raise ``DrawRefusedError`` where nobody
    is to be replaced or another replacement is under way.
    """
    require(act.actor, Right.RUN_DRAWS)
    root = find_draw(session, draw_id)
    require_state(draw_id, root.state, DrawState.PROCLAIMED)
    if root.root is not None:
        raise DrawRefusedError(draw=draw_id, reason="it is itself a replacement", first=root.root)
    left = to_replace(session, draw_id)
    if not left or is_replacement_under_way(session, draw_id):
        reason = "nobody is to be replaced" if not left else "another replacement is under way"
        raise DrawRefusedError(draw=draw_id, reason=reason)
    set_aside_cancelled(session, root, bundles)
    vacancies = find_vacancies(bundle_folder(bundles, root), [respondent_name(n) for n in left])
    plan = (randomness or NumberPlan()).as_json()
    digest = frozen_digest(vacancies.quotas, (), panels=None, randomness=plan, exclusions=())
    row = Draw(
        college_id=root.college_id,
        root_id=root.id,
        title=f"{root.title}, remplacement de {len(left)}",
        state=DrawState.FROZEN,
        size=vacancies.quotas.size,
        quotas=quotas_to_json(vacancies.quotas),
        features=session.get_one(Draw, root.id).features,
        randomness=plan,
        left=list(left),
        unavailable=[],
        prepared_at=act.at,
        pool_digest=digest,
        frozen_at=act.at,
    )
    session.add(row)
    session.flush()
    record(session, act, "draw.replacement_opened", "draw", row.id, root=root.id, seats=row.size)
    return row.id


def _close(
    session: Session, act: Act, call: CallView, outcome: Outcome, mandate: int | None
) -> None:
    row = session.get_one(Call, call.id)
    row.outcome, row.closed_at, row.mandate_id = outcome, act.at, mandate
    session.flush()
    record(session, act, f"call.{outcome}", "call", call.id, person=call.person_id)
