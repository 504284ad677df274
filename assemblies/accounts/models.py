"""Tables of accounts and roles.

Kept: an account for as long as it can act and then for the time that acts refer to it; what
identifies its holder (the e-mail address) is erased with the person.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assemblies.database import Instant, Table


class Account(Table):
    """Somebody, or a script, that can sign in. ``email`` is lower case; None once erased."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)


class AccountRole(Table):
    """A role held by an account from ``first_day`` to ``last_day``, both included."""

    __tablename__ = "account_roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    chamber: Mapped[str | None] = mapped_column(String(32))
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("last_day IS NULL OR first_day <= last_day", name="days"),
        CheckConstraint("(chamber IS NOT NULL) = (role = 'parliamentary_officer')", name="chamber"),
    )
