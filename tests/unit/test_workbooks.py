"""A workbook reads as the spreadsheet shows it."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sortition import workbooks
from sortition.errors import InputError
from sortition.tables import read_table
from sortition.workbooks import as_text


def workbook(folder: Path, rows: list[list[Any]], name: str = "people.xlsx") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_table(path)
    (problem,) = caught.value.problems
    assert problem.file == path.name
    return problem.message


def test_a_workbook_reads_like_a_csv_file(tmp_path: Path) -> None:
    table = read_table(
        workbook(tmp_path, [["id", "sex"], [1, "f"], [], [2.0, " m "], ["007", None]])
    )
    assert table.header == ("id", "sex")
    assert table.rows == (("1", "f"), ("2", "m"), ("007", ""))
    assert table.numbers == (2, 4, 5)
    assert table.problems == ()


def test_a_workbook_is_known_by_its_bytes_whatever_its_name(tmp_path: Path) -> None:
    assert read_table(workbook(tmp_path, [["id"], [1]], "people.csv.xlsx")).header == ("id",)
    renamed = workbook(tmp_path, [["id"], [1]]).rename(tmp_path / "people.csv")
    assert read_table(renamed).header == ("id",)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "General", ""),
        ("007", "General", "007"),
        (7, "000", "007"),
        (7.0, "000", "007"),
        (1234, "000", "1234"),
        (7, "General", "7"),
        (1e6, "General", "1000000"),
        (0.1 + 0.2, "General", "0.3"),
        (2.5, "0", "2.5"),
        (True, "General", "TRUE"),
        (False, "General", "FALSE"),
        (datetime(2026, 3, 2), "General", "2026-03-02"),  # noqa: DTZ001 - a cell has no zone
        (datetime(2026, 3, 2, 8, 30), "General", "2026-03-02 08:30:00"),  # noqa: DTZ001
        (date(2026, 3, 2), "General", "2026-03-02"),
        (time(8, 30), "General", "08:30:00"),
        (timedelta(hours=30), "General", "1 day, 6:00:00"),
    ],
)
def test_a_cell_is_written_as_shown(value: Any, number_format: str, text: str) -> None:
    assert as_text(value, number_format) == text


def test_leading_zeros_shown_by_a_format_are_read(tmp_path: Path) -> None:
    # French postcodes are often numbers shown as 00000: 01000 must not become 1000.
    path = workbook(tmp_path, [["id", "postcode", "born"], [1, 1000, date(2000, 1, 31)]])
    book = openpyxl.load_workbook(path)
    book.active["B2"].number_format = "00000"
    book.save(path)
    assert read_table(path).rows == (("1", "01000", "2000-01-31"),)


def test_a_value_under_no_heading_is_reported(tmp_path: Path) -> None:
    table = read_table(workbook(tmp_path, [["id", "sex"], [1, "f"], [2, "m", "stray"]]))
    (problem,) = table.problems
    assert problem.column == "C"
    assert "row 3" in problem.message
    assert table.rows == (("1", "f"), ("2", "m"))


def test_only_the_first_sheet_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.create_sheet("Other").append(["x"])
    book.save(tmp_path / "two.xlsx")
    table = read_table(tmp_path / "two.xlsx")
    assert table.header == ("id",)
    (warning,) = table.problems
    assert warning.severity == "warning"
    assert "2 sheets" in warning.message
    assert "'Sheet'" in warning.message


def test_rows_beyond_the_size_that_a_sheet_declares_are_read(tmp_path: Path) -> None:
    # Some exporters declare A1 whatever they write; rows would vanish without a word.
    path = workbook(tmp_path, [["id", "sex"], [1, "f"], [2, "m"]])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    assert b'ref="A1:B3"' in sheet
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b'ref="A1:B3"', b'ref="A1"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert read_table(path).rows == (("1", "f"), ("2", "m"))


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    assert "no table" in refusal(workbook(tmp_path, []))


def test_a_text_named_xlsx_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.xlsx").write_text("id,sex\n1,f\n", encoding="utf-8")
    assert "not an XLSX workbook" in refusal(tmp_path / "people.xlsx")


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "people.csv", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "not an XLSX workbook" in refusal(tmp_path / "people.csv")


def test_an_old_or_closed_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))
    assert "password" in refusal(tmp_path / "people.xls")


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["id"], [1]])
    path.write_bytes(path.read_bytes()[:-300])
    assert "not an XLSX workbook" in refusal(path)


@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize("damage", [b"", b"<", b"<worksheet><sheetData><row r='x'/>", b"\xff" * 50])
def test_a_damaged_workbook_is_refused(tmp_path: Path, member: str, damage: bytes) -> None:
    path = workbook(tmp_path, [["id"], [1]])
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = damage
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert "not an XLSX workbook" in refusal(path)


def test_a_workbook_that_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path, [["id"], [1]])
    monkeypatch.setattr(workbooks, "_LARGEST", 1000)
    assert "once unpacked" in refusal(path)


def test_a_workbook_held_in_memory_is_told_from_a_text() -> None:
    held = io.BytesIO()
    openpyxl.Workbook().save(held)
    assert workbooks.is_workbook(held.getvalue(), ".csv")
    assert workbooks.is_workbook(b"", ".XLSX")
    assert not workbooks.is_workbook(b"id,sex\n", ".csv")
