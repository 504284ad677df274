"""People and accounts in a real database: who may see and change what, and what is erased."""

from __future__ import annotations

import base64
from datetime import date, timedelta

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from assemblies.accounts.actions import close_account, grant_role, open_account, withdraw_role
from assemblies.accounts.queries import actor_on, find_account
from assemblies.accounts.rules import Chamber, Role, RoleGrant
from assemblies.database import Database
from assemblies.errors import (
    NotAllowedError,
    NotFoundError,
    PersonDataError,
    PersonErasedError,
    RoleError,
    SealError,
)
from assemblies.journal.queries import entries, verify
from assemblies.journal.rules import Actor, Chain
from assemblies.people.actions import (
    add_person,
    answer_name_consent,
    attach_account,
    change_contact,
    erase_person,
    look_for_people,
    read_needs,
    read_person,
    seal_needs_anew,
    tell_need,
    withdraw_need,
)
from assemblies.people.queries import find_person, needs_of, search_people
from assemblies.people.rules import Contact, Identity, NeedKind
from assemblies.sealing import Sealer
from tests.assembly_facts import TODAY, act_of, member, officer, person

SEALER = Sealer({"k1": bytes(range(32))})


def test_an_account_acts_under_the_roles_it_holds_that_day(database: Database) -> None:
    with database.writing() as session:
        account = open_account(session, act_of(), email=" Ada@Exemple.FR ")
        grant = RoleGrant(Role.DRAW_OFFICER, TODAY, date(2026, 12, 31))
        grant_role(session, act_of(), account_id=account, grant=grant)
        assert find_account(session, account).email == "ada@exemple.fr"
        assert actor_on(session, account, on=TODAY).roles == {"draw_officer"}
        assert actor_on(session, account, on=date(2027, 1, 1)).roles == set()
        withdraw_role(
            session,
            act_of(),
            account_id=account,
            role=Role.DRAW_OFFICER,
            from_day=date(2026, 12, 1),
        )
        assert actor_on(session, account, on=date(2026, 11, 30)).roles == {"draw_officer"}
        assert actor_on(session, account, on=date(2026, 12, 1)).roles == set()
        close_account(session, act_of(), account_id=account)
        assert actor_on(session, account, on=TODAY).roles == set()


def test_two_accounts_cannot_have_one_address(database: Database) -> None:
    with database.writing() as session:
        open_account(session, act_of(), email="ada@exemple.fr")
    with pytest.raises(RoleError, match="already"), database.writing() as session:
        open_account(session, act_of(), email="ADA@exemple.fr")


def test_only_an_administrator_opens_accounts(database: Database) -> None:
    with database.writing() as session:
        clerk = officer(session, Role.SECRETARIAT)
        with pytest.raises(NotAllowedError):
            open_account(session, act_of(clerk), email="b@exemple.fr")


def test_withdrawing_a_role_nobody_holds_is_said(database: Database) -> None:
    with database.writing() as session:
        account = open_account(session, act_of(), email="ada@exemple.fr")
        with pytest.raises(NotFoundError):
            withdraw_role(session, act_of(), account_id=account, role=Role.AUDITOR, from_day=TODAY)


def test_every_fault_of_a_person_is_told_at_once(database: Database) -> None:
    with database.writing() as session, pytest.raises(PersonDataError) as refused:
        add_person(
            session, act_of(), Identity("", "Ada", TODAY + timedelta(days=1)), Contact(email="x")
        )
    assert [field for field, _ in refused.value.facts["faults"]] == [  # type: ignore[attr-defined]
        "family_name",
        "birth_date",
        "email",
    ]


def test_a_name_is_found_without_its_accents(database: Database) -> None:
    with database.writing() as session:
        found = person(session, "Éloïse Lefèvre-Dupré")
        person(session, "Ahmed Lefort")
        assert [view.id for view in search_people(session, "dupre ELOISE")] == [found]
        assert search_people(session, "100%_") == ()


