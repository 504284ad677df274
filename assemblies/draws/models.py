"""Tables of draws, and what the database itself refuses once a pool is frozen.

Kept: a draw, its quotas, its numbers and its panel for ever, under respondents' numbers; the
profile of each respondent until ``data/parameters/retention`` says that its time is over.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from assemblies.database import Instant, Table, add_triggers
from assemblies.draws.rules import DrawState

_STATES = ", ".join(f"'{state}'" for state in DrawState)


class Draw(Table):
    """A draw of the seats of a college; a replacement names the draw it mends (``root_id``)."""

    __tablename__ = "draws"

    id: Mapped[int] = mapped_column(primary_key=True)
    college_id: Mapped[int] = mapped_column(ForeignKey("colleges.id"), index=True)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("draws.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    size: Mapped[int]
    panels: Mapped[int | None]
    quotas: Mapped[list[Any]] = mapped_column(JSON)
    features: Mapped[list[Any]] = mapped_column(JSON)
    randomness: Mapped[dict[str, Any]] = mapped_column(JSON)
    left: Mapped[list[int] | None] = mapped_column(JSON)
    unavailable: Mapped[list[int] | None] = mapped_column(JSON)
    prepared_at: Mapped[datetime] = mapped_column(Instant)
    pool_digest: Mapped[str | None] = mapped_column(String(64))
    frozen_at: Mapped[datetime | None] = mapped_column(Instant)
    bundle_digest: Mapped[str | None] = mapped_column(String(64))
    certificate: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    built_at: Mapped[datetime | None] = mapped_column(Instant)
    number: Mapped[int | None]
    record_digest: Mapped[str | None] = mapped_column(String(64))
    proclaimed_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    witness_erased_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint(
            "state = 'prepared' OR state = 'cancelled' OR pool_digest IS NOT NULL", name="frozen"
        ),
        CheckConstraint(
            "state NOT IN ('lottery_built', 'proclaimed') OR bundle_digest IS NOT NULL",
            name="built",
        ),
        CheckConstraint(
            "state <> 'proclaimed' OR (number IS NOT NULL AND record_digest IS NOT NULL)",
            name="proclaimed",
        ),
        Index(
            "uq_draws_replacement_under_way",
            "root_id",
            unique=True,
            sqlite_where=text("state NOT IN ('proclaimed', 'cancelled')"),
            postgresql_where=text("state NOT IN ('proclaimed', 'cancelled')"),
        ),
    )


class DrawRespondent(Table):
    """A respondent of a draw: their number in it, who they are, their profile, their household."""

    __tablename__ = "draw_respondents"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    profile: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    household: Mapped[int | None]


class DrawExclusion(Table):
    """Somebody kept out before the draw, and why."""

    __tablename__ = "draw_exclusions"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)


class DrawRun(Table):
    """An attempt to build the lottery; one at a time."""

    __tablename__ = "draw_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    heartbeat_at: Mapped[datetime] = mapped_column(Instant)
    label: Mapped[str] = mapped_column(String(80))
    done: Mapped[int]
    total: Mapped[int | None]
    cancel_asked: Mapped[bool]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(16))

    __table_args__ = (
        Index(
            "uq_draw_runs_at_work",
            "draw_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class DrawEntry(Table):
    """What an officer typed of the public randomness; set aside when two do not agree."""

    __tablename__ = "draw_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    set_aside: Mapped[bool]

    __table_args__ = (
        Index(
            "uq_draw_entries_officer",
            "draw_id",
            "account_id",
            unique=True,
            sqlite_where=text("NOT set_aside"),
            postgresql_where=text("NOT set_aside"),
        ),
    )


class DrawMember(Table):
    """A member of the panel proclaimed, by number; for a replacement, a newcomer."""

    __tablename__ = "draw_members"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class DrawAlternate(Table):
    """An alternate for the seat of a member, by rank from 1."""

    __tablename__ = "draw_alternates"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


class DrawCancellation(Table):
    """An officer's wish to cancel a draw, with the reason; two make it so."""

    __tablename__ = "draw_cancellations"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Instant)


