"""Tables of people, contact data, consents and sealed needs.

Kept: identity and contact for the time that ``data/parameters/retention`` gives to the part
the person plays (volunteer not drawn, alternate, member), then erased: the row stays, empty,
so that mandates and draws keep their numbers. Needs are erased with the end of the mandate.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from assemblies.database import Instant, Table


class Person(Table):
    """Somebody, under one number for life; ``search`` is the name without case or accents."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_name: Mapped[str] = mapped_column(String(120))
    given_name: Mapped[str] = mapped_column(String(120))
    birth_date: Mapped[date | None]
    search: Mapped[str] = mapped_column(String(260), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), unique=True)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint(
            "erased_at IS NULL OR (family_name = '' AND given_name = '' AND search = ''"
            " AND birth_date IS NULL AND account_id IS NULL)",
            name="erased_is_empty",
        ),
    )


class PersonContact(Table):
    """How to reach a person; one row each, gone when they are erased."""

    __tablename__ = "person_contacts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(20))
    street: Mapped[str | None] = mapped_column(String(140))
    postcode: Mapped[str | None] = mapped_column(String(16))
    town: Mapped[str | None] = mapped_column(String(70))
    country: Mapped[str] = mapped_column(String(2))


class NameConsent(Table):
    """An answer to "may your name be published?": the last one counts, none means no."""

    __tablename__ = "name_consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    given: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Instant)


class PersonNeed(Table):
    """A need told by the person: sealed, only those who organise a sitting open it."""

    __tablename__ = "person_needs"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    told_at: Mapped[datetime] = mapped_column(Instant)
