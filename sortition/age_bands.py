"""Age bands as statistics write them (``15-19``, ``95+``) and the part of one inside another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from sortition.errors import TargetsError

_CLOSED = re.compile(r"(\d{1,3})-(\d{1,3})")
_OPEN = re.compile(r"(\d{1,3})\+")


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Ages in completed years, both ends included; ``last`` is ``None`` when the band is open."""

    first: int
    last: int | None

    @classmethod
    def parse(cls, text: str) -> AgeBand:
        """Read ``15-19`` or ``95+``."""
        if closed := _CLOSED.fullmatch(text):
            first, last = int(closed[1]), int(closed[2])
            if first <= last:
                return cls(first, last)
        if opened := _OPEN.fullmatch(text):
            return cls(int(opened[1]), None)
        raise TargetsError(f"{text!r} is not an age band such as '15-19' or '65+'")

    def __str__(self) -> str:
        if self.last is None:
            return f"{self.first}+"
        return f"{self.first}-{self.last}"

    @property
    def label(self) -> str:
        """The band as the public reads it, in French."""
        return f"{self.first} ans ou plus" if self.last is None else f"{self} ans"

    def common(self, other: AgeBand) -> AgeBand | None:
        """Return the ages that both bands hold, or ``None`` when there is none."""
        first = max(self.first, other.first)
        lasts = [last for last in (self.last, other.last) if last is not None]
        last = min(lasts) if lasts else None
        return None if last is not None and last < first else AgeBand(first, last)

    def share_inside(self, other: AgeBand) -> Fraction:
        """Return which part of this band is inside another, its ages being evenly spread.

        An open band has no even spread: it must be wholly inside or wholly outside.
        """
        common = self.common(other)
        if common is None:
            return Fraction(0)
        if common == self:
            return Fraction(1)
        if self.last is None or common.last is None:
            raise TargetsError(
                f"the open age band {self} cannot be cut at {other}: no table says how"
            )
        return Fraction(common.last - common.first + 1, self.last - self.first + 1)
