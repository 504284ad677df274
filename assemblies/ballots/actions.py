"""Opening ballots, voting, counting, striking off, proclaiming, cancelling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, delete, insert, select, update
from sqlalchemy.orm import Session

from assemblies.accounts.rules import Right, require
from assemblies.ballots.models import (
    Ballot,
    BallotCount,
    BallotRound,
    BallotTelling,
    BallotTurnout,
    BallotVoter,
)
from assemblies.ballots.queries import (
    BallotView,
    births_of,
    find_ballot,
    has_voted,
    own_mandate,
    papers_of,
    rules_to_json,
)
from assemblies.ballots.rules import (
    BLANK,
    BallotRules,
    Mode,
    Outcome,
    Tally,
    TieRule,
    Verdict,
    check_tally,
    decide_round,
    draw_between,
)
from assemblies.composition.queries import BodyView, find_body
from assemblies.errors import AlreadyVotedError, BallotError, NotAllowedError, SameOfficerError
from assemblies.journal.actions import record
from assemblies.journal.rules import Act
from assemblies.mandates.queries import members_on
from assemblies.parameters import load
from assemblies.periods import day_of

_ROUNDS = {"one": 1, "two": 2, "three": 3}


def rules_of(body: BodyView, at: datetime) -> BallotRules:
    """Return the rules of a body's ballots, as its answers and the parameters say that day."""
    answers = body.answers
    return BallotRules(
        absolute_rounds=_ROUNDS[answers["ballot_rounds"]],
        tie=TieRule(answers["ballot_tie"]),
        quorum=body.template.quorum.share,
        blank_counted=load("ballots/blank_counted").on(day_of(at)).whole == 1,
    )


def open_ballot(
    session: Session,
    act: Act,
    *,
    body_id: int,
    office: str,
    candidates: Sequence[int],
    mode: Mode,
) -> int:
    """Open a ballot among the members in office that day, who are frozen as its voters.

    ``candidates`` are mandates. Raise ``BallotError`` where the body has no such office, a
    candidate is no voter, or a ballot for it is under way.
    """
    require(act.actor, Right.RUN_BALLOTS)
    body = find_body(session, body_id)
    voters = {m.id for m in members_on(session, body_id, on=day_of(act.at))}
    if office not in {one.key for one in body.template.offices}:
        raise BallotError(body=body_id, office=office, reason="no such office")
    if not candidates or not set(candidates) <= voters or len(set(candidates)) < len(candidates):
        raise BallotError(candidates=list(candidates), reason="members in office, each once")
    pending = session.query(Ballot).filter_by(
        body_id=body_id, office=office, proclaimed_at=None, cancelled_at=None
    )
    if pending.first() is not None:
        raise BallotError(office=office, reason="a ballot for it is under way")
    ballot = Ballot(
        body_id=body_id,
        office=office,
        mode=mode,
        rules=rules_to_json(rules_of(body, act.at)),
        opened_at=act.at,
    )
    session.add(ballot)
    session.flush()
    session.add_all(BallotVoter(ballot_id=ballot.id, mandate_id=m) for m in sorted(voters))
    open_round(session, act, ballot.id, 1, candidates)
    record(session, act, "ballot.opened", "ballot", ballot.id, office=office, voters=len(voters))
    return ballot.id


