"""Read a table as it comes (CSV of any dialect, XLSX) into named columns and numbered rows."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from sortition.errors import InputError
from sortition.problems import Problem
from sortition.workbooks import is_workbook, read_workbook

Record = tuple[int, list[str]]
"""The number of a row, as a spreadsheet shows it, and its cells."""

_DELIMITERS = ",;\t"
_DELIMITER_SAMPLE = 200  # records read to tell the delimiter
_EXCEL_HINT = re.compile(r"sep=([,;\t|])[\r\n]*", re.IGNORECASE)  # first line that Excel may write
_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",  # the "Unicode text" of Excel
    b"\xfe\xff": "utf-16",
}


@dataclass(frozen=True)
class Table:
    """Named columns and the rows that fill them; outer spaces are gone, blank rows as well.

    ``numbers`` holds the row number of each row, as a spreadsheet shows it. ``ragged``
    holds the rows that cannot be matched with the columns (without cells, where these
    cannot be told apart): they are in ``problems`` and not in ``rows``.
    """

    file: str
    header: tuple[str, ...]
    header_row: int
    numbers: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    ragged: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each column is; the first one where a name comes twice."""
        return {name: at for at, name in reversed(list(enumerate(self.header)))}

    @cached_property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """The cells column by column, in the order of the header."""
        return tuple(zip(*self.rows, strict=True)) if self.rows else ((),) * len(self.header)

    def column(self, name: str) -> tuple[str, ...]:
        """Return the cells of a column that exists."""
        return self.columns[self.positions[name]]


def read_table(path: str | Path, *, expected: Collection[str] = (), file: str = "") -> Table:
    """Read a CSV or XLSX file; ``file`` is the name that problems give it.

    CSV may be cut by commas, semicolons or tabs, in UTF-8 (with or without byte order
    mark), UTF-16 with its mark, or Windows-1252/Latin-1. ``expected`` names columns that
    help to tell the delimiter. Raises ``InputError`` where nothing can be read at all;
    lesser faults are collected in ``problems``.
    """
    path = Path(path)
    file = file or path.name
    content = _read_bytes(path, file)
    if is_workbook(content, path.suffix):
        records, problems = read_workbook(content, file)
        return _named(file, records, problems, padded=True)
    lines = _split_lines(_decode(content, file))
    delimiter, lines = _delimiter(lines, {heading_key(name) for name in expected})
    records, problems = _read_records(lines, delimiter, file)
    return _named(file, records, problems, padded=False)


def heading_key(name: str) -> str:
    """Return a column name as it is compared: without case, spaces, hyphens or underscores."""
    return re.sub(r"[\s_-]+", "", name).casefold()


