"""Reading and verifying the journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, String, select, type_coerce
from sqlalchemy.orm import Session

from assemblies.journal.models import JournalCheckpoint, JournalEntry, JournalHead
from assemblies.journal.rules import Chain, Entry, Fault, Head, find_faults

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
_ALL = 1_000_000  # more nights than a journal has
_ROWS = 2_000  # read at a time, so that a long journal needs little memory


def head(session: Session, chain: Chain) -> Head:
    """Return how far a chain goes. Publishing it makes cutting off its end show."""
    row = session.get(JournalHead, chain)
    return Head() if row is None else Head(row.number, row.hash)


def entries(
    session: Session,
    chain: Chain = Chain.ACTS,
    *,
    object_kind: str | None = None,
    object_id: int | None = None,
    actor: int | None = None,
    kind: str | None = None,
    after: int = 0,
    limit: int = 100,
) -> tuple[Entry, ...]:
    """Return entries by rising number, those that match every condition given."""
    wanted = select(JournalEntry).where(JournalEntry.chain == chain, JournalEntry.number > after)
    for column, value in (
        (JournalEntry.object_kind, object_kind),
        (JournalEntry.object_id, object_id),
        (JournalEntry.actor, actor),
        (JournalEntry.kind, kind),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    rows = session.scalars(wanted.order_by(JournalEntry.number).limit(limit))
    return tuple(_entry(row) for row in rows)


def verify(session: Session, *, known: dict[Chain, Head] | None = None) -> list[Fault]:
    """Return every fault of both chains; none means that nothing is altered or missing.

    ``known`` are heads noted elsewhere before (published, sent to an auditor): the entry of
    that number must still have that hash.
    """
    faults: list[Fault] = []
    for chain in Chain:
        faults += _unsaid(session, chain)
        faults += find_faults(
            chain, _start(session, chain), _stored(session, chain), head(session, chain)
        )
        noted = (known or {}).get(chain)
        if noted is not None and not _has(session, chain, noted):
            faults.append(Fault(chain, noted.number, "is not what was noted elsewhere"))
    return faults


def _has(session: Session, chain: Chain, noted: Head) -> bool:
    if noted == Head():
        return True
    row = session.get(JournalEntry, (chain, noted.number))
    if row is not None:
        return row.hash == noted.hash
    erased = session.get(JournalCheckpoint, (chain, noted.number))
    return _start(session, chain).number >= noted.number and (
        erased is None or erased.hash == noted.hash
    )


def _start(session: Session, chain: Chain) -> Head:
    last = session.scalar(
        select(JournalCheckpoint)
        .where(JournalCheckpoint.chain == chain)
        .order_by(JournalCheckpoint.number.desc())
        .limit(1)
    )
    return Head() if last is None else Head(last.number, last.hash)


def _unsaid(session: Session, chain: Chain) -> list[Fault]:
    """Return the checkpoints of which no act says that the reads before them were erased."""
    said = {
        (entry.object_id, entry.facts.get("hash"))
        for entry in entries(session, kind="journal.reads_erased", limit=_ALL)
    }
    rows = session.execute(
        select(JournalCheckpoint.number, JournalCheckpoint.hash)
        .where(JournalCheckpoint.chain == chain)
        .order_by(JournalCheckpoint.number)
    )
    return [
        Fault(chain, number, "erased without an act that says so")
        for number, stored in rows
        if (number, stored) not in said
    ]


def _stored(session: Session, chain: Chain) -> Iterator[tuple[Entry, str]]:
    """Read a chain as it lies in the database: what a forger left need not be readable."""
    columns = JournalEntry.__table__.c
    raw = [
        type_coerce(column, String).label(column.name) if column.name in ("at", "facts") else column
        for column in columns
    ]
    rows = session.execute(
        select(*raw)
        .where(JournalEntry.chain == chain)
        .order_by(JournalEntry.number)
        .execution_options(yield_per=_ROWS)
    )
    for row in rows:
        try:
            entry = _raw_entry(row)
            entry.hash  # noqa: B018 -- may fail on what is no fact
        except (TypeError, ValueError):
            yield Entry(chain, row.number, _NEVER, None, "", "", 0, "", row.previous), row.hash
        else:
            yield entry, row.hash


def _raw_entry(row: Row[Any]) -> Entry:
    at = datetime.fromisoformat(row.at) if isinstance(row.at, str) else row.at
    facts = json.loads(row.facts) if isinstance(row.facts, str) else row.facts
    return Entry(
        chain=Chain(row.chain),
        number=row.number,
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        actor=row.actor,
        kind=row.kind,
        object_kind=row.object_kind,
        object_id=row.object_id,
        ground=row.ground,
        previous=row.previous,
        facts=facts,
    )


def _entry(row: JournalEntry) -> Entry:
    return Entry(
        chain=Chain(row.chain),
        number=row.number,
        at=row.at,
        actor=row.actor,
        kind=row.kind,
        object_kind=row.object_kind,
        object_id=row.object_id,
        ground=row.ground,
        previous=row.previous,
        facts=row.facts,
    )
