"""Reading ballots: voters, rounds, counts, and the facts of the minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assemblies.ballots.models import (
    Ballot,
    BallotCount,
    BallotRound,
    BallotTurnout,
    BallotVoter,
)
from assemblies.ballots.rules import BLANK, BallotRules, Mode, Tally, TieRule, Verdict
from assemblies.errors import NotFoundError
from assemblies.mandates.models import Mandate
from assemblies.people.models import Person


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as it stands; ``tally`` is None until it is counted: nobody sees it grow."""

    id: int
    number: int
    candidates: tuple[int, ...]
    turnout: int
    tally: Tally | None
    voters: int | None
    verdict: Verdict | None
    elected: int | None
    lot_number: int | None
    annulled_reason: str | None

    @property
    def is_open(self) -> bool:
        """Tell whether people may still vote in it."""
        return self.verdict is None and self.annulled_reason is None


@dataclass(frozen=True, slots=True)
class BallotView:
    """A ballot with its rounds, in order."""

    id: int
    body_id: int
    office: str
    mode: Mode
    rules: BallotRules
    opened_at: datetime
    voters: tuple[int, ...]
    struck: tuple[tuple[int, str], ...]
    rounds: tuple[RoundView, ...]
    elected: int | None
    proclaimed_at: datetime | None
    cancel_reason: str | None

    @property
    def last(self) -> RoundView:
        """The newest round."""
        return self.rounds[-1]

    @property
    def counted(self) -> int:
        """How many rounds were decided: neither void nor annulled."""
        return sum(
            one.verdict not in (None, Verdict.NO_QUORUM) and one.annulled_reason is None
            for one in self.rounds
        )


def find_ballot(session: Session, ballot_id: int) -> BallotView:
    """Return a ballot, the facts of its minutes; raise ``NotFoundError`` where there is none."""
    row = session.get(Ballot, ballot_id)
    if row is None:
        raise NotFoundError(kind="ballot", id=ballot_id)
    voters = session.scalars(
        select(BallotVoter)
        .where(BallotVoter.ballot_id == ballot_id)
        .order_by(BallotVoter.mandate_id)
    ).all()
    rounds = session.scalars(
        select(BallotRound).where(BallotRound.ballot_id == ballot_id).order_by(BallotRound.number)
    )
    return BallotView(
        id=row.id,
        body_id=row.body_id,
        office=row.office,
        mode=Mode(row.mode),
        rules=rules_from_json(row.rules),
        opened_at=row.opened_at,
        voters=tuple(v.mandate_id for v in voters if v.struck_reason is None),
        struck=tuple((v.mandate_id, v.struck_reason) for v in voters if v.struck_reason),
        rounds=tuple(_round(session, one) for one in rounds),
        elected=row.elected_id,
        proclaimed_at=row.proclaimed_at,
        cancel_reason=row.cancel_reason,
    )


def ballots_of(session: Session, body_id: int) -> tuple[BallotView, ...]:
    """Return the ballots of a body, cancelled ones too, oldest first."""
    ids = session.scalars(select(Ballot.id).where(Ballot.body_id == body_id).order_by(Ballot.id))
    return tuple(find_ballot(session, number) for number in ids.all())


def papers_of(session: Session, round_id: int) -> dict[int, int]:
    """Return the papers of a round per choice; for whoever closes it, and nobody before."""
    rows = session.scalars(
        select(BallotCount).where(BallotCount.round_id == round_id).order_by(BallotCount.choice)
    )
    return {row.choice: row.papers for row in rows}


def has_voted(session: Session, round_id: int, mandate_id: int) -> bool:
    """Tell whether a member voted in a round."""
    return session.get(BallotTurnout, (round_id, mandate_id)) is not None


def own_mandate(session: Session, ballot: BallotView, account: int | None) -> int | None:
    """Return the mandate under which an account votes in a ballot, or None."""
    if account is None:
        return None
    return session.scalar(
        select(Mandate.id)
        .join(Person, Person.id == Mandate.person_id)
        .where(Person.account_id == account, Mandate.id.in_(ballot.voters))
    )


def births_of(session: Session, mandates: tuple[int, ...]) -> dict[int, date]:
    """Return the birth date behind each mandate, where it is known."""
    rows = session.execute(
        select(Mandate.id, Person.birth_date)
        .join(Person, Person.id == Mandate.person_id)
        .where(Mandate.id.in_(mandates), Person.birth_date.is_not(None))
    )
    return {mandate: born for mandate, born in rows if born is not None}


def rules_to_json(rules: BallotRules) -> dict[str, object]:
    """Return rules as plain values."""
    return {
        "absolute_rounds": rules.absolute_rounds,
        "tie": str(rules.tie),
        "quorum": None if rules.quorum is None else str(rules.quorum),
        "blank_counted": rules.blank_counted,
    }


def rules_from_json(rules: dict[str, object]) -> BallotRules:
    """Return the rules behind such values."""
    quorum = rules["quorum"]
    return BallotRules(
        absolute_rounds=int(str(rules["absolute_rounds"])),
        tie=TieRule(str(rules["tie"])),
        quorum=None if quorum is None else Fraction(str(quorum)),
        blank_counted=bool(rules["blank_counted"]),
    )


def _round(session: Session, row: BallotRound) -> RoundView:
    counts = papers_of(session, row.id)
    turnout = session.scalar(
        select(func.count()).select_from(BallotTurnout).where(BallotTurnout.round_id == row.id)
    )
    return RoundView(
        id=row.id,
        number=row.number,
        candidates=tuple(choice for choice in counts if choice != BLANK),
        turnout=turnout or 0,
        tally=None if row.closed_at is None else counts,
        voters=row.voters,
        verdict=None if row.verdict is None else Verdict(row.verdict),
        elected=row.elected_id,
        lot_number=row.lot_number,
        annulled_reason=row.annulled_reason,
    )