def test_a_name_is_private_until_its_owner_says_otherwise_and_again_after(
    database: Database,
) -> None:
    with database.writing() as session:
        number, actor = member(session)
        assert not find_person(session, number).may_publish_name
        answer_name_consent(session, act_of(actor), person_id=number, given=True)
        assert find_person(session, number).may_publish_name
        answer_name_consent(session, act_of(actor), person_id=number, given=False)
        assert not find_person(session, number).may_publish_name


def test_members_change_their_own_data_and_nobody_elses(database: Database) -> None:
    with database.writing() as session:
        mine, me = member(session, "Camille Dupré")
        theirs, _ = member(session, "Dominique Martin")
        change_contact(session, act_of(me), person_id=mine, contact=Contact(phone="06 12 34 56 78"))
        assert find_person(session, mine).contact.phone == "0612345678"
        with pytest.raises(NotAllowedError):
            change_contact(session, act_of(me), person_id=theirs, contact=Contact())
        with pytest.raises(PersonDataError):
            change_contact(session, act_of(me), person_id=mine, contact=Contact(email="nowhere"))


def test_a_need_is_sealed_in_the_database_and_its_reading_is_recorded(database: Database) -> None:
    with database.writing() as session:
        number, me = member(session)
        clerk = officer(session, Role.SECRETARIAT)
        told = "fauteuil roulant, porte de 90 cm"
        need = tell_need(
            session,
            act_of(me),
            person_id=number,
            kind=NeedKind.ACCESS,
            text=told,
            sealer=SEALER,
        )
        stored = session.scalar(text("SELECT sealed FROM person_needs"))
        assert told.encode() not in bytes(stored)
        assert [n.text for n in read_needs(session, act_of(me), person_id=number, sealer=SEALER)]
        assert entries(session, Chain.READS) == ()
        read = read_needs(session, act_of(clerk), person_id=number, sealer=SEALER)
        assert [(n.id, n.kind, n.text) for n in read] == [(need, NeedKind.ACCESS, told)]
        assert [(e.actor, e.object_id) for e in entries(session, Chain.READS)] == [
            (clerk.account, number)
        ]
        accountant = officer(session, Role.ACCOUNTANT)
        with pytest.raises(NotAllowedError):
            read_needs(session, act_of(accountant), person_id=number, sealer=SEALER)


def test_a_need_moved_to_somebody_else_does_not_open(database: Database) -> None:
    with database.writing() as session:
        one, two = person(session), person(session, "Dominique Martin")
        tell_need(session, act_of(), person_id=one, kind=NeedKind.CARE, text="garde", sealer=SEALER)
        session.execute(text("UPDATE person_needs SET person_id = :p"), {"p": two})
        session.expire_all()
        with pytest.raises(SealError):
            needs_of(session, two, SEALER)


def test_a_need_is_withdrawn_by_its_owner_only(database: Database) -> None:
    with database.writing() as session:
        mine, me = member(session)
        other = person(session, "Dominique Martin")
        need = tell_need(
            session,
            act_of(),
            person_id=other,
            kind=NeedKind.DIET,
            text="sans gluten",
            sealer=SEALER,
        )
        with pytest.raises(NotFoundError):
            withdraw_need(session, act_of(me), person_id=mine, need_id=need)
        withdraw_need(session, act_of(), person_id=other, need_id=need)
        assert needs_of(session, other, SEALER) == ()


def test_erasing_a_person_leaves_a_number_and_a_journal_that_verifies(database: Database) -> None:
    with database.writing() as session:
        number, me = member(session, "Camille Dupré")
        answer_name_consent(session, act_of(me), person_id=number, given=True)
        tell_need(
            session,
            act_of(me),
            person_id=number,
            kind=NeedKind.DIET,
            text="végétalien",
            sealer=SEALER,
        )
    with database.writing() as session:
        erase_person(session, act_of(), person_id=number)
        erase_person(session, act_of(), person_id=number)
    with database.writing() as session:
        view = find_person(session, number)
        assert (view.identity, view.contact, view.account_id) == (None, Contact(), None)
        assert me.account is not None
        assert find_account(session, me.account).email is None
        assert search_people(session, "dupre") == ()
        assert needs_of(session, number, SEALER) == ()
        assert verify(session) == []
        assert len(entries(session, kind="person.erased")) == 1
        with pytest.raises(PersonErasedError):
            change_contact(session, act_of(), person_id=number, contact=Contact())
    dumped = dump(database)
    assert "Dupr" not in dumped
    assert "p1@" not in dumped


