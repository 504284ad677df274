"""A folder appears whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sortition import atomic
from sortition.atomic import add_files, write_folder
from sortition.errors import BundleError


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_folder_is_written_with_what_was_given(tmp_path: Path) -> None:
    write_folder(tmp_path / "deep" / "new", {"a/b.txt": b"1", "c.txt": b"2"})
    assert names(tmp_path) == [
        "deep",
        "deep/new",
        "deep/new/a",
        "deep/new/a/b.txt",
        "deep/new/c.txt",
    ]
    assert (tmp_path / "deep/new/a/b.txt").read_bytes() == b"1"


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_an_interruption_while_writing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], at: int
) -> None:
    interrupt_call(monkeypatch, os, "fsync", at=at, error=error)
    with pytest.raises(error):
        write_folder(tmp_path / "new", {"a.txt": b"1", "b.txt": b"2"})
    assert names(tmp_path) == []


def test_files_are_added_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(tmp_path / "b", {"public/a.txt": b"1"})
    add_files(tmp_path / "b", {"public/b.txt": b"2", "private/c.txt": b"3"})
    assert (tmp_path / "b/private/c.txt").read_bytes() == b"3"
    assert (tmp_path / "b/private/c.txt").stat().st_mode & 0o077 == 0
    assert (tmp_path / "b/private").stat().st_mode & 0o077 == 0
    before = names(tmp_path)
    interrupt_call(monkeypatch, Path, "rename", at=2, error=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        add_files(tmp_path / "b", {"public/d.txt": b"4", "public/e.txt": b"5"})
    assert names(tmp_path) == before


def test_files_that_exist_are_not_overwritten(tmp_path: Path) -> None:
    write_folder(tmp_path / "b", {"public/a.txt": b"1"})
    with pytest.raises(BundleError, match="exists"):
        add_files(tmp_path / "b", {"public/b.txt": b"2", "public/a.txt": b"3"})
    assert names(tmp_path / "b") == ["public", "public/a.txt"]


def test_a_folder_that_appears_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_and_race(path: Path, content: bytes, *, mode: int) -> None:
        real(path, content, mode=mode)
        (tmp_path / "new").mkdir(exist_ok=True)

    real = atomic._write
    monkeypatch.setattr(atomic, "_write", write_and_race)
    with pytest.raises(BundleError):
        write_folder(tmp_path / "new", {"a.txt": b"1"})
    assert names(tmp_path) == ["new"]


def test_a_place_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(BundleError):
        write_folder(tmp_path / "file" / "new", {"a.txt": b"1"})


def interrupt_call(
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    *,
    at: int,
    error: type[BaseException],
) -> None:
    calls = 0
    real = getattr(owner, name)

    def interrupted(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == at:
            raise error
        return real(*arguments)

    monkeypatch.setattr(owner, name, interrupted)
