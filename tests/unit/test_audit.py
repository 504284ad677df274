"""The audit passes what is true, and names the first lie, even one sealed with care."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sortition import audit as audit_module
from sortition.audit import SENTENCES, Report, as_json, as_text, audit, main
from sortition.bundle import Bundle, freeze, read_bundle
from sortition.canonical import csv_bytes, digest, json_bytes
from sortition.drand import DrandRound
from sortition.drawing import draw
from sortition.drawn_number import DrawInputs
from sortition.probabilities import Level
from sortition.receipts import receipt
from sortition.tokens import commitment
from sortition.vacancies import find_vacancies
from tests.frozen_bundles import (
    SECRET,
    SOFTWARE,
    HandSolution,
    Shutout,
    freeze_by_hand,
    one_level_of_couples,
    one_seat,
    reseal,
    reseal_draw,
    two_groups,
)

SOURCE = Path(audit_module.__file__)
Rows = list[list[str]]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that every test copies: copying is faster than freezing."""
    return freeze_by_hand(tmp_path_factory.mktemp("frozen") / "b").path


@pytest.fixture(scope="module")
def frozen_and_drawn(frozen: Path) -> Path:
    """Its copy, drawn by hand."""
    path = frozen.with_name("drawn")
    shutil.copytree(frozen, path)
    draw(path, DrawInputs(number="07"), drawn_at="2026-06-02 18:00", officers=["A", "B"])
    return path


@pytest.fixture
def folder(frozen: Path, tmp_path: Path) -> Path:
    """A bundle that is not drawn yet."""
    return Path(shutil.copytree(frozen, tmp_path / "b"))


@pytest.fixture
def drawn(frozen_and_drawn: Path, tmp_path: Path) -> Path:
    """A bundle drawn by hand."""
    return Path(shutil.copytree(frozen_and_drawn, tmp_path / "b"))


def lie_of(folder: Path, **options: Any) -> tuple[str, str]:
    """Return the lie found and its place; fail when there is none."""
    report = audit(folder, **options)
    assert report.lie is not None, as_text(report, "en")
    check_spoken(report)
    return report.lie.lie, report.lie.where


def found_true(folder: Path, **options: Any) -> Report:
    report = audit(folder, **options)
    assert report.lie is None, as_text(report, "en")
    check_spoken(report)
    return report


def check_spoken(report: Report) -> None:
    for language in ("fr", "en"):
        text = as_text(report, language)
        assert not re.search("{[a-z_]+[:}]", text)
        assert {mark for mark in text if not mark.isprintable()} <= {"\n", "\u202f"}
        json.dumps(as_json(report, language))


def names_of(entries: list[tuple[int, str, dict[str, Any]]]) -> list[str]:
    return [check for _, check, _ in entries]


