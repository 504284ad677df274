"""What holds of seats and age bands for every input."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from sortition.age_bands import AgeBand
from sortition.persons import FeaturePersons
from sortition.targets import FLOOR_CEILING, Targets, apportion, share_out
from sortition.whole_body import what_remains

WEIGHTS = st.lists(st.integers(0, 10**8), min_size=1, max_size=20).filter(any)
SEATS = st.integers(0, 1000)


def counted(weights: list[int]) -> FeaturePersons:
    persons = {f"category {i}": Fraction(weight) for i, weight in enumerate(weights)}
    return FeaturePersons(
        "feature", "Title", "", "18+", "base", "field", persons, "source", "2025", ()
    )


@given(WEIGHTS, SEATS)
def test_seats_sum_exactly_and_each_is_the_floor_or_the_ceiling(
    weights: list[int], seats: int
) -> None:
    """Largest remainder keeps quota: no category is a whole seat away from its exact number."""
    shared = apportion(weights, seats)
    assert sum(shared) == seats
    for number, weight in zip(shared, weights, strict=True):
        exact = Fraction(seats * weight, sum(weights))
        assert math.floor(exact) <= number <= math.ceil(exact)


@given(WEIGHTS, SEATS)
def test_a_larger_category_never_has_fewer_seats(weights: list[int], seats: int) -> None:
    shared = apportion(weights, seats)
    for i, a in enumerate(weights):
        for j, b in enumerate(weights):
            assert a <= b or shared[i] >= shared[j]


@given(WEIGHTS, SEATS, st.integers(1, 1000))
def test_only_proportions_matter(weights: list[int], seats: int, factor: int) -> None:
    assert apportion([Fraction(w, factor) for w in weights], seats) == apportion(weights, seats)


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=8, unique=True), SEATS, st.randoms())
def test_the_order_of_different_categories_changes_nothing(
    weights: list[int], seats: int, shuffle: object
) -> None:
    order = list(range(len(weights)))
    shuffle.shuffle(order)  # type: ignore[attr-defined]
    shuffled = apportion([weights[i] for i in order], seats)
    assert [shuffled[order.index(i)] for i in range(len(weights))] == list(
        apportion(weights, seats)
    )


@given(WEIGHTS, st.integers(1, 1000), st.one_of(st.integers(0, 9), st.just(FLOOR_CEILING)))
def test_the_bounds_hold_the_seats_and_let_the_panel_be_filled(
    weights: list[int], size: int, tolerance: object
) -> None:
    rows = share_out(counted(weights), size, tolerance).rows  # type: ignore[arg-type]
    assert all(0 <= row.lower <= row.seats <= row.upper <= size for row in rows)
    assert sum(row.lower for row in rows) <= size <= sum(row.upper for row in rows)
    assert sum(row.share for row in rows) == 1


@given(WEIGHTS, st.data())
def test_what_remains_completes_the_body_or_misses_only_what_is_in_excess(
    weights: list[int], data: st.DataObject
) -> None:
    """Seated + drawn = the whole, exactly, when the seated exceed no share."""
    whole_size = data.draw(st.integers(2, 400))
    drawn = data.draw(st.integers(1, whole_size - 1))
    table = counted(weights)
    marks = data.draw(
        st.lists(
            st.sampled_from(list(table.persons)),
            min_size=whole_size - drawn,
            max_size=whole_size - drawn,
        )
    )
    seated = {"feature": {category: marks.count(category) for category in table.persons}}
    whole = Targets("p", "P", "18+", whole_size, 0, (share_out(table, whole_size, 0),))
    rows = what_remains(whole, seated, size=drawn).features[0].rows
    assert sum(row.seats for row in rows) == drawn
    assert all(row.seats >= 0 for row in rows)
    wanted = {row.category: row.exact for row in whole.features[0].rows}
    excess = any(number > wanted[category] for category, number in seated["feature"].items())
    for row in rows:
        completed = wanted[row.category] - seated["feature"][row.category]
        assert row.exact <= max(0, completed) if excess else row.exact == completed


@given(st.integers(0, 90), st.integers(0, 20), st.lists(st.integers(0, 120), max_size=6))
def test_the_parts_of_a_band_add_up_to_the_whole(first: int, width: int, cuts: list[int]) -> None:
    band = AgeBand(first, first + width)
    edges = [0, *sorted({cut for cut in cuts if cut > 0})]
    bands = [AgeBand(a, b - 1) for a, b in itertools.pairwise(edges)]
    bands.append(AgeBand(edges[-1], None))
    assert sum(band.share_inside(other) for other in bands) == 1


@given(st.integers(0, 90), st.integers(0, 20), st.integers(0, 90), st.integers(0, 20))
def test_the_part_of_a_band_is_its_common_years(
    first: int, width: int, other: int, wide: int
) -> None:
    years = range(first, first + width + 1)
    inside = [year for year in years if other <= year <= other + wide]
    share = AgeBand(first, first + width).share_inside(AgeBand(other, other + wide))
    assert share == Fraction(len(inside), len(years))


@given(st.integers(0, 90), st.integers(0, 90))
def test_an_open_band_is_taken_whole_or_not_at_all(first: int, wanted: int) -> None:
    assume(first >= wanted)
    assert AgeBand(first, None).share_inside(AgeBand(wanted, None)) == 1
    assert (
        AgeBand(first, None).share_inside(AgeBand(0, first - 1) if first else AgeBand(-1, -1)) == 0
    )
