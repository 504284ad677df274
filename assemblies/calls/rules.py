"""How a call goes: attempts, a deadline, an answer."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from assemblies.errors import CallError


class Attempt(StrEnum):
    """How one attempt to reach somebody ended."""

    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    WRONG_NUMBER = "wrong_number"
    SPOKE = "spoke"


class Outcome(StrEnum):
    """How a call ended; any but the first leaves the seat to be filled."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"
    INELIGIBLE = "ineligible"


def deadline(opened: date, days: int) -> date:
    """Return the last day to answer."""
    return opened + timedelta(days=days)


def check_open(call_id: int, outcome: Outcome | None) -> None:
    """Raise ``CallError`` when the person has answered already."""
    if outcome is not None:
        raise CallError(call=call_id, outcome=outcome, reason="it is closed")


def check_not_reached(call_id: int, attempts: int, needed: int, on: date, last_day: date) -> None:
    """Raise ``CallError`` unless somebody may be given up.

    The deadline has to be over and enough attempts made: nobody loses a seat because the
    office did not call.
    """
    if on <= last_day:
        raise CallError(call=call_id, reason="the deadline is not over", deadline=last_day)
    if attempts < needed:
        raise CallError(call=call_id, reason="too few attempts", made=attempts, needed=needed)