def change_table(path: Path, change: Callable[[Rows], object]) -> None:
    """Change the rows of a table (its header is row 0)."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    change(rows)
    path.write_bytes(csv_bytes(rows[0], rows[1:]))


def change_json(path: Path, change: Callable[[Any], object]) -> None:
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_bytes(json_bytes(content))


def put(row: int, column: int, cell: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        assert rows[row][column] != cell
        rows[row][column] = cell

    return change


def set_level(number: int, **entries: Any) -> Callable[[Any], None]:
    return lambda certificate: certificate["levels"][number].update(entries)


# --- What is true passes ---


def test_a_true_draw_passes_with_all_its_parts(drawn: Path) -> None:
    report = found_true(drawn, private=True, digest=read_bundle(drawn).digest.upper())
    assert names_of(report.checked) == [
        "seal", "rules", "pool", "lottery", "chances", "composition", "levels", "openings",
        "quotas", "households", "certificate", "draw_number", "alternates", "published",
        "private",
    ]  # fmt: skip
    assert names_of(report.unchecked) == ["seed", "not_shut_out"]


def test_public_alone_passes_and_says_what_is_missing(drawn: Path) -> None:
    shutil.rmtree(drawn / "witness")
    shutil.rmtree(drawn / "private")
    report = found_true(drawn)
    assert names_of(report.checked)[-1] == "draw_number"
    assert names_of(report.unchecked) == ["seed", "no_witness", "not_published"]


def test_a_bundle_not_drawn_yet_passes(folder: Path) -> None:
    assert "no_draw" in names_of(found_true(folder).unchecked)


def test_households_can_prove_a_ceiling(tmp_path: Path) -> None:
    report = found_true(freeze_by_hand(tmp_path / "b", one_level_of_couples()).path)
    told = {check: figures for _, check, figures in report.checked}
    assert told["certificate"]["ceiling"] == Fraction(1, 2)
    assert told["certificate"]["gap"] == 0


def test_the_figures_are_those_of_the_solution(tmp_path: Path) -> None:
    solution = two_groups()
    report = found_true(freeze_by_hand(tmp_path / "b", solution).path)
    told = {check: figures for _, check, figures in report.checked}
    assert told["chances"]["minimum"] == solution.min_probability
    assert told["chances"]["error"] == solution.max_error_seats
    assert told["certificate"]["gap"] == solution.bound - solution.min_probability
    assert told["quotas"]["checks"] == 12 * 5


def test_people_shut_out_by_a_quota_are_proved_so(tmp_path: Path) -> None:
    report = found_true(freeze_by_hand(tmp_path / "b", two_groups(never_whole=0)).path)
    assert "exclusions" in names_of(report.checked)
    assert "not_shut_out" not in names_of(report.unchecked)


def test_nobody_shut_out_needs_no_sentence(tmp_path: Path) -> None:
    solution = two_groups(never_whole=0, shut_out=0)
    report = found_true(freeze_by_hand(tmp_path / "b", solution).path)
    assert "exclusions" not in names_of(report.checked)


def test_a_chance_of_one_needs_no_multiplier(tmp_path: Path) -> None:
    """At the last level nothing may bind any more: all multipliers are 0 and so is each r."""
    solution = two_groups(people=(2, 9), seats=(2, 2), shut_out=0, never_whole=0, couples=0)
    levels = solution.probabilities.levels
    assert levels[1].value == 10**15
    idle = replace(levels[1], quota_multipliers=(0,) * 5)
    solution = replace(
        solution, probabilities=replace(solution.probabilities, levels=(levels[0], idle))
    )
    found_true(freeze_by_hand(tmp_path / "b", solution).path)


def by_column_generation(**changes: Any) -> HandSolution:
    """A solution whose chances, found panel by panel, are not those of the levels."""
    solution = two_groups(shut_out=0, never_whole=0)
    owed = solution.probabilities.numerators.copy()
    owed[:2] += (7, -7)
    chances = replace(solution.probabilities, numerators=owed)
    return replace(solution, probabilities=chances, method="column generation", **changes)


def test_chances_found_panel_by_panel_need_not_be_those_of_the_levels(tmp_path: Path) -> None:
    solution = by_column_generation()
    report = found_true(freeze_by_hand(tmp_path / "b", solution).path)
    assert "solver_ceiling" in names_of(report.unchecked)
    folder = freeze_by_hand(tmp_path / "c", replace(solution, method="halving")).path
    assert lie_of(folder) == ("level", lie_of(folder)[1])


def test_nobody_is_ruled_out_by_a_level_that_gives_a_chance(tmp_path: Path) -> None:
    """Chances found panel by panel may say 0; the proof of the levels is then beside the point."""
    solution = by_column_generation()
    owed = solution.probabilities.numerators.copy()
    row = 0
    owed[row] = 0
    panels = solution.panels.copy()
    panels[panels == row] = 3
    panels = panels[[len(set(panel)) == 4 for panel in panels.tolist()]]
    solution = replace(
        solution,
        probabilities=replace(solution.probabilities, numerators=owed),
        panels=np.sort(panels, axis=1),
        excluded=(Shutout(row, (), "so they say"),),
    )
    report = found_true(freeze_by_hand(tmp_path / "b", solution).path)
    assert "not_shut_out" in names_of(report.unchecked)


@pytest.mark.parametrize(("bound", "lie"), [("1/5", None), ("1/7", "levels"), ("1/4", "stated")])
def test_a_solver_may_lower_the_ceiling_but_not_raise_it(
    tmp_path: Path, bound: str, lie: str | None
) -> None:
    folder = freeze_by_hand(tmp_path / "b", by_column_generation()).path
    reseal(folder, bound=bound)
    if lie is None:
        found_true(folder)
    else:
        assert lie_of(folder) == (lie, "public/manifest.json/bound")


def test_a_panel_of_the_whole_pool_passes(tmp_path: Path) -> None:
    solution = two_groups(people=(2, 2), shut_out=0, never_whole=0, couples=0, panels=1)
    level = Level(10**15, (0,) * 5, 0, (), Fraction(1))
    chances = replace(solution.probabilities, levels=(level,), level=np.zeros(4, dtype=np.int32))
    found_true(freeze_by_hand(tmp_path / "b", replace(solution, probabilities=chances)).path)


def test_a_seed_that_follows_from_the_inputs_raises_no_doubt(tmp_path: Path) -> None:
    solution = replace(two_groups(), seed_rule="digest of the inputs")
    report = found_true(freeze_by_hand(tmp_path / "b", solution).path)
    assert "seed" not in names_of(report.unchecked)


def test_the_audit_is_a_script_that_needs_nothing_installed(drawn: Path, tmp_path: Path) -> None:
    alone = tmp_path / "elsewhere" / "audit.py"
    alone.parent.mkdir()
    shutil.copy(SOURCE, alone)
    command = [sys.executable, "-I", "-S", str(alone), str(drawn), "--lang", "fr"]
    run = subprocess.run(command, capture_output=True, check=False, env={"LC_ALL": "C"})
    assert (run.returncode, run.stderr) == (0, b"")
    assert "TOUT EST VRAI" in run.stdout.decode("utf-8", "replace")


def test_there_is_no_float_and_no_division_but_of_fractions(drawn: Path) -> None:
    tree = ast.parse(SOURCE.read_text("utf-8"))
    floats = [
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and type(n.value) is float
    ]
    divisions = [
        ast.unparse(n)
        for n in ast.walk(tree)
        if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div)
    ]
    assert floats == []
    for division in divisions:
        assert "Fraction" in division or "folder" in division, division


# --- Seals ---

PUBLIC = ["AUDIT.txt", "certificate.json", "commitments.csv", "composition.csv", "panels.csv",
          "probabilities.csv", "quotas.csv", "manifest.json", "digest.txt", "draw.json",
          "draw.sha256"]  # fmt: skip
WITNESS = ["openings.csv", "exclusions.csv", "alternates.csv"]
SEALED = [f"public/{name}" for name in PUBLIC] + [f"witness/{name}" for name in WITNESS]


@pytest.mark.parametrize("name", SEALED)
def test_every_file_is_needed_and_sealed(drawn: Path, name: str) -> None:
    content = (drawn / name).read_bytes()
    for forged in (content + b"\n", content[:-1], content.replace(b"e", b"a", 1) + b"", b""):
        if forged != content:
            (drawn / name).write_bytes(forged)
            lie_of(drawn)
    (drawn / name).unlink()
    assert lie_of(drawn) == ("missing", name)
    (drawn / name).mkdir()
    assert lie_of(drawn)[0] == "missing"


@pytest.mark.parametrize("part", ["public", "witness"])
def test_nothing_is_added(drawn: Path, part: str) -> None:
    (drawn / part / "note.txt").write_text("hello")
    assert lie_of(drawn) == ("added", f"{part}/note.txt")
    (drawn / part / "note.txt").unlink()
    (drawn / part / "folder").mkdir()
    assert lie_of(drawn) == ("added", f"{part}/folder")


def test_alternates_before_the_draw_are_a_lie(folder: Path) -> None:
    (folder / "witness" / "alternates.csv").write_text("seat,rank,token\n")
    assert lie_of(folder) == ("added", "witness/alternates.csv")


def test_a_witness_that_is_no_folder_is_a_lie(drawn: Path) -> None:
    shutil.rmtree(drawn / "witness")
    (drawn / "witness").write_text("")
    assert lie_of(drawn) == ("missing", "witness")


def test_another_draw_is_not_the_one_published(drawn: Path) -> None:
    assert lie_of(drawn, digest="0" * 64) == ("published", "public/digest.txt")


@pytest.mark.parametrize("files", [{}, {"public/quotas.csv": "0" * 64}])
def test_the_manifest_names_every_file(folder: Path, files: dict[str, str]) -> None:
    reseal(folder, files=files)
    assert lie_of(folder) == ("malformed", "public/manifest.json")


# --- Lies in the manifest, sealed again ---


@pytest.mark.parametrize(
    ("figures", "lie"),
    [
        ({"format": "kleroterion-bundle/2"}, "malformed"),
        ({"panels": 11}, "panel"),
        ({"panels": 13}, "panel"),
        ({"panels": 0}, "rules"),
        ({"panels": -1}, "rules"),
        ({"panels": "12"}, "malformed"),
        ({"panels": True}, "malformed"),
        ({"panels": 10**70}, "panel"),
        ({"panel_size": 3}, "rules"),
        ({"panel_size": 0}, "rules"),
        ({"panel_size": 18}, "rules"),
        ({"pool": 16}, "tokens"),
        ({"households": False}, "stated"),
        ({"minimum_probability": "1/4"}, "stated"),
        ({"minimum_probability": "2/12"}, "malformed"),
        ({"minimum_probability": "0.17"}, "malformed"),
        ({"minimum_probability": "1/0"}, "malformed"),
        ({"max_error_seats": "1/4"}, "stated"),
        ({"bound": "1/4"}, "stated"),
        ({"bound": "2/9 "}, "malformed"),
        ({"excluded_by_quotas": 1}, "stated"),
        ({"parent": []}, "malformed"),
        ({"extra": 1}, "malformed"),
        ({"features": []}, "rules"),
        ({"features": [{"name": "sexe", "categories": ["femme", 3]}]}, "malformed"),
    ],
)
def test_the_manifest_cannot_lie(folder: Path, figures: dict[str, Any], lie: str) -> None:
    reseal(folder, **figures)
    assert lie_of(folder)[0] == lie


def test_features_and_categories_have_each_one_name(folder: Path) -> None:
    features = read_bundle(folder).manifest["features"]
    reseal(folder, features=[features[0], features[0]])
    assert lie_of(folder) == ("rules", "public/manifest.json")
    doubled = {"name": "âge", "categories": ["16-39", "16-39"]}
    reseal(folder, features=[features[0], doubled])
    assert lie_of(folder) == ("rules", "public/manifest.json")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe{}", b"{}", b'{"format": 1.5}',
        b'{"format": NaN}', b'{"a": 1, "a": 2}', b"[" * 100_000, b"1" * 10_000,
        b'{"a": -Infinity}', b'{"\\ud800": 1}', b"\x00", b"\xef\xbb\xbf{}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["manifest.json", "certificate.json", "draw.json"])
def test_a_broken_json_file_is_named(drawn: Path, name: str, content: bytes) -> None:
    path = drawn / "public" / name
    path.write_bytes(content)
    seal = f"{digest(content)}\n"
    if name == "manifest.json":
        (drawn / "public" / "digest.txt").write_text(seal)
    elif name == "draw.json":
        (drawn / "public" / "draw.sha256").write_text(seal)
    else:
        (drawn / "public" / "draw.json").unlink()
        (drawn / "public" / "draw.sha256").unlink()
        (drawn / "witness" / "alternates.csv").unlink()
        reseal(drawn)
    lie, where = lie_of(drawn)
    assert (lie, where.split(".json")[0]) == ("malformed", f"public/{name}".split(".json")[0])


def test_json_is_written_in_one_way_only(folder: Path) -> None:
    path = folder / "public" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8"))))
    (folder / "public" / "digest.txt").write_text(f"{digest(path.read_bytes())}\n")
    assert lie_of(folder) == ("malformed", "public/manifest.json")


TABLES = [name for name in SEALED if name.endswith(".csv") and "alternates" not in name]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize(
    "forge",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content + b"\n",
        lambda content: content + b"a\n",
        lambda content: content.replace(b",", b";", 1),
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content[:-1] + b"\xff\n",
        lambda content: content[:-1] + b"\x00\n",
        lambda content: content[:-1] + b'"\n',
        lambda content: b'"' + content.replace(b",", b'",', 1),
        lambda content: content + b"x" * 200_000,
        lambda content: content.split(b"\n", 1)[1],
    ],
    ids=[
        "empty",
        "no last line feed",
        "an empty line",
        "a short row",
        "a semicolon",
        "CRLF",
        "a mark of order",
        "no UTF-8",
        "a NUL",
        "an open quote",
        "a needless quote",
        "a huge cell",
        "no header",
    ],
)
def test_a_broken_table_is_named(folder: Path, name: str, forge: Callable[[bytes], bytes]) -> None:
    path = folder / name
    path.write_bytes(forge(path.read_bytes()))
    reseal(folder)
    lie, where = lie_of(folder)
    assert lie in ("malformed", "tokens", "panel", "exclusions", "commitment")
    assert where.startswith(name)


# --- Lies in the tables, sealed again ---

AGE_LOOSE = "4"


@pytest.mark.parametrize(
    ("name", "change", "lie"),
    [
        ("quotas.csv", lambda rows: rows[4].__setitem__(slice(2, 4), ["3", "2"]), "rules"),
        ("quotas.csv", put(1, 2, "-1"), "malformed"),
        ("quotas.csv", put(1, 2, "02"), "malformed"),
        ("quotas.csv", put(1, 1, "dame"), "rules"),
        ("quotas.csv", lambda rows: (put(4, 2, "3")(rows), put(5, 2, "2")(rows)), "rules"),
        ("quotas.csv", lambda rows: (put(4, 3, "1")(rows), put(5, 3, "2")(rows)), "rules"),
        ("quotas.csv", lambda rows: rows.pop(), "rules"),
        ("quotas.csv", put(4, 2, "2"), "quota"),  # some panel holds none of them
        ("quotas.csv", put(1, 3, "3"), "ceiling"),  # the proof rests on this maximum
        ("commitments.csv", put(1, 1, "0" * 64), "commitment"),
        ("commitments.csv", put(1, 1, "0" * 63), "tokens"),
        ("commitments.csv", put(1, 0, "U00"), "tokens"),
        ("commitments.csv", lambda rows: rows.insert(1, rows.pop(2)), "tokens"),
        ("commitments.csv", lambda rows: rows.insert(2, rows[1]), "tokens"),
        ("commitments.csv", lambda rows: rows.__setitem__(2, rows[1]), "tokens"),
        ("panels.csv", lambda rows: rows.pop(), "panel"),
        ("panels.csv", lambda rows: rows.append(rows[-1]), "panel"),
        ("panels.csv", lambda rows: rows.insert(1, rows.pop(2)), "panel"),
        ("panels.csv", lambda rows: rows.__setitem__(2, rows[1]), "panel"),
        ("panels.csv", put(1, 1, "T99"), "panel"),
        ("panels.csv", put(1, 0, "1"), "panel"),
        ("panels.csv", put(5, 0, "01"), "panel"),
        ("probabilities.csv", put(1, 0, "T99"), "tokens"),
        ("probabilities.csv", put(1, 2, "11"), "seats"),
        ("probabilities.csv", put(1, 3, "9"), "level"),
        ("probabilities.csv", put(1, 3, "-1"), "malformed"),
        ("probabilities.csv", put(1, 1, "0.100000000000000"), "level"),
        ("probabilities.csv", put(1, 1, "0.1"), "malformed"),
        ("probabilities.csv", put(1, 1, "-0.100000000000000"), "malformed"),
        ("probabilities.csv", put(1, 1, "1/3"), "malformed"),
        ("probabilities.csv", lambda rows: rows.pop(), "tokens"),
        ("composition.csv", put(1, 2, "3"), "quota"),
        ("composition.csv", put(1, 3, "11"), "composition"),
        ("composition.csv", put(1, 1, "dame"), "category"),
        ("composition.csv", lambda rows: rows.pop(1), "composition"),
        ("composition.csv", put(3, 3, "11"), "composition"),  # 0 members each: no seat is lost
        (
            "composition.csv",
            lambda rows: (put(4, 3, "3")(rows), put(5, 3, "8")(rows)),
            "composition",
        ),
        ("composition.csv", lambda rows: rows.insert(4, ["âge", "16-39", "0", "0"]), "composition"),
        (
            "composition.csv",
            lambda rows: rows.__setitem__(
                slice(5, 6), [["âge", "16-39", "2", "4"], ["âge", "16-39", "2", "5"]]
            ),
            "composition",
        ),
        ("composition.csv", lambda rows: rows.append(["âge", "40+", "0", "0"]), "composition"),
    ],
)
def test_a_public_table_cannot_lie(
    folder: Path, name: str, change: Callable[[Rows], object], lie: str
) -> None:
    change_table(folder / "public" / name, change)
    reseal(folder)
    found, where = lie_of(folder)
    assert found == lie
    if lie not in ("commitment", "ceiling", "quota"):
        assert where.startswith(f"public/{name}")


def test_another_composition_that_adds_up_is_recounted(folder: Path) -> None:
    def swap_ages(rows: Rows) -> None:
        for row in rows:
            row[1] = {"16-39": "40+", "40+": "16-39"}.get(row[1], row[1])
        rows[4:] = sorted(rows[4:])

    path = folder / "public" / "composition.csv"
    before = path.read_bytes()
    change_table(path, swap_ages)
    assert path.read_bytes() != before
    reseal(folder)
    assert lie_of(folder) == ("recount", "public/composition.csv")
    shutil.rmtree(folder / "witness")
    found_true(folder)


def test_the_error_stated_must_not_be_too_small(tmp_path: Path) -> None:
    """Seats that drift from what is owed are not hidden by a probability that follows them."""
    folder = freeze_by_hand(tmp_path / "b").path
    change_table(folder / "public" / "probabilities.csv", put(1, 1, "0.250000000000000"))
    reseal(folder)
    assert lie_of(folder)[0] == "level"


@pytest.mark.parametrize(
    ("change", "lie"),
    [
        (set_level(0, value=1), "level"),  # people shut out are given a chance
        (set_level(1, bound="2/9 "), "malformed"),
        (set_level(1, bound="1/4"), "levels"),
        (set_level(1, bound="222222222/1000000000"), "malformed"),
        (set_level(1, bound="111111111/500000000"), "stated"),
        (set_level(2, bound="333333333/1000000000"), "ceiling"),
        (set_level(1, quotas=[0, 1, 0, 0, 1]), "ceiling"),
        (set_level(1, quotas=[0, -1, 0, 0, 0]), "ceiling"),
        (set_level(1, quotas=[0, 1, 0, 0]), "malformed"),
        (set_level(1, quotas=[0, 0, 0, 0, 0]), "ceiling"),
        (set_level(1, size=1), "ceiling"),
        (set_level(1, households={"0": 1}), "ceiling"),
        (set_level(1, households={"0": -1}), "malformed"),
        (set_level(1, households={"zero": 1}), "malformed"),
        (set_level(1, households={"0": "1"}), "malformed"),
        (lambda c: c.update(probability_scale=10**12), "malformed"),
        (lambda c: c.update(probability_scale=2 * 10**15), "malformed"),
        (lambda c: c.update(probability_scale=0), "malformed"),
        (lambda c: c.update(probability_scale=-10), "malformed"),
        (lambda c: c["levels"].pop(), "level"),
        (lambda c: c["levels"].clear(), "level"),
    ],
)
def test_the_certificate_cannot_lie(
    folder: Path, change: Callable[[Any], object], lie: str
) -> None:
    change_json(folder / "public" / "certificate.json", change)
    reseal(folder)
    assert lie_of(folder)[0] == lie


def test_levels_must_rise(tmp_path: Path) -> None:
    """A level below an earlier one would mean that the earlier one was not the smallest."""
    solution = two_groups(shut_out=0, never_whole=0)
    chances = solution.probabilities
    turned = replace(chances, level=1 - chances.level, levels=chances.levels[::-1])
    folder = freeze_by_hand(tmp_path / "b", replace(solution, probabilities=turned)).path
    assert lie_of(folder) == ("levels", "public/certificate.json/levels/1")


def test_a_smallest_chance_above_its_ceiling_is_a_lie(tmp_path: Path) -> None:
    """The women sit in too many panels for what the certificate says they can have."""
    solution = two_groups(people=(6, 6), shut_out=0, never_whole=0, couples=0)
    low = Fraction(1, 3) - Fraction(1, 10)
    value = low.numerator * 10**15 // low.denominator
    level = replace(solution.probabilities.levels[0], value=value, bound=low)
    chances = replace(
        solution.probabilities,
        levels=(level,),
        level=np.zeros(12, dtype=np.int32),
        numerators=np.full(12, value, dtype=np.int64),
    )
    folder = freeze_by_hand(tmp_path / "b", replace(solution, probabilities=chances)).path
    assert lie_of(folder) == ("levels", "public/manifest.json/bound")


def test_a_level_must_prove_that_each_of_its_people_cannot_rise(tmp_path: Path) -> None:
    """The men share the level of the women, but nothing is said of the men's quota."""
    solution = two_groups(people=(6, 6), shut_out=0, never_whole=0)
    first = solution.probabilities.levels[0]
    chances = replace(solution.probabilities, levels=(first,), level=np.zeros(12, dtype=np.int32))
    folder = freeze_by_hand(tmp_path / "b", replace(solution, probabilities=chances)).path
    assert lie_of(folder) == ("may_rise", "public/certificate.json/levels/0")


