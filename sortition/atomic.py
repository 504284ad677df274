"""Writing a folder, or a few files, so that nothing is ever half written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from sortition.errors import BundleError

_CLOSED = "private"  # files below this folder are for their owner's eyes only
_ADDED = "added"


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Create the folder ``path`` holding ``files`` (relative name → content), or nothing.

    Everything is written and flushed in a hidden sibling folder, which then takes its
    name in one step. An interruption leaves at most that hidden folder, which is harmless.
    Raises ``BundleError`` when ``path`` exists: nothing is overwritten.
    """
    _refuse_existing(path)
    with _staging_folder(path.parent, path.name) as staging:
        for name, content in files.items():
            target = staging.joinpath(*PurePosixPath(name).parts)
            _make_folders(target.parent, staging)
            _write(target, content, mode=0o600 if _is_closed(name) else 0o644)
        for folder in [staging, *(p for p in staging.rglob("*") if p.is_dir())]:
            _flush_folder(folder)
        _refuse_existing(path)
        try:
            staging.rename(path)
        except OSError as error:
            raise BundleError(f"{path} cannot be created: {error.strerror}") from error
    _flush_folder(path.parent)


def add_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Add ``files`` (relative name → content) to an existing folder: all of them or none.

    They appear in the order given, once all are safely on disk; if anything stops the
    last step, those already in place are taken away again. Raises ``BundleError`` when
    one of them exists.
    """
    for name in files:
        _refuse_existing(folder / name)
    placed: list[Path] = []
    with _staging_folder(folder, _ADDED) as staging:
        for number, (name, content) in enumerate(files.items()):
            mode = 0o600 if _is_closed(name) else 0o644
            _write(staging / str(number), content, mode=mode)
        try:
            for number, name in enumerate(files):
                target = folder.joinpath(*PurePosixPath(name).parts)
                _make_folders(target.parent, folder)
                placed.append(target)
                (staging / str(number)).rename(target)
        except BaseException:
            for target in placed:
                target.unlink(missing_ok=True)
            raise
    for target in placed:
        _flush_folder(target.parent)


def sweep(folder: Path) -> None:
    """Remove what additions killed half-way left in ``folder``; nobody may be adding to it."""
    for left in folder.glob(f".{_ADDED}.*.part"):
        shutil.rmtree(left, ignore_errors=True)


def _refuse_existing(path: Path) -> None:
    if os.path.lexists(path):
        raise BundleError(f"{path} exists already; nothing is overwritten")


@contextmanager
def _staging_folder(parent: Path, name: str) -> Iterator[Path]:
    """Lend a hidden folder inside ``parent``; sweep away what is left of it afterwards."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".part", dir=parent))
    except OSError as error:
        raise BundleError(f"nothing can be written in {parent}: {error.strerror}") from error
    try:
        staging.chmod(0o755)
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _is_closed(name: str) -> bool:
    return PurePosixPath(name).parts[0] == _CLOSED


def _make_folders(folder: Path, root: Path) -> None:
    for missing in [p for p in (*reversed(folder.parents), folder) if not p.exists()]:
        missing.mkdir(mode=0o700 if _is_closed(missing.relative_to(root).as_posix()) else 0o755)


def _write(path: Path, content: bytes, *, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    """Ask the file system to remember the names in a folder (where the system can)."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folder
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
