"""Who is elected? The cases of ``ballots/`` say so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from assemblies.ballots.rules import (
    BLANK,
    BallotRules,
    TieRule,
    Verdict,
    decide_round,
    stands_without,
)
from tests.cases.reading import read_cases

NAMES = {"blanc": BLANK, "Alix": 1, "Noor": 2, "Sacha": 3}


def numbered(votes: Mapping[str, Any]) -> dict[int, Any]:
    return {NAMES[name]: value for name, value in votes.items()}


def rules_of(case: Mapping[str, Any]) -> BallotRules:
    return BallotRules(2, TieRule(case.get("tie", "new_round")), Fraction(1, 2))


@pytest.mark.parametrize("case", [p for p in read_cases("ballots") if "rounds" in p.values[0]])
def test_round(case: Mapping[str, Any]) -> None:
    births: dict[int, date] = numbered(case.get("births", {}))
    number = 1
    for one in case["rounds"]:
        found = decide_round(
            numbered(one["votes"]),
            number=number,
            voters=case["voters"],
            rules=rules_of(case),
            births=births,
        )
        assert found.verdict == Verdict(one["then"]), one
        assert found.elected == (NAMES[one["who"]] if "who" in one else None), one
        if "needed" in one:
            assert found.needed == one["needed"], one
        if "standing" in one:
            assert found.standing == tuple(NAMES[name] for name in one["standing"]), one
        number += found.verdict is not Verdict.NO_QUORUM


@pytest.mark.parametrize("case", [p for p in read_cases("ballots") if "round" in p.values[0]])
def test_struck_off(case: Mapping[str, Any]) -> None:
    tally, number = numbered(case["round"]["votes"]), case.get("number", 1)
    outcome = decide_round(tally, number=number, voters=case["voters"], rules=rules_of(case))
    undue = case.get("struck", 1)
    stands = stands_without(
        tally,
        outcome,
        undue=undue,
        number=number,
        voters=case["voters"] - undue,
        rules=rules_of(case),
    )
    assert stands is case["stands"]
