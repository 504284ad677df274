"""Striking a voter off before the proclamation, and what becomes of the rounds they voted in."""

from __future__ import annotations

from sqlalchemy.orm import Session

from assemblies.accounts.rules import Right, require
from assemblies.ballots.actions import open_round, under_way
from assemblies.ballots.models import BallotRound, BallotVoter
from assemblies.ballots.queries import (
    BallotView,
    RoundView,
    births_of,
    find_ballot,
    has_voted,
)
from assemblies.ballots.rules import Verdict, decide_round, stands_without
from assemblies.errors import BallotError
from assemblies.journal.actions import record
from assemblies.journal.rules import Act


def strike_off(session: Session, act: Act, *, ballot_id: int, mandate_id: int, reason: str) -> bool:
    """Strike a voter off; tell whether every round still stands.

    Those who voted left secret papers: a round stands if taking out as many as all the voters
    struck off so far could not have changed its decision. The first that does not is annulled
    with all that follow, and voted again among the same candidates; so is one still open.
    """
    require(act.actor, Right.RUN_BALLOTS)
    ballot = under_way(session, ballot_id)
    if mandate_id not in ballot.voters or not reason.strip():
        raise BallotError(ballot=ballot_id, mandate=mandate_id, reason="a voter and a reason")
    session.get_one(BallotVoter, (ballot_id, mandate_id)).struck_reason = reason.strip()
    session.flush()
    fallen = _first_fallen(session, find_ballot(session, ballot_id))
    record(
        session,
        act,
        "ballot.voter_struck",
        "ballot",
        ballot_id,
        mandate=mandate_id,
        fallen=None if fallen is None else fallen.number,
    )
    if fallen is None:
        return True
    for later in ballot.rounds:
        if later.number >= fallen.number and later.annulled_reason is None:
            row = session.get_one(BallotRound, later.id)
            row.closed_at, row.annulled_reason = row.closed_at or act.at, reason.strip()
            row.verdict = row.elected_id = row.lot_number = None
    session.flush()
    open_round(session, act, ballot_id, ballot.last.number + 1, fallen.candidates)
    return False


def _first_fallen(session: Session, ballot: BallotView) -> RoundView | None:
    """Return the first round that does not stand without all the voters struck off, or None."""
    decided = 0
    for one in ballot.rounds:
        if one.annulled_reason is not None:
            continue
        undue = sum(has_voted(session, one.id, mandate) for mandate, _ in ballot.struck)
        if undue and not _stands(session, ballot, one, decided + 1, undue):
            return one
        decided += one.verdict not in (None, Verdict.NO_QUORUM)
    return None


def _stands(session: Session, ballot: BallotView, one: RoundView, number: int, undue: int) -> bool:
    if one.tally is None or one.voters is None:
        return False
    births = births_of(session, one.candidates)
    as_closed = decide_round(
        one.tally, number=number, voters=one.voters, rules=ballot.rules, births=births
    )
    return stands_without(
        one.tally,
        as_closed,
        undue=undue,
        number=number,
        voters=len(ballot.voters),
        rules=ballot.rules,
        births=births,
    )
