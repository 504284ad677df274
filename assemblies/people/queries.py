"""Reading people. Reads by others than the person are journalled by whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assemblies.errors import NotFoundError
from assemblies.people.models import NameConsent, Person, PersonContact, PersonNeed
from assemblies.people.rules import Contact, Identity, NeedKind, search_key
from assemblies.sealing import Sealer


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as the secretariat sees them. ``identity`` is None once they are erased."""

    id: int
    identity: Identity | None
    contact: Contact
    may_publish_name: bool
    account_id: int | None


@dataclass(frozen=True, slots=True)
class Need:
    """A need, opened."""

    id: int
    kind: NeedKind
    text: str
    told_at: datetime


def find_person(session: Session, person_id: int) -> PersonView:
    """Return a person; raise ``NotFoundError`` where there is none."""
    row = session.get(Person, person_id)
    if row is None:
        raise NotFoundError(kind="person", id=person_id)
    return _view(session, row)


def search_people(session: Session, words: str, *, limit: int = 50) -> tuple[PersonView, ...]:
    """Return the people whose name holds every word, whatever the case and the accents."""
    wanted = select(Person).where(Person.erased_at.is_(None))
    for word in search_key(words).split():
        wanted = wanted.where(Person.search.contains(word, autoescape=True))
    rows = session.scalars(wanted.order_by(Person.search, Person.id).limit(limit))
    return tuple(_view(session, row) for row in rows)


def may_publish_name(session: Session, person_id: int) -> bool:
    """Tell whether the last answer of a person allows their name to be published."""
    answer = session.scalar(
        select(NameConsent.given)
        .where(NameConsent.person_id == person_id)
        .order_by(NameConsent.id.desc())
        .limit(1)
    )
    return bool(answer)


def needs_of(session: Session, person_id: int, sealer: Sealer) -> tuple[Need, ...]:
    """Open the needs of a person, oldest first; raise ``SealError`` where one cannot be."""
    rows = session.scalars(
        select(PersonNeed).where(PersonNeed.person_id == person_id).order_by(PersonNeed.id)
    )
    return tuple(
        Need(
            row.id, NeedKind(row.kind), sealer.open(row.sealed, need_place(person_id)), row.told_at
        )
        for row in rows
    )


def need_place(person_id: int) -> str:
    """Return the place that the needs of a person are sealed for."""
    return f"person_needs:{person_id}"


def _view(session: Session, row: Person) -> PersonView:
    contact = session.get(PersonContact, row.id)
    return PersonView(
        id=row.id,
        identity=None
        if row.erased_at
        else Identity(row.family_name, row.given_name, row.birth_date),
        contact=Contact()
        if contact is None
        else Contact(
            contact.email,
            contact.phone,
            contact.street,
            contact.postcode,
            contact.town,
            contact.country,
        ),
        may_publish_name=may_publish_name(session, row.id),
        account_id=row.account_id,
    )
