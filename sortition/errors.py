"""What can go wrong in a draw: errors that carry facts, never prose for the public."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sortition.problems import Problem


class SortitionError(Exception):
    """Root of every error raised by this package."""


class InputError(SortitionError):
    """One or several problems in the files given; all of them, found in one pass."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problem(s) in the input files")


class QuotasInfeasibleError(SortitionError):
    """No panel of the pool meets every quota."""

    def __init__(self) -> None:
        super().__init__("no panel meets every quota")


class TargetsError(SortitionError):
    """A quota file cannot be made from the reference tables as asked."""


class BundleError(SortitionError):
    """A bundle is missing, incomplete, already drawn or not what it claims to be."""


class RandomnessError(SortitionError):
    """A public source of randomness is missing, malformed or was not announced."""


class CancelledError(SortitionError):
    """The person asked to stop; nothing was written."""


class LotteryNotReachedError(SortitionError):
    """The seats owed could not be cut into panels; ``stuck`` of these were not made."""

    def __init__(self, stuck: int) -> None:
        self.stuck = stuck
        super().__init__(f"{stuck} panels could not be cut exactly")
