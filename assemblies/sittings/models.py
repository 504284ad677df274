"""Tables of sittings, and what the database itself refuses of them.

Kept: sittings and attendance with the body's archives, under mandates' numbers; unavailabilities
until the day after they end.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assemblies.database import Instant, Table, add_triggers
from assemblies.sittings.rules import Half, Kind

_KINDS = ", ".join(f"'{kind}'" for kind in Kind)
_HALVES = ", ".join(f"'{half}'" for half in Half)


class Sitting(Table):
    """A sitting of a body; cancelled ones stay to see. ``second_call_of``: after no quorum."""

    __tablename__ = "sittings"

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    starts_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    place: Mapped[str] = mapped_column(String(200))
    is_remote: Mapped[bool]
    convoked_at: Mapped[datetime | None] = mapped_column(Instant)
    urgency: Mapped[str | None] = mapped_column(Text)
    attendance_at: Mapped[datetime | None] = mapped_column(Instant)
    second_call_of: Mapped[int | None] = mapped_column(ForeignKey("sittings.id"), unique=True)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    cancel_reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="hours"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("(cancelled_at IS NULL) = (cancel_reason IS NULL)", name="cancelled"),
    )


class SittingItem(Table):
    """A point of the agenda, in order from 1."""

    __tablename__ = "agenda_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]

    __table_args__ = (
        UniqueConstraint("sitting_id", "position"),
        CheckConstraint("minutes > 0", name="minutes"),
    )


class Proxy(Table):
    """A member represented by another one at a sitting."""

    __tablename__ = "proxies"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"), primary_key=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"))
    given_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("giver_id <> holder_id", name="two_members"),)


class Attendance(Table):
    """A member's presence on a half-day of a sitting, and whether it counts as attended."""

    __tablename__ = "attendances"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    half: Mapped[str] = mapped_column(String(2), primary_key=True)
    arrived_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime] = mapped_column(Instant)
    is_remote: Mapped[bool]
    is_attended: Mapped[bool]

    __table_args__ = (
        CheckConstraint("arrived_at < left_at", name="hours"),
        CheckConstraint(f"half IN ({_HALVES})", name="half"),
    )


class InterestConflict(Table):
    """A member who stands aside on a point of the agenda, and why."""

    __tablename__ = "interest_conflicts"

    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_items.id"), primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(Instant)


class Unavailability(Table):
    """Days on which a person cannot sit, told by themselves, without a reason."""

    __tablename__ = "unavailabilities"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]

    __table_args__ = (CheckConstraint("first_day <= last_day", name="days"),)


OUTSIDE_SITTING = "attendance_outside_sitting"
NOT_MEMBER = "attendance_not_member"
SITTING_OUTSIDE_BODY = "sitting_outside_body"

_OUTSIDE = """SELECT 1 FROM sittings s WHERE s.id = NEW.sitting_id AND (NEW.arrived_at < s.starts_at
    OR NEW.left_at > s.ends_at OR s.cancelled_at IS NOT NULL)"""
_MEMBER = """SELECT 1 FROM mandates m JOIN sittings s ON s.body_id = m.body_id
    WHERE s.id = NEW.sitting_id AND m.id = NEW.mandate_id AND m.withdrawn_at IS NULL
    AND NEW.day BETWEEN m.first_day AND m.last_day"""
_BODY = """SELECT 1 FROM bodies b WHERE b.id = NEW.body_id
    AND ({day} < b.first_day OR {day} > b.last_day)"""


def _sqlite() -> tuple[str, ...]:
    checks = (
        ("attendances", OUTSIDE_SITTING, f"EXISTS ({_OUTSIDE})"),
        ("attendances", NOT_MEMBER, f"NOT EXISTS ({_MEMBER})"),
        (
            "sittings",
            SITTING_OUTSIDE_BODY,
            f"EXISTS ({_BODY.format(day='date(NEW.starts_at)')})",
        ),
    )
    return tuple(
        f"CREATE TRIGGER {word}_{when.lower()} BEFORE {when} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{word}'); END"
        for table, word, condition in checks
        for when in ("INSERT", "UPDATE")
    )


_RAISE = "RAISE EXCEPTION '{word}' USING ERRCODE = 'integrity_constraint_violation';"
POSTGRES_TRIGGERS = (
    f"""CREATE FUNCTION refuse_attendance() RETURNS trigger AS $$
    BEGIN
      IF EXISTS ({_OUTSIDE}) THEN {_RAISE.format(word=OUTSIDE_SITTING)} END IF;
      IF NOT EXISTS ({_MEMBER}) THEN {_RAISE.format(word=NOT_MEMBER)} END IF;
      RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER attendances_checked BEFORE INSERT OR UPDATE ON attendances
    FOR EACH ROW EXECUTE FUNCTION refuse_attendance()""",
    f"""CREATE FUNCTION refuse_sitting() RETURNS trigger AS $$
    BEGIN
      IF EXISTS ({_BODY.format(day="(NEW.starts_at AT TIME ZONE 'UTC')::date")}) THEN
        {_RAISE.format(word=SITTING_OUTSIDE_BODY)}
      END IF;
      RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER sittings_checked BEFORE INSERT OR UPDATE ON sittings
    FOR EACH ROW EXECUTE FUNCTION refuse_sitting()""",
)

add_triggers(_sqlite(), POSTGRES_TRIGGERS)
