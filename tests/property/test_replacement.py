"""Whoever leaves, the panel that stands afterwards is a panel, or there was none to be had."""

from __future__ import annotations

import tempfile
from itertools import combinations
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition.drawing import draw
from sortition.drawn_number import DrawInputs
from sortition.errors import QuotasInfeasibleError
from sortition.probabilities import SelectionProbabilities
from sortition.replacement import replace
from sortition.succession import read_succession
from sortition.vacancies import find_vacancies, remaining_quotas
from tests.frozen_bundles import HandSolution, freeze_by_hand
from tests.hidden_panels import HiddenPanel, hidden_panels, is_panel


@given(hidden_panels(most=8), st.data())
def test_newcomers_meet_what_remains_exactly_when_the_whole_meets_the_quotas(
    hidden: HiddenPanel, data: st.DataObject
) -> None:
    pool, quotas, panel = hidden.pool, hidden.quotas, hidden.panel
    staying = data.draw(st.lists(st.sampled_from(panel), unique=True, max_size=len(panel)))
    remaining = remaining_quotas(pool, quotas, staying)
    assert remaining.size == len(panel) - len(staying)
    others = sorted(set(range(len(pool))) - set(staying))
    for newcomers in combinations(others, remaining.size):
        counts = pool.counts(newcomers)
        fits = bool(((remaining.lower <= counts) & (counts <= remaining.upper)).all())
        whole = pool.counts([*staying, *newcomers])
        assert fits == bool(((quotas.lower <= whole) & (whole <= quotas.upper)).all())


@settings(max_examples=60)
@given(hidden_panels(most=8), st.data())
def test_after_each_replacement_the_panel_is_a_panel(
    hidden: HiddenPanel, data: st.DataObject
) -> None:
    pool, quotas = hidden.pool, hidden.quotas
    solution = HandSolution(
        pool,
        quotas,
        SelectionProbabilities(
            np.zeros(len(pool), dtype=np.int64), np.full(len(pool), -1, dtype=np.int32), ()
        ),
        np.array([hidden.panel], dtype=np.int32),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = freeze_by_hand(Path(folder) / "bundle", solution).path
        draw(path, DrawInputs(number="0"), depth=data.draw(st.integers(0, 3)))
        gone: set[str] = set()
        for number in range(2):
            before = _members(path)
            leaving = data.draw(st.lists(st.sampled_from(before), min_size=1, unique=True))
            vacancies = find_vacancies(path, leaving)
            gone |= set(leaving)
            assert not gone & set(vacancies.respondents.ids)
            assert set(vacancies.alternates.ids) <= set(vacancies.respondents.ids)
            staying = [name for name in before if name not in leaving]
            try:
                replace(path, leaving, seed=str(number), panels=20)
            except QuotasInfeasibleError:
                free = [name for name in pool.ids if name not in {*gone, *staying}]
                assert not any(
                    is_panel(pool, quotas, _rows(pool.ids, [*staying, *newcomers]))
                    for newcomers in combinations(free, len(leaving))
                )
                return
            after = _members(path)
            assert is_panel(pool, quotas, _rows(pool.ids, after))
            assert set(staying) <= set(after)
            assert not gone & set(after)


def _members(path: Path) -> list[str]:
    succession = read_succession(path)
    names = succession.root.respondents()
    return sorted(names[token] for token in succession.panel)


def _rows(ids: tuple[str, ...], names: list[str]) -> tuple[int, ...]:
    return tuple(sorted(ids.index(name) for name in names))