def test_the_database_refuses_an_erased_person_who_still_has_a_name(database: Database) -> None:
    with database.writing() as session:
        number = person(session)
    with pytest.raises(IntegrityError, match="erased_is_empty"), database.writing() as session:
        session.execute(
            text("UPDATE people SET erased_at = recorded_at WHERE id = :p"), {"p": number}
        )


def test_an_account_that_is_nobodys_gives_no_right_over_people_without_account(
    database: Database,
) -> None:
    """``None == None`` once made the system's absence of account anybody's own."""
    with database.writing() as session:
        number = person(session)
        with pytest.raises(NotAllowedError):
            change_contact(session, act_of(Actor(None)), person_id=number, contact=Contact())


def dump(database: Database) -> str:
    """Return every value of every table as text."""
    with database.reading() as session:
        return "\n".join(
            str(row)
            for table in inspect(session.connection()).get_table_names()
            for row in session.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 -- our tables
        )


def test_keys_are_read_as_an_operator_sets_them() -> None:
    key = base64.b64encode(bytes(32)).decode()
    assert Sealer.from_text(f"new:{key},old:{key}").keys.keys() == {"new", "old"}


def test_looking_somebody_up_is_recorded_unless_it_is_oneself(database: Database) -> None:
    with database.writing() as session:
        number, me = member(session, "Camille Dupré")
        clerk = officer(session, Role.SECRETARIAT)
        assert read_person(session, act_of(me), person_id=number).id == number
        assert entries(session, Chain.READS) == ()
        read_person(session, act_of(clerk), person_id=number)
        assert [view.id for view in look_for_people(session, act_of(clerk), "dupre")] == [number]
        assert [e.kind for e in entries(session, Chain.READS)] == ["person.read", "person.found"]
        stranger = officer(session, Role.PARLIAMENTARY_OFFICER, chamber=Chamber.SENATE)
        with pytest.raises(NotAllowedError):
            look_for_people(session, act_of(stranger), "dupre")


def test_an_administrator_cannot_make_somebodys_data_their_own(database: Database) -> None:
    """Their reads of sealed needs would have gone unseen."""
    with database.writing() as session:
        admin = officer(session, Role.ADMINISTRATOR)
        victim = person(session)
        other, _ = member(session, "Dominique Martin")
        assert admin.account is not None
        with pytest.raises(NotAllowedError):
            attach_account(session, act_of(admin), person_id=victim, account_id=admin.account)
        second = open_account(session, act_of(admin), email="second@exemple.fr")
        with pytest.raises(PersonDataError):
            attach_account(session, act_of(admin), person_id=other, account_id=second)
        attach_account(session, act_of(), person_id=victim, account_id=admin.account)
        with pytest.raises(NotAllowedError):
            read_needs(session, act_of(admin), person_id=victim, sealer=SEALER)


def test_needs_are_sealed_anew_so_that_an_old_key_can_go(database: Database) -> None:
    new = bytes(range(1, 33))
    with database.writing() as session:
        number = person(session)
        tell_need(
            session, act_of(), person_id=number, kind=NeedKind.DIET, text="sel", sealer=SEALER
        )
        both = Sealer({"k2": new, **SEALER.keys})
        assert seal_needs_anew(session, act_of(), sealer=both) == 1
        with pytest.raises(SealError):
            needs_of(session, number, SEALER)
        (need,) = needs_of(session, number, Sealer({"k2": new}))
        assert need.text == "sel"
