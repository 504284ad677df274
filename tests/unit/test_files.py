"""Quota, people and exclusion files are read whole, and all their faults are told at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from sortition.errors import InputError
from sortition.exclusions import Excluded
from sortition.files import DrawInput, PoolFile, read_pool, read_problem, read_quotas
from sortition.pool import Feature
from sortition.problems import Problem
from sortition.quotas import Quota, Quotas

QUOTAS = "feature,value,min,max\nsex,f,1,2\nsex,m,1,2\nage,young,0,3\nage,old,0,3\n"
PEOPLE = "id,sex,age,town\n3,f,old,Sens\n1,m,young,Évry\n2,f,young,Laon\n4,m,old,Albi\n"
SIZE = 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path, "quotas.csv", QUOTAS)
    put(tmp_path, "people.csv", PEOPLE)
    return tmp_path


def put(folder: Path, name: str, content: str) -> Path:
    (folder / name).write_text(content, encoding="utf-8", newline="")
    return folder / name


def read(folder: Path, size: int = SIZE, **options: object) -> DrawInput:
    return read_problem(folder / "quotas.csv", folder / "people.csv", size, **options)  # type: ignore[arg-type]


def problems(folder: Path, size: int = SIZE, **options: object) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read(folder, size, **options)
    for problem in caught.value.problems:
        assert problem.message.endswith(".")
        assert problem.remedy.endswith(".")
    return caught.value.problems


def places(found: Sequence[Problem]) -> list[tuple[str, int | None, str | None, str | None]]:
    return [(p.file, p.row, p.column, p.value) for p in found]


def quota_problems(folder: Path, content: str, size: int = SIZE) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read_quotas(put(folder, "quotas.csv", content), size)
    return caught.value.problems


# ------------------------------------------------------------------- what is right is read


def test_a_draw_is_read_in_canonical_order(folder: Path) -> None:
    draw = read(folder)
    assert draw.quotas.size == SIZE
    assert draw.quotas.quotas[0] == Quota("sex", "f", 1, 2)
    assert draw.pool.ids == ("1", "2", "3", "4")
    assert draw.pool.features == (Feature("sex", ("f", "m")), Feature("age", ("young", "old")))
    assert draw.pool.membership.tolist() == [[1, 0], [0, 0], [0, 1], [1, 1]]
    assert draw.pool.households.tolist() == [-1, -1, -1, -1]
    assert draw.pool.kept_columns == ("town",)
    assert draw.pool.kept == (("Évry",), ("Laon",), ("Sens",), ("Albi",))
    assert (draw.warnings, draw.excluded) == ((), ())


def test_a_people_file_without_other_columns_keeps_nothing(folder: Path) -> None:
    put(folder, "people.csv", "sex,age,id\nf,old,b\nm,young,a\nf,old,c\n")
    draw = read(folder)
    assert (draw.pool.ids, draw.pool.kept_columns, draw.pool.kept) == (("a", "b", "c"), (), ())


@pytest.mark.parametrize(
    "header",
    [
        "feature,value,min,max",
        "category,name,min,max",
        "category,feature,min,max",
        "feature,category,min,max",
        " Feature ; VALUE;Min; MAX ",
        "Category\tName\tMIN\tmax",
    ],
)
def test_new_and_old_quota_headings_are_read(folder: Path, header: str) -> None:
    delimiter = next((mark for mark in ";\t" if mark in header), ",")
    content = QUOTAS.replace("feature,value,min,max", header.replace(delimiter, ","))
    path = put(folder, "quotas.csv", content.replace(",", delimiter))
    assert read_quotas(path, SIZE) == read(folder).quotas


def test_flexible_bounds_are_read_and_other_columns_ignored(folder: Path) -> None:
    content = (
        "min_flex,source,feature,value,share,min,max,Max Flex\n"
        "0,a census,sex,f,0.5,1,2,3\n,,sex,m,0.5,1,2,\n"
    )
    quotas = read_quotas(put(folder, "quotas.csv", content), SIZE)
    assert quotas.quotas == (Quota("sex", "f", 1, 2, 0, 3), Quota("sex", "m", 1, 2))


def test_quotas_may_be_scattered(folder: Path) -> None:
    content = "feature,value,min,max\nsex,f,1,2\nage,old,0,3\nsex,m,1,2\nage,young,0,3\n"
    quotas = read_quotas(put(folder, "quotas.csv", content), SIZE)
    assert [feature.categories for feature in quotas.features] == [("f", "m"), ("old", "young")]


def test_identifiers_stay_texts(folder: Path) -> None:
    put(folder, "people.csv", "id,sex,age\n007,f,old\n7,m,old\n 07 ,f,young\n")
    assert read(folder).pool.ids == ("007", "07", "7")


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("sex,age,name,ID", "ID"),
        ("sex,age,identifiant,NationBuilder_ID", "NationBuilder_ID"),
        ("sex,age,name,Respondent", "Respondent"),
        ("sex,age,name,other", "name"),
        ("sex,age,address,name", "name"),
    ],
)
def test_the_identifier_column_is_guessed(folder: Path, header: str, column: str) -> None:
    put(folder, "people.csv", f"{header}\nf,old,a,a\nm,old,b,b\nf,young,c,c\n")
    homes = ["address"] if "address" in header else []
    pool = read(folder, household_columns=homes).pool
    assert pool.ids == ("a", "b", "c")
    assert column not in pool.kept_columns
    assert len(pool.kept_columns) == 1


def test_the_identifier_column_may_be_chosen(folder: Path) -> None:
    assert read(folder, id_column=" town ").pool.ids == ("Albi", "Laon", "Sens", "Évry")


def test_a_category_is_the_same_however_its_accents_are_coded(folder: Path) -> None:
    put(folder, "quotas.csv", QUOTAS.replace("young", "a\u0302ge\u0301"))
    put(folder, "people.csv", PEOPLE.replace("young", "âgé"))
    assert read(folder).pool.counts().tolist() == [2, 2, 2, 2]
    put(folder, "quotas.csv", QUOTAS.replace("young", "âgé"))
    put(folder, "people.csv", PEOPLE.replace("young", "a\u0302ge\u0301"))
    assert read(folder).pool.counts().tolist() == [2, 2, 2, 2]


def test_households_are_grouped_in_canonical_order(folder: Path) -> None:
    put(
        folder,
        "people.csv",
        "id,sex,age,address,postcode\n4,f,old,1 rue X,75011\n1,m,old,2 RUE Y,75011\n"
        "3,f,young,1 Rue X.,75011\n2,m,old,2 rue y,75011\n5,m,old,,75011\n6,f,old,,75011\n",
    )
    draw = read(folder, household_columns=["address", "postcode"])
    assert draw.pool.households.tolist() == [0, 0, 1, 1, -1, -1]
    assert draw.pool.kept_columns == ("address", "postcode")
    (warning,) = draw.warnings
    assert places([warning]) == [("people.csv", 6, "address", "")]


def test_addresses_that_look_alike_are_warnings_with_both_rows(folder: Path) -> None:
    put(
        folder,
        "people.csv",
        "id,sex,age,address\n1,f,old,1 rue de Foix\n2,m,old,1 bis r. Foix\n3,f,old,2 rue Z\n",
    )
    (warning,) = read(folder, household_columns=["address"]).warnings
    assert places([warning]) == [("people.csv", 3, "address", "1 bis r. Foix")]
    assert "row 2" in warning.message
    assert warning.severity == "warning"


def test_a_pool_is_read_under_quotas_already_known(folder: Path) -> None:
    quotas = read_quotas(folder / "quotas.csv", SIZE)
    read_alone = read_pool(folder / "people.csv", quotas)
    assert isinstance(read_alone, PoolFile)
    assert read_alone.pool.ids == ("1", "2", "3", "4")
    none = read_pool(folder / "people.csv", Quotas(1, ()))
    assert none.pool.kept_columns == ("sex", "age", "town")
    with pytest.raises(InputError) as caught:
        read_pool(folder / "people.csv", quotas.resized(5))
    assert [p.file for p in caught.value.problems] == ["people.csv"]
    assert (
        len(read_pool(folder / "people.csv", quotas.resized(5), check_arithmetic=False).pool) == 4
    )


def test_a_workbook_of_two_sheets_is_read_with_a_warning(folder: Path) -> None:
    import openpyxl  # noqa: PLC0415 - slow, and this test alone needs it

    book = openpyxl.Workbook()
    for line in PEOPLE.splitlines():
        book.active.append([int(c) if c.isdigit() else c for c in line.split(",")])
    book.create_sheet("notes")
    book.save(folder / "people.xlsx")
    draw = read_problem(folder / "quotas.csv", folder / "people.xlsx", SIZE)
    assert draw.pool.ids == ("1", "2", "3", "4")
    assert [p.severity for p in draw.warnings] == ["warning"]


# ------------------------------------------------------------------- faults of quota files


@pytest.mark.parametrize(
    ("row", "column", "value", "word"),
    [
        ("sex,x,1.5,2", "min", "1.5", "whole number"),
        ("sex,x,1,deux", "max", "deux", "whole number"),
        ("sex,x,１,2", "min", "１", "whole number"),
        ("sex,x,-1,2", "min", "-1", "negative"),
        ("sex,x,1,12345678901", "max", "12345678901", "too large"),
        ("sex,x,,2", "min", "", "missing"),
        ("sex,x,1,", "max", "", "missing"),
        ("sex,x,3,2", "min", "3", "above the maximum"),
        ("sex,,0,0", "value", "", "missing"),
        (",x,0,0", "feature", "", "missing"),
        ("sex,f,0,0", "value", "f", "row 2"),
    ],
)
def test_a_fault_of_a_quota_is_found_where_it_is(
    folder: Path, row: str, column: str, value: str, word: str
) -> None:
    (problem,) = quota_problems(folder, f"{QUOTAS}{row}\n")
    assert places([problem]) == [("quotas.csv", 6, column, value)]
    assert word in problem.message


@pytest.mark.parametrize(
    ("flexes", "column", "value"),
    [
        ("2,", "min_flex", "2"),
        (",1", "max_flex", "1"),
        ("x,", "min_flex", "x"),
        (",-2", "max_flex", "-2"),
    ],
)
def test_flexible_bounds_must_be_outside_the_bounds(
    folder: Path, flexes: str, column: str, value: str
) -> None:
    content = f"feature,value,min,max,min_flex,max_flex\nsex,f,1,2,1,2\nsex,m,1,2,{flexes}\n"
    (problem,) = quota_problems(folder, content)
    assert places([problem]) == [("quotas.csv", 3, column, value)]


def test_a_zero_with_a_sign_or_more_figures_is_a_zero(folder: Path) -> None:
    quotas = read_quotas(put(folder, "quotas.csv", QUOTAS.replace("0,3", "-0,0000000000003")), SIZE)
    assert quotas.quotas[2] == Quota("age", "young", 0, 3)


def test_every_fault_of_a_row_is_told(folder: Path) -> None:
    found = quota_problems(folder, "feature,value,min,max\n,,x,-2\n")
    assert [p.column for p in found] == ["feature", "value", "min", "max"]


def test_a_feature_named_once_for_several_rows_is_told_and_read_on(folder: Path) -> None:
    # As merged cells export: the following rows belong to the feature above.
    put(folder, "quotas.csv", "feature,value,min,max\nsex,f,1,2\n,m,1,2\nage,young,0,3\n,old,0,3\n")
    assert places(problems(folder)) == [
        ("quotas.csv", 3, "feature", ""),
        ("quotas.csv", 5, "feature", ""),
    ]


def test_a_category_without_a_name_is_not_a_category(folder: Path) -> None:
    # It might have held the seats that the maximums lack; a blank cell does not belong to it.
    put(folder, "quotas.csv", QUOTAS.replace("sex,m,1,2", "sex,,1,2"))
    put(folder, "people.csv", PEOPLE.replace("1,m", "1,").replace("4,m", "4,f"))
    assert places(problems(folder)) == [
        ("quotas.csv", 3, "value", ""),
        ("people.csv", 3, "sex", ""),
    ]


def test_a_wrong_bound_raises_no_other_complaint_about_sums(folder: Path) -> None:
    # The maximum that cannot be read might be large enough.
    (problem,) = quota_problems(folder, QUOTAS.replace("sex,f,1,2", "sex,f,1,deux"))
    assert problem.column == "max"


def test_sums_that_cannot_hold_the_panel_name_the_feature(folder: Path) -> None:
    content = QUOTAS.replace("young,0,3", "young,4,5").replace("old,0,3", "old,2,5")
    high, low = quota_problems(folder, content, 5)
    assert places([high, low]) == [("quotas.csv", 2, "max", "4"), ("quotas.csv", 4, "min", "6")]
    assert "'sex'" in high.message
    assert "'age'" in low.message


@pytest.mark.parametrize("size", [0, -1])
def test_a_panel_of_nobody_is_one_problem_among_others(folder: Path, size: int) -> None:
    put(folder, "people.csv", PEOPLE.replace("3,f", "3,x"))
    assert places(problems(folder, size)) == [
        ("size", None, None, str(size)),
        ("people.csv", 2, "sex", "x"),
    ]


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        ("feature,value,min", ["max"]),
        ("feature,min,max", ["feature", "value"]),
        ("a,b,c", ["feature", "value", "min", "max"]),
    ],
)
def test_missing_quota_columns_are_named_with_those_found(
    folder: Path, header: str, missing: list[str]
) -> None:
    found = quota_problems(folder, f"{header}\n1,2,3\n")
    assert [p.column for p in found if p.row == 1] == missing
    assert header.rsplit(",", maxsplit=1)[-1] in found[0].message


def test_two_columns_of_the_same_meaning_are_reported(folder: Path) -> None:
    (problem,) = quota_problems(folder, "feature,value,min,Min,max\nsex,f,1,1,3\n")
    assert (problem.row, problem.column) == (1, "Min")


def test_quotas_without_a_row_are_reported(folder: Path) -> None:
    (problem,) = quota_problems(folder, "feature,value,min,max\n")
    assert "no quota" in problem.message


def test_a_ragged_quota_row_proves_nothing_about_sums(folder: Path) -> None:
    (problem,) = quota_problems(folder, "feature,value,min,max\nsex,f,1,2\nsex,m,2\n")
    assert problem.row == 3
    (problem,) = quota_problems(folder, "feature,value,min,max\nsex,f,1,2\n,m,2\n")
    assert problem.row == 3
    (problem,) = quota_problems(folder, "value,min,max,feature\nf,1,2,sex\nm,1,2\n")
    assert problem.row == 3
    (problem,) = quota_problems(folder, 'feature,value,min,max\nsex,f,1,2\nsex,"m,1,2\n')
    assert problem.row == 3
    more = "feature,value,min,max\nsex,f,1,2\nage,young,0,1\nsex,m,2\n"
    assert [p.row for p in quota_problems(folder, more)] == [3, 4]


def test_categories_that_look_the_same_are_a_warning(folder: Path) -> None:
    put(folder, "quotas.csv", QUOTAS + "sex,F,0,0\n")
    (warning,) = read(folder).warnings
    assert places([warning]) == [("quotas.csv", 6, None, "F")]
    assert "'f'" in warning.message


# ------------------------------------------------------------------ faults of people files


def test_an_unknown_value_is_reported_with_the_nearest_category(folder: Path) -> None:
    put(folder, "people.csv", PEOPLE.replace("2,f,young", "2,f,yuong").replace("3,f", "3,F"))
    case, near = problems(folder)
    assert places([case, near]) == [
        ("people.csv", 2, "sex", "F"),
        ("people.csv", 4, "age", "yuong"),
    ]
    assert "'f'" in case.remedy
    assert "only by case" in case.remedy
    assert "'young'" in near.remedy
    assert "only by" not in near.remedy


def test_an_unknown_value_like_no_other_lists_the_categories(folder: Path) -> None:
    put(folder, "people.csv", PEOPLE.replace("3,f", "3,zzz"))
    (problem,) = problems(folder)
    assert "'f', 'm'" in problem.remedy


def test_long_lists_of_categories_are_cut_in_messages(folder: Path) -> None:
    rows = "".join(f"town,t{n:02d},0,3\n" for n in range(25))
    put(folder, "quotas.csv", f"feature,value,min,max\n{rows}")
    put(folder, "people.csv", "id,town\n1,t00\n2,t01\n3,zzz\n")
    (problem,) = problems(folder)
    assert "'t19' and 5 more" in problem.remedy
    first_20 = "".join(rows.splitlines(keepends=True)[:20])
    put(folder, "quotas.csv", f"feature,value,min,max\n{first_20}")
    (problem,) = problems(folder)
    assert "'t19';" in problem.remedy


def test_every_wrong_value_is_reported_even_without_a_suggestion(folder: Path) -> None:
    rows = "".join(f"{n},old{n},old\n" for n in range(1500))
    put(folder, "people.csv", f"id,age,sex\n{rows}")
    found = problems(folder)
    assert len(found) == 3000
    remedies = [p.remedy for p in found if p.column == "age"]
    assert "Write 'old'" in remedies[0]
    assert "'young', 'old'" in remedies[-1]


def test_a_missing_value_is_reported_with_what_may_be_given(folder: Path) -> None:
    put(folder, "people.csv", PEOPLE.replace("2,f,young", "2,f,"))
    (problem,) = problems(folder)
    assert places([problem]) == [("people.csv", 4, "age", "")]
    assert "'young', 'old'" in problem.remedy


def test_a_missing_feature_column_is_reported_with_the_nearest(folder: Path) -> None:
    put(folder, "people.csv", PEOPLE.replace("id,sex,age", "id,Sex,years"))
    sex, age = problems(folder)
    assert places([sex, age]) == [("people.csv", 1, "sex", None), ("people.csv", 1, "age", None)]
    assert "'Sex'" in sex.remedy
    assert "only by case" in sex.remedy
    assert "'years'" in age.message
    assert "Add the column 'age'" in age.remedy


def test_missing_household_and_identifier_columns_are_reported(folder: Path) -> None:
    homes, identifier = problems(folder, household_columns=["tonw"], id_column="number")
    assert (homes.column, identifier.column) == ("tonw", "number")
    assert "'town'" in homes.remedy


def test_a_file_of_features_only_lacks_an_identifier(folder: Path) -> None:
    put(folder, "people.csv", "sex,age\nf,old\nm,old\nf,old\n")
    (problem,) = problems(folder)
    assert places([problem]) == [("people.csv", 1, "id", None)]


def test_duplicate_identifiers_name_both_rows(folder: Path) -> None:
    put(folder, "people.csv", PEOPLE + "1,f,old,Gap\n\n1,f,old,Pau\n")
    first, second = problems(folder)
    assert places([first, second]) == [("people.csv", 6, "id", "1"), ("people.csv", 8, "id", "1")]
    assert "Rows 3 and 6" in first.message
    assert "Rows 3 and 8" in second.message


def test_a_missing_identifier_is_reported(folder: Path) -> None:
    put(folder, "people.csv", PEOPLE + ",f,old,Gap\n ,f,old,Gap\n")
    assert places(problems(folder)) == [("people.csv", 6, "id", ""), ("people.csv", 7, "id", "")]


def test_a_file_of_nobody_is_one_problem(folder: Path) -> None:
    put(folder, "people.csv", "id,sex,age\n")
    (problem,) = problems(folder)
    assert "nobody" in problem.message


def test_a_ragged_row_hides_no_other_fault(folder: Path) -> None:
    put(folder, "people.csv", PEOPLE + "5,f\n6,x,old,Gap\n")
    assert places(problems(folder)) == [
        ("people.csv", 6, None, None),
        ("people.csv", 7, "sex", "x"),
    ]


# ---------------------------------------------------- arithmetic between quotas and people


def test_a_category_with_fewer_people_than_its_minimum_is_at_its_quota(folder: Path) -> None:
    put(folder, "quotas.csv", QUOTAS.replace("young,0,3", "young,3,3"))
    (problem,) = problems(folder)
    assert places([problem]) == [("quotas.csv", 4, "min", "3")]
    assert "has 2 respondents of category 'young'" in problem.message


def test_a_pool_smaller_than_the_panel_is_a_fault_of_the_people_file(folder: Path) -> None:
    put(
        folder,
        "quotas.csv",
        "feature,value,min,max\nsex,f,0,9\nsex,m,0,9\nage,young,0,9\nage,old,0,9\n",
    )
    (problem,) = problems(folder, 5)
    assert places([problem]) == [("people.csv", None, None, None)]


def test_someone_whose_category_is_wrong_may_be_the_one_that_is_missing(folder: Path) -> None:
    # Only complaints that mending the file cannot remove are made.
    put(folder, "quotas.csv", QUOTAS.replace("young,0,3", "young,3,3"))
    put(folder, "people.csv", PEOPLE.replace("3,f,old", "3,f,odl"))
    assert places(problems(folder)) == [("people.csv", 2, "age", "odl")]
    put(folder, "people.csv", PEOPLE.replace("3,f,old", "3,x,old"))
    too_few, unknown = problems(folder)
    assert places([too_few, unknown]) == [
        ("quotas.csv", 4, "min", "3"),
        ("people.csv", 2, "sex", "x"),
    ]
    assert "at most 2 respondents" in too_few.message


def test_someone_whose_row_is_torn_may_be_the_one_that_is_missing(folder: Path) -> None:
    put(folder, "quotas.csv", QUOTAS.replace("young,0,3", "young,3,3"))
    for torn in ("3,f", '3,f,"old" ,Sens'):
        put(folder, "people.csv", PEOPLE.replace("3,f,old,Sens", torn))
        assert places(problems(folder)) == [("people.csv", 2, None, None)]


def test_household_members_fill_one_seat(folder: Path) -> None:
    (problem,) = problems(folder, household_columns=["sex"])
    assert "4 respondents in 2 households" in problem.message


def test_arithmetic_may_be_left_to_a_relaxation(folder: Path) -> None:
    put(folder, "quotas.csv", QUOTAS.replace("young,0,3", "young,9,9"))
    assert len(problems(folder)) == 2
    draw = read(folder, check_arithmetic=False)
    assert draw.quotas.lower.tolist() == [1, 1, 9, 0]


# ------------------------------------------------------------------------------ exclusions


def test_people_excluded_are_left_out_with_their_reasons(folder: Path) -> None:
    path = put(folder, "out.csv", "Reason;ID\nelected;3\nunder age;1\n")
    put(folder, "people.csv", PEOPLE.replace("3,f,old", "3,x,") + "5,m,old,Gap\n")
    draw = read(folder, exclusions=path)
    assert draw.pool.ids == ("2", "4", "5")
    assert draw.excluded == (Excluded("1", "under age"), Excluded("3", "elected"))
    assert draw.warnings == ()


def test_exclusions_are_known_by_the_identifier_column_of_the_people(folder: Path) -> None:
    path = put(folder, "out.csv", "Town,id,motif\nSens,1,moved\n")
    draw = read(folder, exclusions=path, id_column="town")
    assert draw.excluded == (Excluded("Sens", "moved"),)


def test_those_excluded_do_not_fill_quotas_nor_households(folder: Path) -> None:
    path = put(folder, "out.csv", "id,reason\n1,moved\n3,moved\n")
    (problem,) = problems(folder, exclusions=path)
    assert "2 respondents" in problem.message
    put(folder, "people.csv", PEOPLE.replace("Sens", "Laon") + "5,m,old,Gap\n6,f,old,Gap\n")
    draw = read(folder, exclusions=path, household_columns=["town"])
    assert draw.pool.households.tolist() == [-1, -1, 0, 0]


def test_an_unknown_identifier_is_a_warning_with_the_likely_one(folder: Path) -> None:
    path = put(folder, "out.csv", "id,reason\n003,elected\n99,moved\n")
    first, second = read(folder, exclusions=path).warnings
    assert places([first, second]) == [("out.csv", 2, "id", "003"), ("out.csv", 3, "id", "99")]
    assert "'3'" in first.remedy
    assert first.severity == second.severity == "warning"


def test_a_missing_reason_or_identifier_is_an_error(folder: Path) -> None:
    path = put(folder, "out.csv", "id,reason\n3,\n,elected\n")
    found = problems(folder, exclusions=path)
    assert places(found) == [("out.csv", 2, "reason", ""), ("out.csv", 3, "id", "")]
    assert [problem.severity for problem in found] == ["error", "error"]


def test_someone_listed_twice_is_a_warning_and_keeps_both_reasons(folder: Path) -> None:
    put(folder, "people.csv", PEOPLE + "5,m,old,Gap\n")
    path = put(folder, "out.csv", "id,reason\n3,elected\n3,moved\n3,moved; elected\n1,a\n1,a\n")
    draw = read(folder, exclusions=path)
    assert draw.excluded[1] == Excluded("3", "elected; moved; moved; elected")
    assert draw.excluded[0] == Excluded("1", "a")
    assert [p.row for p in draw.warnings] == [3, 4, 6]


def test_a_reason_given_the_second_time_does_not_repair_the_first(folder: Path) -> None:
    path = put(folder, "out.csv", "id,reason\n3,\n3,moved\n")
    found = problems(folder, exclusions=path)
    assert [(p.row, p.severity) for p in found] == [(2, "error"), (3, "warning")]


@pytest.mark.parametrize(
    ("header", "missing"), [("id", ["reason"]), ("reason", ["id"]), ("a,b", ["id", "reason"])]
)
def test_missing_columns_of_an_exclusion_list_are_errors(
    folder: Path, header: str, missing: list[str]
) -> None:
    path = put(folder, "out.csv", f"{header}\n" + ",".join("3" for _ in header.split(",")) + "\n")
    assert places(problems(folder, exclusions=path)) == [("out.csv", 1, m, None) for m in missing]


# ------------------------------------------------------------------------- all files at once


def test_faults_of_all_files_are_told_together_by_file_and_row(folder: Path) -> None:
    put(folder, "quotas.csv", QUOTAS.replace("sex,f,1,2", "sex,f,x,2") + "age,old,0,3\n")
    put(folder, "people.csv", PEOPLE.replace("4,m,old", "1,m,odl").replace("2,f", ",f"))
    path = put(folder, "out.csv", "id,reason\n3,\n99,moved\n")
    assert [(p.file, p.row) for p in problems(folder, exclusions=path)] == [
        ("quotas.csv", 2),
        ("quotas.csv", 6),
        ("people.csv", 4),
        ("people.csv", 5),
        ("people.csv", 5),
        ("out.csv", 2),
        ("out.csv", 3),
    ]


def test_a_quota_file_that_cannot_be_read_hides_no_fault_of_people(folder: Path) -> None:
    (folder / "quotas.csv").unlink()
    put(folder, "people.csv", PEOPLE + "1,f,old,Gap\n")
    assert places(problems(folder)) == [
        ("quotas.csv", None, None, None),
        ("people.csv", 6, "id", "1"),
    ]
    put(folder, "people.csv", "sex,age\nf,old\nf,old\nm,old\n")
    assert [p.file for p in problems(folder)] == ["quotas.csv"]


def test_a_people_file_that_cannot_be_read_hides_no_fault_of_the_others(folder: Path) -> None:
    (folder / "people.csv").unlink()
    put(folder, "quotas.csv", QUOTAS.replace("sex,f,1,2", "sex,f,3,2"))
    path = put(folder, "out.csv", "id,reason\n3,\n")
    assert [(p.file, p.row) for p in problems(folder, exclusions=path)] == [
        ("quotas.csv", 2),
        ("people.csv", None),
        ("out.csv", 2),
    ]


def test_an_exclusion_list_that_cannot_be_read_stops_the_draw(folder: Path) -> None:
    (problem,) = problems(folder, exclusions=folder / "absent.csv")
    assert problem.file == "absent.csv"


def test_files_of_the_same_name_are_told_apart(folder: Path) -> None:
    (folder / "other").mkdir()
    people = put(folder / "other", "quotas.csv", PEOPLE.replace("3,f", "3,x"))
    with pytest.raises(InputError) as caught:
        read_problem(folder / "quotas.csv", people, SIZE)
    assert [p.file for p in caught.value.problems] == [str(people)]


def test_warnings_are_told_beside_errors(folder: Path) -> None:
    put(
        folder,
        "people.csv",
        "id,sex,age,address\n1,f,old,1 rue Foix\n2,m,old,1 r. Foix\n3,x,old,2 rue Z\n",
    )
    found = problems(folder, household_columns=["address"])
    assert [(p.row, p.severity) for p in found] == [(3, "warning"), (4, "error")]
