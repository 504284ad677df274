"""Facts: reference tables, their index and invented samples, found from a checkout or a wheel."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath


def resource(path: str) -> Traversable:
    """Return a file or folder of this package, named from its root with forward slashes.

    Raise ``FileNotFoundError`` when there is none, and ``ValueError`` for a path that
    leaves the package.
    """
    parts = PurePosixPath(path).parts
    if PurePosixPath(path).is_absolute() or ".." in parts:
        raise ValueError(f"{path!r} is not a path inside the data package")
    found = files(__name__).joinpath(*parts)
    if not (found.is_file() or found.is_dir()):
        raise FileNotFoundError(f"no {path!r} in the data package")
    return found