def cast_vote(session: Session, act: Act, *, ballot_id: int, choice: int) -> None:
    """Vote on screen, once in the round that is open, for a candidate or blank (0).

    Nothing is journalled: an entry would say when who voted. Raise ``AlreadyVotedError``.
    """
    require(act.actor, Right.OWN_SPACE)
    ballot = under_way(session, ballot_id, Mode.SCREEN)
    current = ballot.last
    mandate = own_mandate(session, ballot, act.actor.account)
    if mandate is None:
        raise NotAllowedError(ballot=ballot_id, account=act.actor.account)
    if not current.is_open or choice not in (*current.candidates, BLANK):
        raise BallotError(ballot=ballot_id, reason="no such choice in a round that is open")
    if has_voted(session, current.id, mandate):
        raise AlreadyVotedError(ballot=ballot_id, round=current.number)
    _write_anew(session, current.id, mandate)
    session.execute(
        update(BallotCount)
        .where(BallotCount.round_id == current.id)
        .values(papers=BallotCount.papers + case((BallotCount.choice == choice, 1), else_=0))
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _write_anew(session: Session, round_id: int, mandate: int) -> None:
    """Store who has voted, one more, so that no row tells when it came (see ``models``)."""
    voted = session.scalars(
        select(BallotTurnout.mandate_id).where(BallotTurnout.round_id == round_id)
    ).all()
    session.execute(delete(BallotTurnout).where(BallotTurnout.round_id == round_id))
    rows = [{"round_id": round_id, "mandate_id": one} for one in sorted([*voted, mandate])]
    session.execute(insert(BallotTurnout), rows)


def sign_list(session: Session, act: Act, *, ballot_id: int, mandates: Sequence[int]) -> None:
    """Record who signed the list of voters of a round on paper."""
    require(act.actor, Right.RUN_BALLOTS)
    ballot = under_way(session, ballot_id, Mode.PAPER)
    if not ballot.last.is_open or not set(mandates) <= set(ballot.voters):
        raise BallotError(ballot=ballot_id, reason="voters of a round that is open")
    for mandate in mandates:
        if has_voted(session, ballot.last.id, mandate):
            raise AlreadyVotedError(ballot=ballot_id, mandate=mandate)
        session.add(BallotTurnout(round_id=ballot.last.id, mandate_id=mandate))
    session.flush()
    record(session, act, "ballot.list_signed", "ballot", ballot_id, signed=len(mandates))


def tell_papers(session: Session, act: Act, *, ballot_id: int, tally: Tally) -> bool:
    """Record one teller's count of the papers; tell whether two agree.

    Where they do not, both counts are set aside and both count again.
    """
    require(act.actor, Right.RUN_BALLOTS)
    ballot = under_way(session, ballot_id, Mode.PAPER)
    current = ballot.last
    if not current.is_open or act.actor.account is None:
        raise BallotError(ballot=ballot_id, reason="a teller and a round that is open")
    check_tally(tally, (*current.candidates, BLANK), current.turnout)
    told = {str(choice): papers for choice, papers in tally.items()}
    earlier = session.query(BallotTelling).filter_by(round_id=current.id, set_aside=False).all()
    if any(one.account_id == act.actor.account for one in earlier):
        raise SameOfficerError(ballot=ballot_id, account=act.actor.account)
    agree = bool(earlier) and earlier[0].tally == told
    apart = bool(earlier) and not agree
    session.add(
        BallotTelling(
            round_id=current.id, account_id=act.actor.account, tally=told, set_aside=apart
        )
    )
    if apart:
        earlier[0].set_aside = True
    if agree:
        for choice, papers in tally.items():
            session.get_one(BallotCount, (current.id, choice)).papers = papers
    session.flush()
    record(session, act, "ballot.papers_told", "ballot", ballot_id, agree=agree, apart=apart)
    return agree


def close_round(session: Session, act: Act, *, ballot_id: int) -> Outcome:
    """Close the round, decide it, and open the next one if the rules ask for one."""
    require(act.actor, Right.RUN_BALLOTS)
    ballot = under_way(session, ballot_id)
    current = ballot.last
    if not current.is_open:
        raise BallotError(ballot=ballot_id, reason="no round is open")
    tally = papers_of(session, current.id)
    if sum(tally.values()) != current.turnout:
        raise BallotError(ballot=ballot_id, reason="two tellers have to agree on the papers first")
    row = session.get_one(BallotRound, current.id)
    row.closed_at, row.voters = act.at, len(ballot.voters)
    outcome = decide(session, ballot, tally, ballot.counted + 1)
    row.verdict, row.elected_id = outcome.verdict, outcome.elected
    session.flush()
    record(
        session,
        act,
        "ballot.round_closed",
        "ballot",
        ballot_id,
        round=current.number,
        verdict=outcome.verdict,
        voted=current.turnout,
    )
    if outcome.verdict in (Verdict.NEXT_ROUND, Verdict.NO_QUORUM):
        open_round(session, act, ballot_id, current.number + 1, outcome.standing)
    return outcome


def settle_tie(session: Session, act: Act, *, ballot_id: int, number: int) -> int:
    """Decide a tie by a public number drawn before witnesses; return who is elected."""
    require(act.actor, Right.RUN_BALLOTS)
    ballot = under_way(session, ballot_id)
    if ballot.last.verdict is not Verdict.TIE_BY_LOT or ballot.last.elected is not None:
        raise BallotError(ballot=ballot_id, reason="no tie waits for a lot")
    tally = ballot.last.tally or {}
    tied = decide(session, ballot, tally, ballot.counted).standing
    elected = draw_between(tied, number)
    row = session.get_one(BallotRound, ballot.last.id)
    row.lot_number, row.elected_id = number, elected
    session.flush()
    record(session, act, "ballot.tie_settled", "ballot", ballot_id, number=number)
    return elected


def proclaim_elected(session: Session, act: Act, *, ballot_id: int) -> int:
    """Proclaim who is elected; return their mandate. From then on nothing changes."""
    require(act.actor, Right.RUN_BALLOTS)
    ballot = under_way(session, ballot_id)
    elected = ballot.last.elected
    if elected is None:
        raise BallotError(ballot=ballot_id, reason="nobody is elected yet")
    row = session.get_one(Ballot, ballot_id)
    row.elected_id, row.proclaimed_at = elected, act.at
    session.flush()
    record(session, act, "ballot.proclaimed", "ballot", ballot_id, elected=elected)
    return elected


def cancel_ballot(session: Session, act: Act, *, ballot_id: int, reason: str) -> None:
    """Cancel a ballot before its proclamation; it stays to see, with its reason."""
    require(act.actor, Right.RUN_BALLOTS)
    ballot = under_way(session, ballot_id)
    if not reason.strip():
        raise BallotError(ballot=ballot_id, reason="a cancellation needs a reason")
    if ballot.last.is_open:
        session.get_one(BallotRound, ballot.last.id).closed_at = act.at
        session.get_one(BallotRound, ballot.last.id).annulled_reason = reason.strip()
    row = session.get_one(Ballot, ballot_id)
    row.cancelled_at, row.cancel_reason = act.at, reason.strip()
    session.flush()
    record(session, act, "ballot.cancelled", "ballot", ballot_id)


def under_way(session: Session, ballot_id: int, mode: Mode | None = None) -> BallotView:
    """Return a ballot that is neither proclaimed nor cancelled; refuse any other."""
    ballot = find_ballot(session, ballot_id)
    if ballot.proclaimed_at is not None or ballot.cancel_reason is not None:
        raise BallotError(ballot=ballot_id, reason="it is over")
    if mode is not None and ballot.mode is not mode:
        raise BallotError(ballot=ballot_id, mode=ballot.mode, reason="not held that way")
    return ballot


def open_round(
    session: Session, act: Act, ballot_id: int, number: int, candidates: Sequence[int]
) -> None:
    """Open a round with a counter at 0 for each candidate and for blank papers."""
    row = BallotRound(ballot_id=ballot_id, number=number, opened_at=act.at)
    session.add(row)
    session.flush()
    session.add_all(
        BallotCount(round_id=row.id, choice=choice, papers=0)
        for choice in (BLANK, *sorted(candidates))
    )
    session.flush()


def decide(session: Session, ballot: BallotView, tally: Tally, number: int) -> Outcome:
    """Decide a round of a ballot, the ``number``-th one that was not void, under its rules."""
    return decide_round(
        tally,
        number=number,
        voters=len(ballot.voters),
        rules=ballot.rules,
        births=births_of(session, ballot.last.candidates),
    )
