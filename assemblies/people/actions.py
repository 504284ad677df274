"""Recording people, their contact data, consents and needs; erasing them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assemblies.accounts.models import Account
from assemblies.accounts.rules import Right, may, require
from assemblies.errors import (
    NotAllowedError,
    NotFoundError,
    PersonDataError,
    PersonErasedError,
)
from assemblies.journal.actions import record, record_read
from assemblies.journal.rules import Act
from assemblies.people.models import NameConsent, Person, PersonContact, PersonNeed
from assemblies.people.queries import (
    Need,
    PersonView,
    find_person,
    need_place,
    needs_of,
    search_people,
)
from assemblies.people.rules import Contact, Identity, NeedKind, plain_phone, search_key
from assemblies.periods import day_of
from assemblies.sealing import Sealer


def add_person(
    session: Session, act: Act, identity: Identity, contact: Contact | None = None
) -> int:
    """Record a person; return their number. Raise ``PersonDataError`` with every fault."""
    require(act.actor, Right.EDIT_PEOPLE)
    contact = contact or Contact()
    _check(act, identity, contact)
    row = _person_row(act, identity)
    session.add(row)
    session.flush()
    _write_contact(session, row.id, contact)
    record(session, act, "person.added", "person", row.id)
    return row.id


def change_contact(session: Session, act: Act, *, person_id: int, contact: Contact) -> None:
    """Replace the contact data of a person; they may do it themselves."""
    _own_or(session, act, person_id, Right.EDIT_PEOPLE)
    faults = contact.problems()
    if faults:
        raise PersonDataError(faults=faults)
    _write_contact(session, person_id, contact)
    record(session, act, "person.contact_changed", "person", person_id)


def answer_name_consent(session: Session, act: Act, *, person_id: int, given: bool) -> None:
    """Record whether a person lets their name be published; earlier answers are kept."""
    _own_or(session, act, person_id, Right.EDIT_PEOPLE)
    session.add(NameConsent(person_id=person_id, given=given, at=act.at))
    record(session, act, "person.name_consent", "person", person_id, given=given)


def tell_need(
    session: Session, act: Act, *, person_id: int, kind: NeedKind, text: str, sealer: Sealer
) -> int:
    """Seal and record a need; return its number. The journal keeps its kind only."""
    _own_or(session, act, person_id, Right.READ_NEEDS)
    row = PersonNeed(
        person_id=person_id,
        kind=kind,
        sealed=sealer.seal(text, need_place(person_id)),
        told_at=act.at,
    )
    session.add(row)
    session.flush()
    record(session, act, "person.need_told", "person", person_id, kind=kind)
    return row.id


def withdraw_need(session: Session, act: Act, *, person_id: int, need_id: int) -> None:
    """Erase a need that is no more; raise ``NotFoundError`` where it is not this person's."""
    _own_or(session, act, person_id, Right.READ_NEEDS)
    row = session.get(PersonNeed, need_id)
    if row is None or row.person_id != person_id:
        raise NotFoundError(kind="need", id=need_id)
    session.delete(row)
    record(session, act, "person.need_withdrawn", "person", person_id, kind=row.kind)


def read_needs(session: Session, act: Act, *, person_id: int, sealer: Sealer) -> tuple[Need, ...]:
    """Open the needs of a person; the reading itself is recorded, unless it is their own."""
    own = _own_or(session, act, person_id, Right.READ_NEEDS)
    if not own:
        record_read(session, act, "person.needs_read", "person", person_id)
    return needs_of(session, person_id, sealer)


def seal_needs_anew(session: Session, act: Act, *, sealer: Sealer) -> int:
    """Seal every need under the newest key, so that older keys can go; return how many.

    Raise ``SealError`` where one cannot be opened: nothing is then changed.
    """
    require(act.actor, Right.MANAGE_ACCOUNTS)
    rows = session.scalars(select(PersonNeed).order_by(PersonNeed.id)).all()
    for row in rows:
        place = need_place(row.person_id)
        row.sealed = sealer.seal(sealer.open(row.sealed, place), place)
    session.flush()
    record(session, act, "needs.sealed_anew", "need", 0, count=len(rows))
    return len(rows)


def read_person(session: Session, act: Act, *, person_id: int) -> PersonView:
    """Look a person up; the reading is recorded, unless it is their own."""
    if not _own_or(session, act, person_id, Right.READ_PEOPLE):
        record_read(session, act, "person.read", "person", person_id)
    return find_person(session, person_id)