@pytest.mark.parametrize(("weight", "is_proved"), [(2, False), (3, True)])
def test_a_level_of_zero_rules_out_only_whom_its_ceiling_outweighs(
    weight: int, is_proved: bool
) -> None:
    """A panel with a person of weight r would bring r seats: is that above the total of 2?"""
    report = Report()
    proof = audit_module.Audit(Path(), report)
    proof.codes, proof.homes, proof.level_of = [(0,), (1,), (2,)], [None] * 3, [0, 0, 1]
    proof.lower, proof.upper, proof.size = [0, 0, 1], [0, 0, 1], 1
    proof.categories = [("f", "a"), ("f", "b"), ("f", "c")]
    proof.scale, proof.values = 100, [0, 100]
    heavy = {"quotas": [10**12, weight, 2], "size": 0, "households": {}}
    proof.certificate = {"levels": [heavy, {"quotas": [0, 0, 0], "size": 0, "households": {}}]}
    proof.ceilings = [Fraction(2, 10**12 + weight + 2), Fraction(1)]
    proof.ceiling, proof.minimum = Fraction(1), Fraction(1)
    proof.check_certificate()
    assert proof.ruled_out == ({0} if is_proved else set())


def test_a_proof_that_rests_on_an_unproved_level_rules_nobody_out() -> None:
    """The second level holds the people of the first at 0, which nothing has proved."""
    proof = audit_module.Audit(Path(), Report())
    proof.codes, proof.homes, proof.level_of = [(0,), (1,), (2,)], [None] * 3, [0, 1, 2]
    proof.lower, proof.upper, proof.size = [0, 0, 1], [0, 0, 1], 1
    proof.categories = [("f", "a"), ("f", "b"), ("f", "c")]
    proof.scale, proof.values = 100, [0, 0, 100]
    rest = {"size": 0, "households": {}}
    proof.certificate = {
        "levels": [
            {"quotas": [2, 10**12, 2]} | rest,
            {"quotas": [0, 1, 0]} | rest,
            {"quotas": [0, 0, 0]} | rest,
        ]
    }
    proof.ceilings = [Fraction(2, 10**12 + 4), Fraction(0), Fraction(1)]
    proof.ceiling, proof.minimum = Fraction(1), Fraction(1)
    proof.check_certificate()
    assert proof.ruled_out == set()


