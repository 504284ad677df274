"""One problem of an input file: where it is, what it is and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in a file, placed so that a person can go and mend it.

    ``row`` counts as a spreadsheet does: the header is row 1. ``None`` means that the
    fault belongs to the whole file (or, for ``column``, to the whole row).
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    message: str
    remedy: str
    severity: str = "error"
    """``error`` stops a draw; ``warning`` asks a human to look and lets it go on."""

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the problem as plain values, for ``--json``."""
        return asdict(self)

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column!r}"
        if self.value is not None:
            place += f", value {self.value!r}"
        return f"{place}: {self.message} {self.remedy}"
