"""Balance counted over a whole body, when one half is already known."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sortition.errors import TargetsError
from sortition.targets import targets, write_quota_file
from sortition.whole_body import count_seated, what_remains

WHOLE = targets(size=600, features=("sex", "age"))


def elected(women: int, men: int) -> list[dict[str, str]]:
    return [{"sex": "Femme"}] * women + [{"sex": "Homme"}] * men


def test_the_drawn_make_up_for_what_the_elected_lack() -> None:
    # 600 seats: 313 women and 287 men. 100 women are elected: 213 remain to draw.
    remaining = what_remains(WHOLE, count_seated(elected(100, 200), WHOLE), size=300)
    sex = remaining.features[0]
    assert [(row.category, row.seats) for row in sex.rows] == [("Femme", 213), ("Homme", 87)]
    assert sex.rows[0].exact == 600 * WHOLE.features[0].rows[0].share - 100
    assert remaining.quotas.size == 300


def test_a_feature_that_the_elected_do_not_give_is_balanced_among_the_drawn() -> None:
    remaining = what_remains(WHOLE, count_seated(elected(150, 150), WHOLE), size=300)
    alone = targets(size=300, features=("age",))
    assert [r.seats for r in remaining.features[1].rows] == [
        r.seats for r in alone.features[0].rows
    ]


def test_seats_held_in_excess_are_missed_by_the_others_and_nobody_owes_less_than_zero() -> None:
    seated = {"age": {"50-64 ans": 200, "35-49 ans": 100}}
    remaining = what_remains(WHOLE, seated, size=300, tolerance=1)
    rows = {row.category: row for row in remaining.features[1].rows}
    assert (rows["50-64 ans"].seats, rows["50-64 ans"].lower, rows["50-64 ans"].upper) == (0, 0, 1)
    assert sum(row.seats for row in rows.values()) == 300
    assert sum(row.exact for row in rows.values()) == Fraction(300)
    assert rows["18-24 ans"].exact < rows["18-24 ans"].share * 600
    assert (
        what_remains(WHOLE, seated, size=300).warnings[0].startswith("age: nobody of '50-64 ans'")
    )


def test_the_quota_file_says_how_many_seats_are_already_held() -> None:
    remaining = what_remains(WHOLE, count_seated(elected(100, 200), WHOLE), size=300)
    text = write_quota_file(remaining)
    assert "Corps entier : 313 sièges visés, 100 déjà pourvus." in text
    assert text.count("Corps entier") == 2  # the two rows of the feature known for the elected


def test_seated_members_of_unknown_category_are_refused_with_the_possible_ones() -> None:
    members = [{"sex": "Femme"}, {"sex": "F"}, {"sex": "M"}]
    with pytest.raises(TargetsError, match=r"'F' \(possible: Femme, Homme\); sex 'M'"):
        count_seated(members, WHOLE)


def test_only_features_that_every_member_gives_are_counted() -> None:
    assert count_seated([{"sex": "Femme", "age": "18-24 ans"}, {"sex": "Homme"}], WHOLE) == {
        "sex": {"Femme": 1, "Homme": 1}
    }
    assert count_seated([], WHOLE) == {}


@pytest.mark.parametrize("size", [0, 601])
def test_no_more_members_are_drawn_than_the_body_has(size: int) -> None:
    with pytest.raises(TargetsError, match="body of 600"):
        what_remains(WHOLE, {}, size=size)


def test_seated_and_drawn_must_make_the_body() -> None:
    with pytest.raises(TargetsError, match="do not make a body of 600"):
        what_remains(WHOLE, count_seated(elected(100, 199), WHOLE), size=300)
