"""The journal in a real database: nothing is altered, and what a forger does shows."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from assemblies.database import Database
from assemblies.journal.actions import erase_reads, record, record_read
from assemblies.journal.queries import entries, head, verify
from assemblies.journal.rules import Chain, Head
from tests.assembly_facts import NOON, act_of, later

FORGERIES = (
    "UPDATE journal_entries SET ground = 'forged' WHERE number = 2",
    "DELETE FROM journal_entries WHERE number = 2",
    "DELETE FROM journal_entries",
    "DELETE FROM journal_heads",
)


def fill(database: Database, count: int = 4) -> None:
    with database.writing() as session:
        for number in range(1, count + 1):
            record(session, act_of(at=later(number)), "seat.filled", "seat", number, rank=number)


def test_entries_read_back_as_they_were_written(database: Database) -> None:
    fill(database)
    with database.reading() as session:
        found = entries(session, object_kind="seat", object_id=3)
        assert [(e.number, e.at, e.facts) for e in found] == [(3, later(3), {"rank": 3})]
        assert verify(session) == []
        assert head(session, Chain.ACTS).number == 4


def test_what_fails_leaves_no_entry_behind(database: Database) -> None:
    fill(database, 1)
    with suppress(ZeroDivisionError), database.writing() as session:
        record(session, act_of(), "seat.filled", "seat", 9)
        raise ZeroDivisionError
    with database.reading() as session:
        assert head(session, Chain.ACTS).number == 1
        assert verify(session) == []


@pytest.mark.parametrize("forgery", FORGERIES)
def test_the_database_refuses_any_change(database: Database, forgery: str) -> None:
    fill(database)
    with pytest.raises(DatabaseError, match="journal_append_only"), database.writing() as session:
        session.execute(text(forgery))
    with database.reading() as session:
        assert verify(session) == []


@pytest.mark.parametrize(
    ("forgery", "number", "fault"),
    [
        ("UPDATE journal_entries SET ground = 'forged' WHERE number = 2", 2, "altered"),
        ("UPDATE journal_entries SET actor = 1 WHERE number = 4", 4, "altered"),
        ("DELETE FROM journal_entries WHERE number = 2", 2, "missing"),
        ("DELETE FROM journal_entries WHERE number = 1", 1, "missing"),
        ("DELETE FROM journal_entries WHERE number = 4", 4, "missing"),
    ],
)
def test_a_forger_who_disarms_the_triggers_is_found(
    database: Database, forgery: str, number: int, fault: str
) -> None:
    fill(database)
    with database.writing() as session:
        if database.engine.dialect.name == "sqlite":
            for name in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER journal_entries_{name}"))
        else:
            session.execute(text("ALTER TABLE journal_entries DISABLE TRIGGER USER"))
        session.execute(text(forgery))
    with database.reading() as session:
        found = verify(session)
    assert found[0].number == number
    assert found[0].fault.startswith(fault)


def test_a_rewritten_journal_is_betrayed_by_a_head_noted_elsewhere(database: Database) -> None:
    fill(database)
    with database.reading() as session:
        noted = {Chain.ACTS: head(session, Chain.ACTS)}
        assert verify(session, known=noted) == []
        lie = {Chain.ACTS: Head(4, "f" * 64)}
        assert [fault.number for fault in verify(session, known=lie)] == [4]
        cut = {Chain.ACTS: Head(9, "f" * 64)}
        assert [fault.number for fault in verify(session, known=cut)] == [9]


def test_reads_are_erased_from_the_oldest_and_the_rest_verifies(database: Database) -> None:
    with database.writing() as session:
        for day in range(6):
            act = act_of(at=NOON + timedelta(days=day))
            record_read(session, act, "person.needs_read", "person", day)
        before = {Chain.READS: head(session, Chain.READS)}
    with database.writing() as session:
        erased = erase_reads(session, act_of(), before=NOON + timedelta(days=4))
        assert erased == 4
        assert erase_reads(session, act_of(), before=NOON + timedelta(days=4)) == 0
    with database.reading() as session:
        assert [e.object_id for e in entries(session, Chain.READS)] == [4, 5]
        assert verify(session, known=before) == []
        assert [e.kind for e in entries(session)] == ["journal.reads_erased"]


def test_a_read_whose_time_is_not_over_cannot_be_deleted(database: Database) -> None:
    with database.writing() as session:
        for day in range(3):
            act = act_of(at=NOON + timedelta(days=day))
            record_read(session, act, "person.needs_read", "person", day)
    with database.writing() as session:
        erase_reads(session, act_of(), before=NOON + timedelta(days=1))
    with pytest.raises(DatabaseError, match="journal_append_only"), database.writing() as session:
        session.execute(text("DELETE FROM journal_entries WHERE chain = 'reads'"))


def test_an_entry_is_not_replaced_by_another_of_its_number(sqlite_database: Database) -> None:
    """SQLite's REPLACE deletes without firing the triggers on deletion."""
    fill(sqlite_database)
    replacing = (
        "REPLACE INTO journal_entries SELECT chain, number, at, 7, kind, object_kind, object_id,"
        " ground, facts, previous, hash FROM journal_entries WHERE number = 2"
    )
    with (
        pytest.raises(DatabaseError, match="journal_append_only"),
        sqlite_database.writing() as session,
    ):
        session.execute(text(replacing))


def test_acts_have_no_checkpoint_to_hide_behind(database: Database) -> None:
    fill(database)
    with pytest.raises(DatabaseError, match="reads_only"), database.writing() as session:
        session.execute(
            text(
                "INSERT INTO journal_checkpoints SELECT chain, number, hash, at"
                " FROM journal_entries WHERE number = 3"
            )
        )


def test_reads_erased_without_an_act_that_says_so_are_found_missing(database: Database) -> None:
    """A forger who adds a checkpoint gets past the trigger; the acts betray it."""
    with database.writing() as session:
        for number in range(4):
            record_read(session, act_of(), "person.needs_read", "person", number)
    with database.writing() as session:
        session.execute(
            text(
                "INSERT INTO journal_checkpoints SELECT chain, number, hash, at"
                " FROM journal_entries WHERE number = 3"
            )
        )
        session.execute(text("DELETE FROM journal_entries WHERE number <= 3"))
    with database.reading() as session:
        assert [(f.chain, f.number) for f in verify(session)] == [(Chain.READS, 3)]


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE journal_entries SET facts = '[' WHERE number = 2",
        "UPDATE journal_entries SET facts = '[1]' WHERE number = 2",
        "UPDATE journal_entries SET facts = '{\"a\": 0.5}' WHERE number = 2",
        "UPDATE journal_entries SET at = 'yesterday' WHERE number = 2",
        "UPDATE journal_entries SET ground = x'ff' WHERE number = 2",
    ],
)
def test_an_entry_that_cannot_be_read_is_a_fault_not_a_crash(
    sqlite_database: Database, forgery: str
) -> None:
    fill(sqlite_database)
    with sqlite_database.writing() as session:
        session.execute(text("DROP TRIGGER journal_entries_update"))
        session.execute(text(forgery))
    with sqlite_database.reading() as session:
        assert [(f.number, f.fault) for f in verify(session)] == [(2, "altered")]
