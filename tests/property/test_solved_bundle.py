"""From solving to the audit: what is frozen and drawn proves itself, and no changed byte does."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition.audit import audit
from sortition.bundle import freeze
from sortition.drawing import draw
from sortition.drawn_number import DrawInputs
from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.quotas import Quota, Quotas
from sortition.randomness import NumberPlan
from sortition.solving import COLUMNS, solve
from tests.hidden_panels import HiddenPanel, hidden_panels

SECRET = bytes(range(32))


def freeze_solved(hidden: HiddenPanel, path: Path, panels: int = 60) -> None:
    freeze(
        solve(hidden.pool, hidden.quotas, panels=panels),
        path,
        title="Test",
        randomness_plan=NumberPlan().as_json(),
        secret=SECRET,
    )


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@settings(max_examples=40)
@given(hidden_panels(), st.integers(0, 59))
def test_whatever_is_solved_frozen_and_drawn_passes_the_audit(
    hidden: HiddenPanel, number: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle"
        freeze_solved(hidden, path)
        assert audit(path).lie is None
        draw(path, DrawInputs(number=str(number)), officers=["Première", "Second"])
        assert audit(path).lie is None


@settings(max_examples=25)
@given(hidden_panels(), st.data())
def test_any_changed_byte_of_a_solved_and_drawn_bundle_is_a_lie(
    hidden: HiddenPanel, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle"
        freeze_solved(hidden, path)
        draw(path, DrawInputs(number="7"))
        files = sorted([*(path / "public").iterdir(), *(path / "witness").iterdir()])
        for file in data.draw(st.lists(st.sampled_from(files), min_size=3, max_size=6)):
            content = file.read_bytes()
            if not content:
                continue
            place = data.draw(st.integers(0, len(content) - 1))
            flipped = content[place] ^ data.draw(st.integers(1, 255))
            file.write_bytes(content[:place] + bytes([flipped]) + content[place + 1 :])
            assert audit(path).lie is not None, file.name
            file.write_bytes(content)
        assert audit(path).lie is None


@settings(max_examples=25)
@given(hidden_panels())
def test_the_same_pool_gives_the_same_bytes(hidden: HiddenPanel) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder) / "one", Path(folder) / "two"
        freeze_solved(hidden, one)
        freeze_solved(hidden, two)
        assert bytes_of(one) == bytes_of(two)


def test_whom_a_quota_of_0_shuts_out_keeps_the_proof_when_panels_are_generated(
    tmp_path: Path,
) -> None:
    """An odd cycle beside someone of a closed category: the audit called the honest proof a lie.

    The levels had been proved with that person at the level of 0, then published without.
    """
    people = [(1, 0, 1, 0), (0, 0, 0, 0), (0, 1, 1, 0), (1, 1, 0, 0), (0, 0, 1, 0), (1, 1, 1, 0)]
    people.append((1, 0, 1, 1))
    names = ("one", "two", "three", "far")
    pool = Pool(
        ids=tuple(f"person {row}" for row in range(len(people))),
        features=tuple(Feature(name, ("out", "in")) for name in names),
        membership=np.array(people, dtype=np.int32),
        households=np.full(len(people), NO_HOUSEHOLD, dtype=np.int32),
    )
    most = {"one": 1, "two": 1, "three": 1, "far": 0}
    quotas = [
        Quota(name, side, 0, {"out": 2, "in": most[name]}[side]) for name, side in pool.categories
    ]
    solution = solve(pool, Quotas(2, tuple(quotas)), panels=60)
    assert solution.method == COLUMNS
    assert [shutout.respondent for shutout in solution.excluded] == [6]
    path = tmp_path / "bundle"
    freeze(solution, path, title="Test", randomness_plan=NumberPlan().as_json(), secret=SECRET)
    assert audit(path).lie is None
