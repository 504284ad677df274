"""The command line from end to end: what others script against, and what people read."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from assemblies.cli import main
from data import resource

FEATURES = str(resource("samples/evaluation/features.csv"))
PEOPLE = str(resource("samples/evaluation/people.csv"))
HOMES = ("--household", "address,postcode")


class Answer(NamedTuple):
    """What a command gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as the console script does, in this process: starting Python takes longer."""

    def call(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["kleroterion", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        code = left.value.code
        return Answer(code if isinstance(code, int) else 0, *capsys.readouterr())

    return call


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Type some lines at the prompts of the next command."""
    return lambda lines: monkeypatch.setattr(sys, "stdin", io.StringIO(lines))


def kleroterion(*arguments: object) -> list[str]:
    """Return the words that start a command in a process of its own."""
    start = "import sys; from assemblies.cli import main; sys.exit(main())"
    return [sys.executable, "-c", start, *map(str, arguments)]


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A frozen bundle of the evaluation commission, and what ``solve --json`` said of it."""
    bundle = tmp_path_factory.mktemp("solved") / "commission"
    words = ("solve", FEATURES, PEOPLE, "--size", 30, *HOMES, "--out", bundle, "--json")
    done = subprocess.run(kleroterion(*words), capture_output=True, check=True)
    assert done.stderr == b""
    return bundle, json.loads(done.stdout)


@pytest.fixture
def bundle(solved: tuple[Path, dict[str, Any]], tmp_path: Path) -> Path:
    """A copy of the frozen bundle, to do with as one likes."""
    return Path(shutil.copytree(solved[0], tmp_path / "commission"))


@pytest.fixture
def drawn(bundle: Path, run: Run) -> Path:
    assert run("draw", bundle, "--number", 187).code == 0
    return bundle


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_lie_leaves_with_1(drawn: Path, run: Run) -> None:
    """Found late: out of standalone mode Click returned the code, and everything left with 0."""
    assert run("audit", drawn).code == 0
    (drawn / "public" / "digest.txt").write_text("0" * 64 + "\n", "ascii")
    assert run("audit", drawn).code == 1


def test_reproduce_finds_the_same_panels_from_what_a_witness_holds(bundle: Path, run: Run) -> None:
    """Found late: it looked for rows of the pool among the names of ``private/``."""
    shutil.rmtree(bundle / "private")
    answer = run("reproduce", bundle)
    assert (answer.code, answer.out) == (0, "The same 1000 panels, byte for byte.\n")


# --- The whole way ---


def test_the_whole_way_from_targets_to_a_replacement(tmp_path: Path, run: Run) -> None:
    """targets → check → solve → draw → report → audit → receipt → replace → audit."""
    criteria = "sex,age,diploma:merged,commune_type,region:large"
    asked = ("--population", "france", "--base", "18+", "--features", criteria)
    written = run("targets", *asked, "--size", 30, "--tolerance", "floor-ceiling")
    assert (written.code, written.out) == (0, Path(FEATURES).read_text("utf-8"))
    assert "Interpolation" in written.err
    features, bundle = tmp_path / "features.csv", tmp_path / "bundle"
    features.write_text(written.out, "utf-8")
    assert run("check", features, PEOPLE, "--size", 30, *HOMES).code == 0
    solved = run("solve", features, PEOPLE, "--size", 30, *HOMES, "--out", bundle)
    assert solved.code == 0
    digest = (bundle / "public" / "digest.txt").read_text("ascii").strip()
    assert digest in solved.out
    assert f"kleroterion draw {bundle} --number N" in solved.out
    assert run("draw", bundle, "--number", 187).code == 0
    assert run("report", bundle, "--out", tmp_path / "press" / "report.html").code == 0
    assert (tmp_path / "press" / "report-composition.svg").is_file()
    assert (tmp_path / "press" / "report-probabilities.png").is_file()
    assert "ALL TRUE" in run("audit", bundle, "--digest", digest, "--lang", "en").out
    member = rows(bundle / "private" / "panel.csv")[0]["respondent"]
    receipt = tmp_path / "receipt.json"
    assert run("receipt", bundle, member, "--out", receipt).code == 0
    assert "is on the panel" in run("audit", bundle, "--receipt", receipt, "--lang", "en").out
    replaced = run("replace", bundle, "--left", member, "--seed", "Loto: 4 11 23", "--json")
    assert (replaced.code, len(replaced.json["replacements"])) == (0, 1)
    assert replaced.json["replacements"] != [member]
    audited = run("audit", bundle, "--private", "--json")
    assert (audited.code, audited.json["verdict"]) == (0, "true")


# --- What others script against ---


def test_solve_prints_the_figures_promised_and_nothing_else(
    solved: tuple[Path, dict[str, Any]],
) -> None:
    _, figures = solved
    promised = {"pool", "panel_size", "panels", "min_probability", "bound", "gap"}
    promised |= {"max_error_seats", "distinct_panels", "excluded_by_quotas", "seconds"}
    assert promised - figures.keys() == set()
    assert {"probabilities", "lottery", "total"} - figures["seconds"].keys() == set()
    assert (figures["pool"], figures["panel_size"], figures["panels"]) == (400, 30, 1000)
    assert 0 <= figures["gap"] <= 1 / figures["panels"]
    assert figures["excluded_by_quotas"] == []
    assert [warning["severity"] for warning in figures["warnings"]] == ["warning"]


def test_the_private_tables_have_the_headers_promised(bundle: Path) -> None:
    panels, chances = bundle / "private" / "panels.csv", bundle / "private" / "probabilities.csv"
    assert panels.read_text("utf-8").splitlines()[0] == "panel,respondent"
    assert chances.read_text("utf-8").splitlines()[0] == "respondent,probability,seats"
    seats = rows(panels)
    assert len(seats) == 30 * 1000
    assert {int(row["panel"]) for row in seats} == set(range(1000))


def test_the_audit_runs_alone_with_nothing_installed(drawn: Path, root: Path) -> None:
    command = [sys.executable, "-I", "-S", str(root / "sortition" / "audit.py"), str(drawn)]
    done = subprocess.run(command, capture_output=True, text=True, env={}, check=True)
    assert "ALL TRUE" in done.stdout
    shutil.rmtree(drawn / "private")
    shutil.rmtree(drawn / "witness")
    done = subprocess.run(command, capture_output=True, text=True, env={}, check=True)
    assert "need witness/" in done.stdout


@pytest.mark.parametrize("command", ["check", "solve"])
def test_all_problems_come_as_json_and_leave_with_1(command: str, tmp_path: Path, run: Run) -> None:
    faulty = [resource(f"samples/faulty/{name}.csv") for name in ("features", "people")]
    out = ("--out", tmp_path / "none") if command == "solve" else ()
    answer = run(command, *faulty, "--size", 12, *HOMES, *out, "--json")
    assert (answer.code, answer.err) == (1, "")
    problems = answer.json["problems"]
    assert len(problems) == 21
    assert any("add up to 13" in problem["message"] for problem in problems)
    assert {"file", "row", "column", "value", "message", "remedy"} - problems[0].keys() == set()
    assert not (tmp_path / "none").exists()


def test_check_says_in_json_that_a_panel_exists(run: Run) -> None:
    answer = run("check", FEATURES, PEOPLE, "--size", 30, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.json["feasible"] is True
    assert answer.json["bound"] == pytest.approx(0.0391, abs=1e-4)


# --- Quotas that cannot be met, people they shut out ---


@pytest.fixture
def quotas(tmp_path: Path) -> Callable[..., Path]:
    """Write the quotas of the commission with some bounds changed, by category."""

    def write(**changes: tuple[int, int]) -> Path:
        table = rows(Path(FEATURES))
        for row in table:
            for start, (low, high) in changes.items():
                if row["value"].replace(" ", "_").startswith(start):
                    row.update(min=str(low), max=str(high))
        path = tmp_path / "changed.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, table[0].keys())
            writer.writeheader()
            writer.writerows(table)
        return path

    return write


CLASH = {"65": (0, 2), "18": (0, 30), "25": (0, 30), "35": (0, 30), "50": (0, 30)}
CLASH |= {"Sans_dipl": (14, 30), "CAP": (0, 30), "Bac": (0, 30), "Dipl": (0, 30)}


@pytest.mark.parametrize("command", ["check", "solve"])
def test_a_conflict_comes_with_three_ways_out_in_words_and_in_json(
    command: str, tmp_path: Path, run: Run, quotas: Callable[..., Path]
) -> None:
    out = ("--out", tmp_path / "none") if command == "solve" else ()
    told = run(command, quotas(**CLASH), PEOPLE, "--size", 30, *out)
    assert told.code == 1
    assert "at most 2 of 65 ans ou plus (age)" in told.out
    assert "1. 1 seat moved in 1 quota" in told.out
    answer = run(command, quotas(**CLASH), PEOPLE, "--size", 30, *out, "--json")
    assert (answer.code, answer.err, answer.json["feasible"]) == (1, "", False)
    assert {q["category"] for q in answer.json["conflict"]["quotas"]} == {
        "65 ans ou plus",
        "Sans diplôme ou brevet",
    }
    ways = answer.json["relaxations"]
    assert len(ways) == 3
    assert [way["seats_moved"] for way in ways] == sorted(way["seats_moved"] for way in ways)
    assert ways[2]["min_probability"] > ways[0]["min_probability"]
    assert ways[0]["changes"][0].keys() == {"feature", "category", "side", "before", "after"}
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("command", ["check", "solve"])
def test_quotas_that_do_not_add_up_come_with_what_could_give_way(
    command: str, tmp_path: Path, run: Run, quotas: Callable[..., Path]
) -> None:
    out = ("--out", tmp_path / "none") if command == "solve" else ()
    answer = run(command, quotas(Outre=(8, 9)), PEOPLE, "--size", 30, *out, "--json")
    assert answer.code == 1
    assert "add up to 35" in answer.json["problems"][0]["message"]
    assert len(answer.json["relaxations"]) >= 3


@pytest.mark.parametrize("command", ["check", "solve"])
def test_people_no_panel_can_contain_are_named_with_the_quota_to_blame(
    command: str, tmp_path: Path, run: Run, quotas: Callable[..., Path]
) -> None:
    closed = quotas(Outre=(0, 0))
    out = ("--out", tmp_path / "one") if command == "solve" else ()
    told = run(command, closed, PEOPLE, "--size", 30, *out)
    assert told.code == 0
    assert "No chance for 15 respondents, V00040, V00044" in told.out
    out = ("--out", tmp_path / "two") if command == "solve" else ()
    answer = run(command, closed, PEOPLE, "--size", 30, *out, "--json")
    named = answer.json["excluded_by_quotas"]
    overseas = [row["id"] for row in rows(Path(PEOPLE)) if row["region"] == "Outre-mer"]
    assert sorted(named) == sorted(overseas)
    assert "at most 0 of Outre-mer (region)" in answer.json["excluded_reasons"][named[0]]


def test_people_set_aside_are_in_no_panel_and_their_reason_stays(tmp_path: Path, run: Run) -> None:
    listed = tmp_path / "aside.csv"
    listed.write_text("id;reason\nV00001;mandat en cours\n", "utf-8")
    out = tmp_path / "bundle"
    words = ("solve", FEATURES, PEOPLE, "--size", 30, "--exclude", listed, "--panels", 200)
    assert run(*words, "--out", out, "--json").json["pool"] == 399
    assert rows(out / "private" / "exclusion_list.csv") == [
        {"respondent": "V00001", "reason": "mandat en cours"}
    ]
    assert run("receipt", out, "V00001").code == 1


# --- The draw ---


def test_two_officers_type_the_number_at_the_prompt(
    bundle: Path, run: Run, typed: Callable[[str], None]
) -> None:
    typed("12\n13\n")
    refused = run("draw", bundle)
    assert refused.code == 1
    assert "different numbers: 12 and 13" in refused.err
    typed("012\n12\n")
    answer = run("draw", bundle, "--officer", "A. Un", "--officer", "B. Deux", "--json")
    assert (answer.code, answer.json["number"]) == (0, 12)
    assert answer.json["officers"] == ["A. Un", "B. Deux"]


@pytest.mark.parametrize(
    ("number", "said"), [("1000", "no panel 1000"), ("12a", "not a number"), ("-1", "not a number")]
)
def test_a_wrong_number_draws_nothing(bundle: Path, run: Run, number: str, said: str) -> None:
    answer = run("draw", bundle, "--number", number)
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err
    assert not (bundle / "public" / "draw.json").exists()


def test_a_draw_is_never_rerun(drawn: Path, run: Run) -> None:
    before = (drawn / "public" / "draw.json").read_bytes()
    answer = run("draw", drawn, "--number", 12)
    assert answer.code == 1
    assert "already drawn: panel 187" in answer.err
    assert (drawn / "public" / "draw.json").read_bytes() == before


def frozen(run: Run, out: Path, *randomness: str) -> Path:
    announced = [word for source in randomness for word in ("--randomness", source)]
    words = ("solve", FEATURES, PEOPLE, "--size", 30, "--panels", 200, *announced, "--out", out)
    assert run(*words).code == 0
    return out


def test_published_sources_lead_to_the_panel(tmp_path: Path, run: Run) -> None:
    bundle = frozen(run, tmp_path / "bundle", "source:Loto of 5 December", "source:Keno")
    missing = run("draw", bundle, "--value", "Loto of 5 December=4 11 23")
    assert missing.code == 1
    assert "'Keno' is missing" in missing.err
    drawn = run("draw", bundle, "--value", "Loto of 5 December=23 11 4", "--value", "2=7 8")
    assert drawn.code == 0
    assert run("audit", bundle).code == 0


def test_a_drand_round_leads_to_the_panel_and_another_does_not(tmp_path: Path, run: Run) -> None:
    bundle = frozen(run, tmp_path / "bundle", "drand:quicknet:1000")
    beacon = {
        "round": 1000,
        "randomness": "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
        "signature": "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
        "e342b73a8dd2bacbe47e4b6b63ed5e39",
    }
    file = tmp_path / "round.json"
    file.write_text(json.dumps({**beacon, "round": 1001}), "ascii")
    assert run("draw", bundle, "--drand", file).code == 1
    assert "Not announced" in run("draw", bundle, "--number", 3).err
    file.write_text(json.dumps(beacon), "ascii")
    assert run("draw", bundle, "--drand", file).code == 0
    assert run("audit", bundle).code == 0


def test_a_replacement_may_be_frozen_first_and_drawn_in_public(drawn: Path, run: Run) -> None:
    left = [row["respondent"] for row in rows(drawn / "private" / "panel.csv")][:2]
    freeze = run("replace", drawn, "--left", ",".join(left))
    mended = drawn / "replacements" / "1"
    assert freeze.code == 0
    assert (mended / "public" / "digest.txt").read_text("ascii").strip() in freeze.out
    assert run("draw", mended, "--number", 3).code == 0
    assert run("audit", drawn).code == 0
    again = run("replace", drawn, "--left", left[0], "--seed", "x", "--json")
    assert (again.code, again.json["problems"][0]["message"]) == (1, "Already replaced.")


# --- Mistakes of use, and of files ---


@pytest.mark.parametrize(
    "words",
    [
        ("draw", "nowhere", "--number", "3"),
        ("audit", "nowhere"),
        ("report", "nowhere", "--out", "x.html"),
        ("receipt", "nowhere", "V00001"),
        ("replace", "nowhere", "--left", "V00001"),
        ("reproduce", "nowhere"),
        ("solve", FEATURES, "--size", "30", "--out", "x"),
        ("check", FEATURES, PEOPLE),
        ("no-such-command",),
    ],
    ids=lambda words: words[0],
)
def test_wrong_use_leaves_with_2_and_says_what_to_give(words: tuple[str, ...], run: Run) -> None:
    answer = run(*words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err


def test_a_missing_file_is_a_problem_of_the_data(tmp_path: Path, run: Run) -> None:
    answer = run("solve", "none.csv", PEOPLE, "--size", 30, "--out", tmp_path / "bundle")
    assert answer.code == 1
    assert "none.csv: There is no such file" in answer.err


def test_a_folder_that_exists_is_never_written_over(bundle: Path, run: Run) -> None:
    answer = run("solve", FEATURES, PEOPLE, "--size", 30, "--out", bundle)
    assert answer.code == 1
    assert "exists already" in answer.err


def test_problems_that_one_remedy_ends_are_told_together(tmp_path: Path, run: Run) -> None:
    people = rows(Path(PEOPLE))
    for row in people[:50]:
        row["sex"] = row["sex"].lower()
    file = tmp_path / "people.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, people[0].keys())
        writer.writeheader()
        writer.writerows(people)
    answer = run("check", FEATURES, file, "--size", 30)
    assert answer.code == 1
    assert len(answer.err.splitlines()) < 30
    assert "50 errors and 0 warnings." in answer.err
    told = run("check", FEATURES, file, "--size", 30, "--json")
    assert len(told.json["problems"]) == 50


def test_every_help_comes_and_keeps_its_examples_on_their_lines(run: Run) -> None:
    for command in ("targets", "check", "solve", "draw", "replace", "report", "receipt"):
        answer = run(command, "--help")
        assert answer.code == 0
        example = next(x for x in answer.out.splitlines() if f"kleroterion {command} " in x)
        assert len(example) <= 80


# --- Stopped on the way, watched on the way ---


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_stopped_while_solving_it_leaves_nothing_half_written(
    tmp_path: Path, sent: signal.Signals
) -> None:
    people, features = (
        str(resource(f"samples/climate/{name}.csv")) for name in ("people", "features")
    )
    out = tmp_path / "bundle"
    words = ("solve", features, people, "--size", 150, "--panels", 20000, "--out", out)
    process = subprocess.Popen(
        kleroterion(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(2)
    process.send_signal(sent)
    said, told = process.communicate(timeout=30)
    assert said == ""
    assert list(tmp_path.iterdir()) == []
    if sent is signal.SIGINT:
        assert (process.returncode, told.strip()) == (130, "Stopped. Nothing is half written.")


def test_bars_are_shown_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    words = ("solve", FEATURES, PEOPLE, "--size", 30, "--panels", 200)
    piped = subprocess.run(
        kleroterion(*words, "--out", tmp_path / "piped"), capture_output=True, text=True, check=True
    )
    assert piped.stderr == ""
    ours, theirs = pty.openpty()
    seen = subprocess.run(
        kleroterion(*words, "--out", tmp_path / "seen", "--json"),
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
        check=True,
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "Selection probabilities" in shown
    assert json.loads(seen.stdout)["panels"] == 200


def test_a_reader_who_has_read_enough_is_no_fault() -> None:
    process = subprocess.Popen(
        kleroterion("targets", "--size", 150),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    process.wait(timeout=30)
    assert "Traceback" not in told
