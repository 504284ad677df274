"""Tables of bodies, colleges and seats. Kept for ever: they hold nobody's data."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assemblies.composition.rules import Mode
from assemblies.database import Instant, Table

_MODES = ", ".join(f"'{mode}'" for mode in Mode)


class Body(Table):
    """A body, from its first to its last day, under the version of a template in force then."""

    __tablename__ = "bodies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    template: Mapped[str] = mapped_column(String(40))
    template_from: Mapped[date]
    first_day: Mapped[date]
    last_day: Mapped[date]
    set_up_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("first_day <= last_day", name="days"),)


class College(Table):
    """A part of a body whose members come to their seats in one way."""

    __tablename__ = "colleges"

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    mode: Mapped[str] = mapped_column(String(16))

    __table_args__ = (
        UniqueConstraint("body_id", "key"),
        CheckConstraint(f"mode IN ({_MODES})", name="mode"),
    )


class Seat(Table):
    """One place of a college, numbered from 1; ``part`` is its group in a renewal by parts.

    ``institution`` names who appoints to it, where the college is appointed.
    """

    __tablename__ = "seats"

    id: Mapped[int] = mapped_column(primary_key=True)
    college_id: Mapped[int] = mapped_column(ForeignKey("colleges.id"), index=True)
    number: Mapped[int]
    part: Mapped[int]
    institution: Mapped[str | None] = mapped_column(String(120))

    __table_args__ = (
        UniqueConstraint("college_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("part > 0", name="part"),
    )


class BodyChoice(Table):
    """The answer given to a question that the text leaves open; the last one counts."""

    __tablename__ = "body_choices"

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    option: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
