"""Sittings in a real database: convoked in time, quorate, attended by members only."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assemblies.accounts.rules import Role
from assemblies.composition.queries import seats_of
from assemblies.database import Database
from assemblies.errors import (
    AttendanceError,
    ConvocationError,
    NotAllowedError,
    OutsideTermError,
    ProxyError,
    SittingError,
)
from assemblies.journal.queries import verify
from assemblies.mandates.actions import end_mandate, start_mandate
from assemblies.mandates.rules import EndReason
from assemblies.periods import Period
from assemblies.sittings.actions import (
    Arrival,
    call_again,
    cancel_sitting,
    convoke,
    give_proxy,
    record_attendance,
    set_sitting,
    sitting_span,
    stand_aside,
    tell_unavailable,
)
from assemblies.sittings.planner import Wishes, propose_dates
from assemblies.sittings.queries import (
    attendance_of,
    calendar_of,
    count_at,
    find_clashes,
    find_sitting,
    half_days_of,
    proxies_of,
)
from assemblies.sittings.rules import AgendaItem, Kind
from tests.assembly_facts import act_of, body, member, officer, person

FIRST = date(2026, 12, 1)
DAY = date(2026, 12, 15)
AGENDA = (AgendaItem("Ouverture", 30), AgendaItem("Rapport", 120))


def seated(session: Session, *, name: str = "") -> tuple[int, list[int]]:
    """A body whose seats are all held since 1 December; its mandates by seat."""
    where = body(session, first=FIRST, name=name)
    mandates = [
        start_mandate(
            session,
            act_of(),
            seat_id=seat.id,
            person_id=person(session, f"Membre{seat.id} Dupré"),
            first=FIRST,
        )
        for seat in seats_of(session, where)
    ]
    return where, mandates


def plenary(session: Session, where: int, day: date = DAY) -> int:
    return set_sitting(
        session,
        act_of(),
        body_id=where,
        kind=Kind.PLENARY,
        span=sitting_span(day, 9, 17),
        place="Palais d'Iéna",
    )


def test_a_sitting_is_set_convoked_and_attended(database: Database) -> None:
    with database.writing() as session:
        where, mandates = seated(session)
        sitting = plenary(session, where)
        convoke(session, act_of(), sitting_id=sitting, agenda=AGENDA)
        view = find_sitting(session, sitting)
        assert (view.agenda, view.convoked_at is not None) == (AGENDA, True)
        arrivals = [Arrival(m, view.span) for m in mandates[:4]]
        arrivals.append(Arrival(mandates[4], sitting_span(DAY, 14, 17), is_remote=True))
        assert record_attendance(session, act_of(), sitting_id=sitting, arrivals=arrivals) == 9
        assert len(attendance_of(session, sitting)) == 9
        week = Period(DAY, DAY + timedelta(days=6))
        assert len(half_days_of(session, mandates[4], within=week)) == 1
        count, enough = count_at(session, sitting, at=view.span.start)
        assert (count.members, count.present, enough) == (6, 4, True)
        # The sheet is recorded as a whole: recorded again, it takes the place of the first.
        record_attendance(session, act_of(), sitting_id=sitting, arrivals=arrivals[:1])
        assert len(attendance_of(session, sitting)) == 2
        assert verify(session) == []


def test_a_sitting_without_quorum_is_called_again_without_one(database: Database) -> None:
    with database.writing() as session:
        where, mandates = seated(session)
        sitting = plenary(session, where)
        convoke(session, act_of(), sitting_id=sitting, agenda=AGENDA)
        span = find_sitting(session, sitting).span
        evening = act_of(at=span.end)
        soon, later = (sitting_span(DAY + timedelta(days=n), 9, 12) for n in (1, 5))
        with pytest.raises(SittingError, match="not recorded"):
            call_again(session, evening, sitting_id=sitting, span=later, place="Idem")
        record_attendance(
            session, act_of(), sitting_id=sitting, arrivals=[Arrival(mandates[0], span)]
        )
        assert count_at(session, sitting, at=span.start)[1] is False
        again = call_again(session, evening, sitting_id=sitting, span=later, place="Idem")
        assert find_sitting(session, again).agenda == AGENDA
        assert count_at(session, again, at=later.start)[1] is True
        with pytest.raises(SittingError):
            call_again(session, evening, sitting_id=again, span=later, place="Idem")
    with database.writing() as session:
        where, mandates = seated(session, name="autre")
        sitting = plenary(session, where)
        convoke(session, act_of(), sitting_id=sitting, agenda=AGENDA)
        record_attendance(session, act_of(), sitting_id=sitting, arrivals=[])
        with pytest.raises(ConvocationError):
            call_again(session, evening, sitting_id=sitting, span=soon, place="Idem")


def test_a_proxy_completes_the_quorum_and_a_conflict_breaks_it(database: Database) -> None:
    with database.writing() as session:
        where, mandates = seated(session)
        sitting = plenary(session, where)
        convoke(session, act_of(), sitting_id=sitting, agenda=AGENDA)
        view = find_sitting(session, sitting)
        give_proxy(session, act_of(), sitting_id=sitting, giver=mandates[5], holder=mandates[0])
        with pytest.raises(ProxyError):
            give_proxy(session, act_of(), sitting_id=sitting, giver=mandates[4], holder=mandates[0])
        record_attendance(
            session,
            act_of(),
            sitting_id=sitting,
            arrivals=[Arrival(m, view.span) for m in mandates[:2]],
        )
        assert proxies_of(session, sitting) == ((mandates[5], mandates[0]),)
        assert count_at(session, sitting, at=view.span.start)[1] is True
        stand_aside(
            session,
            act_of(),
            item_id=view.items[1],
            mandate_id=mandates[0],
            reason="actionnaire",
        )
        count, enough = count_at(session, sitting, at=view.span.start, item_id=view.items[1])
        assert (count.counted, enough) == (1, False)


def test_dates_and_people_outside_are_refused_by_the_rule(database: Database) -> None:
    with database.writing() as session:
        where, mandates = seated(session)
        with pytest.raises(OutsideTermError):
            plenary(session, where, date(2026, 11, 30))
        sitting = plenary(session, where)
        span = find_sitting(session, sitting).span
        outside = sitting_span(DAY, 8, 17)
        for arrivals in (
            [Arrival(mandates[0], outside)],
            [Arrival(9_999, span)],
            [Arrival(mandates[0], span), Arrival(mandates[0], span)],
        ):
            with pytest.raises(AttendanceError):
                record_attendance(session, act_of(), sitting_id=sitting, arrivals=arrivals)
        end_mandate(
            session,
            act_of(),
            mandate_id=mandates[0],
            last=DAY - timedelta(days=1),
            reason=EndReason.RESIGNATION,
        )
        with pytest.raises(AttendanceError):
            record_attendance(
                session, act_of(), sitting_id=sitting, arrivals=[Arrival(mandates[0], span)]
            )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("left_at = '2026-12-15 20:00:00'", "attendance_outside_sitting"),
        ("arrived_at = '2026-12-15 02:00:00'", "attendance_outside_sitting"),
        ("day = '2027-12-01'", "attendance_not_member"),
    ],
)
def test_the_database_refuses_attendance_by_itself(
    database: Database, change: str, word: str
) -> None:
    with database.writing() as session:
        where, mandates = seated(session)
        sitting = plenary(session, where)
        span = find_sitting(session, sitting).span
        record_attendance(
            session, act_of(), sitting_id=sitting, arrivals=[Arrival(mandates[0], span)]
        )
    with pytest.raises(DBAPIError, match=word), database.writing() as session:
        session.execute(text(f"UPDATE attendances SET {change}"))  # noqa: S608 -- as above


def test_the_database_refuses_a_sitting_before_the_body_exists(database: Database) -> None:
    with database.writing() as session:
        where, _ = seated(session)
        plenary(session, where)
    with (
        pytest.raises(DBAPIError, match="sitting_outside_body"),
        database.writing() as session,
    ):
        session.execute(text("UPDATE sittings SET starts_at = '2026-11-30 09:00:00'"))


def test_a_late_convocation_needs_the_reason_of_its_urgency(database: Database) -> None:
    with database.writing() as session:
        where, _ = seated(session)
        sitting = plenary(session, where, date(2026, 12, 1))
        late = act_of(at=act_of().at + timedelta(days=5))
        with pytest.raises(ConvocationError):
            convoke(session, late, sitting_id=sitting, agenda=AGENDA)
        with pytest.raises(SittingError):
            convoke(session, act_of(), sitting_id=sitting, agenda=())
        with pytest.raises(SittingError):
            convoke(session, act_of(), sitting_id=sitting, agenda=[AgendaItem("Long", 999)])
        convoke(session, late, sitting_id=sitting, agenda=AGENDA, urgency="inondation")
        with pytest.raises(SittingError):
            convoke(session, act_of(), sitting_id=sitting, agenda=AGENDA)


def test_a_cancelled_sitting_stays_in_the_calendar(database: Database) -> None:
    with database.writing() as session:
        where, mandates = seated(session)
        sitting = plenary(session, where)
        cancel_sitting(session, act_of(), sitting_id=sitting, reason="grève")
        assert [s.is_cancelled for s in calendar_of(session, where)] == [True]
        span = find_sitting(session, sitting).span
        with pytest.raises(SittingError):
            record_attendance(
                session, act_of(), sitting_id=sitting, arrivals=[Arrival(mandates[0], span)]
            )


def test_a_person_due_in_two_places_at_once_is_a_clash(database: Database) -> None:
    with database.writing() as session:
        one, _ = seated(session)
        other = body(session, "other", first=FIRST, last=date(2027, 11, 30))
        both = 1  # the first member of the first body
        start_mandate(
            session,
            act_of(),
            seat_id=seats_of(session, other, college="citizens")[0].id,
            person_id=person(session, "Autre Dupré"),
            first=FIRST,
        )
        start_mandate(
            session,
            act_of(),
            seat_id=seats_of(session, other, college="elected")[0].id,
            person_id=both,
            first=FIRST,
        )
        first = plenary(session, one)
        second = plenary(session, other)
        plenary(session, other, DAY + timedelta(days=1))
        (clash,) = find_clashes(session, within=Period(FIRST, DAY + timedelta(days=9)))
        assert (clash.one, clash.other, clash.people) == (first, second, (both,))


def test_two_plenaries_of_one_body_at_once_are_a_clash_and_groups_side_by_side_are_not(
    database: Database,
) -> None:
    """Regression: clashes were only looked for between different bodies."""
    with database.writing() as session:
        where, mandates = seated(session)
        first, second = plenary(session, where), plenary(session, where)
        for _ in range(2):
            set_sitting(
                session,
                act_of(),
                body_id=where,
                kind=Kind.GROUP,
                span=sitting_span(DAY + timedelta(days=1), 14, 17),
                place="Salle",
            )
        (clash,) = find_clashes(session, within=Period(FIRST, DAY + timedelta(days=9)))
        assert (clash.one, clash.other, len(clash.people)) == (first, second, len(mandates))


def test_the_planner_avoids_the_days_that_members_told(database: Database) -> None:
    with database.writing() as session:
        where, _ = seated(session)
        who, actor = member(session, "Alix Dupré")
        end = seats_of(session, where)
        assert len(end) == 6
        tell_unavailable(session, act_of(), person_id=1, days=Period(FIRST, DAY))
        tell_unavailable(session, act_of(actor), person_id=who, days=Period(FIRST, FIRST))
        with pytest.raises(NotAllowedError):
            tell_unavailable(session, act_of(actor), person_id=1, days=Period(FIRST, FIRST))
        plan = propose_dates(
            session,
            body_id=where,
            wishes=Wishes(Period(FIRST, date(2026, 12, 31)), 2, least_gap=5),
        )
        assert plan.absences == 0
        assert all(one.day > DAY for one in plan.days)


def test_only_the_secretariat_manages_sittings(database: Database) -> None:
    with database.writing() as session:
        where, _ = seated(session)
        accountant = officer(session, Role.ACCOUNTANT)
        with pytest.raises(NotAllowedError):
            set_sitting(
                session,
                act_of(accountant),
                body_id=where,
                kind=Kind.PLENARY,
                span=sitting_span(DAY, 9, 17),
                place="x",
            )
