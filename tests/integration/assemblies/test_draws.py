"""Draws as records: states, two officers, one run at a time, nothing edited, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from assemblies.accounts.rules import Role
from assemblies.database import Database, open_database
from assemblies.draws.actions import cancel_draw, freeze_draw, prepare_draw, relax_quotas
from assemblies.draws.building import ask_to_stop, build_lottery, bundle_folder, start_run
from assemblies.draws.proclaiming import enter_randomness, proclaim_panel
from assemblies.draws.queries import (
    alternates_of,
    cancellations_of,
    decisions_of,
    exclusions_of,
    find_draw,
    frozen_pool,
    panel_of,
    persons_of,
    runs_of,
)
from assemblies.draws.rules import Cancellation, DrawState, Entered
from assemblies.errors import (
    BundleMismatchError,
    DrawRefusedError,
    DrawStateError,
    NotAllowedError,
    RunInProgressError,
    SameOfficerError,
)
from assemblies.journal.queries import entries, verify
from assemblies.mandates.actions import start_mandate
from assemblies.people.queries import find_person
from sortition.audit import audit
from sortition.bundle import read_bundle
from sortition.errors import CancelledError, RandomnessError
from tests.assembly_facts import NOON, act_of, body, officer, person, seat
from tests.draw_facts import (
    agree,
    built,
    draw_input,
    officers,
    prepared,
    proclaimed,
    ticking,
)


def test_a_draw_goes_from_the_file_to_a_panel_that_anyone_can_audit(
    database: Database, tmp_path: Path
) -> None:
    draw, _, _ = proclaimed(database, tmp_path)
    with database.reading() as session:
        view = find_draw(session, draw)
        assert (view.state, view.number, view.respondents) == (DrawState.PROCLAIMED, 17, 30)
        members = panel_of(session, draw)
        assert len(members) == 6
        assert {number for _, _, number in alternates_of(session, draw)}.isdisjoint(members)
        bundle = read_bundle(bundle_folder(tmp_path / "bundles", view))
        assert bundle.digest == view.bundle_digest
        report = audit(bundle.path)
        assert report.lie is None
        kinds = [e.kind for e in entries(session, object_kind="draw")]
        assert kinds == [
            "draw.prepared",
            "draw.frozen",
            "draw.run_started",
            "draw.lottery_built",
            "draw.randomness_first",
            "draw.randomness_agreed",
            "draw.proclaimed",
        ]
        assert verify(session) == []


def test_the_bundle_knows_numbers_and_no_names(database: Database, tmp_path: Path) -> None:
    draw, _, _ = built(database, tmp_path)
    with database.reading() as session:
        folder = bundle_folder(tmp_path / "bundles", find_draw(session, draw))
    names = {name for _, name, _ in read_bundle(folder).table("private/tokens.csv")}
    assert min(names) == "r000001"
    assert len(names) == 30


def test_the_public_number_takes_two_officers_who_agree(database: Database, tmp_path: Path) -> None:
    draw, first, second = built(database, tmp_path)

    def enter(actor: object, number: str) -> Entered:
        with database.writing() as session:
            return enter_randomness(
                session,
                act_of(actor),  # type: ignore[arg-type]
                draw_id=draw,
                inputs={"number": number},
            )

    with pytest.raises(DrawStateError), database.writing() as session:
        proclaim_panel(session, act_of(first), draw_id=draw, bundles=tmp_path / "bundles")
    assert enter(first, "17") is Entered.FIRST
    with pytest.raises(SameOfficerError):
        enter(first, "17")
    assert enter(second, "17") is Entered.AGREED
    with pytest.raises(DrawStateError):
        enter(first, "17")


def test_a_disagreement_is_recorded_and_both_type_again(database: Database, tmp_path: Path) -> None:
    draw, first, second = built(database, tmp_path)
    with database.writing() as session:
        enter_randomness(session, act_of(first), draw_id=draw, inputs={"number": "17"})
    with database.writing() as session:
        outcome = enter_randomness(session, act_of(second), draw_id=draw, inputs={"number": "1"})
        assert outcome is Entered.DISAGREED
    agree(database, draw, "1", second, first)
    with database.writing() as session:
        assert proclaim_panel(session, act_of(first), draw_id=draw, bundles=tmp_path / "bundles")
        kinds = [e.kind for e in entries(session, object_kind="draw")]
        assert "draw.randomness_disagreed" in kinds


@pytest.mark.parametrize("inputs", [{"number": "40"}, {"number": "x"}, {}, {"text": "a"}])
def test_what_leads_to_no_panel_is_refused_at_once(
    database: Database, tmp_path: Path, inputs: dict[str, str]
) -> None:
    draw, first, _ = built(database, tmp_path)
    with pytest.raises(RandomnessError), database.writing() as session:
        enter_randomness(session, act_of(first), draw_id=draw, inputs=inputs)


def test_a_draw_whose_pool_is_not_frozen_has_no_lottery_and_no_number(
    database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        first, _ = officers(session)
        draw = prepared(session, tmp_path, first)
    with pytest.raises(DrawStateError):
        build_lottery(database, draw_id=draw, bundles=tmp_path / "bundles", clock=ticking())
    with pytest.raises(DrawStateError), database.writing() as session:
        enter_randomness(session, act_of(first), draw_id=draw, inputs={"number": "1"})


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE draws SET number = 3",
        "UPDATE draws SET bundle_digest = 'f'",
        "UPDATE draws SET record_digest = 'f'",
        "UPDATE draw_respondents SET profile = NULL, household = 4 WHERE number = 9",
    ],
)
def test_the_database_keeps_a_proclaimed_draw_as_it_was(
    database: Database, tmp_path: Path, change: str
) -> None:
    proclaimed(database, tmp_path)
    with pytest.raises(DBAPIError, match="draw_pool_frozen"), database.writing() as session:
        session.execute(text(change))


def test_nobody_is_moved_into_a_frozen_pool(database: Database, tmp_path: Path) -> None:
    draw, first, _ = built(database, tmp_path)
    with database.writing() as session:
        read = draw_input(tmp_path)
        where = body(
            session, first=date(2026, 12, 2), seats={"elected": 6, "citizens": 6}, name="autre"
        )
        other = prepare_draw(
            session,
            act_of(first),
            body_id=where,
            college="citizens",
            title="Autre",
            pool=read.pool,
            quotas=read.quotas,
        )
    with pytest.raises(DBAPIError, match="draw_pool_frozen"), database.writing() as session:
        session.execute(
            text(
                f"UPDATE draw_respondents SET draw_id = {draw}, number = 99"  # noqa: S608 -- ours
                f" WHERE draw_id = {other} AND number = 9"
            )
        )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE draw_respondents SET household = 4 WHERE number = 9",
        "UPDATE draw_respondents SET person_id = 1 WHERE number = 9",
        "DELETE FROM draw_respondents WHERE number = 9",
        "INSERT INTO draw_respondents (draw_id, number, person_id, profile) VALUES (1, 99, 1, '[]')",
        "INSERT INTO draw_exclusions (draw_id, number, person_id, reason) VALUES (1, 99, 1, 'x')",
        "UPDATE draws SET size = 5",
        "UPDATE draws SET state = 'prepared'",
        "UPDATE draws SET pool_digest = 'f'",
        "DELETE FROM draws",
    ],
)
def test_the_database_keeps_a_frozen_pool_as_it_was(
    database: Database, tmp_path: Path, change: str
) -> None:
    built(database, tmp_path)
    with (
        pytest.raises(DBAPIError, match=r"draw_pool_frozen|draw_kept|frozen"),
        database.writing() as session,
    ):
        session.execute(text(change))


def test_quotas_changed_behind_the_rules_are_found_before_the_lottery(
    database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        first, _ = officers(session)
        draw = prepared(session, tmp_path, first)
        freeze_draw(session, act_of(first), draw_id=draw)
        forged = '[["sexe","femme",0,6,null,null],["sexe","homme",0,6,null,null]]'
        session.execute(text("UPDATE draws SET quotas = :q"), {"q": forged})
    with pytest.raises(BundleMismatchError):
        build_lottery(database, draw_id=draw, bundles=tmp_path / "bundles", clock=ticking())


def test_quotas_are_relaxed_by_a_signed_decision_before_freezing_only(
    database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        first, _ = officers(session)
        draw = prepared(session, tmp_path, first)
        before = find_draw(session, draw).quotas
        after = before.with_bounds(before.lower - (before.lower > 2), before.upper)
        with pytest.raises(DrawRefusedError):
            relax_quotas(session, act_of(first), draw_id=draw, quotas=after, reason=" ")
        with pytest.raises(DrawRefusedError):
            relax_quotas(
                session, act_of(first), draw_id=draw, quotas=after.resized(5), reason="moins"
            )
        relax_quotas(session, act_of(first), draw_id=draw, quotas=after, reason="trop peu d'hommes")
        decision = decisions_of(session, draw)[0]
        assert (decision.account, decision.reason) == (first.account, "trop peu d'hommes")
        assert decision.before.lower.tolist() != decision.after.lower.tolist()
        freeze_draw(session, act_of(first), draw_id=draw)
        with pytest.raises(DrawStateError):
            relax_quotas(session, act_of(first), draw_id=draw, quotas=before, reason="tard")


def test_cancelling_takes_two_officers_and_leaves_the_draw_to_see(
    database: Database, tmp_path: Path
) -> None:
    draw, first, second = built(database, tmp_path)
    with database.writing() as session:
        asked = cancel_draw(session, act_of(first), draw_id=draw, reason="fuite")
        assert asked is Cancellation.ASKED
    with pytest.raises(SameOfficerError), database.writing() as session:
        cancel_draw(session, act_of(first), draw_id=draw, reason="encore")
    with database.writing() as session:
        assert find_draw(session, draw).state is DrawState.BUILT
        done = cancel_draw(session, act_of(second), draw_id=draw, reason="d'accord")
        assert done is Cancellation.DONE
        assert find_draw(session, draw).state is DrawState.CANCELLED
        assert len(cancellations_of(session, draw)) == 2
        with pytest.raises(DrawStateError):
            enter_randomness(session, act_of(first), draw_id=draw, inputs={"number": "1"})
        with pytest.raises(DrawStateError):
            cancel_draw(session, act_of(first), draw_id=draw, reason="encore")


def test_only_draw_officers_run_draws(database: Database, tmp_path: Path) -> None:
    draw, _, _ = built(database, tmp_path)
    with database.writing() as session:
        clerk = officer(session, Role.SECRETARIAT)
        with pytest.raises(NotAllowedError):
            enter_randomness(session, act_of(clerk), draw_id=draw, inputs={"number": "1"})
        with pytest.raises(NotAllowedError):
            cancel_draw(session, act_of(clerk), draw_id=draw, reason="x")


def test_whoever_cannot_hold_the_mandate_is_kept_out_with_the_rule_as_reason(
    database: Database, tmp_path: Path
) -> None:
    read = draw_input(tmp_path)
    with database.writing() as session:
        first, _ = officers(session)
        elsewhere = body(session)
        senator = person(session, "Alix Dupré")
        start_mandate(
            session,
            act_of(),
            seat_id=seat(session, elsewhere, "elected"),
            person_id=senator,
            first=date(2026, 1, 15),
        )
        rows = (tmp_path / "people.csv").read_text("utf-8").splitlines()
        with_person = [f"{rows[0]},person", *(f"{row}," for row in rows[1:])]
        with_person[5] = f"{with_person[5]}{senator}"
        (tmp_path / "people.csv").write_text("\n".join(with_person), "utf-8")
        from sortition.files import read_problem  # noqa: PLC0415 -- the file was just rewritten

        again = read_problem(tmp_path / "features.csv", tmp_path / "people.csv", 6)
        where = body(session, first=date(2026, 5, 1), seats={"elected": 6, "citizens": 6})
        draw = prepare_draw(
            session,
            act_of(first, at=NOON - timedelta(days=200)),
            body_id=where,
            college="citizens",
            title="Tirage",
            pool=again.pool,
            quotas=again.quotas,
        )
        assert exclusions_of(session, draw) == ((5, "elected_elsewhere"),)
        assert 5 not in persons_of(session, draw)
        freeze_draw(session, act_of(first), draw_id=draw)
        view = find_draw(session, draw)
        assert len(frozen_pool(session, view)) == len(read.pool) - 1
    with database.reading() as session:
        assert find_person(session, senator).identity is not None


def test_a_draw_is_refused_for_seats_that_are_not_drawn(database: Database, tmp_path: Path) -> None:
    read = draw_input(tmp_path)
    with database.writing() as session:
        first, _ = officers(session)
        where = body(session, first=date(2026, 12, 1), seats={"elected": 5, "citizens": 5})
        for college in ("elected", "nobody", "citizens"):
            with pytest.raises(DrawRefusedError):
                prepare_draw(
                    session,
                    act_of(first),
                    body_id=where,
                    college=college,
                    title="Tirage",
                    pool=read.pool,
                    quotas=read.quotas,
                )


def test_one_run_at_a_time_and_a_silent_one_is_taken_over(
    database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        first, _ = officers(session)
        draw = prepared(session, tmp_path, first)
        freeze_draw(session, act_of(first), draw_id=draw)
        start_run(session, act_of(first), draw_id=draw)
    clock = ticking(NOON + timedelta(seconds=60))
    with pytest.raises(RunInProgressError):
        build_lottery(database, draw_id=draw, bundles=tmp_path / "bundles", clock=clock)
    late = ticking(NOON + timedelta(seconds=180))
    build_lottery(database, draw_id=draw, bundles=tmp_path / "bundles", clock=late)
    with database.reading() as session:
        assert [run.outcome for run in runs_of(session, draw)] == ["dead", "done"]
        assert find_draw(session, draw).state is DrawState.BUILT


def test_the_database_refuses_two_runs_at_work(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        first, _ = officers(session)
        draw = prepared(session, tmp_path, first)
        freeze_draw(session, act_of(first), draw_id=draw)
        start_run(session, act_of(first), draw_id=draw)
    with (
        pytest.raises(DBAPIError, match=r"uq_draw_runs_at_work|draw_runs.draw_id"),
        database.writing() as session,
    ):
        session.execute(
            text(
                "INSERT INTO draw_runs (draw_id, started_at, heartbeat_at, label, done,"
                " cancel_asked) SELECT draw_id, started_at, heartbeat_at, '', 0, cancel_asked"
                " FROM draw_runs"
            )
        )


def test_a_run_stops_when_an_officer_asks_and_leaves_no_bundle(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        first, _ = officers(session)
        draw = prepared(session, tmp_path, first)
        freeze_draw(session, act_of(first), draw_id=draw)

    def asking(*_: object, progress: object, **__: object) -> None:
        with database.writing() as session:
            ask_to_stop(session, act_of(first), draw_id=draw)
        progress.start("Panels", 10)  # type: ignore[attr-defined]

    monkeypatch.setattr("assemblies.draws.building.solve", asking)
    with pytest.raises(CancelledError):
        build_lottery(database, draw_id=draw, bundles=tmp_path / "bundles", clock=ticking())
    with database.reading() as session:
        assert [run.outcome for run in runs_of(session, draw)] == ["cancelled"]
        assert find_draw(session, draw).state is DrawState.FROZEN
    assert not (tmp_path / "bundles").exists()
    monkeypatch.undo()
    build_lottery(database, draw_id=draw, bundles=tmp_path / "bundles", clock=ticking())


def test_two_officers_who_proclaim_at_once_proclaim_once(
    new_postgres_url: Callable[[], str], tmp_path: Path
) -> None:
    url = new_postgres_url()
    database = open_database(url)
    draw, first, second = built(database, tmp_path)
    agree(database, draw, "17", first, second)
    start = threading.Barrier(4)
    results: list[str] = []

    def proclaim(actor: object) -> None:
        own = open_database(url)
        start.wait()
        try:
            with own.writing() as session:
                proclaim_panel(
                    session,
                    act_of(actor),  # type: ignore[arg-type]
                    draw_id=draw,
                    bundles=tmp_path / "bundles",
                )
            results.append("done")
        except DrawStateError:
            results.append("refused")
        finally:
            own.engine.dispose()

    threads = [threading.Thread(target=proclaim, args=(a,)) for a in (first, second) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "refused", "refused", "refused"]
    with database.reading() as session:
        assert len(panel_of(session, draw)) == 6
        assert verify(session) == []
    database.engine.dispose()
