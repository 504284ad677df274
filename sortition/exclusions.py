"""Read the list of people who may not be drawn, each with the reason why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sortition.problems import Problem
from sortition.spelling import fold
from sortition.tables import Table, heading_key

EXCLUSION_COLUMNS = ("id", "reason")
_REASON_HEADINGS = {"reason", "motif"}


@dataclass(frozen=True, slots=True)
class Excluded:
    """A respondent kept out before the draw, and why."""

    respondent: str
    reason: str


@dataclass(frozen=True)
class ExclusionList:
    """Reason and row of each identifier to keep out, and the faults of the list."""

    file: str = ""
    column: str | None = None
    reasons: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def among(self, ids: Collection[str]) -> tuple[Excluded, ...]:
        """Return those who are in the pool, sorted by identifier."""
        return tuple(Excluded(i, self.reasons[i]) for i in sorted(self.reasons.keys() & set(ids)))

    def warn_of_strangers(self, ids: Collection[str]) -> list[Problem]:
        """Warn of identifiers that are not in the pool: a slip would let somebody in."""
        known = set(ids)
        strangers = [i for i in self.reasons if i not in known] if known else []
        alike = {_alike_key(i): i for i in ids} if strangers else {}
        warnings = []
        for stranger in strangers:
            near = alike.get(_alike_key(stranger))
            message = "Nobody in the people file has this identifier: nobody is excluded by it."
            remedy = "Check the identifier, or remove the row."
            if near is not None:
                remedy = f"Write {near!r} if this is who is meant; otherwise remove the row."
            place = (self.file, self.rows[stranger], self.column, stranger)
            warnings.append(Problem(*place, message, remedy, severity="warning"))
        return warnings


def parse_exclusions(table: Table, id_headings: Iterable[str]) -> ExclusionList:
    """Read the columns of identifier and reason, collecting every problem.

    ``id_headings`` are the names, best first, that the column of identifiers may have.
    Somebody listed without a reason is excluded all the same, and the fault reported.
    """
    problems = list(table.problems)
    headings = {heading_key(name): name for name in reversed(table.header)}
    id_name = next((headings[k] for k in map(heading_key, id_headings) if k in headings), None)
    reason_name = next((headings[k] for k in headings if k in _REASON_HEADINGS), None)
    for wanted, found in zip(EXCLUSION_COLUMNS, (id_name, reason_name), strict=True):
        if found is None:
            message = f"There is no column {wanted}. Columns found: {', '.join(table.header)}."
            remedy = "Head the columns id and reason."
            place = (table.file, table.header_row, wanted, None)
            problems.append(Problem(*place, message, remedy))
    if id_name is None:
        return ExclusionList(table.file, problems=tuple(problems))
    listed = ExclusionList(table.file, id_name)
    ids = table.column(id_name)
    reasons = table.column(reason_name) if reason_name else None
    for at, (row, identifier) in enumerate(zip(table.numbers, ids, strict=True)):
        reason = reasons[at] if reasons else None
        problems.extend(_read_row(listed, row, identifier, reason, reason_name))
    return ExclusionList(table.file, id_name, listed.reasons, listed.rows, tuple(problems))


def _read_row(
    listed: ExclusionList, row: int, identifier: str, reason: str | None, reason_name: str | None
) -> Iterable[Problem]:
    """Add one row to the list; yield its faults."""
    if reason == "":
        message = "The reason of the exclusion is missing."
        yield Problem(listed.file, row, reason_name, "", message, "Give it: it is kept on record.")
    if not identifier:
        message = "The identifier is missing."
        yield Problem(listed.file, row, listed.column, "", message, "Give it, or remove the row.")
    elif identifier in listed.rows:
        message = f"This identifier is already listed in row {listed.rows[identifier]}."
        remedy = "Remove one of the two; until then both reasons are kept."
        place = (listed.file, row, listed.column, identifier)
        yield Problem(*place, message, remedy, severity="warning")
        known = listed.reasons[identifier]
        if reason and reason != known:
            listed.reasons[identifier] = f"{known}; {reason}" if known else reason
    else:
        listed.rows[identifier] = row
        listed.reasons[identifier] = reason or ""


def _alike_key(identifier: str) -> str:
    """Return what two spellings of an identifier share: no case, spaces or leading zeros."""
    return fold(identifier).replace(" ", "").lstrip("0")
