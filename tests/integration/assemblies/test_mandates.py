"""Mandates in a real database: the rule refuses, and where it is bypassed, the database does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Date, bindparam, text
from sqlalchemy.exc import DBAPIError

from assemblies.composition.queries import seats_of
from assemblies.database import Database, open_database
from assemblies.errors import (
    IncompatibleMandateError,
    MembersFileError,
    NotAllowedError,
    NotFoundError,
    SeatTakenError,
)
from assemblies.journal.queries import entries, verify
from assemblies.mandates.actions import (
    end_mandate,
    resume_mandate,
    start_mandate,
    suspend_mandate,
)
from assemblies.mandates.alerts import AlertKind, alerts
from assemblies.mandates.members_file import import_members
from assemblies.mandates.queries import (
    find_mandate,
    mandates_of,
    members_on,
    seat_history,
    vacant_seats,
)
from assemblies.mandates.rules import EndReason
from assemblies.people.queries import find_person, search_people
from tests.assembly_facts import act_of, body, member, person, seat

FIRST = date(2026, 1, 15)
INSERT = text(
    """INSERT INTO mandates (body_id, seat_id, person_id, first_day, last_day,
    planned_last_day, started_at) VALUES (:body, :seat, :person, :first, :last, :last,
    '2026-01-01 00:00:00')"""
).bindparams(bindparam("first", type_=Date), bindparam("last", type_=Date))


def test_each_seat_knows_whose_it_was(database: Database) -> None:
    with database.writing() as session:
        where = body(session)
        chosen = seat(session, where)
        one, two = person(session, "Alix Dupré"), person(session, "Noor Martin")
        first = start_mandate(session, act_of(), seat_id=chosen, person_id=one, first=FIRST)
        end_mandate(
            session,
            act_of(),
            mandate_id=first,
            last=date(2026, 3, 31),
            reason=EndReason.LOSS_OF_ELIGIBILITY,
        )
        second = start_mandate(
            session, act_of(), seat_id=chosen, person_id=two, first=date(2026, 4, 1)
        )
        history = seat_history(session, chosen)
        assert [(m.person_id, m.end_reason, m.replaces) for m in history] == [
            (one, EndReason.LOSS_OF_ELIGIBILITY, None),
            (two, None, first),
        ]
        assert [m.id for m in members_on(session, where, on=date(2026, 4, 1))] == [second]
        assert len(vacant_seats(session, where, on=date(2026, 4, 1))) == 5
        assert [m.id for m in mandates_of(session, one)] == [first]
        kinds = [e.kind for e in entries(session, object_kind="mandate")]
        assert kinds == ["mandate.started", "mandate.ended", "mandate.started"]
        assert verify(session) == []


def test_a_suspended_member_is_no_member_but_keeps_the_seat(database: Database) -> None:
    with database.writing() as session:
        where = body(session)
        chosen = seat(session, where)
        mandate = start_mandate(
            session, act_of(), seat_id=chosen, person_id=person(session), first=FIRST
        )
        suspend_mandate(session, act_of(), mandate_id=mandate, first=date(2026, 2, 1))
        assert members_on(session, where, on=date(2026, 2, 1)) == ()
        assert len(vacant_seats(session, where, on=date(2026, 2, 1))) == 5
        resume_mandate(session, act_of(), mandate_id=mandate, first=date(2026, 2, 2))
        assert len(members_on(session, where, on=date(2026, 2, 2))) == 1


@pytest.mark.parametrize(
    ("seat_number", "who", "first", "last", "word"),
    [
        (1, "other", FIRST, FIRST, "mandates_seat_taken"),
        (1, "other", date(2026, 10, 14), date(2026, 10, 14), "mandates_seat_taken"),
        (2, "holder", FIRST, FIRST, "mandates_already_member"),
        (2, "other", FIRST - timedelta(days=1), FIRST, "mandates_outside_body"),
        (2, "other", FIRST, date(2026, 10, 15), "mandates_outside_body"),
        (2, "other", FIRST + timedelta(days=1), FIRST, "days"),
    ],
)
def test_the_database_refuses_by_itself(
    database: Database, seat_number: int, who: str, first: date, last: date, word: str
) -> None:
    with database.writing() as session:
        where = body(session)
        people = {"holder": person(session, "Alix Dupré"), "other": person(session, "Noor Martin")}
        start_mandate(
            session,
            act_of(),
            seat_id=seat(session, where),
            person_id=people["holder"],
            first=FIRST,
        )
        values = {
            "body": where,
            "seat": seat(session, where, number=seat_number),
            "person": people[who],
            "first": first,
            "last": last,
        }
    with pytest.raises(DBAPIError, match=word), database.writing() as session:
        session.execute(INSERT, values)


def test_the_database_refuses_a_seat_freed_and_taken_back(database: Database) -> None:
    with database.writing() as session:
        where = body(session)
        chosen = seat(session, where)
        one = start_mandate(
            session, act_of(), seat_id=chosen, person_id=person(session, "Alix D"), first=FIRST
        )
        end_mandate(session, act_of(), mandate_id=one, last=FIRST, reason=EndReason.RESIGNATION)
        start_mandate(
            session,
            act_of(),
            seat_id=chosen,
            person_id=person(session, "Noor M"),
            first=date(2026, 2, 1),
        )
    with (
        pytest.raises(DBAPIError, match="mandates_seat_taken"),
        database.writing() as session,
    ):
        session.execute(
            text("UPDATE mandates SET last_day = planned_last_day WHERE id = :id"), {"id": one}
        )


def test_two_clerks_who_fill_a_seat_at_once_fill_it_once(
    new_postgres_url: Callable[[], str],
) -> None:
    url = new_postgres_url()
    database = open_database(url)
    with database.writing() as session:
        where = body(session)
        chosen = seat(session, where)
        people = [person(session, f"Clerk{n} Choice") for n in range(6)]
    start = threading.Barrier(len(people))
    results: list[str] = []

    def fill(who: int) -> None:
        own = open_database(url)
        start.wait()
        try:
            with own.writing() as session:
                start_mandate(session, act_of(), seat_id=chosen, person_id=who, first=FIRST)
            results.append("done")
        except SeatTakenError:
            results.append("refused")
        finally:
            own.engine.dispose()

    threads = [threading.Thread(target=fill, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done"] + ["refused"] * 5
    with database.reading() as session:
        assert len(seat_history(session, chosen)) == 1
        assert verify(session) == []
    database.engine.dispose()


def test_an_incompatibility_names_its_rule_its_text_and_its_last_day(database: Database) -> None:
    with database.writing() as session:
        where = body(session, "cid", first=date(2026, 3, 1))
        who = person(session)
        start_mandate(
            session,
            act_of(),
            seat_id=seat(session, where),
            person_id=who,
            first=date(2026, 3, 1),
        )
        with pytest.raises(IncompatibleMandateError) as refused:
            start_mandate(
                session,
                act_of(),
                seat_id=seat(session, where, number=3),
                person_id=who,
                first=date(2028, 3, 1),
            )
        facts = refused.value.facts
        assert facts["rule"] == "drawn_not_twice"
        assert facts["until"] == date(2029, 2, 28)
        assert "opérateur" in str(facts["text"])


def test_only_the_secretariat_gives_seats(database: Database) -> None:
    with database.writing() as session:
        where = body(session)
        who, actor = member(session)
        with pytest.raises(NotAllowedError):
            start_mandate(
                session,
                act_of(actor),
                seat_id=seat(session, where),
                person_id=who,
                first=FIRST,
            )
        with pytest.raises(NotFoundError):
            start_mandate(session, act_of(), seat_id=9_999, person_id=who, first=FIRST)
        with pytest.raises(NotFoundError):
            find_mandate(session, 9_999)


def test_alerts_tell_what_ends_what_is_empty_and_what_is_renewed(database: Database) -> None:
    with database.writing() as session:
        where = body(
            session,
            "cid",
            first=date(2026, 3, 1),
            seats={
                "administrations": 3,
                "civil_society": 1,
                "citizens": 2,
            },
        )
        mandates = [
            start_mandate(
                session,
                act_of(),
                seat_id=chosen.id,
                person_id=person(session, f"Membre{chosen.id} Dupré"),
                first=date(2026, 3, 1),
            )
            for chosen in seats_of(session, where)
        ]
        end_mandate(
            session,
            act_of(),
            mandate_id=mandates[-1],
            last=date(2026, 12, 31),
            reason=EndReason.RESIGNATION,
        )
        found = alerts(session, on=date(2026, 12, 15))
        assert [(a.kind, a.day, len(a.seats)) for a in found] == [
            (AlertKind.ENDING, date(2026, 12, 31), 1),
            (AlertKind.RENEWAL, date(2027, 3, 1), 4),
        ]
        later = alerts(session, on=date(2027, 1, 30))
        vacancy = next(a for a in later if a.kind is AlertKind.VACANT)
        assert (vacancy.day, vacancy.is_late) == (date(2027, 1, 1), False)
        late = alerts(session, on=date(2027, 1, 31))
        assert [a.is_late for a in late if a.kind is AlertKind.VACANT] == [True]


GOOD = """college;seat;family_name;given_name;birth_date;email;institution
elected;;Dupré;Alix;1970-05-02;alix@exemple.fr;
elected;3;Martin;Noor;;;
"""
BAD = """college;seat;family_name;given_name;birth_date;email
elected;9;Dupré;Alix;2 mai 1970;alix@exemple.fr
citizens;;Martin;;1970-01-01;nowhere
elected;1;Legrand;Zoé;2027-01-01;
elected;;Dupré;Alix;;
"""


def test_members_come_from_a_file_of_any_usual_kind(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "élus.csv"
    path.write_bytes(GOOD.encode("latin-1"))
    with database.writing() as session:
        where = body(session)
        started = import_members(session, act_of(), body_id=where, path=path, first=FIRST)
        found = [find_mandate(session, mandate) for mandate in started]
        assert [(m.college, m.seat_number) for m in found] == [("elected", 1), ("elected", 3)]
        first = find_person(session, found[0].person_id)
        assert first.contact.email == "alix@exemple.fr"
        assert first.identity is not None
        assert first.identity.birth_date == date(1970, 5, 2)


def test_every_fault_of_a_members_file_is_told_and_nothing_is_recorded(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "elus.csv"
    path.write_text(BAD, "utf-8")
    with database.writing() as session:
        where = body(session)
    with pytest.raises(MembersFileError) as refused, database.writing() as session:
        import_members(session, act_of(), body_id=where, path=path, first=FIRST)
    problems = refused.value.facts["problems"]
    assert [(p.row, p.column) for p in problems] == [  # type: ignore[attr-defined]
        (2, "birth_date"),
        (2, "seat"),
        (3, "given_name"),
        (3, "email"),
        (3, "college"),
        (4, "birth_date"),
        (5, "family_name"),
    ]
    assert all(p.remedy for p in problems)  # type: ignore[attr-defined]
    with database.reading() as session:
        assert search_people(session, "") == ()


def test_a_namesake_is_left_to_a_human(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "elus.csv"
    path.write_text(GOOD, "utf-8")
    with database.writing() as session:
        where = body(session)
        person(session, "ALIX Dupre")
    with (
        pytest.raises(MembersFileError, match="members has faults"),
        database.writing() as session,
    ):
        import_members(session, act_of(), body_id=where, path=path, first=FIRST)


def test_a_seat_held_later_in_the_term_is_not_given_by_a_file(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "elus.csv"
    path.write_text("college,seat,family_name,given_name\nelected,1,Dupré,Alix\n", "utf-8")
    with database.writing() as session:
        where = body(session)
        start_mandate(
            session,
            act_of(),
            seat_id=seat(session, where, "elected"),
            person_id=person(session, "Noor Martin"),
            first=date(2026, 2, 1),
        )
    with pytest.raises(MembersFileError) as refused, database.writing() as session:
        import_members(session, act_of(), body_id=where, path=path, first=FIRST)
    assert "holds this seat" in str(refused.value.facts["problems"])
