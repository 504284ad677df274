"""Seats and quotas from the reference tables: figures, rounding, refusals, the file written."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

import pytest

from sortition.errors import TargetsError
from sortition.quotas import Quota
from sortition.targets import (
    FLOOR_CEILING,
    QUOTA_FILE_COLUMNS,
    Targets,
    apportion,
    parse_tolerance,
    targets,
    write_quota_file,
)

SIX_CRITERIA = ("sex", "age", "diploma", "occupation", "commune_type", "region")


def seats(computed: Targets, feature: str) -> dict[str, int]:
    (found,) = (f for f in computed.features if f.feature == feature)
    return {row.category: row.seats for row in found.rows}


def written_rows(computed: Targets) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(write_quota_file(computed))))


def test_the_150_seats_of_the_six_criteria_are_those_of_the_tables() -> None:
    # Worked out by hand from the shares: the climate convention of 2019 had about these.
    computed = targets(size=150, base="16+", features=SIX_CRITERIA)
    assert seats(computed, "sex") == {"Femme": 78, "Homme": 72}
    assert seats(computed, "age") == {
        "16-17 ans": 5,
        "18-24 ans": 15,
        "25-34 ans": 21,
        "35-49 ans": 34,
        "50-64 ans": 35,
        "65 ans ou plus": 40,
    }
    assert seats(computed, "occupation")["Agriculteurs exploitants"] == 1
    assert seats(computed, "commune_type") == {
        "Pôle d'une aire d'attraction": 76,
        "Couronne d'une aire d'attraction": 64,
        "Hors attraction des villes": 10,
    }


@pytest.mark.parametrize("size", [1, 7, 30, 150, 299])
@pytest.mark.parametrize("base", ["18+", "16+"])
def test_every_feature_sums_to_the_size_of_the_panel(size: int, base: str) -> None:
    computed = targets(size=size, base=base, features=(*SIX_CRITERIA, "area_size"))
    for feature in computed.features:
        assert sum(row.seats for row in feature.rows) == size
        assert sum(row.exact for row in feature.rows) == size
        assert sum(row.share for row in feature.rows) == 1


def test_without_tolerance_a_quota_is_its_number_of_seats() -> None:
    for row in targets(size=150).features[1].rows:
        assert row.lower == row.seats == row.upper


def test_a_tolerance_in_seats_widens_each_side_but_not_below_zero_or_above_the_panel() -> None:
    computed = targets(size=2, features=("sex", "region:large"), tolerance=2)
    assert {(row.lower, row.upper) for f in computed.features for row in f.rows} == {(0, 2)}
    (sex,) = targets(size=150, features=("sex",), tolerance=3).features
    assert [(row.lower, row.upper) for row in sex.rows] == [(75, 81), (69, 75)]


def test_floor_and_ceiling_surround_the_exact_number() -> None:
    (sex,) = targets(size=150, features=("sex",), tolerance=FLOOR_CEILING).features
    assert [(row.lower, row.seats, row.upper) for row in sex.rows] == [(78, 78, 79), (71, 72, 72)]


def test_quotas_come_in_the_order_of_the_features_asked() -> None:
    quotas = targets(size=30, features=("region:large", "sex"), tolerance=1).quotas
    assert [feature.name for feature in quotas.features] == ["region", "sex"]
    assert quotas.size == 30
    assert quotas.quotas[-1] == Quota("sex", "Homme", 13, 15)


@pytest.mark.parametrize(
    ("weights", "number", "shared"),
    [
        ([1, 1, 1], 1, (1, 0, 0)),  # three equal fractions: the first
        ([1, 1, 1], 2, (1, 1, 0)),
        ([1, 3], 2, (0, 2)),  # equal fractions of one half: the larger weight
        ([3, 1], 2, (2, 0)),
        ([5, 3, 2], 10, (5, 3, 2)),
        ([41, 29, 17, 13], 10, (4, 3, 2, 1)),
        ([0, 1], 3, (0, 3)),
        ([Fraction(1, 3), Fraction(2, 3)], 3, (1, 2)),
        ([1, 2], 0, (0, 0)),
    ],
)
def test_seats_go_to_the_largest_remainders(
    weights: list[Fraction | int], number: int, shared: tuple[int, ...]
) -> None:
    assert apportion(weights, number) == shared


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_seats_are_not_shared_among_nothing(weights: list[int]) -> None:
    with pytest.raises(TargetsError):
        apportion(weights, 3)


def test_a_category_without_a_seat_is_named() -> None:
    warnings = targets(size=30, features=("region",)).warnings
    assert len(warnings) == 6
    assert "'Corse'" in warnings[0]
    assert "0.16 seat" in warnings[0]
    assert targets(size=30, features=("region",), tolerance=1).warnings == ()
    assert targets(size=30, features=("region:large",)).warnings == ()


@pytest.mark.parametrize(("text", "read"), [("0", 0), ("12", 12), (FLOOR_CEILING, FLOOR_CEILING)])
def test_a_tolerance_is_a_number_or_floor_ceiling(text: str, read: object) -> None:
    assert parse_tolerance(text) == read


@pytest.mark.parametrize("text", ["", "-1", "1.5", "floor", "²", "10 %"])
def test_any_other_tolerance_is_refused(text: str) -> None:
    with pytest.raises(TargetsError, match="floor-ceiling"):
        parse_tolerance(text)


def test_a_tolerance_below_zero_is_refused() -> None:
    with pytest.raises(TargetsError, match="-1"):
        targets(size=30, tolerance=-1)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"features": ("sex", "income")}, "sex, age, region, occupation, diploma"),
        ({"features": ("age",), "base": "electors"}, "possible: region"),
        ({"base": "21+"}, "18\\+, 16\\+, electors"),
        ({"population": "france-1789"}, "possible: france, france-2021"),
        ({"features": ("region:thirteen",)}, "overseas_together, large"),
        ({"features": ("sex:fine",)}, "possible: none"),
        ({"features": ("sex", "age", "sex")}, "once"),
        ({"features": ("region", "region:large")}, "once"),
        ({"features": ()}, "once"),
        ({"size": 0}, "0 members"),
    ],
)
def test_what_the_tables_do_not_hold_is_refused_with_what_they_hold(
    asked: dict[str, object], named: str
) -> None:
    with pytest.raises(TargetsError, match=named):
        targets(**{"size": 30, **asked})  # type: ignore[arg-type]


def test_the_base_is_that_of_the_population_unless_asked() -> None:
    assert targets(size=30).base == "18+"
    assert targets(size=30, base="electors", features=("region",)).base == "electors"


def test_the_quota_file_holds_quotas_and_their_record() -> None:
    computed = targets(size=150, base="16+", features=SIX_CRITERIA, tolerance=1)
    text = write_quota_file(computed)
    assert text.startswith(",".join(QUOTA_FILE_COLUMNS) + "\n")
    assert "\r" not in text
    rows = written_rows(computed)
    read = tuple(Quota(r["feature"], r["value"], int(r["min"]), int(r["max"])) for r in rows)
    assert read == computed.quotas.quotas
    for row in rows:
        assert row["source"]
        assert row["date"]
        assert row["base"]
        assert int(row["min"]) <= int(row["target"]) <= int(row["max"])
    for feature in SIX_CRITERIA:
        mine = [row for row in rows if row["feature"] == feature]
        assert sum(int(row["target"]) for row in mine) == 150
        assert sum(Fraction(row["share"]) for row in mine) == pytest.approx(1, abs=1e-5)


def test_the_quota_file_says_what_is_interpolated_and_which_table_is_off_the_base() -> None:
    rows = written_rows(targets(size=150, base="18+", features=SIX_CRITERIA))
    notes = {row["feature"]: row["note"] for row in rows}
    for feature in ("sex", "age", "region", "occupation"):
        assert "Interpolation" in notes[feature]
        assert "18-19 ans = 2/5 des 15-19 ans" in notes[feature]
    assert "Interpolation" not in notes["diploma"]  # its table has a band 18-24
    assert "non scolarisées de 15 ans ou plus" in notes["diploma"]
    assert "tous âges" in notes["commune_type"]
    assert {row["base"] for row in rows if row["feature"] == "commune_type"} == {
        "population totale, tous âges"
    }
    assert {row["date"] for row in rows} == {
        "2025-01-01 (Mayotte : 2021-01-01)",
        "2022",
        "2020",
        "2023 (Mayotte : 2017)",
    }


def test_the_notes_of_the_result_are_those_of_the_file() -> None:
    computed = targets(size=30, features=("sex", "commune_type"))
    for feature, note in computed.notes:
        assert all(
            note in row["note"] for row in written_rows(computed) if row["feature"] == feature
        )
    assert {feature for feature, _ in computed.notes} == {"sex", "commune_type"}
