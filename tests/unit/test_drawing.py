"""A draw happens once, on what was frozen, whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sortition import drawing
from sortition.atomic import add_files
from sortition.bundle import read_bundle
from sortition.drawing import draw
from sortition.drawn_number import DrawInputs, map_to_panel
from sortition.errors import BundleError, RandomnessError
from sortition.quotas import Quotas
from tests.frozen_bundles import freeze_by_hand, one_level_of_couples, two_groups

WRITTEN = (
    "private/panel.csv",
    "private/alternates.csv",
    "witness/alternates.csv",
    "public/draw.sha256",
    "public/draw.json",
)
NUMBER = DrawInputs(number="3")
FILES_OPEN = Path("/proc/self/fd")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return freeze_by_hand(tmp_path / "bundle").path


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_panel_of_the_number_is_drawn_and_recorded(path: Path) -> None:
    record = draw(path, NUMBER, drawn_at="2026-12-05 20:30", officers=["A. Un", "B. Deux"])
    bundle = read_bundle(path)
    assert record.panel == bundle.panel(3)
    assert bundle.is_drawn
    assert bundle.draw() == {
        "format": "kleroterion-draw/1",
        "manifest_digest": bundle.digest,
        "randomness": {
            "kind": "number",
            "inputs": {"number": "3"},
            "steps": {"key": "3", "hashes": []},
        },
        "number": 3,
        "panel": list(bundle.panel(3)),
        "alternates_digest": hashlib.sha256(
            (path / "witness/alternates.csv").read_bytes()
        ).hexdigest(),
        "alternates_per_seat": 5,
        "drawn_at": "2026-12-05 20:30",
        "officers": ["A. Un", "B. Deux"],
    }
    assert record.digest == hashlib.sha256((path / "public/draw.json").read_bytes()).hexdigest()
    assert (path / "public/draw.sha256").read_text() == f"{record.digest}\n"


def test_the_record_is_canonical_json(path: Path) -> None:
    draw(path, NUMBER, officers=["Zoë"])
    text = (path / "public/draw.json").read_text("utf-8")
    parsed = json.loads(text)
    assert text == json.dumps(parsed, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def test_the_secretariat_gets_the_panel_with_all_it_knows_of_it(path: Path) -> None:
    record = draw(path, NUMBER)
    names = read_bundle(path).respondents()
    panel = rows(path / "private/panel.csv")
    assert [row["respondent"] for row in panel] == sorted(names[token] for token in record.panel)
    everybody = {row["respondent"]: row for row in rows(path / "private/respondents.csv")}
    assert all(row == everybody[row["respondent"]] for row in panel)
    assert list(panel[0]) == ["respondent", "sexe", "âge", "email"]


def test_alternates_are_the_same_under_tokens_and_under_names(path: Path) -> None:
    record = draw(path, NUMBER)
    names = read_bundle(path).respondents()
    tokens = rows(path / "witness/alternates.csv")
    assert [(row["seat"], int(row["rank"]), row["token"]) for row in tokens] == list(
        record.alternates
    )
    assert [row["seat"] for row in tokens] == sorted(row["seat"] for row in tokens)
    private = [tuple(row.values()) for row in rows(path / "private/alternates.csv")]
    assert set(private) == {
        (names[seat], str(rank), names[token]) for seat, rank, token in record.alternates
    }
    assert len(private) == len(tokens) > 0
    assert all(1 <= int(row["rank"]) <= 5 for row in tokens)
    assert {row["seat"] for row in tokens} <= set(record.panel)
    assert not {row["token"] for row in tokens} & set(record.panel)


def test_ten_alternates_and_more_stay_in_the_order_of_their_ranks(tmp_path: Path) -> None:
    solution = two_groups(people=(20, 20), couples=0)
    path = freeze_by_hand(tmp_path / "bundle", solution).path
    assert draw(path, NUMBER, depth=12).alternates_per_seat == 12
    ranks = [int(row["rank"]) for row in rows(path / "private/alternates.csv")]
    assert ranks == list(range(1, 13)) * 4
    assert [int(row["rank"]) for row in rows(path / "witness/alternates.csv")] == ranks


def test_the_order_of_alternates_hangs_on_the_number_drawn(tmp_path: Path) -> None:
    """Panels that are equal under two numbers still have different alternates."""
    solution = two_groups(people=(12, 12), couples=0, panels=12)
    orders = []
    for number in ("0", "6"):
        path = freeze_by_hand(tmp_path / number, solution).path
        assert np.array_equal(solution.panels[0], solution.panels[6])
        orders.append(draw(path, DrawInputs(number=number)).alternates)
    assert orders[0] != orders[1]


def test_the_same_draw_of_the_same_bundle_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        freeze_by_hand(tmp_path / name)
        draw(tmp_path / name, NUMBER)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_draw_changes_nothing_that_was_frozen(path: Path) -> None:
    before = contents(path)
    draw(path, NUMBER)
    after = contents(path)
    assert set(after) == {*before, *WRITTEN}
    assert {name: after[name] for name in before} == before


def test_sources_announced_lead_to_their_number(tmp_path: Path) -> None:
    plan = {"kind": "sources", "sources": ["Loto", "Keno"]}
    bundle = freeze_by_hand(tmp_path / "bundle", randomness_plan=plan)
    record = draw(bundle.path, DrawInputs(values={"Keno": "7", "Loto": "3 1 2"}))
    assert record.drawn.key == "1.2.3./7./"
    assert record.number == map_to_panel(bundle.digest, "1.2.3./7./", 12)[0]
    assert record.panel == bundle.panel(record.number)


def test_the_secret_files_are_for_their_owner_only(path: Path) -> None:
    draw(path, NUMBER)
    for name in WRITTEN:
        mode = (path / name).stat().st_mode & 0o777
        assert mode == (0o600 if name.startswith("private/") else 0o644)


def test_a_draw_is_never_rerun(path: Path) -> None:
    draw(path, NUMBER)
    before = contents(path)
    for inputs in (NUMBER, DrawInputs(number="4"), DrawInputs(text="x")):
        with pytest.raises(BundleError, match=r"already drawn: panel 3\. A draw is never rerun"):
            draw(path, inputs)
    assert contents(path) == before


def test_inputs_that_were_not_announced_draw_nothing(path: Path) -> None:
    before = contents(path)
    with pytest.raises(RandomnessError, match="There is no panel 12"):
        draw(path, DrawInputs(number="12"))
    with pytest.raises(RandomnessError, match="Not announced"):
        draw(path, DrawInputs(text="x"))
    assert contents(path) == before


@pytest.mark.parametrize(
    "name",
    [
        "public/AUDIT.txt",
        "public/panels.csv",
        "public/probabilities.csv",
        "public/quotas.csv",
        "public/commitments.csv",
        "public/composition.csv",
        "public/certificate.json",
        "witness/openings.csv",
        "witness/exclusions.csv",
        "private/tokens.csv",
    ],
)
def test_a_bundle_with_a_changed_byte_is_not_drawn(path: Path, name: str) -> None:
    content = bytearray((path / name).read_bytes())
    content[-1] ^= 1
    (path / name).write_bytes(content)
    before = contents(path)
    with pytest.raises(BundleError, match=f"not what was frozen: {name} was changed"):
        draw(path, NUMBER)
    assert contents(path) == before


def test_every_missing_or_changed_file_is_named_at_once(path: Path) -> None:
    (path / "public/panels.csv").unlink()
    (path / "public/quotas.csv").write_text("")
    with pytest.raises(
        BundleError, match=r"panels.csv cannot be read \(.*\), public/quotas.csv was"
    ):
        draw(path, NUMBER)


def test_a_changed_manifest_is_not_drawn(path: Path) -> None:
    manifest = path / "public/manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"panels": 12', '"panels": 13'))
    with pytest.raises(BundleError, match=r"does not match public/digest\.txt"):
        draw(path, NUMBER)


def test_a_folder_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="cannot be read"):
        draw(tmp_path / "nothing", NUMBER)


def test_a_frozen_table_with_a_wrong_panel_is_found_before_anything_is_recorded(
    tmp_path: Path,
) -> None:
    solution = two_groups()
    women = np.flatnonzero(solution.pool.membership[:6, 0] == 0)
    solution.panels[3] = [*women[2:5], 7]  # three women and a man
    bundle = freeze_by_hand(tmp_path / "quota", solution)
    with pytest.raises(BundleError, match="breaks a quota"):
        draw(bundle.path, NUMBER)
    loose = Quotas(4, tuple(replace(quota, lower=0) for quota in solution.quotas.quotas))
    bundle = freeze_by_hand(tmp_path / "upper", replace(solution, quotas=loose))
    with pytest.raises(BundleError, match="breaks a quota"):
        draw(bundle.path, NUMBER)
    couples = one_level_of_couples()
    couples.panels[3] = [0, 1, 2]  # a whole couple
    bundle = freeze_by_hand(tmp_path / "household", couples)
    with pytest.raises(BundleError, match="two members of one household"):
        draw(bundle.path, NUMBER)
    assert not bundle.is_drawn


class Cut(BaseException):
    """A stop that no code of ours expects."""


@pytest.mark.parametrize("step", range(5))
def test_a_draw_interrupted_at_any_step_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    before, steps = contents(path), iter(range(5))
    rename = Path.rename

    def rename_or_stop(self: Path, target: Path) -> Path:
        if next(steps) == step:
            raise Cut
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename_or_stop)
        with pytest.raises(Cut):
            draw(path, NUMBER)
    assert contents(path) == before
    assert draw(path, DrawInputs(number="4")).number == 4


KILLED = """
import os, pathlib, sys
from sortition.drawing import draw
from sortition.drawn_number import DrawInputs
steps, rename = iter(range(5)), pathlib.Path.rename
def rename_or_die(self, target):
    if next(steps) == int(sys.argv[2]):
        os._exit(9)
    return rename(self, target)
