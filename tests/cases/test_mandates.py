"""Is this the law of a mandate? The cases of ``mandates/`` say so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from assemblies import errors
from assemblies.database import Database
from assemblies.mandates import actions
from assemblies.mandates.queries import find_mandate, members_on, vacant_seats
from assemblies.mandates.rules import EndReason, Standing
from tests.assembly_facts import NOON, act_of, body, person, seat
from tests.cases.reading import read_cases


class Play(NamedTuple):
    """What a case has set up so far."""

    session: Session
    bodies: Mapping[str, int]
    people: dict[str, int]
    mandates: dict[str, int]

    def seat(self, name: str, where: str = "body") -> int:
        college, number = name.split()
        return seat(self.session, self.bodies[where], college, int(number))


def do(play: Play, act: Mapping[str, Any]) -> None:
    session, who = play.session, act["who"]
    at = NOON if "first" not in act else noon_of(min(act["first"], NOON.date()))
    if act["do"] == "start":
        play.people.setdefault(who, 0)
        play.people[who] = play.people[who] or person(session, f"{who} Dupré")
        play.mandates[who] = actions.start_mandate(
            session,
            act_of(at=at),
            seat_id=play.seat(act["seat"], act.get("in", "body")),
            person_id=play.people[who],
            first=act["first"],
        )
        return
    mandate = play.mandates[who]
    if act["do"] == "end":
        actions.end_mandate(
            session,
            act_of(),
            mandate_id=mandate,
            last=act["last"],
            reason=EndReason(act["reason"]),
        )
    elif act["do"] == "withdraw":
        actions.withdraw_mandate(session, act_of(), mandate_id=mandate)
    else:
        verb = {"suspend": actions.suspend_mandate, "resume": actions.resume_mandate}[act["do"]]
        verb(session, act_of(), mandate_id=mandate, first=act["first"])


def noon_of(day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo("Europe/Paris"))


def set_up(session: Session, case: Mapping[str, Any]) -> Play:
    bodies = {name: body(session, **case[name]) for name in ("body", "another") if name in case}
    return Play(session, bodies, {}, {})


@pytest.mark.parametrize("case", read_cases("mandates"))
def test_case(sqlite_database: Database, case: Mapping[str, Any]) -> None:
    with sqlite_database.writing() as session:
        play = set_up(session, case)
        *before, last = case["acts"]
        for act in before:
            do(play, act)
        if "refused" in case:
            with pytest.raises(getattr(errors, case["refused"])) as refused:
                do(play, last)
            assert refused.value.facts.get("rule") == case.get("rule")
            return
        do(play, last)
        check(play, case)


def check(play: Play, case: Mapping[str, Any]) -> None:
    for then in case["then"]:
        mandate = find_mandate(play.session, play.mandates[then["who"]])
        assert mandate.standing(then["day"]) == Standing(then["is"]), then
        sits = members_on(play.session, mandate.body_id, on=then["day"])
        assert (mandate.id in {one.id for one in sits}) == (then["is"] == "running"), then
    for newcomer, former in case.get("replaces", {}).items():
        mandate = find_mandate(play.session, play.mandates[newcomer])
        assert mandate.replaces == play.mandates[former]
    for key, expected in (("vacant", True), ("never_vacant", False)):
        if key in case:
            chosen = play.seat(case[key]["seat"])
            for day in case[key]["days"]:
                vacant = {s.id for s in vacant_seats(play.session, play.bodies["body"], on=day)}
                assert (chosen in vacant) == expected, day
