"""Bodies set up on both databases: every kind, seats in turn, refusals whole, choices kept."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from assemblies.accounts.rules import Role
from assemblies.composition.actions import answer_choice, set_up_body
from assemblies.composition.models import BodyChoice
from assemblies.composition.queries import find_body, list_bodies, seats_of
from assemblies.composition.rules import BodyPlan, Template
from assemblies.composition.templates import load_template, template_keys
from assemblies.database import Database
from assemblies.errors import BodyError, NotAllowedError, NotFoundError
from assemblies.periods import Period
from tests.assembly_facts import SEATS, act_of, body, officer

FIRST = date(2026, 3, 1)


def answers(template: Template) -> dict[str, tuple[str, str]]:
    """The first option of every open choice."""
    return {choice.key: (choice.options[0], "délibération") for choice in template.choices}


@pytest.mark.parametrize("kind", template_keys())
def test_every_kind_of_body_can_be_set_up(database: Database, kind: str) -> None:
    with database.writing() as session:
        made = body(session, kind, first=FIRST)
        found = find_body(session, made)
        assert found.template == load_template(kind, on=FIRST)
        assert {c.key: c.seats for c in found.colleges} == SEATS[kind]
        assert found.seats == sum(SEATS[kind].values())
        assert set(found.answers) == {choice.key for choice in found.template.choices}


def test_institutions_and_parts_take_seats_in_turn(database: Database) -> None:
    with database.writing() as session:
        seats = {"administrations": 5, "civil_society": 2, "citizens": 3}
        made = body(session, "cid", first=FIRST, seats=seats)
        found = seats_of(session, made, college="administrations")
        assert [seat.institution for seat in found] == [
            "CNDP",
            "Etalab",
            "DINSIC",
            "CNDP",
            "Etalab",
        ]
        assert [seat.part for seat in found] == [1, 2, 1, 2, 1]
        assert {seat.institution for seat in seats_of(session, made, college="citizens")} == {None}


def test_an_optional_college_without_seat_is_left_out(database: Database) -> None:
    with database.writing() as session:
        found = find_body(session, body(session, "other", first=FIRST, seats={"citizens": 4}))
        assert [(college.key, college.seats) for college in found.colleges] == [("citizens", 4)]


def test_a_body_lives_as_its_text_or_its_plan_says(database: Database) -> None:
    with database.writing() as session:
        fixed = body(session, "constituent", first=date(2026, 1, 15))
        planned = body(session, "co_elaboration", first=FIRST, last=date(2026, 4, 30))
        assert find_body(session, fixed).period == Period(date(2026, 1, 15), date(2026, 10, 14))
        assert find_body(session, planned).period == Period(FIRST, date(2026, 4, 30))
        assert [b.id for b in list_bodies(session, on=date(2026, 5, 1))] == [fixed]
        assert [b.id for b in list_bodies(session)] == [fixed, planned]


def test_a_refused_plan_leaves_nothing_behind(database: Database) -> None:
    template = load_template("constituent", on=FIRST)
    bad = BodyPlan("Constituante", FIRST, {"elected": 2, "citizens": 3}, answers(template))
    with pytest.raises(BodyError), database.writing() as session:
        set_up_body(session, act_of(), template="constituent", plan=bad)
    with database.reading() as session:
        assert list_bodies(session) == ()


def test_two_bodies_cannot_have_one_name(database: Database) -> None:
    with database.writing() as session:
        body(session, first=FIRST, name="Constituante")
    with pytest.raises(BodyError) as caught, database.writing() as session:
        body(session, "other", first=FIRST, name=" Constituante ")
    assert caught.value.facts["faults"] == (("name", "another body has it"),)


def test_a_choice_answered_anew_keeps_the_earlier_answer(database: Database) -> None:
    with database.writing() as session:
        made = body(session, "law_evaluation", first=FIRST)
        answer_choice(
            session, act_of(), body_id=made, key="clock", option="last_publication", reason="avis"
        )
        assert find_body(session, made).answers["clock"] == "last_publication"
        kept = session.scalars(
            select(BodyChoice.option).where(BodyChoice.key == "clock").order_by(BodyChoice.id)
        ).all()
        assert kept == ["first_signature", "last_publication"]


@pytest.mark.parametrize(
    ("key", "option", "reason"),
    [("clock", "never", "avis"), ("clock", "last_publication", " "), ("colour", "blue", "avis")],
)
def test_an_answer_that_cannot_be_is_refused(
    database: Database, key: str, option: str, reason: str
) -> None:
    with database.writing() as session:
        made = body(session, "law_evaluation", first=FIRST)
        with pytest.raises(BodyError):
            answer_choice(session, act_of(), body_id=made, key=key, option=option, reason=reason)


def test_only_who_may_set_bodies_up_does(database: Database) -> None:
    template = load_template("constituent", on=FIRST)
    plan = BodyPlan("Constituante", FIRST, SEATS["constituent"], answers(template))
    with database.writing() as session:
        auditor = act_of(officer(session, Role.AUDITOR))
        with pytest.raises(NotAllowedError):
            set_up_body(session, auditor, template="constituent", plan=plan)
        with pytest.raises(NotFoundError):
            set_up_body(session, act_of(), template="jury", plan=plan)
        with pytest.raises(NotFoundError):
            find_body(session, 9_999)
