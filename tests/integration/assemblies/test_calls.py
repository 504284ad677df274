"""From a panel proclaimed to seats filled: calls, answers, replacements, departures."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from assemblies.accounts.rules import Role
from assemblies.calls.actions import (
    accept_seat,
    decline_seat,
    open_calls,
    open_replacement,
    record_attempt,
)
from assemblies.calls.queries import call_list, find_call, to_replace
from assemblies.calls.rules import Attempt, Outcome
from assemblies.database import Database
from assemblies.draws.actions import cancel_draw
from assemblies.draws.building import build_lottery, bundle_folder
from assemblies.draws.proclaiming import proclaim_panel
from assemblies.draws.queries import find_draw, panel_of, replacements_of
from assemblies.draws.rules import Cancellation, DrawState
from assemblies.errors import CallError, DrawRefusedError, DrawStateError, NotAllowedError
from assemblies.journal.queries import entries, verify
from assemblies.journal.rules import Actor
from assemblies.mandates.actions import end_mandate, withdraw_mandate
from assemblies.mandates.queries import find_mandate, members_on, seat_history, vacant_seats
from assemblies.mandates.rules import EndReason
from sortition.audit import audit
from tests.assembly_facts import NOON, act_of, officer
from tests.draw_facts import agree, proclaimed, ticking

OPENING = date(2026, 12, 1)


def called(database: Database, folder: Path) -> tuple[int, Actor, Actor, tuple[int, ...]]:
    draw, first, second = proclaimed(database, folder)
    with database.writing() as session:
        calls = open_calls(session, act_of(), draw_id=draw)
    return draw, first, second, calls


def test_who_accepts_sits_from_the_day_agreed_and_the_seat_knows_the_draw(
    database: Database, tmp_path: Path
) -> None:
    draw, *_, calls = called(database, tmp_path)
    with database.writing() as session:
        body_id = find_draw(session, draw).body_id
        for call in calls:
            accept_seat(session, act_of(), call_id=call, first=OPENING)
        members = members_on(session, body_id, on=OPENING, college="citizens")
        assert [m.draw_id for m in members] == [draw] * 6
        assert vacant_seats(session, body_id, on=OPENING, college="citizens") == ()
        assert seat_history(session, members[0].seat_id)[0].draw_id == draw
        assert call_list(session, draw, open_only=True) == ()
        assert to_replace(session, draw) == ()
        assert verify(session) == []


def test_a_call_is_closed_once(database: Database, tmp_path: Path) -> None:
    *_, calls = called(database, tmp_path)
    with database.writing() as session:
        accept_seat(session, act_of(), call_id=calls[0], first=OPENING)
        for again in (
            lambda: accept_seat(session, act_of(), call_id=calls[0], first=OPENING),
            lambda: decline_seat(session, act_of(), call_id=calls[0], outcome=Outcome.REFUSED),
            lambda: record_attempt(session, act_of(), call_id=calls[0], result=Attempt.NO_ANSWER),
        ):
            with pytest.raises(CallError):
                again()


def test_nobody_is_given_up_before_the_deadline_or_without_enough_attempts(
    database: Database, tmp_path: Path
) -> None:
    *_, calls = called(database, tmp_path)
    late = NOON + timedelta(days=11)
    with database.writing() as session:
        call = calls[0]
        for _ in range(3):
            record_attempt(session, act_of(), call_id=call, result=Attempt.NO_ANSWER, note="soir")
        with pytest.raises(CallError, match="deadline"):
            decline_seat(session, act_of(), call_id=call, outcome=Outcome.NOT_REACHED)
        with pytest.raises(CallError, match="too few attempts"):
            decline_seat(session, act_of(at=late), call_id=call, outcome=Outcome.NOT_REACHED)
        record_attempt(session, act_of(), call_id=call, result=Attempt.MESSAGE_LEFT)
        assert find_call(session, call).is_late(late.date())
        decline_seat(session, act_of(at=late), call_id=call, outcome=Outcome.NOT_REACHED)
        assert find_call(session, call).outcome is Outcome.NOT_REACHED
        assert "soir" not in str(entries(session, object_kind="call"))


def test_only_a_panel_proclaimed_is_called_and_once(database: Database, tmp_path: Path) -> None:
    draw, first, _, calls = called(database, tmp_path)
    with database.writing() as session:
        with pytest.raises(CallError):
            open_calls(session, act_of(), draw_id=draw)
        with pytest.raises(NotAllowedError):
            accept_seat(session, act_of(first), call_id=calls[0], first=OPENING)
        clerk = officer(session, Role.SECRETARIAT)
        with pytest.raises(NotAllowedError):
            open_replacement(session, act_of(clerk), draw_id=draw, bundles=tmp_path / "bundles")
        with pytest.raises(DrawRefusedError):
            open_replacement(session, act_of(first), draw_id=draw, bundles=tmp_path / "bundles")


def test_those_who_decline_or_leave_are_replaced_by_a_draw_recorded_like_the_first(  # noqa: PLR0915 -- one story, told in order
    database: Database, tmp_path: Path
) -> None:
    draw, first, second, calls = called(database, tmp_path)
    bundles = tmp_path / "bundles"
    with database.writing() as session:
        declined = {find_call(session, call).number for call in calls[:2]}
        for call in calls[:2]:
            decline_seat(session, act_of(), call_id=call, outcome=Outcome.REFUSED)
        mandates = [
            accept_seat(session, act_of(), call_id=call, first=OPENING) for call in calls[2:]
        ]
        assert set(to_replace(session, draw)) == declined
        replacement = open_replacement(session, act_of(first), draw_id=draw, bundles=bundles)
        with pytest.raises(DrawRefusedError):
            open_replacement(session, act_of(first), draw_id=draw, bundles=bundles)
        view = find_draw(session, replacement)
        assert (view.size, view.root, set(view.left)) == (2, draw, declined)
    newcomers = bring(database, replacement, bundles, first, second)
    assert declined.isdisjoint(newcomers)
    with database.writing() as session:
        for call in open_calls(session, act_of(), draw_id=replacement):
            accept_seat(session, act_of(), call_id=call, first=date(2026, 12, 15))
        body_id = find_draw(session, draw).body_id
        members = members_on(session, body_id, on=date(2026, 12, 15), college="citizens")
        assert sorted(m.draw_id or 0 for m in members) == [draw] * 4 + [replacement] * 2

    # A departure during the mandate is replaced the same way, for the rest of the term.
    with database.writing() as session:
        end_mandate(
            session,
            act_of(),
            mandate_id=mandates[0],
            last=date(2027, 1, 31),
            reason=EndReason.RESIGNATION,
        )
        assert len(to_replace(session, draw)) == 1
        again = open_replacement(session, act_of(first), draw_id=draw, bundles=bundles)
    bring(database, again, bundles, first, second)
    with database.writing() as session:
        (call,) = open_calls(session, act_of(), draw_id=again)
        mandate = accept_seat(session, act_of(), call_id=call, first=date(2027, 2, 10))
        newest = members_on(session, body_id, on=date(2027, 2, 10), college="citizens")
        found = next(m for m in newest if m.id == mandate)
        assert (found.replaces, found.period.last) == (mandates[0], date(2027, 8, 31))
        assert [d.state for d in replacements_of(session, draw)] == [DrawState.PROCLAIMED] * 2
        with pytest.raises(DrawRefusedError):
            open_replacement(session, act_of(first), draw_id=replacement, bundles=bundles)
        assert verify(session) == []
        folder = bundle_folder(bundles, find_draw(session, draw))
    assert audit(folder).lie is None
    for number in ("1", "2"):
        assert audit(folder / "replacements" / number).lie is None


def bring(
    database: Database, draw: int, bundles: Path, first: Actor, second: Actor
) -> tuple[int, ...]:
    """Build a replacement, type its number, proclaim it; return the newcomers."""
    build_lottery(database, draw_id=draw, bundles=bundles, clock=ticking())
    agree(database, draw, "0", first, second)
    with database.writing() as session:
        proclaim_panel(session, act_of(second), draw_id=draw, bundles=bundles)
        return panel_of(session, draw)


def test_a_replacement_needs_its_own_number(database: Database, tmp_path: Path) -> None:
    draw, first, _, calls = called(database, tmp_path)
    with database.writing() as session:
        decline_seat(session, act_of(), call_id=calls[0], outcome=Outcome.INELIGIBLE)
        again = open_replacement(session, act_of(first), draw_id=draw, bundles=tmp_path / "bundles")
        with pytest.raises(DrawStateError):
            proclaim_panel(session, act_of(first), draw_id=again, bundles=tmp_path / "bundles")
        with pytest.raises(DrawStateError):
            open_calls(session, act_of(), draw_id=again)


def test_who_comes_sooner_does_not_stumble_on_a_seat_given_from_a_later_day(
    database: Database, tmp_path: Path
) -> None:
    *_, calls = called(database, tmp_path)
    with database.writing() as session:
        late = accept_seat(session, act_of(), call_id=calls[0], first=date(2026, 12, 15))
        soon = accept_seat(session, act_of(), call_id=calls[1], first=OPENING)
        assert find_mandate(session, late).seat_id != find_mandate(session, soon).seat_id


def test_who_replaces_a_member_takes_the_seat_that_member_left(
    database: Database, tmp_path: Path
) -> None:
    draw, first, second, calls = called(database, tmp_path)
    bundles = tmp_path / "bundles"
    with database.writing() as session:
        mandates = [accept_seat(session, act_of(), call_id=c, first=OPENING) for c in calls]
        end_mandate(
            session,
            act_of(),
            mandate_id=mandates[5],
            last=date(2026, 12, 31),
            reason=EndReason.RESIGNATION,
        )
        replacement = open_replacement(session, act_of(first), draw_id=draw, bundles=bundles)
        end_mandate(
            session,
            act_of(),
            mandate_id=mandates[0],
            last=date(2026, 12, 31),
            reason=EndReason.DEATH,
        )
    bring(database, replacement, bundles, first, second)
    with database.writing() as session:
        (call,) = open_calls(session, act_of(), draw_id=replacement)
        new = accept_seat(session, act_of(), call_id=call, first=date(2027, 1, 10))
        assert find_mandate(session, new).replaces == mandates[5]


def test_who_gives_a_seat_up_before_the_first_day_is_replaced(
    database: Database, tmp_path: Path
) -> None:
    draw, first, _, calls = called(database, tmp_path)
    with database.writing() as session:
        mandate = accept_seat(session, act_of(), call_id=calls[0], first=OPENING)
        withdraw_mandate(session, act_of(), mandate_id=mandate)
        assert to_replace(session, draw) == (find_call(session, calls[0]).number,)
        assert open_replacement(session, act_of(first), draw_id=draw, bundles=tmp_path / "bundles")


@pytest.mark.parametrize("is_drawn", [False, True])
def test_a_replacement_cancelled_leaves_the_way_free_for_another(
    database: Database, tmp_path: Path, is_drawn: bool
) -> None:
    draw, first, second, calls = called(database, tmp_path)
    bundles = tmp_path / "bundles"
    with database.writing() as session:
        decline_seat(session, act_of(), call_id=calls[0], outcome=Outcome.REFUSED)
        wrong = open_replacement(session, act_of(first), draw_id=draw, bundles=bundles)
    build_lottery(database, draw_id=wrong, bundles=bundles, clock=ticking())
    if is_drawn:
        agree(database, wrong, "0", first, second)
        with database.writing() as session:
            proclaim_panel(session, act_of(first), draw_id=wrong, bundles=bundles)
    with database.writing() as session:
        for actor in (first, second):
            cancel_draw(session, act_of(actor), draw_id=wrong, reason="fuite")
        again = open_replacement(session, act_of(first), draw_id=draw, bundles=bundles)
    newcomers = bring(database, again, bundles, first, second)
    assert len(newcomers) == 1
    with database.reading() as session:
        folder = bundle_folder(bundles, find_draw(session, draw))
    assert audit(folder).lie is None
    assert audit(folder / "replacements" / "1").lie is None
    assert (folder / "cancelled" / f"draw-{wrong}").is_dir()


def test_a_draw_on_which_others_stand_is_not_cancelled(database: Database, tmp_path: Path) -> None:
    draw, first, second, calls = called(database, tmp_path)
    with database.writing() as session:
        mandate = accept_seat(session, act_of(), call_id=calls[0], first=OPENING)
        with pytest.raises(DrawRefusedError, match="mandates"):
            cancel_draw(session, act_of(first), draw_id=draw, reason="fuite")
        withdraw_mandate(session, act_of(), mandate_id=mandate)
        open_replacement(session, act_of(first), draw_id=draw, bundles=tmp_path / "bundles")
        with pytest.raises(DrawRefusedError, match="replacement"):
            cancel_draw(session, act_of(first), draw_id=draw, reason="fuite")
        (view,) = replacements_of(session, draw)
        for actor in (first, second):
            cancel_draw(session, act_of(actor), draw_id=view.id, reason="fuite")
        cancel_draw(session, act_of(first), draw_id=draw, reason="fuite")
        asked = cancel_draw(session, act_of(second), draw_id=draw, reason="fuite")
        assert asked is Cancellation.DONE
