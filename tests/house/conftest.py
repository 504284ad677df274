"""What the house tests look at: the files of the repository and the modules of our packages."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

PACKAGES = ("sortition", "assemblies", "reports", "web", "data")
# Made by tools or by a run; never part of the repository (see .gitignore).
MADE = {"__pycache__", "build", "dist", "demo"}


def is_kept(folder: str) -> bool:
    """Tell folders of the repository from those that tools make."""
    hidden = folder.startswith(".") and folder != ".ci"
    return not hidden and folder not in MADE and not folder.endswith(".egg-info")


@pytest.fixture(scope="session")
def files(root: Path) -> tuple[Path, ...]:
    """Every file of the repository, tracked or about to be."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if is_kept(name)]
        found += [Path(folder, name) for name in names if not name.startswith(".coverage")]
    return tuple(sorted(found))


@pytest.fixture(scope="session")
def modules(root: Path, files: tuple[Path, ...]) -> tuple[Path, ...]:
    """Every Python module of our packages."""
    found = tuple(
        path
        for path in files
        if path.suffix == ".py" and path.relative_to(root).parts[0] in PACKAGES
    )
    assert len(found) >= len(PACKAGES)
    return found


@pytest.fixture(scope="session")
def today() -> date:
    """The real day: what was checked grows old whether or not anybody changes the code."""
    return datetime.now(UTC).date()  # noqa: TID251 - a test of age is an edge
