"""Tables of ballots, made so that nothing stored links a voter to a vote.

That somebody voted is a row with their mandate alone: no instant, no running number. What was
voted is a counter per choice, there from the opening of the round: no paper is stored, so none
can be put in order. At each vote every row of the round is written anew, in the order of
mandates: PostgreSQL marks each row with the transaction that wrote it, and keeps rows where
they were last written, which would otherwise join the last voter to the last choice.

The limits, to be told to whoever votes. Somebody who reads the whole database, its backups or
its replica just before and just after one vote sees what changed. Old versions of rows stay in
the files until the database cleans up. When few vote, or all agree, the result tells by
itself. Where that is feared, vote on paper; the choice is made before the ballot opens.

Kept for ever with the body's archives, under mandates' numbers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from assemblies.database import Instant, Table, add_triggers


class Ballot(Table):
    """A ballot for one office of a body, under rules stated before."""

    __tablename__ = "ballots"

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), index=True)
    office: Mapped[str] = mapped_column(String(40))
    mode: Mapped[str] = mapped_column(String(8))
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    elected_id: Mapped[int | None] = mapped_column(ForeignKey("mandates.id"))
    proclaimed_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    cancel_reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("(elected_id IS NULL) = (proclaimed_at IS NULL)", name="proclaimed"),
        CheckConstraint("(cancelled_at IS NULL) = (cancel_reason IS NULL)", name="cancelled"),
    )


class BallotVoter(Table):
    """A member entitled to vote, frozen at the opening; struck off with a reason."""

    __tablename__ = "ballot_voters"

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballots.id"), primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"), primary_key=True)
    struck_reason: Mapped[str | None] = mapped_column(Text)


class BallotRound(Table):
    """A round: open, then counted with its verdict, or annulled."""

    __tablename__ = "ballot_rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballots.id"), index=True)
    number: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    voters: Mapped[int | None]
    verdict: Mapped[str | None] = mapped_column(String(16))
    elected_id: Mapped[int | None] = mapped_column(ForeignKey("mandates.id"))
    lot_number: Mapped[int | None]
    annulled_reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("ballot_id", "number"),
        Index(
            "uq_ballot_rounds_open",
            "ballot_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )


class BallotTurnout(Table):
    """That a member voted in a round, and nothing else."""

    __tablename__ = "ballot_turnouts"

    round_id: Mapped[int] = mapped_column(ForeignKey("ballot_rounds.id"), primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"), primary_key=True)

    # Stored by mandate, not in order of arrival.
    __table_args__ = ({"sqlite_with_rowid": False},)


class BallotCount(Table):
    """How many papers of a round bear a choice (a candidate's mandate, 0 for blank)."""

    __tablename__ = "ballot_counts"

    round_id: Mapped[int] = mapped_column(ForeignKey("ballot_rounds.id"), primary_key=True)
    choice: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    papers: Mapped[int]

    __table_args__ = (CheckConstraint("papers >= 0", name="papers"),)


class BallotTelling(Table):
    """What one teller counted of the papers of a round; two must agree, or count again."""

    __tablename__ = "ballot_tellings"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("ballot_rounds.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    tally: Mapped[dict[str, Any]] = mapped_column(JSON)
    set_aside: Mapped[bool]


BALLOT_KEPT = "ballot_kept"
ROUND_CLOSED = "ballot_round_closed"
_CLOSED = """EXISTS (SELECT 1 FROM ballot_rounds r
    WHERE r.id = OLD.round_id AND r.closed_at IS NOT NULL)"""

SQLITE_TRIGGERS = (
    f"""CREATE TRIGGER ballots_update BEFORE UPDATE ON ballots
    WHEN OLD.proclaimed_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, '{BALLOT_KEPT}'); END""",
    f"""CREATE TRIGGER ballots_delete BEFORE DELETE ON ballots
    BEGIN SELECT RAISE(ABORT, '{BALLOT_KEPT}'); END""",
    f"""CREATE TRIGGER ballot_counts_update BEFORE UPDATE ON ballot_counts WHEN {_CLOSED}
    BEGIN SELECT RAISE(ABORT, '{ROUND_CLOSED}'); END""",
    f"""CREATE TRIGGER ballot_counts_delete BEFORE DELETE ON ballot_counts
    BEGIN SELECT RAISE(ABORT, '{BALLOT_KEPT}'); END""",
)
_RAISE = "RAISE EXCEPTION '{word}' USING ERRCODE = 'integrity_constraint_violation';"
POSTGRES_TRIGGERS = (
    f"""CREATE FUNCTION refuse_ballot_change() RETURNS trigger AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN {_RAISE.format(word=BALLOT_KEPT)} END IF;
      IF OLD.proclaimed_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL THEN
        {_RAISE.format(word=BALLOT_KEPT)}
      END IF;
      RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER ballots_kept BEFORE UPDATE OR DELETE ON ballots
    FOR EACH ROW EXECUTE FUNCTION refuse_ballot_change()""",
    f"""CREATE FUNCTION refuse_count_change() RETURNS trigger AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN {_RAISE.format(word=BALLOT_KEPT)} END IF;
      IF {_CLOSED} THEN {_RAISE.format(word=ROUND_CLOSED)} END IF;
      RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER ballot_counts_kept BEFORE UPDATE OR DELETE ON ballot_counts
    FOR EACH ROW EXECUTE FUNCTION refuse_count_change()""",
)

add_triggers(SQLITE_TRIGGERS, POSTGRES_TRIGGERS)
