"""Tables of the journal, and the triggers that refuse any change of them.

Kept: acts for as long as the body's archives (they name nobody, only numbers); reads for the
time that ``data/parameters/retention`` says, then erased from the oldest on, leaving a
checkpoint from which the rest still verifies.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assemblies.database import Instant, Table, add_triggers


class JournalEntry(Table):
    """One entry of a chain, with its hash."""

    __tablename__ = "journal_entries"

    chain: Mapped[str] = mapped_column(String(8), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(64), index=True)
    object_kind: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[int]
    ground: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("number > 0", name="number"),)


class JournalHead(Table):
    """The last entry of a chain: what cutting off its end cannot change alone."""

    __tablename__ = "journal_heads"

    chain: Mapped[str] = mapped_column(String(8), primary_key=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class JournalCheckpoint(Table):
    """The last entry erased when its time was over: the chain is verified from there on."""

    __tablename__ = "journal_checkpoints"

    chain: Mapped[str] = mapped_column(String(8), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("chain = 'reads'", name="reads_only"),)


APPEND_ONLY = "journal_append_only"  # the word a refusal carries, on both databases
_KEPT = """NOT (OLD.chain = 'reads' AND EXISTS (
    SELECT 1 FROM journal_checkpoints c WHERE c.chain = OLD.chain AND c.number >= OLD.number))"""

SQLITE_TRIGGERS = (
    f"""CREATE TRIGGER journal_entries_update BEFORE UPDATE ON journal_entries
    BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END""",
    f"""CREATE TRIGGER journal_entries_delete BEFORE DELETE ON journal_entries
    WHEN {_KEPT}
    BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END""",
    f"""CREATE TRIGGER journal_checkpoints_update BEFORE UPDATE ON journal_checkpoints
    BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END""",
    f"""CREATE TRIGGER journal_checkpoints_delete BEFORE DELETE ON journal_checkpoints
    BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END""",
    f"""CREATE TRIGGER journal_heads_delete BEFORE DELETE ON journal_heads
    BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END""",
    # REPLACE deletes the row in its way without firing the triggers on deletion.
    f"""CREATE TRIGGER journal_entries_replace BEFORE INSERT ON journal_entries
    WHEN EXISTS (SELECT 1 FROM journal_entries WHERE chain = NEW.chain AND number = NEW.number)
    BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END""",  # noqa: S608 -- ours
    f"""CREATE TRIGGER journal_checkpoints_replace BEFORE INSERT ON journal_checkpoints
    WHEN EXISTS (SELECT 1 FROM journal_checkpoints WHERE chain = NEW.chain AND number = NEW.number)
    BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END""",  # noqa: S608 -- ours
)
POSTGRES_TRIGGERS = (
    f"""CREATE FUNCTION refuse_journal_change() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION '{APPEND_ONLY}' USING ERRCODE = 'integrity_constraint_violation'; END
    $$ LANGUAGE plpgsql""",
    f"""CREATE FUNCTION refuse_journal_erasure() RETURNS trigger AS $$
    BEGIN
      IF {_KEPT} THEN
        RAISE EXCEPTION '{APPEND_ONLY}' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN OLD;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER journal_entries_update BEFORE UPDATE ON journal_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()""",
    """CREATE TRIGGER journal_entries_delete BEFORE DELETE ON journal_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_erasure()""",
    """CREATE TRIGGER journal_entries_truncate BEFORE TRUNCATE ON journal_entries
    EXECUTE FUNCTION refuse_journal_change()""",
    """CREATE TRIGGER journal_checkpoints_change BEFORE UPDATE OR DELETE ON journal_checkpoints
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()""",
    """CREATE TRIGGER journal_heads_delete BEFORE DELETE ON journal_heads
    FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()""",
)

add_triggers(SQLITE_TRIGGERS, POSTGRES_TRIGGERS)