def test_somebody_without_a_chance_does_not_sit(tmp_path: Path) -> None:
    solution = two_groups(shut_out=0, never_whole=1, couples=0)
    panels = solution.panels.copy()
    panels[0, 0] = 15  # the woman that whole numbers alone shut out, it is said
    changed = replace(solution, panels=np.sort(panels, axis=1))
    assert lie_of(freeze_by_hand(tmp_path / "b", changed).path)[0] == "shut_out"


# --- Lies before the witness, sealed again ---


def recommit(folder: Path, change: Callable[[Rows], object]) -> None:
    """Change openings, and commit again to what they say."""
    path = folder / "witness" / "openings.csv"
    change_table(path, change)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))[1:]
    committed = {row[0]: commitment(row[1], row[0], row[2], tuple(row[3:])) for row in rows}

    def commit(table: Rows) -> None:
        for row in table[1:]:
            row[1] = committed[row[0]]

    change_table(folder / "public" / "commitments.csv", commit)
    reseal(folder)


def row_of(rows: Rows, token: str) -> list[str]:
    return next(row for row in rows if row[0] == token)


def test_features_cannot_be_swapped_behind_their_commitments(folder: Path) -> None:
    for column, cell in ((1, "0" * 32), (2, "5"), (3, "homme"), (4, "16-39")):
        path = folder / "witness" / "openings.csv"
        before = path.read_bytes()
        change_table(path, put(2, column, cell))
        reseal(folder)
        assert lie_of(folder) == ("commitment", "witness/openings.csv:3")
        path.write_bytes(before)


