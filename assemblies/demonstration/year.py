"""The year itself: bodies founded, sittings held, members who come, leave and are replaced."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from assemblies.accounts.actions import grant_role, open_account
from assemblies.accounts.queries import actor_on
from assemblies.accounts.rules import Role, RoleGrant
from assemblies.ballots.actions import cast_vote, close_round, open_ballot, proclaim_elected
from assemblies.ballots.rules import BLANK, Mode, Verdict
from assemblies.calendar import next_working_day
from assemblies.database import Database
from assemblies.demonstration.bodies import (
    Setting,
    found_body,
    replace_those_left,
    samples,
)
from assemblies.demonstration.stage import Stage, hire
from assemblies.draws.queries import draws_of
from assemblies.journal.rules import Actor
from assemblies.mandates.actions import end_mandate, resume_mandate, suspend_mandate
from assemblies.mandates.queries import members_on
from assemblies.mandates.rules import EndReason
from assemblies.people.actions import attach_account
from assemblies.sittings.actions import (
    Arrival,
    convoke,
    record_attendance,
    set_sitting,
    sitting_span,
)
from assemblies.sittings.rules import AgendaItem, Kind, Span

AGENDA = (
    AgendaItem("Ouverture et approbation du procès-verbal", 15),
    AgendaItem("Auditions", 90),
    AgendaItem("Débat et votes", 90),
    AgendaItem("Questions diverses", 30),
)
SHORT = (AgendaItem("Travaux du groupe", 120),)
PRESENT = 0.9  # of the members, at a sitting
CONSTITUENT, COUNCIL = 300, 60
GROUPS = 20
WHO = ("residents_16", "le vivier invité a seize ans et plus")


@dataclass(frozen=True)
class Summary:
    """What a demonstration holds."""

    bodies: Mapping[str, int]
    sittings: int
    half_days: int


def fill_year(
    database: Database,
    *,
    bundles: Path,
    first: date,
    seed: int,
    commissions: int = 10,
    assembly: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> Summary:
    """Fill an empty database with a year that begins on a day; the same seed, the same year.

    A council of 60, commissions of 30 and, unless left out, a constituent assembly of 600. The
    bundles of the draws go to a folder. Nothing is written behind the rules: every row is an act of somebody.
    """
    stage = Stage(database, bundles, np.random.default_rng(seed), say)
    hire(stage, first - timedelta(days=90))
    with tempfile.TemporaryDirectory() as folder:
        pools = samples(Path(folder))
        bodies = {}
        council, constituent, *evaluations = _settings(pools, first, commissions)
        for setting in (council, *([constituent] if assembly else []), *evaluations):
            bodies[setting.name] = found_body(stage, setting)
            say(f"{setting.name}: {sum(setting.seats.values())} sièges")
    _elect_officers(stage, bodies[council.name], first)
    counted = [_sit(stage, bodies[council.name], first, weeks=50, groups=4)]
    if assembly:
        counted.append(_sit(stage, bodies[constituent.name], first, weeks=38, groups=GROUPS))
    for place, setting in enumerate(evaluations):
        start = first + timedelta(weeks=2 * place)
        counted.append(_sit(stage, bodies[setting.name], start, weeks=26, groups=3))
    say("séances tenues")
    _departures(stage, bodies[council.name], first)
    if assembly:
        _departures(stage, bodies[constituent.name], first)
    sittings, half_days = (sum(pair) for pair in zip(*counted, strict=True))
    return Summary(bodies, sittings, half_days)


def _settings(pools: Mapping[str, Path], first: date, commissions: int) -> Sequence[Setting]:
    council = Setting(
        "cid",
        "Conseil de l'innovation démocratique",
        first,
        date(first.year + 10, first.month, first.day) - timedelta(days=1),
        {"administrations": 6, "civil_society": 24, "citizens": 30},
        {
            "representative": WHO,
            "ballot_rounds": ("two", "règlement intérieur"),
            "ballot_tie": ("eldest", "règlement intérieur"),
        },
        pools["slice-10"],
        "sex,age,commune_type",
    )
    assembly = Setting(
        "constituent",
        "Assemblée constituante mixte",
        first,
        None,
        {"elected": CONSTITUENT, "citizens": CONSTITUENT},
        {"representative": ("residents_18", "le vivier invité a dix-huit ans et plus")},
        pools["constituent"],
        pools["constituent_features"],
    )
    evaluations = [
        Setting(
            "law_evaluation",
            f"Commission d'évaluation n° {number + 1}",
            first + timedelta(weeks=2 * number),
            first + timedelta(weeks=2 * number + 30),
            {"elected": 15, "citizens": 15},
            {"representative": WHO, "clock": ("main_publication", "le décret principal")},
            pools[f"slice-{number}"],
            "sex,age,commune_type",
        )
        for number in range(commissions)
    ]
    return (council, assembly, *evaluations)


def _elect_officers(stage: Stage, body: int, first: date) -> None:
    """Have the council elect its president and vice-president on screen."""
    stage.at(next_working_day(first + timedelta(days=3)), 14)
    voters = _give_accounts(stage, body)
    candidates = list(voters)[:4]
    for office in ("president", "vice_president"):
        standing = candidates[:3] if office == "president" else candidates[1:]
        with stage.writing() as session:
            ballot = open_ballot(
                session,
                stage.act("secretariat-1"),
                body_id=body,
                office=office,
                candidates=standing,
                mode=Mode.SCREEN,
            )
        verdict = Verdict.NEXT_ROUND
        while verdict is not Verdict.ELECTED:
            with stage.writing() as session:
                for actor in voters.values():
                    weights = np.arange(len(standing), 0, -1) + 0.0
                    chosen = stage.chance.choice(standing, p=weights / weights.sum())
                    blank = stage.chance.random() < 0.05
                    choice = BLANK if blank else int(chosen)
                    cast_vote(session, stage.act(actor), ballot_id=ballot, choice=choice)
                outcome = close_round(session, stage.act("secretariat-1"), ballot_id=ballot)
                verdict, standing = outcome.verdict, list(outcome.standing) or standing
        with stage.writing() as session:
            proclaim_elected(session, stage.act("secretariat-1"), ballot_id=ballot)


def _give_accounts(stage: Stage, body: int) -> dict[int, Actor]:
    """Open an account for every member of a body; return the actors by mandate."""
    on = stage.now.date()
    found = {}
    with stage.writing() as session:
        for member in members_on(session, body, on=on):
            number = open_account(
                session, stage.act("administration"), email=f"membre-{member.id}@example.org"
            )
            grant_role(
                session,
                stage.act("administration"),
                account_id=number,
                grant=RoleGrant(Role.MEMBER, on),
            )
            attach_account(
                session,
                stage.act("administration"),
                person_id=member.person_id,
                account_id=number,
            )
            found[member.id] = actor_on(session, number, on=on)
    return found


def _sit(stage: Stage, body: int, first: date, *, weeks: int, groups: int) -> tuple[int, int]:
    """Hold a plenary and the sittings of the groups each week; return their counts."""
    sittings = half_days = 0
    for week in range(1, weeks):
        day = next_working_day(first + timedelta(weeks=week))
        plans: list[tuple[Kind, int, int | None]] = [(Kind.PLENARY, 9, None)]
        plans += [(Kind.GROUP, 14, group) for group in range(groups)]
        with stage.writing() as session:
            members = [m.id for m in members_on(session, body, on=day)]
            for kind, hour, group in plans:
                stage.at(day - timedelta(days=8), 11)
                span = sitting_span(day, hour, 13 if group is None else 17)
                sitting = set_sitting(
                    session,
                    stage.act("secretariat-1"),
                    body_id=body,
                    kind=kind,
                    span=span,
                    place="Palais d'Iéna, Paris" if group is None else f"Salle {group + 1}",
                )
                agenda = AGENDA if group is None else SHORT
                convoke(session, stage.act("secretariat-1"), sitting_id=sitting, agenda=agenda)
                stage.at(day, 18)
                due = members if group is None else members[group::groups]
                half_days += record_attendance(
                    session,
                    stage.act("secretariat-2"),
                    sitting_id=sitting,
                    arrivals=_arrivals(stage, due, span),
                )
                sittings += 1
    return sittings, half_days


def _arrivals(stage: Stage, members: Sequence[int], span: Span) -> list[Arrival]:
    """Return who comes, most of them on time, a few by video, a few late or leaving early."""
    found = []
    chances = stage.chance.random((len(members), 3))
    for member, (comes, late, remote) in zip(members, chances, strict=True):
        if comes < PRESENT:
            start = span.start + timedelta(minutes=45) if late < 0.1 else span.start
            end = span.end - timedelta(minutes=60) if late > 0.95 else span.end
            found.append(Arrival(member, Span(start, end), is_remote=bool(remote < 0.08)))
    return found


def _departures(stage: Stage, body: int, first: date) -> None:
    """Have some citizens leave and be replaced, and one suspended for a time."""
    day = first + timedelta(weeks=20)
    stage.at(day)
    with stage.writing() as session:
        citizens = members_on(session, body, on=day, college="citizens")
        leaving = stage.chance.choice([m.id for m in citizens], size=3, replace=False)
        for number, reason in zip(leaving, EndReason, strict=False):
            end_mandate(
                session,
                stage.act("secretariat-1"),
                mandate_id=int(number),
                last=day,
                reason=reason,
            )
        staying = next(m for m in citizens if m.id not in leaving)
        suspend_mandate(
            session,
            stage.act("secretariat-1"),
            mandate_id=staying.id,
            first=day + timedelta(days=7),
        )
        resume_mandate(
            session,
            stage.act("secretariat-1"),
            mandate_id=staying.id,
            first=day + timedelta(days=35),
        )
        (draw,) = (d.id for d in draws_of(session, body) if d.root is None)
    replace_those_left(stage, draw, day + timedelta(days=21))
