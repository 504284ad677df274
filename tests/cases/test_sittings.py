"""Is the convocation in time, the quorum reached, the half-day attended? The cases say so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest

from assemblies.composition.rules import Quorum
from assemblies.errors import ConvocationError
from assemblies.parameters import LegalReference, load
from assemblies.sittings.rules import (
    PARIS,
    Span,
    check_convocation,
    count_present,
    half_days,
    is_attended,
    is_quorate,
)
from tests.assembly_facts import TODAY
from tests.cases.reading import read_cases

CASES = read_cases("sittings")
QUORUM = Quorum(Fraction(1, 2), None, True, LegalReference("R133-10"))


def those_with(key: str) -> list[Any]:
    return [case for case in CASES if key in case.values[0]]


def span(hours: list[str]) -> Span:
    first, last = (datetime.fromisoformat(hour).replace(tzinfo=PARIS) for hour in hours)
    return Span(first, last)


@pytest.mark.parametrize("case", those_with("members"))
def test_quorum(case: Mapping[str, Any]) -> None:
    count = count_present(
        set(range(1, case["members"] + 1)),
        set(range(1, case["present"] + 1)),
        [(giver, holder) for giver, holder in case.get("proxies", [])],
        case.get("aside", []),
    )
    found = is_quorate(QUORUM, count, second_call=case.get("second_call", False))
    assert found is case["quorate"]


@pytest.mark.parametrize("case", those_with("convoked"))
def test_convocation(case: Mapping[str, Any]) -> None:
    days = load("sittings/convocation_days").on(TODAY).whole

    def check() -> None:
        check_convocation(case["convoked"], case["sitting"], days, urgency=case.get("urgency"))

    if case["in_time"]:
        check()
    else:
        with pytest.raises(ConvocationError):
            check()


@pytest.mark.parametrize("case", those_with("there"))
def test_half_days(case: Mapping[str, Any]) -> None:
    noon = load("sittings/noon_hour").on(TODAY).whole
    minutes = load("sittings/half_day_minutes").on(TODAY).whole
    halves = half_days(span(case["sitting"]), noon)
    there = span(case["there"])
    assert [h.half for h in halves if is_attended(there, h, minutes)] == case["attended"]
