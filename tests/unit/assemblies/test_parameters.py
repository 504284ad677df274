"""Dated parameters: the value of the day with its text, and files that are refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from assemblies.errors import DataFileError, ParameterNotInForceError
from assemblies.parameters import DatedValue, LegalReference, load, read_parameter

HEAD = "description: Days to answer\nunit: day\nchecked_on: 2026-11-26\nvalues:\n"
TEXT = "    reference: {title: Texte inventé}\n"


def one(value: str, *, start: str = "2020-01-01") -> str:
    """An entry of a file: a value from a day on."""
    return f"  - from: {start}\n    value: {value}\n{TEXT}"


def value_of(text: str) -> object:
    """What a value written so is read as."""
    return read_parameter("a/b", HEAD + one(text)).values[0].value


FILE = HEAD + one('"5"') + one('"7.50"', start="2024-03-01") + one("null", start="2026-01-01")


def test_a_value_comes_with_its_day_and_its_text() -> None:
    found = read_parameter("calls/deadline", FILE).on(date(2025, 1, 1))
    assert (found.value, found.start) == (Decimal("7.50"), date(2024, 3, 1))
    assert found.reference == LegalReference("Texte inventé")


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2020, 1, 1), "5"),
        (date(2024, 2, 29), "5"),
        (date(2024, 3, 1), "7.50"),
        (date(2025, 12, 31), "7.50"),
    ],
)
def test_a_value_holds_from_its_day_to_the_eve_of_the_next(day: date, value: str) -> None:
    assert str(read_parameter("a/b", FILE).on(day).value) == value


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2026, 1, 1), date(2030, 1, 1)])
def test_before_the_first_text_and_after_a_repeal_there_is_no_value(day: date) -> None:
    with pytest.raises(ParameterNotInForceError) as caught:
        read_parameter("calls/deadline", FILE).on(day)
    assert caught.value.facts == {"name": "calls/deadline", "on": day}


def test_a_repealed_parameter_may_come_back() -> None:
    again = FILE + one('"9"', start="2027-01-01")
    assert read_parameter("a/b", again).on(date(2027, 1, 1)).whole == 9


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"86.24"', Decimal("86.24")),
        ('"-3"', Decimal(-3)),
        ("12", Decimal(12)),
        ("true", True),
        ("oldest", "oldest"),
        ('"13:00"', "13:00"),
        ('"1/2"', "1/2"),
        ('"²"', "²"),
        ('["5", x, [true, "1.0"]]', (Decimal(5), "x", (True, Decimal("1.0")))),
        ('{upto: "2000", rate: "0.32"}', {"upto": Decimal(2000), "rate": Decimal("0.32")}),
    ],
)
def test_figures_are_decimals_wherever_they_stand(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize("text", ["86.24", "[1, 0.5]", "{rate: 0.32}", "1e3", ".inf"])
def test_a_figure_written_as_a_float_is_refused(text: str) -> None:
    if text == "1e3":  # YAML 1.1 reads this one as a word, so nothing is lost
        assert value_of(text) == "1e3"
        return
    with pytest.raises(DataFileError, match="written as text"):
        value_of(text)


def test_what_was_loaded_cannot_be_changed() -> None:
    found = value_of('{rate: "0.32"}')
    with pytest.raises(TypeError):
        found["rate"] = Decimal(1)  # type: ignore[index]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[",
        "description: x",
        HEAD,
        HEAD + "  []\n",
        HEAD.replace("checked_on: 2026-11-26\n", "") + one("1"),
        HEAD.replace("2026-11-26", "yesterday") + one("1"),
        HEAD.replace("2026-11-26", "2026-11-26 10:00:00") + one("1"),
        HEAD.replace("unit: day", "unit:") + one("1"),
        HEAD.replace("unit: day", "unit: day\nunti: day") + one("1"),
        HEAD.replace("unit: day", "unit: day\nunit: month") + one("1"),
        HEAD + one("1") + one("2"),
        HEAD + one("1", start="2024-01-01") + one("2", start="2023-01-01"),
        HEAD + one("1").replace(TEXT, ""),
        HEAD + one("1").replace("title", "titre"),
        HEAD + one("1").replace("title: Texte inventé", "title: ''"),
        HEAD + one("1").replace("title: Texte inventé", "title: 12"),
        HEAD + one("1").replace("title: Texte inventé", "title: T, published: '2020-01-01'"),
        HEAD + one("1").replace("title: Texte inventé", "title: T, nor: {}"),
        HEAD + one("1") + "    vlaue: 2\n",
        HEAD + one("2020-01-01"),
        HEAD + one('".-5"'),
    ],
)
def test_a_file_that_breaks_the_schema_is_refused_by_its_name(content: str) -> None:
    with pytest.raises(DataFileError) as caught:
        read_parameter("area/name", content)
    assert caught.value.facts["file"] == "area/name"


def test_a_value_asked_for_as_what_it_is_not_is_refused() -> None:
    half = DatedValue(date(2020, 1, 1), Decimal("0.5"), LegalReference("T"))
    word = DatedValue(date(2020, 1, 1), "oldest", LegalReference("T"))
    truth = DatedValue(date(2020, 1, 1), True, LegalReference("T"))
    assert half.figure == Decimal("0.5")
    for value in (half, word, truth):
        with pytest.raises(DataFileError):
            assert value.whole
    for value in (word, truth):
        with pytest.raises(DataFileError):
            assert value.figure


def test_an_unknown_parameter_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        load("nowhere/nothing")
