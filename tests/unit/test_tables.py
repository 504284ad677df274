"""Tables come in every dialect, and say where they are broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from sortition.errors import InputError
from sortition.tables import Table, column_letters, heading_key, read_table

PEOPLE = [["id", "sex", "town"], ["1", "f", "Évry"], ["2", "m", "Saint-Denis"]]


def written(folder: Path, content: str | bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(folder: Path, content: str | bytes, **options: object) -> Table:
    return read_table(written(folder, content), **options)  # type: ignore[arg-type]


def refusal(folder: Path, content: str | bytes, name: str = "people.csv") -> str:
    with pytest.raises(InputError) as caught:
        read_table(written(folder, content, name))
    (problem,) = caught.value.problems
    assert problem.file == name
    assert problem.remedy
    return problem.message


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"", "cp1252"),
        (b"", "latin-1"),
        (b"", "utf-16"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_usual_dialect_reads_the_same(
    tmp_path: Path, delimiter: str, mark: bytes, encoding: str, line_end: str
) -> None:
    text = line_end.join(delimiter.join(cells) for cells in PEOPLE)
    table = read(tmp_path, mark + text.encode(encoding))
    assert table.header == ("id", "sex", "town")
    assert table.rows == (("1", "f", "Évry"), ("2", "m", "Saint-Denis"))
    assert table.numbers == (2, 3)
    assert table.problems == ()


def test_a_byte_that_windows_1252_lacks_falls_back_to_latin_1(tmp_path: Path) -> None:
    table = read(tmp_path, "id,town\n1,Évry\x81".encode("latin-1"))
    assert table.rows == (("1", "Évry\x81"),)


def test_rows_keep_the_number_a_spreadsheet_shows(tmp_path: Path) -> None:
    # Blank lines count, and a cell with line breaks is one row.
    table = read(tmp_path, '\n\nid,note\n\n1,"two\nlines"\n,\n  , \n2,b\n')
    assert table.header_row == 3
    assert table.numbers == (5, 8)
    assert table.rows == (("1", "two\nlines"), ("2", "b"))
    assert table.problems == ()


def test_outer_spaces_go_and_leading_zeros_stay(tmp_path: Path) -> None:
    table = read(tmp_path, " id , town \n 007 ,\xa0Ville  neuve \n")
    assert table.header == ("id", "town")
    assert table.rows == (("007", "Ville  neuve"),)


def test_the_delimiter_line_of_excel_is_not_a_row(tmp_path: Path) -> None:
    table = read(tmp_path, "sep=;\r\nid;a,b,c\r\n1;x,y,z\r\n")
    assert table.header == ("id", "a,b,c")
    assert table.numbers == (2,)


def test_delimiters_inside_cells_do_not_mislead(tmp_path: Path) -> None:
    table = read(tmp_path, 'id;note\n1;a, b, c\n2;"d; e"\n')
    assert table.rows == (("1", "a, b, c"), ("2", "d; e"))


def test_expected_columns_settle_a_doubtful_delimiter(tmp_path: Path) -> None:
    content = "id,a;b;c\n1,x;y;z\n"
    assert read(tmp_path, content, expected=["id"]).header == ("id", "a;b;c")
    assert read(tmp_path, content, expected=["B"]).header == ("id,a", "b", "c")


def test_the_delimiter_that_fits_most_rows_is_taken(tmp_path: Path) -> None:
    table = read(tmp_path, "id;town, region\n1;Sens\n2;Laon\n")
    assert table.header == ("id", "town, region")


def test_a_file_of_one_column_is_a_table(tmp_path: Path) -> None:
    table = read(tmp_path, "id\n1\n2\n")
    assert table.columns == (("1", "2"),)


def test_a_header_alone_has_empty_columns(tmp_path: Path) -> None:
    table = read(tmp_path, "id,sex\n")
    assert table.column("sex") == ()


def test_short_and_long_rows_are_reported_and_set_apart(tmp_path: Path) -> None:
    table = read(tmp_path, "id,sex,town\n1,f\n2,m,Évry\n3,f,Sens,89\n4,m,Laon,,\n")
    assert table.rows == (("2", "m", "Évry"), ("4", "m", "Laon"))
    assert [problem.row for problem in table.problems] == [2, 4]
    assert "2 cells where the header has 3" in table.problems[0].message
    assert "4 cells where the header has 3" in table.problems[1].message
    assert table.ragged == ((2, ["1", "f"]), (4, ["3", "f", "Sens", "89"]))


def test_blank_columns_at_the_end_do_no_harm(tmp_path: Path) -> None:
    table = read(tmp_path, "id,sex,,\n1,f,,\n2,m\n3,f,\n")
    assert table.header == ("id", "sex")
    assert table.rows == (("1", "f"), ("2", "m"), ("3", "f"))
    assert table.problems == ()


def test_a_column_without_a_name_is_reported_once_with_its_letter(tmp_path: Path) -> None:
    table = read(tmp_path, "id,,sex\n1,,f\n2,x,m\n3,y,m\n")
    (problem,) = table.problems
    assert (problem.row, problem.column) == (1, "B")
    assert "row 3" in problem.message
    assert table.header == ("id", "sex")
    assert table.rows == (("1", "f"), ("2", "m"), ("3", "m"))


def test_columns_of_the_same_name_are_reported(tmp_path: Path) -> None:
    table = read(tmp_path, "\nid,sex,id,sex\n1,f,2,m\n")
    assert [(p.row, p.column) for p in table.problems] == [(2, "id"), (2, "sex")]
    assert "Columns A and C" in table.problems[0].message
    assert table.column("id") == ("1",)


def test_a_header_is_the_same_however_its_accents_are_coded(tmp_path: Path) -> None:
    table = read(tmp_path, "id,a\u0302ge\n1,2\n")
    assert table.header == ("id", "âge")


def test_an_unclosed_quotation_mark_hides_no_other_row(tmp_path: Path) -> None:
    table = read(tmp_path, 'id,town\n1,Évry\n2,"Sens\n3,Laon\n4,"Foix" x\n5,Albi\n')
    assert [problem.row for problem in table.problems] == [3, 5]
    assert "quotation mark" in table.problems[0].message
    assert table.rows == (("1", "Évry"), ("3", "Laon"), ("5", "Albi"))
    assert table.ragged == ((3, []), (5, []))
    assert table.numbers == (2, 4, 6)


def test_broken_rows_that_follow_each_other_hide_no_other(tmp_path: Path) -> None:
    table = read(tmp_path, 'id,town\n1,"Foix" x\n2,"Sens" y\n3,Laon\n4,Albi\n')
    assert [problem.row for problem in table.problems] == [2, 3]
    assert table.numbers == (4, 5)


def test_a_quotation_mark_inside_a_cell_is_a_letter(tmp_path: Path) -> None:
    table = read(tmp_path, 'id,town\n1,"le ""Clos"""\n2,rue "X"\n')
    assert table.column("town") == ('le "Clos"', 'rue "X"')


