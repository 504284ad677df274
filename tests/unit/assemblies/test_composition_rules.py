"""Plans of bodies under their templates: shares, open choices, terms, and every fault at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from assemblies.composition.rules import (
    BodyPlan,
    Mode,
    Renewal,
    Template,
    body_period,
    check_plan,
    require_in_term,
)
from assemblies.composition.templates import load_template
from assemblies.errors import BodyError, OutsideTermError
from assemblies.periods import Period

FIRST = date(2027, 1, 15)
HALVES = {"elected": 300, "citizens": 300}
COUNCIL = {"administrations": 6, "civil_society": 20, "citizens": 34}


def plan(template: Template, seats: Mapping[str, int], **changes: Any) -> BodyPlan:
    """A plan without fault for a template, then changed."""
    answers = {choice.key: (choice.options[0], "délibération") for choice in template.choices}
    ends = template.term.months is None or template.renewal.kind is not Renewal.NONE
    last = date(2031, 1, 14) if ends else None
    return replace(BodyPlan("Essai", FIRST, seats, answers, last), **changes)


def faults(template: Template, attempt: BodyPlan) -> dict[str, str]:
    """The faults of a plan, by what they are about; none when it is accepted."""
    try:
        check_plan(template, attempt)
    except BodyError as error:
        found: Any = error.facts["faults"]
        return dict(found)
    return {}


@pytest.fixture
def constituent() -> Template:
    return load_template("constituent", on=FIRST)


@pytest.fixture
def cid() -> Template:
    return load_template("cid", on=FIRST)


@pytest.mark.parametrize(("elected", "drawn"), [(300, 300), (1, 1)])
def test_half_and_half_means_equal(constituent: Template, elected: int, drawn: int) -> None:
    assert faults(constituent, plan(constituent, {"elected": elected, "citizens": drawn})) == {}


@pytest.mark.parametrize(("elected", "drawn"), [(300, 301), (299, 301), (1, 2)])
def test_half_and_half_holds_to_the_seat(constituent: Template, elected: int, drawn: int) -> None:
    found = faults(constituent, plan(constituent, {"elected": elected, "citizens": drawn}))
    assert set(found) == {"elected", "citizens"}
    assert found["citizens"] == f"{drawn} of {elected + drawn} seats are not 1/2"


def test_a_college_without_seat_or_unknown_is_a_fault(constituent: Template) -> None:
    found = faults(constituent, plan(constituent, {"elected": -3, "experts": 4}))
    assert found["elected"] == found["citizens"] == "at least one seat is needed"
    assert found["experts"] == "no such college"


def test_each_institution_that_appoints_has_a_seat(cid: Template) -> None:
    # Two seats went to the first two of three institutions: the third was left out in silence.
    assert faults(cid, plan(cid, {**COUNCIL, "administrations": 2})) == {
        "administrations": "3 institutions need a seat each"
    }
    assert faults(cid, plan(cid, COUNCIL)) == {}


def test_the_chambers_need_no_seat_each_in_a_college_they_elect() -> None:
    template = load_template("law_evaluation", on=FIRST)
    assert template.college("elected").institutions == ("Assemblée nationale", "Sénat")
    assert faults(template, plan(template, {"elected": 1, "citizens": 1})) == {}


def test_a_body_may_do_without_its_optional_colleges_but_not_without_all() -> None:
    template = load_template("other", on=FIRST)
    assert faults(template, plan(template, {"citizens": 12})) == {}
    assert faults(template, plan(template, {"elected": 0, "named": 1})) == {}
    assert faults(template, plan(template, {})) == {"seats": "a body has at least one"}
    assert faults(template, plan(template, {"citizens": -1})) == {
        "citizens": "at least one seat is needed"
    }


def test_every_open_choice_needs_one_of_its_options_and_a_reason(cid: Template) -> None:
    good = plan(cid, COUNCIL).answers
    missing = {key: answer for key, answer in good.items() if key != "ballot_tie"}
    assert faults(cid, plan(cid, COUNCIL, answers=missing)) == {
        "ballot_tie": "one of eldest, lot, new_round is needed"
    }
    for answer, fault in [
        (("dice", "pourquoi pas"), "one of eldest, lot, new_round is needed"),
        (("lot", "  "), "a reason is needed"),
    ]:
        answers = {**good, "ballot_tie": answer}
        assert faults(cid, plan(cid, COUNCIL, answers=answers)) == {"ballot_tie": fault}
    answers = {**good, "colour": ("blue", "goût")}
    assert faults(cid, plan(cid, COUNCIL, answers=answers)) == {"colour": "no such choice"}


def test_all_faults_of_a_plan_are_told_at_once(cid: Template) -> None:
    bad = BodyPlan(" ", date(2016, 12, 31), {"administrations": 1, "experts": 2}, {}, None)
    assert set(faults(cid, bad)) == {
        "name",
        "first",
        "last",
        "administrations",
        "civil_society",
        "citizens",
        "experts",
        *(choice.key for choice in cid.choices),
    }


def test_the_constituent_assembly_lasts_nine_months(constituent: Template) -> None:
    assert body_period(constituent, plan(constituent, HALVES)) == Period(FIRST, date(2027, 10, 14))


def test_a_last_day_is_given_where_and_only_where_no_text_sets_it(
    constituent: Template, cid: Template
) -> None:
    evaluation = load_template("law_evaluation", on=FIRST)
    day = date(2027, 6, 30)
    for template, seats, last, fault in [
        (constituent, HALVES, day, "the text sets the term, 9 months"),
        (cid, COUNCIL, None, "a last day is needed"),
        (evaluation, HALVES, None, "a last day is needed"),
        (evaluation, HALVES, date(2027, 1, 14), "before the first, 2027-01-15"),
    ]:
        attempt = plan(template, seats, last=last)
        assert faults(template, attempt) == {"last": fault}
        with pytest.raises(BodyError) as caught:
            body_period(template, attempt)
        assert caught.value.facts["faults"] == (("last", fault),)


def test_a_body_may_last_one_day() -> None:
    template = load_template("co_elaboration", on=FIRST)
    attempt = plan(template, {"elected": 2, "citizens": 2}, last=FIRST)
    check_plan(template, attempt)
    assert body_period(template, attempt).days == 1


def test_a_share_of_a_third_is_held_to_the_seat(constituent: Template) -> None:
    shares = {"elected": Fraction(1, 3), "citizens": Fraction(2, 3)}
    colleges = tuple(replace(c, share=shares[c.key]) for c in constituent.colleges)
    template = replace(constituent, colleges=colleges)
    assert faults(template, plan(template, {"elected": 50, "citizens": 100})) == {}
    assert set(faults(template, plan(template, {"elected": 50, "citizens": 101}))) == set(shares)


def test_a_college_is_found_by_its_key(cid: Template) -> None:
    assert cid.college("citizens").mode is Mode.DRAWN
    with pytest.raises(BodyError):
        cid.college("experts")


@pytest.mark.parametrize("day", [date(2027, 1, 14), date(2027, 10, 15)])
def test_a_day_outside_the_life_of_a_body_is_refused(day: date) -> None:
    life = Period(FIRST, date(2027, 10, 14))
    require_in_term(life, life.first, what="sitting")
    require_in_term(life, life.last, what="sitting")
    with pytest.raises(OutsideTermError) as caught:
        require_in_term(life, day, what="sitting")
    assert caught.value.facts["what"] == "sitting"
