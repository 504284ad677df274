"""Every body template is recent, cites a text or its owner everywhere, and can be set up."""

from __future__ import annotations

import re
import warnings
from datetime import date
from pathlib import Path

import pytest

import data
from assemblies.calendar import public_holidays, read_holidays
from assemblies.composition.rules import Mode, Template
from assemblies.composition.templates import read_templates, template_keys
from assemblies.errors import DataFileError
from assemblies.parameters import read_day, read_yaml
from tests.dated_files import CHOICE, Age, age, faults, references

KEY = re.compile(r"[a-z]+(_[a-z0-9]+)*")
PAPER = "« 25 propositions », Renaissance Numérique et Fondation Jean-Jaurès, 2016-2017"
# A text is cited by one of these names, or is nobody's but the operator's.
TEXTS = re.compile(
    r"Code des relations entre le public et l'administration, art\. R\d+-\d+"
    r"|Code de procédure pénale, art\. R\d+"
)


@pytest.fixture(scope="module")
def templates() -> tuple[Template, ...]:
    """Every version of every template."""
    return tuple(
        version
        for key in template_keys()
        for version in read_templates(key, data.resource(f"bodies/{key}.yaml").read_text("utf-8"))
    )


def test_every_file_of_bodies_is_a_template(root: Path) -> None:
    names = {path.name for path in (root / "data" / "bodies").iterdir()}
    assert names == {f"{key}.yaml" for key in template_keys()}


def test_every_element_cites_the_paper_a_text_or_the_operator(
    templates: tuple[Template, ...], today: date
) -> None:
    for template in templates:
        cited = list(references(template))
        assert len(cited) >= 6, template.key
        for reference in cited:
            assert faults(reference, on=today) == [], template.key
            known = reference.title in (PAPER, CHOICE) or TEXTS.fullmatch(reference.title)
            assert known, f"{template.key}: {reference.title}"


def test_every_borrowed_or_chosen_rule_says_why(templates: tuple[Template, ...]) -> None:
    for template in templates:
        for rule in (template.quorum, template.allowance, template.renewal, template.term):
            assert rule.reference.note, f"{template.key}: {rule}"
        for incompatibility in template.incompatibilities:
            assert incompatibility.reference.title == CHOICE  # the paper states none
            assert incompatibility.reference.note


def test_keys_are_plain_words(templates: tuple[Template, ...]) -> None:
    for template in templates:
        keys = [template.key, template.allowance.scheme]
        keys += [college.key for college in template.colleges]
        keys += [rule.key for rule in template.incompatibilities]
        keys += [office.key for office in template.offices]
        for choice in template.choices:
            keys += [choice.key, *choice.options]
        assert [key for key in keys if not KEY.fullmatch(key)] == []


def test_who_draws_by_lot_says_of_whom_the_drawn_are_representative(
    templates: tuple[Template, ...],
) -> None:
    for template in templates:
        draws = any(college.mode is Mode.DRAWN for college in template.colleges)
        asked = any(choice.key == "representative" for choice in template.choices)
        assert draws == asked, template.key


def test_one_choice_has_the_same_options_in_every_body(templates: tuple[Template, ...]) -> None:
    options: dict[str, tuple[str, ...]] = {}
    for template in templates:
        for choice in template.choices:
            assert options.setdefault(choice.key, choice.options) == choice.options


@pytest.mark.filterwarnings("default:.* was checked on")  # said for a month before it fails
def test_every_template_and_calendar_was_checked_within_a_year(
    templates: tuple[Template, ...], today: date
) -> None:
    checked = {f"bodies/{template.key}": template.checked_on for template in templates}
    holidays = read_yaml(data.resource("calendars/public_holidays.yaml").read_text("utf-8"))
    checked["calendars/public_holidays"] = read_day(holidays["checked_on"])
    for name, day in checked.items():
        assert day <= today, f"{name} was checked in the future"
        found = age(day, on=today)
        assert found is not Age.STALE, f"{name}: compare it with its source again"
        if found is Age.DUE:
            warnings.warn(f"{name} was checked on {day}", stacklevel=1)


def test_the_calendar_has_the_eleven_days_of_the_labour_code() -> None:
    assert len(public_holidays(2026)) == 11


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("month: 1, day: 1}", "month: 13, day: 1}"),
        ("month: 1, day: 1}", "mouth: 1, day: 1}"),
        ("easter: 39}", "easter: 39, day: 1}"),
        ("easter: 39}", "easter: late}"),
        ("  title:", "  titel:"),
        ("checked_on: 2026-11-26", "checked_on: 2026"),
        ("description:", "describes:"),
        ('name: "Noël"', "name: ''"),
    ],
)
def test_a_mistake_in_the_calendar_is_refused_with_its_file(old: str, new: str) -> None:
    content = data.resource("calendars/public_holidays.yaml").read_text("utf-8")
    assert content.count(old) == 1
    with pytest.raises(DataFileError) as caught:
        read_holidays(2026, content.replace(old, new))
    assert caught.value.facts["file"] == "calendars/public_holidays.yaml"
