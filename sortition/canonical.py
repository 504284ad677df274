"""One way only to write JSON and CSV, so that equal contents are equal bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sortition.errors import BundleError

_QUOTED = frozenset(',"\r\n')


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """Write canonical JSON: sorted keys, one space of indentation, UTF-8, final newline."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()


def read_json(content: bytes, name: str) -> dict[str, Any]:
    """Read a JSON object; raises ``BundleError`` naming the file when it is not one."""
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{name} is not valid JSON: {error}") from error
    if not isinstance(parsed, dict):
        raise BundleError(f"{name} is not a JSON object")
    return parsed


def csv_cell(text: str) -> str:
    """Quote a cell only where it must be."""
    if _QUOTED.isdisjoint(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write canonical CSV: comma, line feed, UTF-8, quotes only where they must be."""
    lines = [",".join(map(csv_cell, row)) for row in (header, *rows)]
    return ("\n".join(lines) + "\n").encode()


def read_csv(content: bytes, name: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Read a CSV of a bundle: its header and its rows, all as long as the header.

    Raises ``BundleError`` naming the file when it is not such a table.
    """
    try:
        text = content.decode("utf-8")
        table = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BundleError(f"{name} is not a table in UTF-8: {error}") from error
    if not table or any(len(row) != len(table[0]) for row in table):
        raise BundleError(f"{name} is not a table: its rows differ in length")
    return table[0], table[1:]


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