@pytest.mark.parametrize("content", [b"", b"  \n\t\n", b"\xef\xbb\xbf", b",,\n,\n", b"\xff\xfe"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert "empty" in refusal(tmp_path, content) or "no table" in refusal(tmp_path, content)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / "absent.csv")
    assert "no such file" in caught.value.problems[0].message


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_table(tmp_path)
    assert "folder" in caught.value.problems[0].message


def test_a_path_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / "nul\0byte.csv")
    assert "cannot be read" in caught.value.problems[0].message
    with pytest.raises(InputError) as caught:
        read_table(written(tmp_path, "a") / "below-a-file.csv")
    assert "cannot be read" in caught.value.problems[0].message


def test_a_nul_byte_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, b"id,sex\n1,f\n2,\0m\n")
    assert caught.value.problems[0].row == 3
    assert "NUL" in caught.value.problems[0].message


def test_a_text_that_breaks_the_coding_it_announces_is_refused(tmp_path: Path) -> None:
    assert "UTF-8" in refusal(tmp_path, b"\xef\xbb\xbfid,town\n1,\xc9vry\n")


def test_problems_bear_the_name_given_to_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, "id,id\n", file="x/people.csv").problems[0].file == "x/people.csv"


def test_columns_are_lettered_as_in_a_spreadsheet() -> None:
    assert [column_letters(at) for at in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_headings_compare_without_case_spaces_and_underscores() -> None:
    assert heading_key(" Min_Flex") == heading_key("min flex") == heading_key("MIN-FLEX")


def test_a_very_long_cell_is_a_row_that_cannot_be_read(tmp_path: Path) -> None:
    table = read(tmp_path, f"id,note\n1,{'x' * 200_000}\n2,b\n")
    assert [problem.row for problem in table.problems] == [2]
    assert table.rows == (("2", "b"),)