def column_letters(position: int) -> str:
    """Name a column as a spreadsheet does: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _read_bytes(path: Path, file: str) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _refusal(file, "There is no such file.", "Check its name and folder.") from None
    except IsADirectoryError:
        raise _refusal(file, "This is a folder, not a file.", "Name the file in it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refusal(file, f"The file cannot be read: {reason}.", "Check its rights.") from None
    if not content.strip():
        raise _refusal(file, "The file is empty.", "Export the table again.")
    return content


def _decode(content: bytes, file: str) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                message = f"The file announces {encoding.upper()} and is not."
                raise _refusal(file, message, "Save it again as CSV in UTF-8.") from None
    if b"\0" in content:
        row = content[: content.index(b"\0")].count(b"\n") + 1
        message = "There is a NUL byte here: the file is damaged, or is not a text."
        raise _refusal(file, message, "Save it again as CSV in UTF-8, or as XLSX.", row=row)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:  # five bytes mean nothing in Windows-1252
        return content.decode("latin-1")


def _split_lines(text: str) -> list[str]:
    """Cut at line ends only; ``str.splitlines`` would cut at a dozen other characters."""
    return list(io.StringIO(text, newline=""))


def _delimiter(lines: list[str], expected: Collection[str]) -> tuple[str, list[str]]:
    """Tell the delimiter: the one that shows most expected columns, then fits most rows."""
    hint = _EXCEL_HINT.fullmatch(lines[0]) if lines else None
    if hint:
        return hint[1], lines[1:]

    def merit(delimiter: str) -> tuple[int, float, int]:
        try:
            reader = csv.reader(lines, delimiter=delimiter)
            sample = [cells for cells in islice(reader, _DELIMITER_SAMPLE) if any(cells)]
        except csv.Error:
            sample = []
        if not sample:
            return 0, 0.0, 1
        width = len(sample[0])
        known = sum(heading_key(name) in expected for name in sample[0])
        alike = sum(len(cells) == width for cells in sample) / len(sample)
        return known, alike if width > 1 else 0.0, width

    return max(_DELIMITERS, key=merit), lines


def _read_records(
    lines: Sequence[str], delimiter: str, file: str
) -> tuple[list[Record], list[Problem]]:
    """Read the records; after one that cannot be read, go on at the next line."""
    records: list[Record] = []
    problems: list[Problem] = []
    start = row = 0
    while start < len(lines):
        rest = map(lines.__getitem__, range(start, len(lines)))
        reader = csv.reader(rest, delimiter=delimiter, strict=True)
        done = 0
        try:
            for cells in reader:
                row += 1
                done = reader.line_num
                records.append((row, cells))
            break
        except csv.Error:
            row += 1
            start += done + 1
            problems.append(_unreadable(file, row))
    return records, problems


def _unreadable(file: str, row: int) -> Problem:
    message = (
        "The row cannot be read: a quotation mark is opened and not closed, or text follows "
        "the one that closes."
    )
    remedy = 'Close the quotation mark, or write it twice ("") where it is part of the text.'
    return Problem(file, row, None, None, message, remedy)


def _named(file: str, records: list[Record], problems: list[Problem], *, padded: bool) -> Table:
    """Match the cells with the columns that the first row names.

    ``padded`` says that missing cells at the end of a row are blank ones, as in a workbook.
    """
    filled = [(number, [cell.strip() for cell in cells]) for number, cells in records]
    filled = [(number, cells) for number, cells in filled if any(cells)]
    if not filled:
        message = "The file holds no table: not one cell is filled."
        raise InputError([*problems, Problem(file, None, None, None, message, "Export it again.")])
    header_row, header = filled.pop(0)
    header = [unicodedata.normalize("NFC", name) for name in header]
    if padded:
        width = max(map(len, [header, *(cells for _, cells in filled)]))
        header += [""] * (width - len(header))
    rows, ragged, more = _fit(file, filled, header, padded=padded)
    unreadable: list[Record] = [(problem.row, []) for problem in problems if problem.row]
    named, faults = _check_header(file, header_row, header, rows)
    return Table(
        file,
        tuple(header[at] for at in named),
        header_row,
        tuple(number for number, _ in rows),
        tuple(
            tuple(cells) if len(named) == len(cells) else tuple(cells[at] for at in named)
            for _, cells in rows
        ),
        (*unreadable, *ragged),
        (*problems, *faults, *more),
    )


def _fit(
    file: str, filled: list[Record], header: list[str], *, padded: bool
) -> tuple[list[Record], list[Record], list[Problem]]:
    """Bring each row to the width of the header, or set it apart as ragged."""
    width = len(header)
    least = 0 if padded else max(at + 1 for at, name in enumerate(header) if name)
    rows: list[Record] = []
    ragged: list[Record] = []
    problems: list[Problem] = []
    for number, cells in filled:
        found = len(cells)
        if found == width:
            rows.append((number, cells))
        elif found < width and found >= least:
            rows.append((number, cells + [""] * (width - found)))
        elif found > width and not any(cells[width:]):
            rows.append((number, cells[:width]))
        else:
            ragged.append((number, cells))
            message = f"The row has {found} cells where the header has {width}."
            remedy = (
                "Look for a missing or unquoted delimiter, a line break inside a cell or a "
                "stray quotation mark."
            )
            problems.append(Problem(file, number, None, None, message, remedy))
    return rows, ragged, problems


def _check_header(
    file: str, row: int, header: list[str], rows: list[Record]
) -> tuple[list[int], list[Problem]]:
    """Return the positions of the columns that have a name, and the faults of the names."""
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for at, name in enumerate(header):
        letters = column_letters(at)
        filled = 0 if name else next((number for number, cells in rows if cells[at]), 0)
        if filled:
            message = f"Column {letters} has no name and holds values (the first in row {filled})."
            remedy = "Name the column, or empty it."
            problems.append(Problem(file, row, letters, "", message, remedy))
        elif name and name in first:
            message = f"Columns {column_letters(first[name])} and {letters} have the same name."
            problems.append(Problem(file, row, name, name, message, "Rename or remove one."))
        first.setdefault(name, at)
    return [at for at, name in enumerate(header) if name], problems


def _refusal(file: str, message: str, remedy: str, *, row: int | None = None) -> InputError:
    return InputError([Problem(file, row, None, None, message, remedy)])
