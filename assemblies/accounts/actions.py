"""Opening and closing accounts; granting and withdrawing roles."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assemblies.accounts.models import Account, AccountRole
from assemblies.accounts.queries import find_account, grants_of
from assemblies.accounts.rules import Right, Role, RoleGrant, check_grant, require
from assemblies.database import refused_as
from assemblies.errors import NotFoundError, RoleError
from assemblies.journal.actions import record
from assemblies.journal.rules import Act


def open_account(session: Session, act: Act, *, email: str) -> int:
    """Open an account without any role; return its number."""
    require(act.actor, Right.MANAGE_ACCOUNTS)
    row = Account(email=email.strip().lower(), opened_at=act.at)
    with refused_as(
        session,
        {"accounts.email": RoleError, "uq_accounts_email": RoleError},
        reason="an account has this address already",
    ):
        session.add(row)
    record(session, act, "account.opened", "account", row.id)
    return row.id


def close_account(session: Session, act: Act, *, account_id: int) -> None:
    """Close an account: it acts no more, and keeps its place in the journal."""
    require(act.actor, Right.MANAGE_ACCOUNTS)
    find_account(session, account_id)
    row = session.get_one(Account, account_id)
    row.closed_at = row.closed_at or act.at
    record(session, act, "account.closed", "account", account_id)


def grant_role(session: Session, act: Act, *, account_id: int, grant: RoleGrant) -> None:
    """Grant a role for a time; raise ``RoleError`` where it may not be held so."""
    require(act.actor, Right.MANAGE_ACCOUNTS)
    find_account(session, account_id)
    check_grant(grant, grants_of(session, account_id))
    session.add(
        AccountRole(
            account_id=account_id,
            role=grant.role,
            chamber=grant.chamber,
            first_day=grant.first,
            last_day=grant.last,
        )
    )
    record(
        session,
        act,
        "account.role_granted",
        "account",
        account_id,
        role=grant.role,
        chamber=grant.chamber,
        first=grant.first.isoformat(),
        last=None if grant.last is None else grant.last.isoformat(),
    )


def withdraw_role(
    session: Session, act: Act, *, account_id: int, role: Role, from_day: date
) -> None:
    """End a role on the eve of ``from_day``; raise ``NotFoundError`` where it is not held."""
    require(act.actor, Right.MANAGE_ACCOUNTS)
    rows = session.scalars(
        select(AccountRole).where(AccountRole.account_id == account_id, AccountRole.role == role)
    )
    held = [row for row in rows if row.last_day is None or row.last_day >= from_day]
    if not held:
        raise NotFoundError(kind="role", account=account_id, role=role)
    for row in held:
        if row.first_day >= from_day:
            session.delete(row)
        else:
            row.last_day = from_day - timedelta(days=1)
    record(
        session,
        act,
        "account.role_withdrawn",
        "account",
        account_id,
        role=role,
        from_day=from_day.isoformat(),
    )
