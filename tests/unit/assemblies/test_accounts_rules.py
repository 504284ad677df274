"""Roles: what each may do, who may hold which, and when."""

from __future__ import annotations

from datetime import date

import pytest

from assemblies.accounts.rules import (
    RIGHTS,
    SYSTEM,
    Chamber,
    Right,
    Role,
    RoleGrant,
    check_grant,
    may,
    require,
    roles_on,
)
from assemblies.errors import NotAllowedError, RoleError
from assemblies.journal.rules import Actor

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


def test_every_right_belongs_to_a_role_that_people_hold() -> None:
    held = set().union(*(rights for role, rights in RIGHTS.items() if role is not Role.SYSTEM))
    assert held == set(Right)


def test_an_auditor_reads_and_changes_nothing() -> None:
    assert {right for right in RIGHTS[Role.AUDITOR] if not right.startswith("read_")} == set()


def test_nobody_but_the_members_office_opens_sealed_needs() -> None:
    readers = {role for role, rights in RIGHTS.items() if Right.READ_NEEDS in rights}
    assert readers == {Role.SECRETARIAT, Role.SYSTEM}


def test_a_role_is_held_from_its_first_to_its_last_day_included() -> None:
    grant = RoleGrant(Role.SECRETARIAT, FIRST, LAST)
    held = {day: roles_on([grant], day) for day in (FIRST, LAST)}
    assert held == {FIRST: {Role.SECRETARIAT}, LAST: {Role.SECRETARIAT}}
    assert roles_on([grant], date(2025, 12, 31)) == roles_on([grant], date(2026, 7, 1)) == set()


def test_an_actor_without_the_right_is_refused_by_name_of_the_right() -> None:
    require(Actor(3, frozenset({"secretariat"})), Right.CALL_DRAWN)
    with pytest.raises(NotAllowedError, match=r"right=run_draws.*account=3"):
        require(Actor(3, frozenset({"secretariat"})), Right.RUN_DRAWS)


def test_the_system_does_all_but_what_only_a_person_can() -> None:
    assert not may(SYSTEM.roles, Right.OWN_SPACE)
    assert may(SYSTEM.roles, Right.RUN_DRAWS)


@pytest.mark.parametrize(
    ("grant", "held"),
    [
        (RoleGrant(Role.SYSTEM, FIRST), []),
        (RoleGrant(Role.SECRETARIAT, LAST, FIRST), []),
        (RoleGrant(Role.PARLIAMENTARY_OFFICER, FIRST), []),
        (RoleGrant(Role.SECRETARIAT, FIRST, chamber=Chamber.SENATE), []),
        (RoleGrant(Role.AUDITOR, FIRST), [RoleGrant(Role.SECRETARIAT, date(2026, 6, 1))]),
        (RoleGrant(Role.DRAW_OFFICER, LAST), [RoleGrant(Role.AUDITOR, FIRST, LAST)]),
        (RoleGrant(Role.SECRETARIAT, LAST), [RoleGrant(Role.SECRETARIAT, FIRST, LAST)]),
    ],
)
def test_a_role_that_cannot_be_held_so_is_refused(grant: RoleGrant, held: list[RoleGrant]) -> None:
    with pytest.raises(RoleError):
        check_grant(grant, held)


@pytest.mark.parametrize(
    ("grant", "held"),
    [
        (RoleGrant(Role.AUDITOR, date(2026, 7, 1)), [RoleGrant(Role.SECRETARIAT, FIRST, LAST)]),
        (RoleGrant(Role.SECRETARIAT, FIRST), [RoleGrant(Role.DRAW_OFFICER, FIRST)]),
        (
            RoleGrant(Role.PARLIAMENTARY_OFFICER, FIRST, chamber=Chamber.SENATE),
            [RoleGrant(Role.PARLIAMENTARY_OFFICER, FIRST, chamber=Chamber.NATIONAL_ASSEMBLY)],
        ),
    ],
)
def test_roles_that_go_together_are_granted(grant: RoleGrant, held: list[RoleGrant]) -> None:
    check_grant(grant, held)