def look_for_people(session: Session, act: Act, words: str) -> tuple[PersonView, ...]:
    """Search people by name; each one found counts as read."""
    require(act.actor, Right.READ_PEOPLE)
    found = search_people(session, words)
    for view in found:
        record_read(session, act, "person.found", "person", view.id)
    return found


def attach_account(session: Session, act: Act, *, person_id: int, account_id: int) -> None:
    """Say that an account is a person's own; never the actor's, whose reads would go unseen.

    Raise ``NotAllowedError`` for that, ``PersonDataError`` where the person has another one.
    """
    require(act.actor, Right.MANAGE_ACCOUNTS)
    if act.actor.account == account_id:
        raise NotAllowedError(account=account_id, reason="nobody attaches their own account")
    person = _living_row(session, person_id)
    if person.account_id not in (None, account_id):
        raise PersonDataError(person=person_id, faults=(("account", "another one is attached"),))
    if session.get(Account, account_id) is None:
        raise NotFoundError(kind="account", id=account_id)
    person.account_id = account_id
    record(session, act, "person.account_attached", "person", person_id, account=account_id)


def erase_person(session: Session, act: Act, *, person_id: int) -> None:
    """Erase all that identifies a person; their number stays, empty. Twice does no harm."""
    require(act.actor, Right.ERASE_DATA)
    row = session.get(Person, person_id)
    if row is None:
        raise NotFoundError(kind="person", id=person_id)
    if row.erased_at is not None:
        return
    if row.account_id is not None:
        account = session.get_one(Account, row.account_id)
        account.email, account.closed_at = None, account.closed_at or act.at
    for table in (PersonContact, NameConsent, PersonNeed):
        session.execute(delete(table).where(table.person_id == person_id))
    row.family_name = row.given_name = row.search = ""
    row.birth_date = row.account_id = None
    row.erased_at = act.at
    record(session, act, "person.erased", "person", person_id)


def _own_or(session: Session, act: Act, person_id: int, right: Right) -> bool:
    """Tell whether people act on their own data; if not, require the right."""
    row = _living_row(session, person_id)
    own = (
        act.actor.account is not None
        and row.account_id == act.actor.account
        and may(act.actor.roles, Right.OWN_SPACE)
    )
    if not own:
        require(act.actor, right)
    return own


def _living_row(session: Session, person_id: int) -> Person:
    row = session.get(Person, person_id)
    if row is None:
        raise NotFoundError(kind="person", id=person_id)
    if row.erased_at is not None:
        raise PersonErasedError(id=person_id)
    return row


def _check(act: Act, identity: Identity, contact: Contact) -> None:
    faults = (*identity.problems(on=day_of(act.at)), *contact.problems())
    if faults:
        raise PersonDataError(faults=faults)


def _person_row(act: Act, identity: Identity) -> Person:
    return Person(
        family_name=identity.family_name.strip(),
        given_name=identity.given_name.strip(),
        birth_date=identity.birth_date,
        search=search_key(f"{identity.given_name} {identity.family_name}"),
        recorded_at=act.at,
    )


def _write_contact(session: Session, person_id: int, contact: Contact) -> None:
    row = session.get(PersonContact, person_id) or PersonContact(person_id=person_id)
    session.add(_fill(row, contact))
    session.flush()


def _fill(row: PersonContact, contact: Contact) -> PersonContact:
    row.email = None if contact.email is None else contact.email.strip()
    row.phone = None if contact.phone is None else plain_phone(contact.phone)
    row.street, row.postcode = contact.street, contact.postcode
    row.town, row.country = contact.town, contact.country
    return row


def add_people(session: Session, act: Act, people: Sequence[tuple[Identity, Contact]]) -> list[int]:
    """Record many people at once, under one entry of the journal; return their numbers.

    Raise ``PersonDataError`` with the faults of the first person who has any: the file they
    come from was checked before.
    """
    require(act.actor, Right.EDIT_PEOPLE)
    rows = []
    for identity, contact in people:
        _check(act, identity, contact)
        rows.append(_person_row(act, identity))
    session.add_all(rows)
    session.flush()
    for row, (_, contact) in zip(rows, people, strict=True):
        session.add(_fill(PersonContact(person_id=row.id), contact))
    session.flush()
    if rows:
        first, last = rows[0].id, rows[-1].id
        record(session, act, "people.added", "person", first, count=len(rows), last=last)
    return [row.id for row in rows]
