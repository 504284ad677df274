"""Equal contents are equal bytes, and what is written reads back."""

from __future__ import annotations

import pytest

from sortition.canonical import csv_bytes, read_csv, read_json
from sortition.errors import BundleError


@pytest.mark.parametrize("cell", ["a,b", 'a"b', "a\nb", "a\rb", '"', "", " a ", "né·e", "\ufeff"])
def test_any_cell_reads_back(cell: str) -> None:
    content = csv_bytes(("x", "y"), [(cell, "1"), ("1", cell)])
    assert read_csv(content, "f.csv") == (("x", "y"), [(cell, "1"), ("1", cell)])


def test_quotes_stand_only_where_they_must() -> None:
    assert csv_bytes(("a", "b"), [("x y", "l'un; l'autre")]) == b"a,b\nx y,l'un; l'autre\n"


@pytest.mark.parametrize("content", [b"", b"a,b\n1\n", b'a,b\n"1,2\n', b"a\xff\n"])
def test_what_is_no_table_is_named(content: bytes) -> None:
    with pytest.raises(BundleError, match=r"f\.csv"):
        read_csv(content, "f.csv")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_named(content: bytes) -> None:
    with pytest.raises(BundleError, match=r"f\.json"):
        read_json(content, "f.json")