def test_openings_are_those_of_the_pool(folder: Path) -> None:
    change_table(folder / "witness" / "openings.csv", lambda rows: rows.pop())
    reseal(folder)
    assert lie_of(folder) == ("tokens", "witness/openings.csv")


def test_categories_are_those_of_the_quotas(folder: Path) -> None:
    recommit(folder, put(1, 3, "dame"))
    assert lie_of(folder) == ("category", "witness/openings.csv:2")


def test_household_numbers_are_numbers(folder: Path) -> None:
    recommit(folder, put(1, 2, "00"))
    assert lie_of(folder) == ("malformed", "witness/openings.csv:2")


def test_a_panel_that_breaks_a_quota_is_named(folder: Path) -> None:
    bundle = read_bundle(folder)
    token = bundle.panel(5)[0]

    def change_sex(rows: Rows) -> None:
        row = row_of(rows, token)
        row[3] = "femme" if row[3] == "homme" else "homme"

    first = next(number for number in range(12) if token in bundle.panel(number))
    recommit(folder, change_sex)
    assert lie_of(folder) == ("quota", f"public/panels.csv:{2 + 4 * first}")


@pytest.mark.parametrize(
    ("limit", "age", "expected"), [("max", "40+", (0, 3)), ("min", "16-39", (1, 4))]
)
def test_a_panel_may_break_one_bound_only(
    folder: Path, limit: str, age: str, expected: tuple[int, int]
) -> None:
    """Ages are free but for one bound, which the panel of three older people then breaks."""
    row, column, cell = (5, 3, "3") if limit == "max" else (4, 2, "1")
    change_table(folder / "public" / "quotas.csv", put(row, column, cell))
    bundle = read_bundle(folder)
    older = {row[0] for row in bundle.table("witness/openings.csv") if row[4] == "40+"}
    number, panel = next(
        (n, bundle.panel(n)) for n in range(12) if len(older & set(bundle.panel(n))) == 3
    )
    (young,) = set(panel) - older

    def grow_old(rows: Rows) -> None:
        row_of(rows, young)[4] = "40+"

    recommit(folder, grow_old)
    report = audit(folder)
    assert report.lie is not None
    assert report.lie.lie == "quota"
    assert report.lie.expected == expected
    count = 4 if age == "40+" else 0
    assert report.lie.found[1:] == ("âge", age, count)
    first = int(report.lie.found[0].removeprefix("panel "))
    assert first <= number
    assert young in bundle.panel(first)


def test_a_household_that_sits_twice_is_named(folder: Path) -> None:
    bundle = read_bundle(folder)
    pair = bundle.panel(11)[:2]

    def share(rows: Rows) -> None:
        for token in pair:
            row_of(rows, token)[2] = "7"

    first = next(n for n in range(12) if set(pair) <= set(bundle.panel(n)))
    recommit(folder, share)
    assert lie_of(folder) == ("household", f"public/panels.csv:{2 + 4 * first}")


@pytest.mark.parametrize(
    "change",
    [lambda rows: rows.pop(), put(1, 0, "T03"), put(1, 1, ""), put(1, 1, "  ")],
)
def test_those_without_a_chance_are_named_with_a_reason(
    folder: Path, change: Callable[[Rows], object]
) -> None:
    change_table(folder / "witness" / "exclusions.csv", change)
    reseal(folder)
    assert lie_of(folder) == ("exclusions", "witness/exclusions.csv")


# --- Lies in the draw ---


@pytest.mark.parametrize(
    ("entries", "lie"),
    [
        ({"format": "kleroterion-draw/2"}, "malformed"),
        ({"manifest_digest": "0" * 64}, "other_draw"),
        ({"number": 8}, "mapping"),
        ({"number": "7"}, "malformed"),
        ({"panel": []}, "panel_drawn"),
        ({"panel_after": []}, "malformed"),
        ({"alternates_digest": "0" * 64}, "changed"),
        ({"alternates_digest": None}, "malformed"),
        ({"alternates_per_seat": 4}, "alternates"),
        ({"alternates_per_seat": 6}, "alternates"),
        ({"alternates_per_seat": -1}, "alternates"),
        ({"officers": "A and B"}, "malformed"),
    ],
)
def test_the_record_cannot_lie(drawn: Path, entries: dict[str, Any], lie: str) -> None:
    reseal_draw(drawn, **entries)
    assert lie_of(drawn)[0] == lie


def randomness(inputs: Any, key: str, hashes: list[str], kind: str = "number") -> dict[str, Any]:
    return {"kind": kind, "inputs": inputs, "steps": {"key": key, "hashes": hashes}}


@pytest.mark.parametrize(
    ("told", "lie"),
    [
        (randomness({"number": "7"}, "7", [], "text"), "mapping"),
        (randomness({"number": "7"}, "7", ["00"]), "mapping"),
        (randomness({"number": "7"}, "07", []), "mapping"),
        (randomness({"number": "8"}, "8", []), "mapping"),
        (randomness({"number": "12"}, "12", []), "panel_drawn"),
        (randomness({"number": "-1"}, "-1", []), "malformed"),
        (randomness({"number": 7}, "7", []), "malformed"),
        (randomness({}, "7", []), "malformed"),
        (randomness({"number": "7", "text": "x"}, "7", []), "malformed"),
    ],
)
def test_the_number_cannot_lie(drawn: Path, told: dict[str, Any], lie: str) -> None:
    reseal_draw(drawn, randomness=told)
    assert lie_of(drawn)[0] == lie


def test_the_panel_must_be_that_of_its_number(drawn: Path) -> None:
    other = list(read_bundle(drawn).panel(8))
    reseal_draw(drawn, panel=other)
    assert lie_of(drawn) == ("panel_drawn", "public/draw.json/panel")


def test_leading_zeros_of_a_number_drawn_by_hand_are_no_lie(drawn: Path) -> None:
    assert json.loads((drawn / "public/draw.json").read_text())["randomness"]["inputs"] == {
        "number": "07"
    }
    found_true(drawn)


SIGNATURE = "ab" * 48
BEACON = {"round": 5, "signature": SIGNATURE, "randomness": digest(bytes.fromhex(SIGNATURE))}
PLANS: dict[str, tuple[dict[str, Any], DrawInputs]] = {
    "text": ({"kind": "text"}, DrawInputs(text="pluie · neige")),
    "sources": (
        {"kind": "sources", "sources": ["Loto", "Match"]},
        DrawInputs(values={"Loto": "18 9, 026", "Match": "Paris-Saint-Étienne 2–1"}),
    ),
    "drand": (
        {"kind": "drand", "chain": "quicknet", "round": 5},
        DrawInputs(drand_round=DrandRound(5, SIGNATURE, BEACON["randomness"])),
    ),
    "combined": (
        {
            "kind": "combined",
            "parts": [
                {"kind": "number"},
                {"kind": "sources", "sources": ["Loto"]},
                {"kind": "drand", "chain": "quicknet", "round": 5},
            ],
        },
        DrawInputs(
            number="3",
            values={"Loto": "000"},
            drand_round=DrandRound(5, SIGNATURE, BEACON["randomness"]),
        ),
    ),
}


