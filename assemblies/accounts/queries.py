"""Reading accounts and the roles they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assemblies.accounts.models import Account, AccountRole
from assemblies.accounts.rules import Chamber, Role, RoleGrant, roles_on
from assemblies.errors import NotFoundError
from assemblies.journal.rules import Actor


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account and every role it has held, oldest first."""

    id: int
    email: str | None
    is_open: bool
    grants: tuple[RoleGrant, ...]


def find_account(session: Session, account_id: int) -> AccountView:
    """Return an account; raise ``NotFoundError`` where there is none."""
    row = session.get(Account, account_id)
    if row is None:
        raise NotFoundError(kind="account", id=account_id)
    return AccountView(row.id, row.email, row.closed_at is None, grants_of(session, account_id))


def grants_of(session: Session, account_id: int) -> tuple[RoleGrant, ...]:
    """Return every role an account has held, oldest first."""
    rows = session.scalars(
        select(AccountRole)
        .where(AccountRole.account_id == account_id)
        .order_by(AccountRole.first_day, AccountRole.id)
    )
    return tuple(
        RoleGrant(
            Role(row.role),
            row.first_day,
            row.last_day,
            None if row.chamber is None else Chamber(row.chamber),
        )
        for row in rows
    )


def actor_on(session: Session, account_id: int, *, on: date) -> Actor:
    """Return who acts when this account does, with the roles it holds that day.

    A closed account holds none. Raise ``NotFoundError`` where there is no such account.
    """
    account = find_account(session, account_id)
    roles = roles_on(account.grants, on) if account.is_open else frozenset()
    return Actor(account_id, frozenset(str(role) for role in roles))
