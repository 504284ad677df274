"""Every alternate keeps the panel a panel, and the order is the one stated."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from sortition.alternates import find_alternates
from tests.hidden_panels import HiddenPanel, hidden_panels, is_panel

LOT = f"{'0' * 64}|3"


@given(hidden_panels(), st.integers(0, 6), st.data())
def test_alternates_are_the_definition_taken_word_by_word(
    hidden: HiddenPanel, depth: int, data: st.DataObject
) -> None:
    pool, quotas, panel = hidden.pool, hidden.quotas, hidden.panel
    tokens = [f"T{number}" for number in data.draw(st.permutations(range(len(pool))))]
    seats = find_alternates(pool, quotas, panel, tokens=tokens, lot=LOT, depth=depth)
    assert [seat.seat for seat in seats] == sorted(panel, key=lambda row: tokens[row])
    for seat in seats:
        expected = []
        for row in set(range(len(pool))) - set(panel):
            exchanged = tuple(row if member == seat.seat else member for member in panel)
            if is_panel(pool, quotas, exchanged):
                pairs = zip(pool.profile(row), pool.profile(seat.seat), strict=True)
                text = f"{LOT}|alternate|{tokens[seat.seat]}|{tokens[row]}"
                lot = hashlib.sha256(text.encode()).hexdigest()
                expected.append((sum(a != b for a, b in pairs), lot, row))
        assert list(seat.alternates) == [row for *_, row in sorted(expected)[:depth]]


@given(hidden_panels(), st.randoms(use_true_random=False))
def test_the_order_of_the_panel_does_not_matter(hidden: HiddenPanel, shuffler: object) -> None:
    tokens = [f"T{row:02d}" for row in range(len(hidden.pool))]
    shuffled = list(hidden.panel)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random of Hypothesis
    seats = [
        find_alternates(hidden.pool, hidden.quotas, panel, tokens=tokens, lot=LOT)
        for panel in (hidden.panel, shuffled)
    ]
    assert seats[0] == seats[1]
