"""The benchmark runs: an instance is the same each time, and a table comes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.bench import SIZES, main
from tests.benchmarks.instances import make_instance


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


def test_the_table_holds_a_row_for_each_size_run(tmp_path: Path) -> None:
    table = tmp_path / "table.md"
    assert main(["--no-peer", "--seeds", "1", "--size", "150", "--out", str(table)]) == 0
    rows = [line for line in table.read_text("utf-8").splitlines() if line.startswith("| 150")]
    assert len(rows) == 1
    cells = [cell.strip() for cell in rows[0].strip("|").split("|")]
    assert cells[0] == "150, 30, 5"
    assert float(cells[6]) <= float(cells[7]) + 1e-4  # the smallest chance, and its ceiling
    assert 0 <= float(cells[8]) <= 1
    assert 0 <= float(cells[9]) < 1


@pytest.mark.parametrize("words", [["--seeds", "0"], ["--peer-cap", "-1"], ["--unknown"]])
def test_wrong_use_is_told(words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
