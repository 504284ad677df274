"""Tables of mandates and their suspensions, and what the database itself refuses of them.

Kept for ever: a mandate names a person by number only, empty once they are erased.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from assemblies.database import Instant, Table, add_triggers


class Mandate(Table):
    """A person's hold on a seat from ``first_day`` to ``last_day``, both included.

    ``planned_last_day`` is the term it had at the start. ``withdrawn_at``: given up before
    it began, so that it never was. ``draw_id`` is the draw that filled the seat,
    ``replaces_id`` the mandate whose seat this one takes over.
    """

    __tablename__ = "mandates"

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"), index=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    planned_last_day: Mapped[date]
    end_reason: Mapped[str | None] = mapped_column(String(32))
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("draws.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("mandates.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("last_day <= planned_last_day", name="never_lengthened"),
    )


class Suspension(Table):
    """Days during which a mandate does not run; without last day it goes on."""

    __tablename__ = "mandate_suspensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandates.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("last_day IS NULL OR first_day <= last_day", name="days"),
        Index(
            "uq_mandate_suspensions_open",
            "mandate_id",
            unique=True,
            sqlite_where=text("last_day IS NULL"),
            postgresql_where=text("last_day IS NULL"),
        ),
    )


SEAT_TAKEN = "mandates_seat_taken"
ALREADY_MEMBER = "mandates_already_member"
OUTSIDE_BODY = "mandates_outside_body"
WATCHED = ("seat_id", "person_id", "first_day", "last_day", "withdrawn_at")

_OVERLAP = """SELECT 1 FROM mandates m WHERE m.{column} = NEW.{column} AND m.id <> NEW.id {also}
    AND m.withdrawn_at IS NULL AND NEW.withdrawn_at IS NULL
    AND m.first_day <= NEW.last_day AND NEW.first_day <= m.last_day"""
_SEAT = _OVERLAP.format(column="seat_id", also="")
_PERSON = _OVERLAP.format(column="person_id", also="AND m.body_id = NEW.body_id")
_OUTSIDE = """SELECT 1 FROM bodies b WHERE b.id = NEW.body_id
    AND (NEW.first_day < b.first_day OR NEW.last_day > b.last_day)"""


def _sqlite_trigger(when: str, word: str, search: str) -> str:
    # "AFTER": the number of a new row is not known before it is there.
    name = f"{word}_{when.split(maxsplit=1)[0].lower()}"
    return f"""CREATE TRIGGER {name} AFTER {when} ON mandates WHEN EXISTS ({search})
    BEGIN SELECT RAISE(ABORT, '{word}'); END"""


SQLITE_TRIGGERS = tuple(
    _sqlite_trigger(when, word, search)
    for when in ("INSERT", f"UPDATE OF {', '.join(WATCHED)}")
    for word, search in (
        (SEAT_TAKEN, _SEAT),
        (ALREADY_MEMBER, _PERSON),
        (OUTSIDE_BODY, _OUTSIDE),
    )
)
POSTGRES_TRIGGERS = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"""ALTER TABLE mandates ADD CONSTRAINT {SEAT_TAKEN} EXCLUDE USING gist
    (seat_id WITH =, daterange(first_day, last_day, '[]') WITH &&) WHERE (withdrawn_at IS NULL)""",
    f"""ALTER TABLE mandates ADD CONSTRAINT {ALREADY_MEMBER} EXCLUDE USING gist
    (person_id WITH =, body_id WITH =, daterange(first_day, last_day, '[]') WITH &&)
    WHERE (withdrawn_at IS NULL)""",
    f"""CREATE FUNCTION refuse_mandate_outside_body() RETURNS trigger AS $$
    BEGIN
      IF EXISTS ({_OUTSIDE}) THEN
        RAISE EXCEPTION '{OUTSIDE_BODY}' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$ LANGUAGE plpgsql""",
    f"""CREATE TRIGGER {OUTSIDE_BODY} BEFORE INSERT OR UPDATE ON mandates
    FOR EACH ROW EXECUTE FUNCTION refuse_mandate_outside_body()""",
)

add_triggers(SQLITE_TRIGGERS, POSTGRES_TRIGGERS)
