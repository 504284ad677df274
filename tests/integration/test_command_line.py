"""The command line from end to end: what others script against, and what people read."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
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
