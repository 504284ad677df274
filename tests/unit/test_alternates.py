"""Who may take whose seat, and who is called first."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from sortition.alternates import find_alternates
from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.quotas import Quota, Quotas

TOKENS = ("T5", "T3", "T0", "T4", "T1", "T2", "T6")


def pool_of(rows: str, homes: list[int] | None = None) -> Pool:
    """Make a pool from words such as "wo mo wy": sex (w, m) and age (y, o)."""
    people = rows.split()
    return Pool(
        ids=tuple(f"p{i}" for i in range(len(people))),
        features=(Feature("sex", ("w", "m")), Feature("age", ("y", "o"))),
        membership=np.array([["wm".index(p[0]), "yo".index(p[1])] for p in people], np.int32),
        households=np.array(homes or [NO_HOUSEHOLD] * len(people), dtype=np.int32),
    )


def quotas_of(women: tuple[int, int], men: tuple[int, int], young: tuple[int, int]) -> Quotas:
    size = 2
    return Quotas(
        size,
        (
            Quota("sex", "w", *women),
            Quota("sex", "m", *men),
            Quota("age", "y", *young),
            Quota("age", "o", 0, size),
        ),
    )


def found(pool: Pool, quotas: Quotas, depth: int = 5) -> dict[int, tuple[int, ...]]:
    tokens = TOKENS[: len(pool)]
    seats = find_alternates(pool, quotas, [0, 1], tokens=tokens, lot="digest|7", depth=depth)
    return {seat.seat: seat.alternates for seat in seats}


def test_only_those_who_keep_every_quota_are_alternates() -> None:
    pool = pool_of("wy mo  wo my wy mo")
    assert set(found(pool, quotas_of((1, 1), (1, 1), (1, 1)))[0]) == {4}
    assert set(found(pool, quotas_of((1, 1), (1, 1), (0, 2)))[0]) == {2, 4}
    assert set(found(pool, quotas_of((0, 1), (1, 2), (1, 1)))[0]) == {3, 4}
    assert set(found(pool, quotas_of((0, 2), (0, 2), (0, 2)))[0]) == {2, 3, 4, 5}


def test_a_seat_that_nobody_can_take_has_no_alternate() -> None:
    pool = pool_of("wy mo  wo my")
    assert found(pool, quotas_of((1, 1), (1, 1), (1, 1))) == {0: (), 1: ()}


def test_a_relative_takes_the_seat_of_the_relative_and_no_other() -> None:
    loose = quotas_of((0, 2), (0, 2), (0, 2))
    pool = pool_of("wy mo  wy mo wy", homes=[0, 1, 0, 1, 2])
    alternates = found(pool, loose)
    assert set(alternates[0]) == {2, 4}
    assert set(alternates[1]) == {3, 4}


def test_two_people_without_a_household_are_not_relatives() -> None:
    assert found(pool_of("wy wy wy wy"), quotas_of((2, 2), (0, 0), (2, 2))).keys() == {0, 1}
    assert set(found(pool_of("wy wy wy wy"), quotas_of((2, 2), (0, 0), (2, 2)))[0]) == {2, 3}


def test_the_most_alike_come_first_then_the_lot_decides() -> None:
    pool = pool_of("wy mo  mo wo wy my wo")
    order = found(pool, quotas_of((0, 2), (0, 2), (0, 2)))[0]

    def rank(row: int) -> tuple[int, str]:
        differs = sum(a != b for a, b in zip(pool.profile(row), pool.profile(0), strict=True))
        text = f"digest|7|alternate|{TOKENS[0]}|{TOKENS[row]}"
        return differs, hashlib.sha256(text.encode()).hexdigest()

    assert list(order) == sorted([2, 3, 4, 5, 6], key=rank)
    assert order[0] == 4
    assert order[-1] == 2


def test_no_more_than_the_depth_are_kept() -> None:
    pool, loose = pool_of("wy mo  mo wo wy my wo"), quotas_of((0, 2), (0, 2), (0, 2))
    deep = found(pool, loose)[0]
    for depth in range(6):
        assert found(pool, loose, depth)[0] == deep[:depth]


def test_seats_come_in_the_order_of_tokens() -> None:
    pool = pool_of("wy mo wy")
    assert list(found(pool, quotas_of((0, 2), (0, 2), (0, 2)))) == [1, 0]  # T3, then T5


def test_a_panel_that_breaks_a_quota_has_no_alternates_at_all() -> None:
    with pytest.raises(ValueError, match="does not meet the quotas"):
        found(pool_of("wy wy mo"), quotas_of((1, 1), (1, 1), (0, 2)))


def test_a_pool_without_outsiders_has_no_alternates() -> None:
    assert found(pool_of("wy mo"), quotas_of((0, 2), (0, 2), (0, 2))) == {0: (), 1: ()}
