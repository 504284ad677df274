"""Writing to the journal, and erasing reads whose time is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assemblies.journal.models import JournalCheckpoint, JournalEntry, JournalHead
from assemblies.journal.rules import START, Act, Chain, Entry, Fact


def record(
    session: Session, act: Act, kind: str, object_kind: str, object_id: int, /, **facts: Fact
) -> Entry:
    """Append an act: ``record(session, act, "mandate.started", "mandate", 12, seat=3)``.

    ``facts`` and the ground name nobody: people are numbers in the journal.
    """
    return _append(session, Chain.ACTS, act, kind, object_kind, object_id, facts)


def record_read(
    session: Session, act: Act, kind: str, object_kind: str, object_id: int, /, **facts: Fact
) -> Entry:
    """Append the reading of personal data by somebody whom they do not concern."""
    return _append(session, Chain.READS, act, kind, object_kind, object_id, facts)


def _append(
    session: Session,
    chain: Chain,
    act: Act,
    kind: str,
    object_kind: str,
    object_id: int,
    facts: dict[str, Fact],
) -> Entry:
    head = session.get(JournalHead, chain, with_for_update=True)
    if head is None:
        head = JournalHead(chain=chain, number=0, hash=START)
        session.add(head)
    entry = Entry(
        chain=chain,
        number=head.number + 1,
        at=act.at,
        actor=act.actor.account,
        kind=kind,
        object_kind=object_kind,
        object_id=object_id,
        ground=act.ground,
        previous=head.hash,
        facts=facts,
    )
    row = JournalEntry(
        chain=chain,
        number=entry.number,
        at=entry.at,
        actor=entry.actor,
        kind=kind,
        object_kind=object_kind,
        object_id=object_id,
        ground=entry.ground,
        facts=facts,
        previous=entry.previous,
        hash=entry.hash,
    )
    session.add(row)
    head.number, head.hash = entry.number, row.hash
    session.flush()
    return entry


def erase_reads(session: Session, act: Act, *, before: datetime) -> int:
    """Erase the reads older than an instant; return how many.

    Whole from the oldest on: an older read recorded after a newer one waits for it. A
    checkpoint keeps the hash from which the rest is verified, and the erasure is an act.
    """
    kept = session.scalar(
        select(JournalEntry.number)
        .where(JournalEntry.chain == Chain.READS, JournalEntry.at >= before)
        .order_by(JournalEntry.number)
        .limit(1)
    )
    oldest_first = select(JournalEntry).where(JournalEntry.chain == Chain.READS)
    if kept is not None:
        oldest_first = oldest_first.where(JournalEntry.number < kept)
    last = session.scalar(oldest_first.order_by(JournalEntry.number.desc()).limit(1))
    if last is None:
        return 0
    session.add(
        JournalCheckpoint(chain=Chain.READS, number=last.number, hash=last.hash, made_at=act.at)
    )
    session.flush()
    erased = session.scalars(
        delete(JournalEntry)
        .where(JournalEntry.chain == Chain.READS, JournalEntry.number <= last.number)
        .returning(JournalEntry.number)
    ).all()
    record(
        session,
        act,
        "journal.reads_erased",
        "journal",
        last.number,
        count=len(erased),
        hash=last.hash,
    )
    return len(erased)
