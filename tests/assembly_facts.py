"""Builders of valid people, officers and bodies, one line each, for tests of the assemblies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from assemblies.accounts.actions import grant_role, open_account
from assemblies.accounts.queries import actor_on
from assemblies.accounts.rules import SYSTEM, Chamber, Role, RoleGrant
from assemblies.composition.actions import set_up_body
from assemblies.composition.queries import seats_of
from assemblies.composition.rules import BodyPlan, Renewal
from assemblies.composition.templates import load_template
from assemblies.journal.rules import Act, Actor
from assemblies.people.actions import add_person, attach_account
from assemblies.people.rules import Contact, Identity

TODAY = date(2026, 11, 24)  # a Tuesday
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def act_of(actor: Actor = SYSTEM, *, at: datetime = NOON, ground: str = "test") -> Act:
    """An act of somebody, of the system by default."""
    return Act(actor, at, ground)


def later(minutes: int = 1) -> datetime:
    """An instant some minutes after ``NOON``."""
    return NOON + timedelta(minutes=minutes)


def officer(
    session: Session,
    role: Role = Role.SECRETARIAT,
    *,
    name: str = "",
    chamber: Chamber | None = None,
) -> Actor:
    """Somebody with a role for years, as an actor."""
    account = open_account(session, act_of(), email=f"{name or role}@exemple.fr")
    grant = RoleGrant(role, date(2020, 1, 1), chamber=chamber)
    grant_role(session, act_of(), account_id=account, grant=grant)
    return actor_on(session, account, on=TODAY)


def person(session: Session, name: str = "Camille Dupré", **contact: str) -> int:
    """Somebody, invented."""
    given, _, family = name.partition(" ")
    return add_person(session, act_of(), Identity(family or "Dupré", given), Contact(**contact))


def member(session: Session, name: str = "Camille Dupré") -> tuple[int, Actor]:
    """Somebody invented with an account of their own: their number, and them as an actor."""
    number = person(session, name)
    actor = officer(session, Role.MEMBER, name=f"p{number}")
    assert actor.account is not None
    attach_account(session, act_of(), person_id=number, account_id=actor.account)
    return number, actor


SEATS: Mapping[str, Mapping[str, int]] = {
    "constituent": {"elected": 3, "citizens": 3},
    "cid": {"administrations": 3, "civil_society": 3, "citizens": 4},
    "law_evaluation": {"elected": 2, "citizens": 2},
    "co_elaboration": {"elected": 2, "citizens": 2},
    "algorithms": {"named": 3},
    "other": {"elected": 1, "citizens": 2},
}


def body(
    session: Session,
    kind: str = "constituent",
    *,
    first: date = date(2026, 1, 15),
    last: date | None = None,
    seats: Mapping[str, int] | None = None,
    name: str = "",
) -> int:
    """A body of some kind with a few seats, every open choice answered by its first option."""
    template = load_template(kind, on=first)
    renewed = template.renewal.kind is not Renewal.NONE or template.term.months is None
    plan = BodyPlan(
        name=name or f"{kind} {first}",
        first=first,
        seats=seats or SEATS[kind],
        answers={choice.key: (choice.options[0], "test") for choice in template.choices},
        last=(last or date(first.year + 6, first.month, first.day)) if renewed else None,
    )
    return set_up_body(session, act_of(), template=kind, plan=plan)


def seat(session: Session, body_id: int, college: str = "citizens", number: int = 1) -> int:
    """The number of a seat of a body."""
    return seats_of(session, body_id, college=college)[number - 1].id
