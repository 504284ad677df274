"""Contradictions that adding up shows are found before any solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from sortition.checks import Places, check_quotas, check_size, check_sums, check_supply, supply_of
from sortition.pool import Feature, Pool
from sortition.quotas import Quota, Quotas

Bounds = Mapping[str, tuple[int, int]]


def quotas_of(size: int, **features: Bounds) -> Quotas:
    return Quotas(
        size,
        tuple(
            Quota(feature, category, lower, upper)
            for feature, bounds in features.items()
            for category, (lower, upper) in bounds.items()
        ),
    )


def pool_of(quotas: Quotas, people: Sequence[str], households: Sequence[int] | None = None) -> Pool:
    """A pool of people each written as the first letters of their categories."""
    initials = [[c[0] for c in feature.categories] for feature in quotas.features]
    return Pool(
        ids=tuple(f"{i:03d}" for i in range(len(people))),
        features=quotas.features,
        membership=np.array(
            [[initials[f].index(c) for f, c in enumerate(person)] for person in people],
            dtype=np.int32,
        ).reshape(len(people), len(initials)),
        households=np.array([-1] * len(people) if households is None else households, np.int32),
    )


def messages(
    quotas: Quotas, people: Sequence[str], homes: Sequence[int] | None = None
) -> list[str]:
    return [p.message for p in check_quotas(pool_of(quotas, people, homes), quotas)]


def test_quotas_that_hold_have_no_problem() -> None:
    quotas = quotas_of(2, sex={"f": (1, 1), "m": (1, 1)}, age={"young": (0, 2), "old": (0, 2)})
    assert messages(quotas, ["fy", "mo"]) == []


@pytest.mark.parametrize("size", [0, -3])
def test_a_panel_of_nobody_is_one_problem(size: int) -> None:
    quotas = quotas_of(size, sex={"f": (1, 1)})
    (problem,) = check_quotas(pool_of(quotas, ["f"]), quotas)
    assert (problem.file, problem.value) == ("size", str(size))
    assert check_size(1) == ()


def test_minimums_above_the_size_name_the_feature_and_what_to_change() -> None:
    quotas = quotas_of(3, age={"y": (0, 3)}, sex={"f": (2, 3), "m": (3, 3)})
    (problem,) = check_sums(quotas, Places("q.csv", rows={("sex", "f"): 4}))
    assert (problem.file, problem.row, problem.column, problem.value) == ("q.csv", 4, "min", "5")
    assert "'sex'" in problem.message
    assert "5" in problem.message
    assert "Lower them by 2 in all" in problem.remedy
    assert "5 or more" in problem.remedy


def test_maximums_below_the_size_name_the_feature_and_what_to_change() -> None:
    quotas = quotas_of(6, sex={"f": (0, 2), "m": (0, 3)})
    (problem,) = check_sums(quotas, Places())
    assert (problem.column, problem.value) == ("max", "5")
    assert "Raise them by 1 in all" in problem.remedy
    assert "5 or fewer" in problem.remedy
    assert check_sums(quotas, Places(), incomplete=frozenset({"sex"})) == ()
    assert check_sums(quotas, Places(), incomplete=frozenset({"age"})) == (problem,)


def test_sums_equal_to_the_size_are_no_problem() -> None:
    assert check_sums(quotas_of(5, sex={"f": (2, 2), "m": (3, 3)}), Places()) == ()


def test_a_panel_of_one_is_checked() -> None:
    quotas = quotas_of(1, sex={"f": (2, 2)})
    assert len(check_sums(quotas, Places())) == 1
    assert len(check_supply(quotas, supply_of(pool_of(quotas, ["f"])), Places())) == 1


def test_every_wrong_feature_is_named() -> None:
    quotas = quotas_of(2, a={"x": (3, 3)}, b={"y": (0, 1)}, c={"z": (0, 2)}, d={"t": (9, 9)})
    problems = check_sums(quotas, Places())
    assert [(p.column, p.value) for p in problems] == [("min", "3"), ("max", "1"), ("min", "9")]


def test_sums_follow_features_whose_rows_are_scattered() -> None:
    quotas = Quotas(3, (Quota("a", "x", 1, 1), Quota("b", "y", 3, 3), Quota("a", "z", 2, 2)))
    assert check_sums(quotas, Places()) == ()


def test_a_pool_smaller_than_the_panel_is_one_problem() -> None:
    quotas = quotas_of(3, sex={"f": (0, 3), "m": (0, 3)})
    (message,) = messages(quotas, ["f", "m"])
    assert "2 respondents" in message
    assert "3 seats" in message


def test_a_category_with_fewer_people_than_its_minimum_is_named_with_both_numbers() -> None:
    quotas = quotas_of(3, sex={"f": (2, 3), "m": (0, 3)}, age={"y": (3, 3), "o": (0, 3)})
    pool = pool_of(quotas, ["fy", "my", "mo", "mo"])
    places = Places("q.csv", rows={("sex", "f"): 2, ("age", "y"): 4})
    first, second = check_quotas(pool, quotas, places=places)
    assert (first.row, first.column, first.value) == (2, "min", "2")
    assert "1 respondent of category 'f' of feature 'sex'" in first.message
    assert "Lower this minimum to 1" in first.remedy
    assert (second.row, second.value) == (4, "3")


def test_a_category_with_just_its_minimum_is_no_problem() -> None:
    assert messages(quotas_of(2, sex={"f": (1, 1), "m": (1, 1)}), ["f", "m", "m"]) == []


def test_people_of_one_household_count_for_one_seat() -> None:
    quotas = quotas_of(2, sex={"f": (2, 2), "m": (0, 1)})
    people = ["f", "f", "f", "m"]
    assert messages(quotas, people, [0, 1, -1, -1]) == []
    (message,) = messages(quotas, people, [0, 0, 0, -1])
    assert "3 respondents in 1 household (" in message
    assert messages(quotas, people, [0, 0, -1, 0]) == []


def test_a_pool_of_one_household_fills_one_seat() -> None:
    quotas = quotas_of(2, sex={"f": (0, 2), "m": (0, 2)})
    (message,) = messages(quotas, ["f", "m"], [0, 0])
    assert "2 respondents in 1 household (" in message


def test_maximums_that_the_people_cannot_fill_are_found() -> None:
    # 3 + 1 seats are allowed, but only one woman is there: 1 + 1 < 4.
    quotas = quotas_of(4, sex={"f": (0, 3), "m": (0, 1)})
    (problem,) = check_quotas(pool_of(quotas, ["f", "m", "m", "m"]), quotas)
    assert (problem.column, problem.value) == ("max", "2")
    assert "2 seats at most out of 4" in problem.message
    assert "Raise by 2 in all" in problem.remedy
    supply = supply_of(pool_of(quotas, ["f", "m", "m", "m"]))
    assert check_supply(quotas, supply, Places(), incomplete=frozenset({"sex"})) == ()


def test_supply_counts_each_household_once_by_category() -> None:
    quotas = quotas_of(1, sex={"f": (0, 1), "m": (0, 1)}, age={"y": (0, 1), "o": (0, 1)})
    supply = supply_of(pool_of(quotas, ["fy", "fy", "mo", "fo", "my"], [0, 0, 0, 1, -1]))
    assert (supply.people, supply.seatable) == (5, 3)
    assert supply.category_people.tolist() == [3, 2, 3, 2]
    assert supply.category_seatable.tolist() == [2, 2, 2, 2]


def test_an_empty_pool_is_counted() -> None:
    quotas = quotas_of(1, sex={"f": (0, 1)})
    supply = supply_of(pool_of(quotas, []))
    assert (supply.people, supply.seatable) == (0, 0)
    assert supply.category_seatable.tolist() == [0]


def test_supply_of_a_panel_of_nobody_is_not_checked() -> None:
    quotas = quotas_of(0, sex={"f": (5, 5)})
    assert check_supply(quotas, supply_of(pool_of(quotas, ["f"])), Places()) == ()


def test_pool_and_quotas_must_speak_of_the_same_categories() -> None:
    quotas = quotas_of(1, sex={"f": (0, 1)})
    other = Pool(
        ("1",), (Feature("sex", ("m",)),), np.zeros((1, 1), np.int32), np.full(1, -1, np.int32)
    )
    with pytest.raises(ValueError, match="same features"):
        check_quotas(other, quotas)