pathlib.Path.rename = rename_or_die
draw(pathlib.Path(sys.argv[1]), DrawInputs(number="3"))
"""


@pytest.mark.parametrize("step", range(6))
def test_a_draw_killed_at_any_step_leaves_no_draw_or_a_whole_one(path: Path, step: int) -> None:
    command = [sys.executable, "-c", KILLED, str(path), str(step)]
    ended = subprocess.run(command, check=False, capture_output=True)
    assert ended.returncode == (0 if step == 5 else 9), ended.stderr
    left = {name for name in WRITTEN if (path / name).exists()}
    assert left == set(WRITTEN[:step])
    assert read_bundle(path).is_drawn == (step == 5)
    if step < 5:  # what is left over is replaced by the next draw, and is of that draw alone
        record = draw(path, DrawInputs(number="4"))
        assert (path / "witness/alternates.csv").read_bytes() == record.alternates_table
        assert read_bundle(path).draw()["number"] == 4
    assert {p.name for p in path.iterdir()} == {"public", "witness", "private"}


def test_of_two_draws_at_once_the_first_counts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(*args: Any) -> None:
        started.set()
        go_on.wait(10)
        add_files(*args)

    monkeypatch.setattr(drawing, "add_files", slow)
    first = threading.Thread(target=draw, args=(path, NUMBER))
    first.start()
    started.wait(10)
    failures: list[BaseException] = []

    def late() -> None:
        try:
            draw(path, DrawInputs(number="4"))
        except BundleError as error:
            failures.append(error)

    second = threading.Thread(target=late)
    second.start()
    second.join(0.2)
    assert second.is_alive()  # it waits
    go_on.set()
    first.join(10)
    second.join(10)
    assert "already drawn: panel 3" in str(failures[0])
    assert read_bundle(path).draw()["number"] == 3


@pytest.mark.skipif(not FILES_OPEN.exists(), reason="no way to count open files")
def test_the_lock_is_given_back(path: Path) -> None:
    before = sum(1 for _ in FILES_OPEN.iterdir())
    draw(path, NUMBER)
    with pytest.raises(BundleError):
        draw(path, NUMBER)
    assert sum(1 for _ in FILES_OPEN.iterdir()) == before
