"""Ballots in a real database: secret, counted once, recomputed, proclaimed, never edited."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assemblies.accounts.rules import Role
from assemblies.ballots.actions import (
    cancel_ballot,
    cast_vote,
    close_round,
    open_ballot,
    proclaim_elected,
    settle_tie,
    sign_list,
    tell_papers,
)
from assemblies.ballots.queries import ballots_of, find_ballot
from assemblies.ballots.rules import BLANK, Mode, Verdict
from assemblies.ballots.striking import strike_off
from assemblies.composition.actions import answer_choice
from assemblies.composition.queries import seats_of
from assemblies.database import Database, open_database
from assemblies.errors import AlreadyVotedError, BallotError, NotAllowedError, SameOfficerError
from assemblies.journal.queries import entries, verify
from assemblies.journal.rules import Actor
from assemblies.mandates.actions import start_mandate, suspend_mandate
from tests.assembly_facts import act_of, body, member, officer

FIRST = date(2026, 3, 1)


def council(session: Session, *, tie: str = "eldest") -> tuple[int, list[int], list[Actor]]:
    """A council of seven members in office with accounts: body, mandates, actors."""
    seats = {"administrations": 3, "civil_society": 1, "citizens": 3}
    where = body(session, "cid", first=FIRST, seats=seats)
    answer_choice(
        session, act_of(), body_id=where, key="ballot_tie", option=tie, reason="règlement"
    )
    mandates, actors = [], []
    for seat in seats_of(session, where):
        who, actor = member(session, f"Membre{seat.id} Dupré")
        mandates.append(
            start_mandate(session, act_of(), seat_id=seat.id, person_id=who, first=FIRST)
        )
        actors.append(actor)
    return where, mandates, actors


def opened(session: Session, where: int, candidates: list[int], mode: Mode = Mode.SCREEN) -> int:
    return open_ballot(
        session,
        act_of(),
        body_id=where,
        office="president",
        candidates=candidates,
        mode=mode,
    )


def vote(session: Session, ballot: int, actors: list[Actor], choices: list[int]) -> None:
    for actor, choice in zip(actors, choices, strict=False):
        cast_vote(session, act_of(actor), ballot_id=ballot, choice=choice)


def test_an_absolute_majority_elects_at_the_first_round(database: Database) -> None:
    with database.writing() as session:
        where, mandates, actors = council(session)
        one, two = mandates[:2]
        ballot = opened(session, where, [one, two])
        vote(session, ballot, actors, [one, one, one, one, two, two, BLANK])
        assert find_ballot(session, ballot).last.tally is None
        outcome = close_round(session, act_of(), ballot_id=ballot)
        assert (outcome.verdict, outcome.elected, outcome.needed) == (Verdict.ELECTED, one, 4)
        assert proclaim_elected(session, act_of(), ballot_id=ballot) == one
        view = find_ballot(session, ballot)
        assert view.elected == one
        assert view.last.tally == {BLANK: 1, one: 4, two: 2}
        assert verify(session) == []
        with pytest.raises(BallotError):
            cancel_ballot(session, act_of(), ballot_id=ballot, reason="trop tard")


def test_a_second_round_with_a_tie_is_settled_by_a_public_number(database: Database) -> None:
    with database.writing() as session:
        where, mandates, actors = council(session, tie="lot")
        one, two, three = mandates[:3]
        ballot = opened(session, where, [one, two, three])
        vote(session, ballot, actors, [one, one, one, two, two, two, three])
        assert close_round(session, act_of(), ballot_id=ballot).verdict is Verdict.NEXT_ROUND
        vote(session, ballot, actors, [one, one, one, two, two, two, three])
        assert close_round(session, act_of(), ballot_id=ballot).verdict is Verdict.TIE_BY_LOT
        with pytest.raises(BallotError):
            proclaim_elected(session, act_of(), ballot_id=ballot)
        assert settle_tie(session, act_of(), ballot_id=ballot, number=7) == two
        with pytest.raises(BallotError):
            settle_tie(session, act_of(), ballot_id=ballot, number=8)
        assert proclaim_elected(session, act_of(), ballot_id=ballot) == two
        assert find_ballot(session, ballot).last.lot_number == 7


def test_voters_are_those_in_office_on_the_day_in_paris(database: Database) -> None:
    """Regression: just after midnight in Paris, voters were those of the day before in UTC."""
    with database.writing() as session:
        where, mandates, _ = council(session)
        ballot = open_ballot(
            session,
            act_of(at=datetime(2026, 2, 28, 23, 30, tzinfo=UTC)),
            body_id=where,
            office="president",
            candidates=mandates[:1],
            mode=Mode.SCREEN,
        )
        assert find_ballot(session, ballot).voters == tuple(sorted(mandates))


def test_nobody_votes_twice_or_for_somebody_else(database: Database) -> None:
    with database.writing() as session:
        where, mandates, actors = council(session)
        ballot = opened(session, where, mandates[:2])
        cast_vote(session, act_of(actors[0]), ballot_id=ballot, choice=mandates[0])
        with pytest.raises(AlreadyVotedError):
            cast_vote(session, act_of(actors[0]), ballot_id=ballot, choice=mandates[1])
        with pytest.raises(BallotError):
            cast_vote(session, act_of(actors[1]), ballot_id=ballot, choice=mandates[5])
        stranger = officer(session, Role.MEMBER, name="etranger")
        with pytest.raises(NotAllowedError):
            cast_vote(session, act_of(stranger), ballot_id=ballot, choice=mandates[0])
        clerk = officer(session, Role.SECRETARIAT)
        with pytest.raises(NotAllowedError):
            cast_vote(session, act_of(clerk), ballot_id=ballot, choice=mandates[0])


def test_a_voter_with_two_devices_leaves_one_paper(new_postgres_url: Callable[[], str]) -> None:
    url = new_postgres_url()
    database = open_database(url)
    with database.writing() as session:
        where, mandates, actors = council(session)
        ballot = opened(session, where, mandates[:2])
    start = threading.Barrier(4)
    results: list[str] = []

    def go() -> None:
        own = open_database(url)
        start.wait()
        try:
            with own.writing() as session:
                cast_vote(session, act_of(actors[0]), ballot_id=ballot, choice=mandates[0])
            results.append("voted")
        except AlreadyVotedError:
            results.append("refused")
        finally:
            own.engine.dispose()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["refused", "refused", "refused", "voted"]
    with database.reading() as session:
        assert session.scalar(text("SELECT sum(papers) FROM ballot_counts")) == 1
    database.engine.dispose()


def test_nothing_stored_links_a_voter_to_a_vote(database: Database) -> None:
    """Whoever votes for whom, in whatever order, the same rows are stored."""
    with database.writing() as session:
        where, mandates, actors = council(session)
        ballot = opened(session, where, mandates[:2])
        before = len(entries(session, limit=1_000))

    def rows_after(order: list[int], choices: dict[int, int]) -> list[str]:
        with database.writing() as session:
            for place in order:
                cast_vote(
                    session,
                    act_of(actors[place]),
                    ballot_id=ballot,
                    choice=mandates[choices[place]],
                )
            stored = [
                str(row)
                for table in sorted(inspect(session.connection()).get_table_names())
                if table.startswith("ballot_") or table == "journal_entries"
                for row in session.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 -- ours
            ]
            assert len(entries(session, limit=1_000)) == before
            session.execute(text("DELETE FROM ballot_turnouts"))
            session.execute(text("UPDATE ballot_counts SET papers = 0"))
        return stored

    one = rows_after([0, 1, 2, 3], {0: 0, 1: 0, 2: 1, 3: 1})
    other = rows_after([3, 1, 0, 2], {0: 1, 1: 1, 2: 0, 3: 0})
    assert sorted(one) == sorted(other)


def test_postgresql_itself_keeps_nothing_that_joins_a_voter_to_a_choice(
    new_postgres_url: Callable[[], str],
) -> None:
    """Rows of one transaction once bore one mark, which joined the last voter of each choice."""
    database = open_database(new_postgres_url())
    with database.writing() as session:
        where, mandates, actors = council(session)
        ballot = opened(session, where, mandates[:2])
    order = [5, 2, 6, 0, 3]
    for place in order:
        with database.writing() as session:
            choice = mandates[0] if place % 2 else BLANK
            cast_vote(session, act_of(actors[place]), ballot_id=ballot, choice=choice)
    with database.reading() as session:
        marks = session.scalars(
            text(
                "SELECT xmin::text FROM ballot_turnouts UNION SELECT xmin::text FROM ballot_counts"
            )
        ).all()
        assert len(set(marks)) == 1
        stored = session.scalars(text("SELECT mandate_id FROM ballot_turnouts ORDER BY ctid"))
        assert list(stored) == sorted(mandates[place] for place in order)
    database.engine.dispose()


def test_what_was_counted_or_proclaimed_is_kept_by_the_database(database: Database) -> None:
    with database.writing() as session:
        where, mandates, actors = council(session)
        ballot = opened(session, where, mandates[:2])
        vote(session, ballot, actors, [mandates[0]] * 5)
        close_round(session, act_of(), ballot_id=ballot)
        proclaim_elected(session, act_of(), ballot_id=ballot)
    for change in (
        "UPDATE ballots SET elected_id = NULL, proclaimed_at = NULL",
        "DELETE FROM ballots",
        "UPDATE ballot_counts SET papers = 9",
        "DELETE FROM ballot_counts",
    ):
        with (
            pytest.raises(DBAPIError, match=r"ballot_kept|ballot_round_closed"),
            database.writing() as session,
        ):
            session.execute(text(change))


def test_papers_are_told_by_two_people_who_agree(database: Database) -> None:
    with database.writing() as session:
        where, mandates, _ = council(session)
        one, two = mandates[:2]
        first, second = (officer(session, Role.SECRETARIAT, name=name) for name in ("a", "b"))
        ballot = opened(session, where, [one, two], Mode.PAPER)
        sign_list(session, act_of(first), ballot_id=ballot, mandates=mandates[:5])
        with pytest.raises(AlreadyVotedError):
            sign_list(session, act_of(first), ballot_id=ballot, mandates=mandates[:1])
        good, bad = {one: 3, two: 1, BLANK: 1}, {one: 2, two: 2, BLANK: 1}
        with pytest.raises(BallotError):
            tell_papers(session, act_of(first), ballot_id=ballot, tally={one: 9, two: 0, BLANK: 0})
        with pytest.raises(BallotError):
            close_round(session, act_of(first), ballot_id=ballot)
    with database.writing() as session:
        assert not tell_papers(session, act_of(first), ballot_id=ballot, tally=good)
        with pytest.raises(SameOfficerError):
            tell_papers(session, act_of(first), ballot_id=ballot, tally=good)
        assert not tell_papers(session, act_of(second), ballot_id=ballot, tally=bad)
        kept = session.scalar(text("SELECT count(*) FROM ballot_tellings WHERE set_aside"))
        assert kept == 2
        assert not tell_papers(session, act_of(second), ballot_id=ballot, tally=good)
        assert tell_papers(session, act_of(first), ballot_id=ballot, tally=good)
        outcome = close_round(session, act_of(), ballot_id=ballot)
        assert (outcome.elected, outcome.needed) == (one, 3)


def test_a_voter_struck_off_has_the_round_voted_again_only_if_it_could_matter(
    database: Database,
) -> None:
    with database.writing() as session:
        where, mandates, actors = council(session)
        one, two = mandates[:2]
        ballot = opened(session, where, [one, two])
        vote(session, ballot, actors, [one, one, one, one, two, two, two])
        close_round(session, act_of(), ballot_id=ballot)
        assert find_ballot(session, ballot).last.elected == one
        # 4 against 3: with one paper less, 3 of 6 would be no majority.
        stands = strike_off(
            session, act_of(), ballot_id=ballot, mandate_id=mandates[6], reason="mandat nul"
        )
        assert not stands
        view = find_ballot(session, ballot)
        assert [r.annulled_reason for r in view.rounds] == ["mandat nul", None]
        assert (view.last.is_open, len(view.voters), view.struck) == (
            True,
            6,
            ((mandates[6], "mandat nul"),),
        )
        vote(session, ballot, actors[:6], [one, one, one, one, one, two])
        assert close_round(session, act_of(), ballot_id=ballot).elected == one
        assert strike_off(
            session, act_of(), ballot_id=ballot, mandate_id=mandates[5], reason="mandat nul"
        )
        assert proclaim_elected(session, act_of(), ballot_id=ballot) == one


def test_a_round_without_quorum_is_void_and_voted_again(database: Database) -> None:
    with database.writing() as session:
        where, mandates, actors = council(session)
        ballot = opened(session, where, mandates[:2])
        vote(session, ballot, actors, [mandates[0]] * 3)
        assert close_round(session, act_of(), ballot_id=ballot).verdict is Verdict.NO_QUORUM
        vote(session, ballot, actors, [mandates[0]] * 4)
        outcome = close_round(session, act_of(), ballot_id=ballot)
        assert (outcome.verdict, outcome.needed) == (Verdict.ELECTED, 3)


def test_a_ballot_needs_an_office_and_candidates_in_office(database: Database) -> None:
    with database.writing() as session:
        where, mandates, _ = council(session)
        suspend_mandate(session, act_of(), mandate_id=mandates[6], first=date(2026, 11, 1))
        for candidates in ([], [mandates[6]], [mandates[0], mandates[0]], [9_999]):
            with pytest.raises(BallotError):
                opened(session, where, candidates)
        with pytest.raises(BallotError):
            open_ballot(
                session,
                act_of(),
                body_id=where,
                office="treasurer",
                candidates=mandates[:1],
                mode=Mode.SCREEN,
            )
        ballot = opened(session, where, mandates[:2])
        assert mandates[6] not in find_ballot(session, ballot).voters
        with pytest.raises(BallotError):
            opened(session, where, mandates[:2])
        cancel_ballot(session, act_of(), ballot_id=ballot, reason="erreur de liste")
        again = opened(session, where, mandates[:2])
        assert [b.id for b in ballots_of(session, where)] == [ballot, again]
        assert ballots_of(session, where)[0].cancel_reason == "erreur de liste"
