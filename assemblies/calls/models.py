"""Tables of the calls to people drawn.

Kept: outcome and instants with the draw; notes are erased with the person's data.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assemblies.database import Instant, Table


class Call(Table):
    """The question put to one person drawn; ``number`` is theirs in the first draw."""

    __tablename__ = "calls"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), index=True)
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    opened_on: Mapped[date]
    last_day: Mapped[date]
    outcome: Mapped[str | None] = mapped_column(String(16))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandates.id"), unique=True)

    __table_args__ = (
        UniqueConstraint("draw_id", "number"),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed"),
        CheckConstraint("(outcome = 'accepted') = (mandate_id IS NOT NULL)", name="mandate"),
    )


class CallAttempt(Table):
    """One attempt to reach a person; the note is erased with their data."""

    __tablename__ = "call_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    result: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
