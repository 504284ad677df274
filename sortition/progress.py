"""How long work tells how far it is, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hear of the advance of one piece of work, in steps out of a total."""

    def start(self, label: str, total: int | None) -> None:
        """Begin a piece of work; ``total`` is None where its length is not known."""

    def advance(self, done: int) -> None:
        """Tell how many steps are done since ``start``. May raise ``CancelledError``."""


class SilentProgress:
    """The default listener: hears nothing, says nothing."""

    def start(self, label: str, total: int | None) -> None:
        """Ignore the beginning of a piece of work."""

    def advance(self, done: int) -> None:
        """Ignore an advance."""


SILENT = SilentProgress()
