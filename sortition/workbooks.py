"""Read the first sheet of an XLSX workbook as rows of text, as a spreadsheet shows them."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from sortition.errors import InputError
from sortition.problems import Problem

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and workbooks closed by a password
_WORKBOOK_SUFFIXES = {".xlsx", ".xlsm"}
_LARGEST = 1 << 30  # bytes once unpacked: far above any pool, below what would fill a server
# What openpyxl raises on a damaged workbook, as it meets the damage nearly anywhere.
_SIGNS_OF_DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,  # of XML
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
_LEADING_ZEROS = re.compile("0+")  # the number format of a postcode or of an identifier


def is_workbook(content: bytes, suffix: str) -> bool:
    """Tell a workbook from a text, by its first bytes or else by its name."""
    return content.startswith((_ZIP, _OLD_OFFICE)) or suffix.lower() in _WORKBOOK_SUFFIXES


def read_workbook(content: bytes, file: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Return the numbered rows of the first sheet; a warning tells of other sheets.

    Whole numbers have no decimal point, dates are ISO, leading zeros that a cell shows
    (number format ``00000``) are kept. Formulas give the value last computed.
    """
    _check_container(content, file)
    try:
        names, records = _read_first_sheet(content)
    except _SIGNS_OF_DAMAGE as error:
        message = f"The file is not an XLSX workbook that can be read ({type(error).__name__})."
        raise _refusal(file, message) from error
    return records, _other_sheets(file, names)


def _read_first_sheet(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the names of all sheets, and the rows of the first."""
    import openpyxl  # noqa: PLC0415 - a quarter of a second that a CSV user need not spend

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and menus, which we do not read
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size, which would hide rows
        records = [(number, _as_texts(row)) for number, row in enumerate(sheet.iter_rows(), 1)]
        names = list(book.sheetnames)
        book.close()
    return names, records


def as_text(value: Any, number_format: str = "General") -> str:
    """Write the value of a cell as a spreadsheet shows it, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_as_text(value, number_format)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number_as_text(number: float, number_format: str) -> str:
    if number != int(number):
        return format(number, ".15g")  # the figures that a spreadsheet keeps
    text = str(int(number))
    return text.zfill(len(number_format)) if _LEADING_ZEROS.fullmatch(number_format) else text


def _as_texts(cells: Iterable[Any]) -> list[str]:
    return [
        cell.value
        if isinstance(cell.value, str)
        else ""
        if cell.value is None
        else as_text(cell.value, cell.number_format)
        for cell in cells
    ]


def _check_container(content: bytes, file: str) -> None:
    """Refuse what is not a zip archive, or would fill the memory once unpacked."""
    if content.startswith(_OLD_OFFICE):
        raise _refusal(file, "This is an old Excel file (.xls), or one closed by a password.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        raise _refusal(file, "This is not an XLSX workbook, whatever its name says.") from None
    if size > _LARGEST:
        raise _refusal(file, f"The workbook would take {size >> 20} MB once unpacked.")


def _other_sheets(file: str, names: list[str]) -> list[Problem]:
    if len(names) == 1:
        return []
    message = f"The workbook has {len(names)} sheets; only the first, {names[0]!r}, was read."
    remedy = "Move the table to the first sheet if it is another one."
    return [Problem(file, None, None, None, message, remedy, severity="warning")]


def _refusal(file: str, message: str) -> InputError:
    remedy = "Save the table again as XLSX, or as CSV in UTF-8."
    return InputError([Problem(file, None, None, None, message, remedy)])
