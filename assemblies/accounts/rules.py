"""Roles and rights: what each role may do, and who may hold it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assemblies.errors import NotAllowedError, RoleError
from assemblies.journal.rules import Actor


class Role(StrEnum):
    """What somebody is to the secretariat, for a time."""

    ADMINISTRATOR = "administrator"
    DRAW_OFFICER = "draw_officer"
    SECRETARIAT = "secretariat"  # its manager and whoever works for them
    ACCOUNTANT = "accountant"
    AUDITOR = "auditor"
    MEMBER = "member"
    PARLIAMENTARY_OFFICER = "parliamentary_officer"
    SYSTEM = "system"  # what runs by itself: no account holds it


class Chamber(StrEnum):
    """The two chambers of Parliament."""

    NATIONAL_ASSEMBLY = "national_assembly"
    SENATE = "senate"


class Right(StrEnum):
    """What an act or a page needs."""

    MANAGE_ACCOUNTS = "manage_accounts"
    SET_UP_BODIES = "set_up_bodies"
    READ_PEOPLE = "read_people"
    EDIT_PEOPLE = "edit_people"
    READ_NEEDS = "read_needs"
    RUN_DRAWS = "run_draws"
    READ_DRAWS = "read_draws"
    CALL_DRAWN = "call_drawn"
    MANAGE_MANDATES = "manage_mandates"
    RUN_BALLOTS = "run_ballots"
    MANAGE_SITTINGS = "manage_sittings"
    RECORD_ATTENDANCE = "record_attendance"
    READ_PAY = "read_pay"
    PREPARE_PAY = "prepare_pay"
    READ_JOURNAL = "read_journal"
    ERASE_DATA = "erase_data"
    RECEIVE_REPORTS = "receive_reports"
    OWN_SPACE = "own_space"


_READS = frozenset(
    {
        Right.READ_PEOPLE,
        Right.READ_DRAWS,
        Right.READ_PAY,
        Right.READ_JOURNAL,
    }
)

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(
        {Right.MANAGE_ACCOUNTS, Right.SET_UP_BODIES, Right.READ_JOURNAL, Right.ERASE_DATA}
    ),
    Role.DRAW_OFFICER: frozenset(
        {Right.RUN_DRAWS, Right.READ_DRAWS, Right.READ_PEOPLE, Right.EDIT_PEOPLE}
    ),
    Role.SECRETARIAT: frozenset(
        {
            Right.SET_UP_BODIES,
            Right.READ_PEOPLE,
            Right.EDIT_PEOPLE,
            Right.READ_NEEDS,
            Right.READ_DRAWS,
            Right.CALL_DRAWN,
            Right.MANAGE_MANDATES,
            Right.RUN_BALLOTS,
            Right.MANAGE_SITTINGS,
            Right.RECORD_ATTENDANCE,
        }
    ),
    Role.ACCOUNTANT: frozenset({Right.READ_PEOPLE, Right.READ_PAY, Right.PREPARE_PAY}),
    Role.AUDITOR: _READS,
    Role.MEMBER: frozenset({Right.OWN_SPACE}),
    Role.PARLIAMENTARY_OFFICER: frozenset({Right.RECEIVE_REPORTS}),
    Role.SYSTEM: frozenset(Right) - {Right.OWN_SPACE, Right.RECEIVE_REPORTS},
}

SYSTEM = Actor(None, frozenset({Role.SYSTEM}))
"""What acts when no person does: the worker, a scheduled run."""

_ALONE = frozenset({Role.AUDITOR})  # who checks the secretariat is not the secretariat
_STAFF = frozenset({Role.ADMINISTRATOR, Role.DRAW_OFFICER, Role.SECRETARIAT, Role.ACCOUNTANT})


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """A role held from a day on, up to ``last`` included (None: until withdrawn)."""

    role: Role
    first: date
    last: date | None = None
    chamber: Chamber | None = None

    def is_held(self, on: date) -> bool:
        """Tell whether the role is held on a day."""
        return self.first <= on and (self.last is None or on <= self.last)


def roles_on(grants: Iterable[RoleGrant], on: date) -> frozenset[Role]:
    """Return the roles held on a day."""
    return frozenset(grant.role for grant in grants if grant.is_held(on))


def may(roles: Iterable[str], right: Right) -> bool:
    """Tell whether one of the roles gives a right."""
    return any(right in RIGHTS[Role(role)] for role in roles)


def require(actor: Actor, right: Right) -> None:
    """Raise ``NotAllowedError`` unless the actor has the right."""
    if not may(actor.roles, right):
        raise NotAllowedError(right=right, account=actor.account)


def check_grant(grant: RoleGrant, held: Iterable[RoleGrant]) -> None:
    """Raise ``RoleError`` where a grant is malformed or clashes with a role already held.

    An auditor holds no office of the secretariat in the same days; only a parliamentary
    officer belongs to a chamber, and must; nobody holds the system's role.
    """
    if grant.role is Role.SYSTEM:
        raise RoleError(role=grant.role, reason="no account may hold it")
    if grant.last is not None and grant.last < grant.first:
        raise RoleError(role=grant.role, reason="it ends before it begins")
    if (grant.chamber is not None) != (grant.role is Role.PARLIAMENTARY_OFFICER):
        raise RoleError(role=grant.role, reason="a chamber goes with parliamentary officers only")
    for other in held:
        if not _meet(grant, other):
            continue
        if other.role == grant.role and other.chamber == grant.chamber:
            raise RoleError(role=grant.role, reason="already held in these days")
        clash = {grant.role, other.role}
        if clash & _ALONE and clash & _STAFF:
            raise RoleError(role=grant.role, reason=f"not together with {other.role}")


def _meet(one: RoleGrant, other: RoleGrant) -> bool:
    return (one.last is None or other.first <= one.last) and (
        other.last is None or one.first <= other.last
    )