@pytest.fixture
def trusted_beacon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take an invented beacon for signed: what is tested here is what follows from it."""
    monkeypatch.setattr("sortition.drawn_number.check_round", lambda *_, **__: None)


def drawn_by(kind: str, path: Path) -> Path:
    plan, inputs = PLANS[kind]
    folder = freeze_by_hand(path, two_groups(), randomness_plan=plan).path
    draw(folder, inputs)
    return folder


@pytest.mark.usefixtures("trusted_beacon")
@pytest.mark.parametrize("kind", PLANS)
def test_each_kind_of_randomness_is_mapped_again(tmp_path: Path, kind: str) -> None:
    report = found_true(drawn_by(kind, tmp_path / "b"))
    assert f"draw_{kind}" in names_of(report.checked)
    doubts = {"text": "text", "drand": "signature", "combined": "signature"}
    assert ("signature" in names_of(report.unchecked)) == (doubts.get(kind) == "signature")
    assert ("text" in names_of(report.unchecked)) == (kind == "text")


@pytest.mark.usefixtures("trusted_beacon")
@pytest.mark.parametrize(
    ("kind", "inputs", "lie"),
    [
        ("text", {"text": "pluie"}, "mapping"),
        ("text", {"texte": "pluie"}, "malformed"),
        ("sources", {"values": ["9 18 27", "Paris-Saint-Étienne 2–1"]}, "mapping"),
        ("sources", {"values": ["9 18 26"]}, "plan"),
        ("sources", {"values": ["9 18 26", "…"]}, "malformed"),
        ("sources", {"values": "9 18 26"}, "malformed"),
        ("drand", BEACON | {"round": 6}, "plan"),
        ("drand", BEACON | {"signature": "cd" * 48}, "beacon"),
        ("drand", BEACON | {"signature": "x"}, "malformed"),
        ("drand", BEACON | {"signature": ""}, "malformed"),
        ("drand", {"round": 5}, "malformed"),
        ("combined", {"parts": []}, "plan"),
        ("combined", {"parts": [{"number": "3"}, {"values": ["0"]}, {}]}, "malformed"),
        ("combined", {"parts": [{"number": "4"}, {"values": ["0"]}, BEACON]}, "mapping"),
        ("combined", {"parts": "abc"}, "malformed"),
    ],
)
def test_the_public_results_cannot_lie(
    tmp_path: Path, kind: str, inputs: dict[str, Any], lie: str
) -> None:
    folder = drawn_by(kind, tmp_path / "b")
    told = json.loads((folder / "public" / "draw.json").read_text("utf-8"))["randomness"]
    reseal_draw(folder, randomness=told | {"inputs": inputs})
    assert lie_of(folder)[0] == lie


def test_results_that_read_alike_are_the_same(tmp_path: Path) -> None:
    folder = drawn_by("sources", tmp_path / "b")
    told = json.loads((folder / "public" / "draw.json").read_text("utf-8"))["randomness"]
    same = {"values": ["9 - 18 - 26", "PARIS saint etienne 21"]}
    reseal_draw(folder, randomness=told | {"inputs": same})
    found_true(folder)


@pytest.mark.parametrize(
    ("plan", "inputs", "lie"),
    [
        ({"kind": "astrology"}, {"number": "7"}, "plan"),
        ({}, {"number": "7"}, "plan"),
        ({"kind": 5}, {"number": "7"}, "plan"),
        ({"kind": "number", "more": 1}, {"number": "7"}, "malformed"),
        ({"kind": "sources", "sources": "Loto"}, {"values": ["9", "8", "7", "6"]}, "malformed"),
        ({"kind": "combined", "parts": [{"kind": "combined"}]}, {"parts": [{}]}, "plan"),
    ],
)
def test_a_plan_that_nobody_can_read_is_a_lie(
    drawn: Path, plan: dict[str, Any], inputs: dict[str, Any], lie: str
) -> None:
    reseal(drawn, randomness=plan)
    told = randomness(inputs, "7", [], str(plan.get("kind")))
    reseal_draw(drawn, manifest_digest=read_bundle(drawn).digest, randomness=told)
    assert lie_of(drawn)[0] == lie


def test_values_beyond_the_last_whole_multiple_are_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashes = iter(["f" * 64, f"{5:064x}"])
    monkeypatch.setattr(audit_module, "sha256", lambda content: next(hashes))
    assert audit_module.map_to_panel("d", "k", 3) == (2, ["f" * 64, f"{5:064x}"])


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.pop(),
        lambda rows: rows.append(rows[-1]),
        lambda rows: rows.insert(1, rows.pop(2)),
        put(1, 1, "9"),
        put(1, 2, "T99"),
    ],
)
def test_the_alternates_cannot_lie(drawn: Path, change: Callable[[Rows], object]) -> None:
    path = drawn / "witness" / "alternates.csv"
    change_table(path, change)
    reseal_draw(drawn, alternates_digest=digest(path.read_bytes()))
    lie, where = lie_of(drawn)
    assert lie == "alternates"
    assert where.startswith("witness/alternates.csv")


# --- Replacements ---


def one_leaves(folder: Path, member: int = 0, number: str = "1") -> Bundle:
    """Let a member leave, and draw somebody for the seat."""
    bundle = read_bundle(folder)
    names = bundle.respondents()
    panel = json.loads((folder / "public/draw.json").read_text("utf-8"))["panel"]
    for sub in sorted((folder / "replacements").glob("[0-9]*")):
        panel = json.loads((sub / "public/draw.json").read_text("utf-8"))["panel_after"]
    vacancies = find_vacancies(folder, [names[panel[member]]])
    solution = one_seat(vacancies.respondents, vacancies.quotas)
    child = freeze(
        solution,
        vacancies.succession.folder(len(vacancies.succession.replacements) + 1),
        title="Remplacement",
        randomness_plan={"kind": "number"},
        secret=SECRET,
        tokens=bundle.tokens_of(solution.pool),
        parent=vacancies.as_parent("pool"),
        software=SOFTWARE,
    )
    draw(child.path, DrawInputs(number=number))
    return child


def test_replacements_are_audited_with_the_draw_they_mend(drawn: Path) -> None:
    one_leaves(drawn)
    one_leaves(drawn, member=2)
    report = found_true(drawn)
    assert [(n, check) for n, check, _ in report.checked if check == "succession"] == [
        (1, "succession"),
        (2, "succession"),
    ]
    assert "Replacement 2. " in as_text(report, "en")
    told = {check["replacement"] for check in as_json(report, "en")["checked"]}
    assert told == {None, 1, 2}
    shutil.rmtree(drawn / "witness")
    found_true(drawn)


def test_a_replacement_waiting_for_its_draw_passes(drawn: Path) -> None:
    child = one_leaves(drawn)
    for name in ("public/draw.json", "public/draw.sha256", "witness/alternates.csv"):
        (child.path / name).unlink()
    report = found_true(drawn)
    assert (1, "no_draw") in [(n, check) for n, check, _ in report.unchecked]


def test_a_replacement_alone_says_what_it_lacks(drawn: Path) -> None:
    child = one_leaves(drawn)
    assert "parent" in names_of(found_true(child.path).unchecked)


def test_unfinished_folders_are_no_lie(drawn: Path) -> None:
    one_leaves(drawn)
    (drawn / "replacements" / ".2.abc.part").mkdir()
    found_true(drawn)


def test_replacements_are_numbered_without_a_gap(drawn: Path) -> None:
    one_leaves(drawn)
    one_leaves(drawn)
    shutil.move(drawn / "replacements" / "1", drawn / "replacements" / "3")
    assert lie_of(drawn) == ("missing", "replacements/1")


def test_a_draw_must_come_before_its_replacements(drawn: Path) -> None:
    one_leaves(drawn)
    for name in ("public/draw.json", "public/draw.sha256", "witness/alternates.csv"):
        (drawn / name).unlink()
    assert lie_of(drawn) == ("added", "replacements")


def test_only_the_last_replacement_may_wait(drawn: Path) -> None:
    child = one_leaves(drawn)
    one_leaves(drawn)
    for name in ("public/draw.json", "public/draw.sha256", "witness/alternates.csv"):
        (child.path / name).unlink()
    assert lie_of(drawn)[0] == "missing"


def forge_parent(folder: Path, **entries: Any) -> None:
    """Let a replacement say something else of the draw it mends, and draw it again."""
    parent = json.loads((folder / "public/manifest.json").read_text("utf-8"))["parent"] | entries
    redraw(folder, parent=parent)


def redraw(folder: Path, **figures: Any) -> None:
    for name in ("public/draw.json", "public/draw.sha256", "witness/alternates.csv"):
        (folder / name).unlink()
    reseal(folder, **figures)


@pytest.mark.parametrize(
    ("entries", "lie"),
    [
        ({"digest": "0" * 64}, "link"),
        ({"draw": "0" * 64}, "link"),
        ({"previous": "0" * 64}, "link"),
        ({"round": 2}, "link"),
        ({"left": ["T00"]}, "standing"),
        ({"staying": []}, "standing"),
        ({"from": 3}, "malformed"),
        ({"from": "elsewhere"}, "malformed"),
        ({"more": 3}, "malformed"),
    ],
)
def test_a_replacement_cannot_lie_about_what_it_mends(
    drawn: Path, entries: dict[str, Any], lie: str
) -> None:
    child = one_leaves(drawn)
    forge_parent(child.path, **entries)
    assert lie_of(drawn)[0] == lie
    assert "replacements/1/" in as_text(audit(drawn), "fr")


def test_a_draw_among_the_alternates_holds_no_stranger(drawn: Path) -> None:
    child = one_leaves(drawn)
    named = {token for _, _, token in read_bundle(drawn).table("witness/alternates.csv")}
    strangers = sorted(set(child.tokens()) - named)
    forge_parent(child.path, **{"from": "alternates"})
    report = audit(drawn)
    assert report.lie is not None
    assert (report.lie.lie, report.lie.found) == ("barred", strangers)


def test_the_unavailable_are_not_drawn(drawn: Path) -> None:
    child = one_leaves(drawn)
    forge_parent(child.path, unavailable=[min(child.tokens())])
    assert lie_of(drawn) == ("barred", "public/commitments.csv:2")
    for path in (drawn, child.path):
        shutil.rmtree(path / "witness")
    assert lie_of(drawn) == ("barred", "public/commitments.csv:2")


def child_by_hand(drawn: Path, change: Callable[[HandSolution], HandSolution]) -> None:
    """Freeze, as a first replacement, another solution than the right one."""
    bundle = read_bundle(drawn)
    name = bundle.respondents()[bundle.panel(7)[0]]
    vacancies = find_vacancies(drawn, [name])
    solution = change(one_seat(vacancies.respondents, vacancies.quotas))
    freeze(
        solution,
        drawn / "replacements" / "1",
        title="Remplacement",
        randomness_plan={"kind": "number"},
        secret=SECRET,
        tokens=bundle.tokens_of(solution.pool),
        parent=vacancies.as_parent("pool"),
        software=SOFTWARE,
    )


def test_nobody_who_may_be_drawn_is_left_out(drawn: Path) -> None:
    def forget_one(solution: HandSolution) -> HandSolution:
        return one_seat(solution.pool.take(range(1, len(solution.pool))), solution.quotas)

    child_by_hand(drawn, forget_one)
    assert lie_of(drawn) == ("forgotten", "public/commitments.csv")


def test_the_quotas_of_the_empty_seats_are_what_the_others_leave(drawn: Path) -> None:
    def open_to_all(solution: HandSolution) -> HandSolution:
        ones = np.ones(5, dtype=np.int64)
        return one_seat(solution.pool, solution.quotas.with_bounds(0 * ones, ones))

    child_by_hand(drawn, open_to_all)
    assert lie_of(drawn) == ("remaining", "public/quotas.csv")


def test_a_replacement_fills_as_many_seats_as_fell_empty(drawn: Path) -> None:
    child = one_leaves(drawn)
    parent = dict(child.manifest["parent"])
    parent["left"], parent["staying"] = (
        parent["left"] + parent["staying"][:1],
        parent["staying"][1:],
    )
    redraw(child.path, parent=parent)
    assert lie_of(drawn) == ("remaining", "public/manifest.json")


def test_commitments_do_not_change_between_a_draw_and_its_replacements(drawn: Path) -> None:
    child = one_leaves(drawn)
    shutil.rmtree(child.path / "witness")
    shutil.rmtree(drawn / "witness")
    change_table(child.path / "public" / "commitments.csv", put(1, 1, "0" * 64))
    for name in ("public/draw.json", "public/draw.sha256"):
        (child.path / name).unlink()
    files = dict(child.manifest["files"])
    files["public/commitments.csv"] = digest((child.path / "public/commitments.csv").read_bytes())
    reseal(child.path, files=files)
    assert lie_of(drawn) == ("commitment", "public/commitments.csv:2")


def test_the_panel_after_a_replacement_is_those_who_stay_and_the_new_one(drawn: Path) -> None:
    child = one_leaves(drawn)
    reseal_draw(child.path, panel_after=child.draw()["panel"])
    assert lie_of(drawn) == ("standing", "public/draw.json")


# --- Private tables and receipts ---


@pytest.mark.parametrize("name", ["tokens.csv", "panels.csv", "probabilities.csv"])
def test_private_tables_tell_what_public_ones_tell(drawn: Path, name: str) -> None:
    path = drawn / "private" / name
    content = path.read_bytes()
    for forged in (content.replace(b"003", b"004", 1), content + b"x\n", content[1:], b""):
        path.write_bytes(forged)
        found_true(drawn)
        assert lie_of(drawn, private=True)[1].startswith(f"private/{name}")
    path.unlink()
    assert lie_of(drawn, private=True) == ("missing", f"private/{name}")


@pytest.mark.parametrize("change", [put(1, 2, "0" * 32), put(1, 1, "person, 003")])
def test_the_table_of_tokens_cannot_lie(folder: Path, change: Callable[[Rows], object]) -> None:
    change_table(folder / "private" / "tokens.csv", change)
    reseal(folder)
    found_true(folder)
    assert lie_of(folder, private=True) == ("private", "private/tokens.csv")


def test_the_table_of_tokens_is_sealed_and_sorted(folder: Path) -> None:
    shutil.rmtree(folder / "witness")
    path = folder / "private" / "tokens.csv"
    before = path.read_bytes()
    change_table(path, put(1, 2, "0" * 32))
    assert lie_of(folder, private=True) == ("changed", "private/tokens.csv")
    path.write_bytes(before)
    change_table(path, lambda rows: rows.insert(1, rows.pop(2)))
    files = read_bundle(folder).manifest["files"] | {
        "private/tokens.csv": digest(path.read_bytes())
    }
    reseal(folder, files=files)
    assert lie_of(folder, private=True) == ("tokens", "private/tokens.csv")


def write_receipt(folder: Path, respondent: str, **entries: Any) -> Path:
    path = folder.parent / "receipt.json"
    path.write_bytes(json_bytes(receipt(read_bundle(folder), respondent) | entries))
    return path


def test_a_receipt_opens_its_row(drawn: Path) -> None:
    bundle = read_bundle(drawn)
    names, alternates = bundle.respondents(), bundle.table("witness/alternates.csv")
    member, alternate = bundle.panel(7)[0], alternates[0][2]
    report = found_true(drawn, receipt=write_receipt(drawn, names[member]))
    assert names_of(report.checked)[-2:] == ["receipt", "member"]
    report = found_true(drawn, receipt=write_receipt(drawn, names[alternate]))
    assert "not_drawn" in names_of(report.checked)
    assert report.checked[-1][1] == "alternate"
    assert {seat for seat, _, token in alternates if token == alternate} == {
        figures["seat"] for _, check, figures in report.checked if check == "alternate"
    }


def test_a_receipt_says_who_left_since(drawn: Path) -> None:
    bundle = read_bundle(drawn)
    name = bundle.respondents()[bundle.panel(7)[0]]
    child = one_leaves(drawn)
    assert "left" in names_of(found_true(drawn, receipt=write_receipt(drawn, name)).checked)
    new = bundle.respondents()[child.draw()["panel"][0]]
    assert "member" in names_of(found_true(drawn, receipt=write_receipt(drawn, new)).checked)


def test_a_receipt_needs_neither_witness_nor_draw(folder: Path) -> None:
    path = write_receipt(folder, "person, 016")
    shutil.rmtree(folder / "witness")
    report = found_true(folder, receipt=path)
    assert names_of(report.checked)[-1] == "receipt"
    assert report.checked[-1][2]["seats"] == 0


def test_a_receipt_may_be_copied_in_another_layout(folder: Path) -> None:
    path = write_receipt(folder, "person, 003")
    path.write_text(json.dumps(json.loads(path.read_text("utf-8"))))
    found_true(folder, receipt=path)


def test_a_receipt_says_each_thing_once(folder: Path) -> None:
    path = write_receipt(folder, "person, 003")
    text = path.read_text("utf-8")
    path.write_text(text.replace('"seats":', '"seats": 9,\n "seats":'), "utf-8")
    assert lie_of(folder, receipt=path) == ("malformed", "receipt.json")


@pytest.mark.parametrize(
    ("entries", "lie"),
    [
        ({"format": "x"}, "malformed"),
        ({"manifest_digest": "0" * 64}, "other_draw"),
        ({"token": "T99"}, "tokens"),
        ({"token": "T00"}, "commitment"),
        ({"salt": "0" * 32}, "commitment"),
        ({"household": "3"}, "commitment"),
        ({"features": {"sexe": "homme", "âge": "40+"}}, "commitment"),
        ({"features": {"sexe": "femme"}}, "category"),
        ({"commitment": "0" * 64}, "commitment"),
        ({"probability": "0.1"}, "receipt"),
        ({"seats": 9}, "receipt"),
        ({"panels": [1]}, "receipt"),
        ({"panel_count": 10}, "receipt"),
        ({"salt": "\ud800"}, "commitment"),
        ({"extra": 1}, "malformed"),
    ],
)
def test_a_receipt_cannot_lie(folder: Path, entries: dict[str, Any], lie: str) -> None:
    path = folder.parent / "receipt.json"
    content = receipt(read_bundle(folder), "person, 003") | entries
    path.write_text(json.dumps(content))
    assert lie_of(folder, receipt=path) == (lie, lie_of(folder, receipt=path)[1])
    assert lie_of(folder, receipt=path)[1].startswith("receipt.json")


# --- The command line and its sentences ---


def test_the_command_exits_with_what_it_found(
    drawn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(drawn), "--lang", "en"]) == 0
    assert "ALL TRUE" in capsys.readouterr().out
    assert main([str(drawn), "--lang", "fr", "--digest", "0" * 64]) == 1
    out = capsys.readouterr().out
    assert "MENSONGE" in out
    assert "public/digest.txt" in out


@pytest.mark.parametrize(
    "arguments", [[], ["nowhere"], ["{}", "--digest", "xyz"], ["{}", "--receipt", "nowhere"]]
)
def test_a_wrong_use_exits_with_2(drawn: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([argument.format(drawn) for argument in arguments])
    assert exit_.value.code == 2


def test_programs_read_the_same_report(drawn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(drawn), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["lie"]) == ("true", None)
    assert told["digest"] == read_bundle(drawn).digest
    assert told["checked"][4]["figures"]["minimum"] == "1/6"
    assert main([str(drawn), "--json", "--digest", "0" * 64]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["lie"]["lie"]) == ("false", "published")


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"LC_ALL": "fr_FR.UTF-8"}, "VRAI"),
        ({"LANG": "fr_BE.UTF-8"}, "VRAI"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "fr_FR.UTF-8"}, "ALL TRUE"),
        ({}, "ALL TRUE"),
    ],
)
def test_the_language_is_that_of_the_computer(
    drawn: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    word: str,
) -> None:
    for name in ("LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main([str(drawn)]) == 0
    assert word in capsys.readouterr().out


def test_both_languages_say_the_same_things() -> None:
    for name, spoken in SENTENCES.items():
        assert len(spoken) == 2, name
        french, english = (
            {field for _, field, _, _ in string.Formatter().parse(text) if field} for text in spoken
        )
        assert french == english, name
        assert spoken[0] != spoken[1] or name in ("in_replacement", "lie"), name


def test_every_sentence_is_used_and_every_word_has_a_sentence() -> None:
    tree = ast.parse(SOURCE.read_text("utf-8"))
    texts = {
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and type(n.value) is str
    }
    texts |= {f"draw_{kind}" for kind in audit_module.PLAN_SHAPES}
    unused = {n for n in SENTENCES if n.removeprefix("lie_") not in texts and n not in texts}
    assert unused == set()
    places = {"claim": 1, "claim_equal": 2, "LieError": 0}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in places:
            lie = node.args[places[node.func.id]]
            if isinstance(lie, ast.Constant):
                assert f"lie_{lie.value}" in SENTENCES


def test_figures_are_written_as_people_of_each_language_write_them() -> None:
    def spoken(value: int | Fraction, language: str, forms: str = "") -> str:
        return format(audit_module.Figure(value, language), forms)

    assert spoken(1000, "fr") == "1\u202f000"
    assert spoken(1234567, "en") == "1,234,567"
    assert spoken(Fraction(2, 3), "fr") == "0,666667"
    assert spoken(Fraction(5, 2), "en") == "2.5"
    assert spoken(Fraction(1, 10**9), "en") == "< 0.000001"
    assert [spoken(n, "en", "# seat|# seats") for n in (0, 1, 2)] == [
        "0 seats",
        "1 seat",
        "2 seats",
    ]
    assert [spoken(n, "fr", "# siège|# sièges") for n in (0, 1, 2)] == [
        "0 siège", "1 siège", "2 sièges",
    ]  # fmt: skip


def test_what_a_file_holds_cannot_disturb_the_terminal(folder: Path) -> None:
    change_table(folder / "public" / "quotas.csv", put(1, 2, "\x1b[31m\u202e" + "9" * 500))
    reseal(folder)
    report = audit(folder)
    assert report.lie is not None
    check_spoken(report)
    assert max(map(len, as_text(report, "en").splitlines())) < 500


def test_panels_may_be_shown_by_line(folder: Path) -> None:
    change_table(folder / "public" / "panels.csv", put(9, 1, "T99"))
    reseal(folder)
    lie, where = lie_of(folder)
    assert (lie, where) == ("panel", "public/panels.csv:10")
    assert re.search("panel 2", as_text(audit(folder), "en"))
