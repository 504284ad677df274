"""The benchmark runs: an instance is the same each time, and a table comes out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sortition.solving import solve
from tests.benchmarks import bench
from tests.benchmarks.bench import SIZES, main, measure
from tests.benchmarks.instances import make_instance, write_instance
from tests.benchmarks.table import OUR_HEAD, OURS, as_csv, tables

OUR_FIGURES = (
    "probabilities",
    "lottery",
    "smallest",
    "bound",
    "gap_seats",
    "error_seats",
    "distinct",
    "peak_mib",
)


def test_an_instance_is_made_anew_from_its_seed() -> None:
    one, two = make_instance(150, 30, 5, 1), make_instance(150, 30, 5, 1)
    assert np.array_equal(one.pool.membership, two.pool.membership)
    assert one.quotas == two.quotas
    assert not np.array_equal(one.pool.membership, make_instance(150, 30, 5, 2).pool.membership)


@pytest.mark.parametrize("size", SIZES[:3])
def test_the_quotas_are_the_floor_and_the_ceiling_of_shares(size: tuple[int, int, int]) -> None:
    instance = make_instance(*size, 1)
    assert len(instance.pool) == size[0]
    assert len(instance.pool.features) == size[2]
    for feature in instance.quotas.features:
        quotas = [q for q in instance.quotas.quotas if q.feature == feature.name]
        assert sum(q.lower for q in quotas) <= size[1] <= sum(q.upper for q in quotas)
        assert all(q.upper - q.lower <= 1 for q in quotas)


def test_the_tables_hold_a_row_for_each_size_run(tmp_path: Path) -> None:
    table, runs = tmp_path / "table.md", tmp_path / "runs.json"
    words = ["--no-peer", "--seeds", "2", "--size", "150", "--out", str(table)]
    assert main([*words, "--runs", str(runs)]) == 0
    rows = [line for line in table.read_text("utf-8").splitlines() if line.startswith("| 150")]
    assert len(rows) == 1
    cells = dict(zip(OUR_HEAD, (c.strip() for c in rows[0].strip("|").split("|")), strict=True))
    assert cells["n, k, features"] == "150, 30, 5"
    assert float(cells["smallest chance"]) <= float(cells["proved bound"]) + 1e-4
    assert 0 <= float(cells["gap, seats"]) <= 1
    assert 0 <= float(cells["largest error, seats"]) < 1
    assert [run["seed"] for run in json.loads(runs.read_text("utf-8"))] == [1, 2]
    assert str(tmp_path) not in table.read_text("utf-8")


def test_the_peer_runs_on_the_files_of_the_same_instance(tmp_path: Path) -> None:
    small = make_instance(60, 12, 3, 1)
    write_instance(small, tmp_path)
    found = measure("peer.py", tmp_path, "--panels", 100, "--solver", "highspy")
    assert found["smallest"] <= float(solve(small.pool, small.quotas, panels=100).bound) + 0.01
    assert found["never_seated"] == 0
    assert found["distinct"] <= 100


def test_a_measure_that_fails_or_takes_too_long_is_told(tmp_path: Path) -> None:
    assert "features.csv" in measure("peer.py", tmp_path)["failed"]
    assert measure("measure.py", 150, 30, 5, cap=0.01) == {"stopped": 0.01}


def test_what_the_peer_did_is_laid_beside_ours() -> None:
    ours = {"who": OURS, "size": (600, 75, 6), "seed": 1, "panels": 1_000, "peak_mib": 200.0}
    ours |= {"seconds": 0.5, "probabilities": 0.1, "lottery": 0.4, "smallest": 0.05}
    ours |= {"bound": 0.0504, "gap_seats": 0.4, "error_seats": 0.9, "distinct": 1_000}
    peer = {"who": "peer", "size": (600, 75, 6), "algorithm": "maximin", "solver": "mip"}
    lost = {"failed": "out of luck", "after": 25.0}
    done = {"seconds": 60.0, "peak_mib": 90.0, "smallest": 0.04, "distinct": 50, "never_seated": 3}
    text = tables([ours, peer | done, peer | {"stopped": 100.0}, peer | lost])
    assert (
        "| 600, 75, 6 | maximin, mip | 60.0 | 90 | 0.0400 | 0.0500 | 50 | 3 | 0.50 | 120 |" in text
    )
    assert "| maximin, mip | > 100 |  |  | 0.0500 |  |  | 0.50 | > 200 |" in text
    assert "| > 25 (failed: out of luck) |  |  | 0.0500 |  |  | 0.50 | > 50 |" in text
    assert [line.count(",") for line in as_csv([ours, peer]).splitlines()] == [14, 14, 14]


def test_a_run_cut_short_keeps_what_was_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = iter([{"seconds": 1.0, **dict.fromkeys(OUR_FIGURES, 0.5)}])

    def interrupted(*_: object, **__: object) -> dict[str, float]:
        for figures in done:
            return figures
        raise KeyboardInterrupt

    monkeypatch.setattr(bench, "measure", interrupted)
    table = tmp_path / "table.md"
    assert bench.main(["--no-peer", "--size", "600", "--out", str(table)]) == 130
    assert "| 600, 75, 6 | 1 000 | 1 | 0.500 |" in table.read_text("utf-8")


def test_our_failures_are_counted_not_left_out() -> None:
    lost = {"who": OURS, "size": (600, 75, 6), "seed": 1, "panels": 1_000, "failed": "broken"}
    assert "| 1 (1 failed) |" in tables([lost])


@pytest.mark.parametrize(
    "words",
    [
        ["--seeds", "0"],
        ["--peer-cap", "-1"],
        ["--unknown"],
        ["--peer", "leximin"],
        ["--size", "151"],
    ],
)
def test_wrong_use_is_told(words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
