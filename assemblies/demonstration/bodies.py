"""Setting up the bodies of the demonstration and filling their seats: members, draws, calls."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import data
from assemblies.calls.actions import (
    accept_seat,
    decline_seat,
    open_calls,
    open_replacement,
    record_attempt,
)
from assemblies.calls.queries import to_replace
from assemblies.calls.rules import Attempt, Outcome
from assemblies.composition.actions import set_up_body
from assemblies.composition.rules import BodyPlan
from assemblies.composition.templates import load_template
from assemblies.demonstration.stage import Stage
from assemblies.draws.actions import freeze_draw, prepare_draw
from assemblies.draws.building import build_lottery
from assemblies.draws.proclaiming import enter_randomness, proclaim_panel
from assemblies.draws.queries import find_draw
from assemblies.mandates.members_file import import_members
from sortition.files import DrawInput, read_problem
from sortition.targets import parse_tolerance, targets, write_quota_file

REFUSALS = 0.06  # of the people called: about what recent conventions met once they had agreed
HOME = ("address", "postcode")
GIVEN = ("Camille", "Noor", "Alix", "Sacha", "Yann", "Inès", "Jean", "Fatou", "Lou", "Hugo")
FAMILY = ("Exemple", "Fictif", "Modèle", "Essai", "Témoin", "Schéma", "Spécimen", "Canevas")
SYLLABLES = ("ard", "eau", "ier", "ot", "on", "in", "et", "al", "ec", "ane")


@dataclass(frozen=True)
class Setting:
    """A body to play: what it is, its seats, and the pool of its drawn college."""

    key: str
    name: str
    first: date
    last: date | None
    seats: Mapping[str, int]
    answers: Mapping[str, tuple[str, str]]
    pool: Path
    features: str | Path
    """Criteria to compute quotas from, or the quota file itself."""


def found_body(stage: Stage, setting: Setting) -> int:
    """Set a body up six weeks ahead, seat its elected and appointed members, draw the others."""
    stage.at(setting.first - timedelta(days=60))
    plan = BodyPlan(
        setting.name, setting.first, dict(setting.seats), dict(setting.answers), setting.last
    )
    with stage.writing() as session:
        body = set_up_body(session, stage.act("secretariat-1"), template=setting.key, plan=plan)
    _seat_others(stage, setting, body)
    drawn = _drawn_college(setting)
    if drawn is not None:
        _draw_and_call(stage, setting, body, drawn)
    return body


def _drawn_college(setting: Setting) -> str | None:
    template = load_template(setting.key, on=setting.first)
    return next((c.key for c in template.colleges if c.mode == "drawn"), None)


def _seat_others(stage: Stage, setting: Setting, body: int) -> None:
    """Import the members of the colleges that are not drawn from a file, as an office would."""
    colleges = [key for key in setting.seats if key != _drawn_college(setting)]
    rows = ["college;family_name;given_name;email;birth_date"]
    for college in colleges:
        for number in range(setting.seats[college]):
            given, family = invented_name(stage, body, len(rows))
            born = date(1950, 1, 1) + timedelta(days=int(stage.chance.integers(0, 16_000)))
            address = f"membre-{body}-{college}-{number + 1}@example.org"
            rows.append(f"{college};{family};{given};{address};{born}")
    with tempfile.TemporaryDirectory() as folder, stage.writing() as session:
        path = Path(folder) / "membres.csv"
        path.write_text("\n".join(rows) + "\n", "utf-8")
        import_members(
            session, stage.act("secretariat-1"), body_id=body, path=path, first=setting.first
        )


def invented_name(stage: Stage, body: int, row: int) -> tuple[str, str]:
    """Return an invented name that nobody else of the demonstration bears."""
    given = GIVEN[int(stage.chance.integers(len(GIVEN)))]
    first, second = row % len(FAMILY), row // len(FAMILY)
    ending = SYLLABLES[second % len(SYLLABLES)] + SYLLABLES[second // len(SYLLABLES) % 10]
    return given, f"{FAMILY[first]}{ending}-{SYLLABLES[body % 10]}{body}"


def _draw_and_call(stage: Stage, setting: Setting, body: int, college: str) -> None:
    read = _read(setting, setting.seats[college])
    with stage.writing() as session:
        draw = prepare_draw(
            session,
            stage.act("tirage-1"),
            body_id=body,
            college=college,
            title=f"Tirage au sort, {setting.name}",
            pool=read.pool,
            quotas=read.quotas,
        )
        freeze_draw(session, stage.act("tirage-1"), draw_id=draw)
    proclaim(stage, draw)
    call_everybody(stage, draw, setting.first)
    with stage.writing() as session:
        left = to_replace(session, draw)
    if left:
        stage.now += timedelta(days=14)
        replace_those_left(stage, draw, setting.first)


def _read(setting: Setting, size: int) -> DrawInput:
    """Read the pool under quotas of the reference tables, computed for this panel."""
    with tempfile.TemporaryDirectory() as folder:
        features = Path(folder) / "features.csv"
        if isinstance(setting.features, Path):
            features = setting.features
        else:
            computed = targets(
                size=size,
                population="france",
                base="16+",
                features=tuple(setting.features.split(",")),
                tolerance=parse_tolerance("1"),
            )
            features.write_text(write_quota_file(computed), "utf-8")
        return read_problem(features, setting.pool, size, household_columns=HOME)


def proclaim(stage: Stage, draw: int) -> None:
    """Build the lottery of a draw, have two officers type the number, proclaim the panel."""
    build_lottery(stage.database, draw_id=draw, bundles=stage.bundles, clock=stage.clock)
    with stage.writing() as session:
        certificate = find_draw(session, draw).certificate or {}
        number = str(int(stage.chance.integers(int(certificate["panels"]))))
    for officer in ("tirage-1", "tirage-2"):
        with stage.writing() as session:
            enter_randomness(session, stage.act(officer), draw_id=draw, inputs={"number": number})
    with stage.writing() as session:
        proclaim_panel(session, stage.act("tirage-1"), draw_id=draw, bundles=stage.bundles)


def call_everybody(stage: Stage, draw: int, first: date) -> None:
    """Call the people drawn: most accept, some do not."""
    with stage.writing() as session:
        for call in open_calls(session, stage.act("secretariat-1"), draw_id=draw):
            spoke = stage.chance.random()
            record_attempt(
                session,
                stage.act("secretariat-2"),
                call_id=call,
                result=Attempt.SPOKE if spoke < 0.6 else Attempt.MESSAGE_LEFT,
            )
            if stage.chance.random() < REFUSALS:
                decline_seat(
                    session, stage.act("secretariat-2"), call_id=call, outcome=Outcome.REFUSED
                )
            else:
                accept_seat(session, stage.act("secretariat-2"), call_id=call, first=first)


def replace_those_left(stage: Stage, draw: int, first: date) -> None:
    """Draw whoever fills the seats left, until nobody declines or three draws have been held."""
    for _ in range(3):
        with stage.writing() as session:
            if not to_replace(session, draw):
                return
            again = open_replacement(
                session, stage.act("tirage-2"), draw_id=draw, bundles=stage.bundles
            )
        proclaim(stage, again)
        call_everybody(stage, again, max(first, stage.now.date()))
        stage.now += timedelta(days=2)


def samples(folder: Path) -> dict[str, Path]:
    """Copy the invented pools of ``data`` out, the climate one cut in slices of 270 people."""
    made = {}
    for name in ("constituent", "climate"):
        path = folder / f"{name}.csv"
        path.write_bytes(data.resource(f"samples/{name}/people.csv").read_bytes())
        made[name] = path
    features = folder / "constituent_features.csv"
    features.write_bytes(data.resource("samples/constituent/features.csv").read_bytes())
    made["constituent_features"] = features
    head, *rows = made["climate"].read_text("utf-8").splitlines()
    for number in range(11):
        path = folder / f"slice-{number}.csv"
        path.write_text("\n".join([head, *rows[number::11]]) + "\n", "utf-8")
        made[f"slice-{number}"] = path
    return made
