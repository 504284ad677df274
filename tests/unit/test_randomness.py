"""What is announced before a draw, and how public results become a panel number."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from sortition.drand import DrandRound, parse_round
from sortition.drawn_number import (
    DrawInputs,
    DrawnNumber,
    canonical_value,
    find_number,
    map_to_panel,
    parse_values,
)
from sortition.errors import RandomnessError
from sortition.randomness import (
    CombinedPlan,
    DrandPlan,
    NumberPlan,
    RandomnessPlan,
    SourcesPlan,
    TextPlan,
    parse_plan,
    plan_from_json,
)

DIGEST = hashlib.sha256(b"a manifest").hexdigest()
LOTO = "Loto of 2026-12-05, the five numbers"
CAC = "CAC 40 at the close of 2026-12-04, two decimals"
SOURCES = SourcesPlan((LOTO, CAC))
ROUND = parse_round(
    json.dumps(
        {
            "round": 1000,
            "signature": "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
            "e342b73a8dd2bacbe47e4b6b63ed5e39",
        }
    )
)
PLANS: list[tuple[list[str], RandomnessPlan, dict[str, Any]]] = [
    ([], NumberPlan(), {"kind": "number"}),
    (["number"], NumberPlan(), {"kind": "number"}),
    (
        ["drand:quicknet:1000"],
        DrandPlan(1000),
        {"kind": "drand", "chain": "quicknet", "round": 1000},
    ),
    (
        [f"source:{LOTO}", f"source:{CAC}"],
        SOURCES,
        {"kind": "sources", "sources": [LOTO, CAC]},
    ),
    (
        [f"source:{LOTO}", "number", f"source:{CAC}", "drand:quicknet:7"],
        CombinedPlan((SOURCES, NumberPlan(), DrandPlan(7))),
        {
            "kind": "combined",
            "parts": [
                {"kind": "sources", "sources": [LOTO, CAC]},
                {"kind": "number"},
                {"kind": "drand", "chain": "quicknet", "round": 7},
            ],
        },
    ),
]


def found(plan: RandomnessPlan, panels: int = 1000, **inputs: Any) -> DrawnNumber:
    return find_number(plan, DrawInputs(**inputs), digest=DIGEST, panels=panels)


# Plans


@pytest.mark.parametrize(("texts", "plan", "_json"), PLANS)
def test_a_plan_is_read_from_the_command_line(
    texts: list[str], plan: RandomnessPlan, _json: object
) -> None:
    assert parse_plan(texts) == plan


@pytest.mark.parametrize(("_texts", "plan", "value"), PLANS)
def test_a_plan_goes_to_json_and_back(_texts: object, plan: RandomnessPlan, value: object) -> None:
    assert plan.as_json() == value
    assert plan_from_json(json.loads(json.dumps(value))) == plan


def test_the_text_of_an_urgent_replacement_is_a_plan_but_no_command_line_offers_it() -> None:
    assert plan_from_json(TextPlan().as_json()) == TextPlan()
    with pytest.raises(RandomnessError, match="'text' cannot be read"):
        parse_plan(["text"])


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        (["dice"], "Write number, drand:quicknet:ROUND or source:NAME"),
        (["number:4"], "'number:4' cannot be read"),
        (["drand:quicknet"], "'drand:quicknet' cannot be read"),
        (["drand:quicknet:latest"], "'drand:quicknet:latest' cannot be read"),
        (["drand:fastnet:7"], r"'fastnet' is unknown\. Known: quicknet"),
        (["drand:quicknet:0"], "there is no round 0"),
        (["drand:quicknet:18446744073709551616"], "there is no round 18446744073709551616"),
        (["source:"], "has no name"),
        (["source:Loto", "source: "], "has no name"),
        (["source:Loto", "source:Loto"], "Named twice among the sources: Loto"),
        (["number", "number"], "cannot be combined"),
        (["drand:quicknet:7", "drand:quicknet:8"], "cannot be combined"),
    ],
)
def test_a_plan_that_cannot_work_is_refused(texts: list[str], fault: str) -> None:
    with pytest.raises(RandomnessError, match=fault):
        parse_plan(texts)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "number",
        {},
        {"kind": "dice"},
        {"kind": "number", "digits": 3},
        {"kind": "sources"},
        {"kind": "sources", "sources": []},
        {"kind": "sources", "sources": [1]},
        {"kind": "drand", "chain": "quicknet", "round": "7"},
        {"kind": "combined", "parts": []},
        {"kind": "combined", "parts": [{"kind": "number"}]},
        {"kind": "combined", "parts": [{"kind": "number"}, {"kind": "combined", "parts": []}]},
    ],
)
def test_json_that_is_no_plan_is_refused(value: object) -> None:
    with pytest.raises(RandomnessError):
        plan_from_json(value)


# The canonical form of values


def test_the_worked_example_of_the_rfc_gives_its_key() -> None:
    values = ["9319", "2, 5, 12, 8, 10", "9, 18, 26, 34, 41, 45"]
    key = "".join(map(canonical_value, values))
    assert key == "9319./2.5.8.10.12./9.18.26.34.41.45./"  # RFC 3797 §6


@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        ("3", "3./"),
        ("000", "0./"),
        ("0042 7", "7.42./"),
        ("7-7-3", "3.7.7./"),
        ("100 20 3", "3.20.100./"),  # as numbers, not as text
        ("7 412,35", "7.35.412./"),
        ("９ １８", "9.18./"),  # full-width digits
        ("Paris SG – Lens: 2-1", "PARISSGLENS21./"),
        ("  école  ", "ECOLE./"),
        ("ÉCOLE", "ECOLE./"),
        ("e\u0301cole", "ECOLE./"),
        ("7" * 5000, "7" * 5000 + "./"),  # longer than int() accepts
    ],
)
def test_a_value_has_one_form(value: str, canonical: str) -> None:
    assert canonical_value(value) == canonical


@pytest.mark.parametrize("value", ["", "  ", "—", "٣٤", "Ωμέγα"])
def test_a_value_without_letter_or_digit_is_refused(value: str) -> None:
    with pytest.raises(RandomnessError, match="neither a letter A–Z nor a digit"):
        canonical_value(value)


# From inputs to a number


def test_digits_drawn_by_hand_are_the_panel() -> None:
    drawn = found(NumberPlan(), number="0417", number_again="417")
    assert drawn.number == 417
    assert drawn.as_json() == {
        "kind": "number",
        "inputs": {"number": "0417"},
        "steps": {"key": "417", "hashes": []},
    }


@pytest.mark.parametrize("number", ["0", "999", "000", " 5 "])
def test_every_number_of_the_table_can_be_typed(number: str) -> None:
    assert found(NumberPlan(), number=number).number == int(number)


@pytest.mark.parametrize(
    ("inputs", "fault"),
    [
        ({}, "is missing. Give it: 0 to 999"),
        ({"number": "1000"}, "There is no panel 1000: they are numbered 0 to 999"),
        ({"number": "9" * 5000}, "There is no panel 999"),
        ({"number": "-1"}, "'-1' is not a number"),
        ({"number": "4.0"}, "'4.0' is not a number"),
        ({"number": "٣"}, "'٣' is not a number"),
        ({"number": ""}, "'' is not a number"),
        ({"number": "417", "number_again": "471"}, "different numbers: 417 and 471"),
        ({"number": "417", "number_again": ""}, "'' is not a number"),
        ({"number": "417", "text": "x"}, "Not announced before the draw: a text"),
        (
            {"number": "417", "values": {"1": "2"}, "drand_round": ROUND},
            "a value of a source and a drand round.*announces a number drawn by hand",
        ),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason(inputs: dict[str, Any], fault: str) -> None:
    with pytest.raises(RandomnessError, match=fault):
        found(NumberPlan(), **inputs)


def test_the_values_of_sources_are_taken_in_the_announced_order() -> None:
    by_name = found(SOURCES, values={CAC: "7412.35", LOTO: "9 18 26 34 41"})
    by_place = found(SOURCES, values={"1": "9 18 26 34 41", "2": "7412.35"})
    assert by_name == by_place
    assert by_name.key == "9.18.26.34.41./35.7412./"
    assert by_name.inputs == {"values": ["9 18 26 34 41", "7412.35"]}
    number, hashes = map_to_panel(DIGEST, by_name.key, 1000)
    assert (by_name.number, by_name.hashes) == (number, hashes)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({LOTO: "1"}, f"'{CAC}' is missing"),
        ({LOTO: "1", CAC: "2", "Keno": "3"}, "'Keno' was not announced"),
        ({"1": "1", LOTO: "1", "2": "2"}, f"'{LOTO}' is given twice"),
        ({"3": "1"}, f"'3' was not announced; '{LOTO}' is missing; '{CAC}' is missing"),
        ({LOTO: "1", CAC: "—"}, "neither a letter"),
    ],
)
def test_values_other_than_those_announced_are_refused_all_at_once(
    values: dict[str, str], fault: str
) -> None:
    with pytest.raises(RandomnessError, match=fault):
        found(SOURCES, values=values)


def test_values_are_typed_by_name_or_by_place() -> None:
    plan = CombinedPlan((NumberPlan(), SourcesPlan(("a", "a=b", "c"))))
    assert parse_values(plan, ["a=b=1", "a=2", "3=x=y"]) == {"a=b": "1", "a": "2", "3": "x=y"}


@pytest.mark.parametrize("texts", [["Loto"], ["Loto=1", "Loto=2"]])
def test_a_value_without_name_or_given_twice_is_refused(texts: list[str]) -> None:
    with pytest.raises(RandomnessError, match="Write each once, as NAME=VALUE"):
        parse_values(SourcesPlan(("Loto",)), texts)


def test_a_drand_round_gives_its_randomness_as_key() -> None:
    drawn = found(DrandPlan(1000), drand_round=ROUND)
    assert drawn.key == "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
    assert drawn.inputs == ROUND.as_json()
    assert drawn.number == map_to_panel(DIGEST, drawn.key, 1000)[0]


@pytest.mark.parametrize("inputs", [{"number": "7"}, {"number_again": "7"}, {"values": {"1": "7"}}])
def test_a_drand_draw_takes_no_other_input(inputs: dict[str, Any]) -> None:
    with pytest.raises(
        RandomnessError, match="announces round 1000 of drand quicknet, and nothing"
    ):
        found(DrandPlan(1000), drand_round=ROUND, **inputs)


def test_a_missing_drand_round_says_where_to_fetch_it() -> None:
    with pytest.raises(RandomnessError, match=r"/52db9ba7[0-9a-f]+/public/1000 from a drand relay"):
        found(DrandPlan(1000))


def test_a_forged_drand_round_is_refused() -> None:
    forged = DrandRound(1001, ROUND.signature, ROUND.randomness)
    with pytest.raises(RandomnessError, match="not that of quicknet"):
        found(DrandPlan(1001), drand_round=forged)


def test_a_text_is_its_own_key() -> None:
    drawn = found(TextPlan(), text="été")
    assert (drawn.key, drawn.inputs) == ("été", {"text": "été"})
    assert drawn.number == map_to_panel(DIGEST, "été", 1000)[0]


@pytest.mark.parametrize("text", [None, "", "\udce9"])
def test_a_text_that_says_nothing_is_refused(text: str | None) -> None:
    with pytest.raises(RandomnessError, match="text"):
        found(TextPlan(), text=text)


def test_combined_keys_are_joined_in_the_announced_order() -> None:
    plan = CombinedPlan((NumberPlan(), DrandPlan(1000), SourcesPlan(("Loto",))))
    drawn = found(plan, number="007", drand_round=ROUND, values={"Loto": "2 1"})
    assert drawn.key == f"7|{ROUND.randomness}|1.2./"
    assert drawn.as_json()["inputs"] == {
        "parts": [{"number": "007"}, ROUND.as_json(), {"values": ["2 1"]}]
    }
    assert drawn.number == map_to_panel(DIGEST, drawn.key, 1000)[0]


def test_a_combined_draw_waits_for_all_its_parts() -> None:
    plan = CombinedPlan((NumberPlan(), DrandPlan(1000)))
    with pytest.raises(RandomnessError, match="drand quicknet round 1000 is missing"):
        found(plan, number="7")


def test_the_number_depends_on_what_was_frozen() -> None:
    numbers = {map_to_panel(f"{i:064x}", "key", 10**9)[0] for i in range(50)}
    assert len(numbers) == 50