class DrawDecision(Table):
    """A signed choice made while a draw was prepared: quotas relaxed, and why."""

    __tablename__ = "draw_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    quotas_before: Mapped[list[Any]] = mapped_column(JSON)
    quotas_after: Mapped[list[Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(Instant)


POOL_FROZEN = "draw_pool_frozen"
DRAW_KEPT = "draw_kept"

_NOT_PREPARED = (
    "EXISTS (SELECT 1 FROM draws d WHERE d.id = {row}.draw_id AND d.state <> 'prepared')"
)
_ERASING = """NEW.draw_id = OLD.draw_id AND NEW.number = OLD.number
    AND NEW.person_id = OLD.person_id AND NEW.profile IS NULL
    AND COALESCE(NEW.household, -1) = COALESCE(OLD.household, -1)"""
_FROZEN_COLUMNS = ("college_id", "root_id", "size", "panels", "pool_digest")
_DRAWN_COLUMNS = ("bundle_digest", "number", "record_digest", "proclaimed_at")


def _changed(columns: tuple[str, ...], differ: str) -> str:
    return " OR ".join(f"NEW.{column} {differ} OLD.{column}" for column in columns)


def _settled(differ: str) -> str:
    """Return when an update would change what is settled: the pool, then the draw, then its end."""
    return (
        f"(OLD.state <> 'prepared' AND ({_changed(_FROZEN_COLUMNS, differ)}"
        " OR NEW.state = 'prepared'))"
        f" OR (OLD.state IN ('proclaimed', 'cancelled') AND ({_changed(_DRAWN_COLUMNS, differ)}))"
        " OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled')"
    )


def _sqlite() -> tuple[str, ...]:
    refuse = "BEGIN SELECT RAISE(ABORT, '{word}'); END"
    statements = []
    for table in ("draw_respondents", "draw_exclusions"):
        for when, row in (("INSERT", "NEW"), ("DELETE", "OLD"), ("UPDATE", "OLD")):
            erasing = when == "UPDATE" and table == "draw_respondents"
            unless = f" AND NOT ({_ERASING})" if erasing else ""
            rows = (row,) if when != "UPDATE" else ("OLD", "NEW")
            frozen = " OR ".join(_NOT_PREPARED.format(row=one) for one in rows)
            condition = f"({frozen}){unless}"
            statements.append(
                f"CREATE TRIGGER {table}_{when.lower()} BEFORE {when} ON {table} "
                f"WHEN {condition} {refuse.format(word=POOL_FROZEN)}"
            )
    statements += [
        f"CREATE TRIGGER draws_delete BEFORE DELETE ON draws {refuse.format(word=DRAW_KEPT)}",
        (
            f"CREATE TRIGGER draws_update BEFORE UPDATE ON draws WHEN {_settled('IS NOT')} "
            f"{refuse.format(word=POOL_FROZEN)}"
        ),
    ]
    return tuple(statements)


_RAISE = "RAISE EXCEPTION '{word}' USING ERRCODE = 'integrity_constraint_violation';"
POSTGRES_TRIGGERS = (
    f"""CREATE FUNCTION refuse_frozen_pool() RETURNS trigger AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        IF {_NOT_PREPARED.format(row="NEW")} THEN {_RAISE.format(word=POOL_FROZEN)} END IF;
        RETURN NEW;
      ELSIF TG_OP = 'DELETE' THEN
        IF {_NOT_PREPARED.format(row="OLD")} THEN {_RAISE.format(word=POOL_FROZEN)} END IF;
        RETURN OLD;
      END IF;
      IF {_NOT_PREPARED.format(row="OLD")} OR {_NOT_PREPARED.format(row="NEW")} THEN
        IF TG_TABLE_NAME = 'draw_exclusions' THEN {_RAISE.format(word=POOL_FROZEN)} END IF;
        IF NOT ({_ERASING}) THEN {_RAISE.format(word=POOL_FROZEN)} END IF;
      END IF;
      RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER draw_respondents_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON draw_respondents FOR EACH ROW EXECUTE FUNCTION refuse_frozen_pool()""",
    """CREATE TRIGGER draw_exclusions_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON draw_exclusions FOR EACH ROW EXECUTE FUNCTION refuse_frozen_pool()""",
    f"""CREATE FUNCTION refuse_draw_change() RETURNS trigger AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN {_RAISE.format(word=DRAW_KEPT)} END IF;
      IF {_settled("IS DISTINCT FROM")} THEN
        {_RAISE.format(word=POOL_FROZEN)}
      END IF;
      RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER draws_kept BEFORE UPDATE OR DELETE ON draws
    FOR EACH ROW EXECUTE FUNCTION refuse_draw_change()""",
)

add_triggers(_sqlite(), POSTGRES_TRIGGERS)
