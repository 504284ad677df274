"""Read a quota table, new or old headings, and find every fault of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from sortition.checks import Places, check_size, check_sums
from sortition.problems import Problem
from sortition.quotas import Quota, Quotas
from sortition.spelling import without_accents
from sortition.tables import Table, heading_key

_BOUNDS = ("min", "max", "min_flex", "max_flex")
QUOTA_COLUMNS = ("feature", "value", "category", "name", *_BOUNDS)
_LARGEST_BOUND = 10**9  # no panel is larger: a longer number is a slip (a telephone, a date)
_HEADING_REMEDY = "Head the columns feature, value, min, max (and min_flex, max_flex if wanted)."


@dataclass(frozen=True)
class QuotaReading:
    """What a quota table says, as far as it can be read, and all that is wrong with it.

    Where a bound is wrong or missing, ``quotas`` has one that forbids nothing, so that
    other files can still be checked. ``incomplete`` names the features that miss some
    category, or have one twice.
    """

    quotas: Quotas
    places: Places
    incomplete: frozenset[str]
    problems: tuple[Problem, ...]


@dataclass
class _Reader:
    """One pass over a quota table."""

    table: Table
    size: int
    columns: Mapping[str, int]
    problems: list[Problem]
    quotas: dict[tuple[str, str], Quota] = field(default_factory=dict)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)

    def report(
        self, row: int, column: str | None, value: str | None, message: str, remedy: str
    ) -> None:
        name = self.table.header[self.columns[column]] if column else None
        self.problems.append(Problem(self.table.file, row, name, value, message, remedy))

    def read_row(self, row: int, cells: tuple[str, ...], above: str) -> str:
        """Read one quota; ``above`` is the feature of the row above. Return its feature."""
        feature = unicodedata.normalize("NFC", cells[self.columns["feature"]])
        category = unicodedata.normalize("NFC", cells[self.columns["value"]])
        if not feature:
            remedy = "Repeat the name of the feature on each row."
            self.report(row, "feature", "", "The name of the feature is missing.", remedy)
        if not category:
            self.report(row, "value", "", "The category is missing.", "Name it, or remove the row.")
        feature = feature or above
        quota = self.read_bounds(row, cells, feature, category)
        key = (feature, category)
        if not feature or not category:
            self.incomplete.add(feature)
        elif key in self.quotas:
            message = f"Category {category!r} of feature {feature!r} already has a quota"
            message = f"{message}, in row {self.rows[key]}."
            self.report(row, "value", category, message, "Keep one of the two rows.")
            self.incomplete.add(feature)
            self.quotas[key] = self.lenient(feature, category)
        else:
            self.quotas[key] = quota
            self.rows[key] = row
        return feature

    def lenient(self, feature: str, category: str) -> Quota:
        return Quota(feature, category, 0, max(self.size, 0))

    def read_bounds(self, row: int, cells: tuple[str, ...], feature: str, category: str) -> Quota:
        """Read the bounds of a row; those that are wrong become bounds that forbid nothing."""
        lower, upper, least, most = (self.read_bound(row, cells, name) for name in _BOUNDS)
        lenient = self.lenient(feature, category)
        if lower is not None and upper is not None and lower > upper:
            message = f"The minimum, {lower}, is above the maximum, {upper}."
            self.report(row, "min", str(lower), message, "Lower the minimum or raise the maximum.")
            return lenient
        if least is not None and lower is not None and least > lower:
            message = f"min_flex, {least}, is above min, {lower}: a relaxation only goes down."
            self.report(row, "min_flex", str(least), message, f"Give {lower} or less.")
        if most is not None and upper is not None and most < upper:
            message = f"max_flex, {most}, is below max, {upper}: a relaxation only goes up."
            self.report(row, "max_flex", str(most), message, f"Give {upper} or more.")
        lower = lenient.lower if lower is None else lower
        upper = max(lenient.upper, lower) if upper is None else upper
        return Quota(feature, category, lower, upper, least, most)

    def read_bound(self, row: int, cells: tuple[str, ...], name: str) -> int | None:
        """Read one bound; ``None`` where it is wrong, or blank and optional."""
        if name not in self.columns:
            return None
        text = cells[self.columns[name]]
        if not text:
            if name in ("min", "max"):
                remedy = "Write 0." if name == "min" else "Write the size of the panel if none."
                self.report(row, name, "", f"The {name} is missing.", remedy)
            return None
        figures = text.removeprefix("-")
        if not (figures.isascii() and figures.isdigit()):
            message = f"The {name} is not a whole number."
            self.report(row, name, text, message, "Write figures only, such as 12.")
        elif text.startswith("-") and figures.strip("0"):
            self.report(row, name, text, f"The {name} is negative.", "Write 0 or more.")
        elif len(figures.lstrip("0")) > len(str(_LARGEST_BOUND)):
            self.report(row, name, text, f"The {name} is too large.", "Write a number of seats.")
        else:
            return int(figures)
        return None


def parse_quotas(table: Table, size: int, *, check_arithmetic: bool = True) -> QuotaReading:
    """Read the quotas of a panel of ``size`` from a table, collecting every problem."""
    columns, problems = _find_columns(table)
    reader = _Reader(table, size, columns, [*check_size(size), *table.problems, *problems])
    if "feature" in columns and "value" in columns:
        above = ""
        for number, cells in zip(table.numbers, table.rows, strict=True):
            above = reader.read_row(number, cells, above)
        at = columns["feature"]
        for _, ragged in table.ragged:
            named = [unicodedata.normalize("NFC", cell) for cell in ragged[at : at + 1] if cell]
            reader.incomplete.update(named or (feature for feature, _ in reader.quotas))
        if not table.rows and not table.ragged:
            message = "There is no quota under the header."
            remedy = "Give one row per category of each feature."
            reader.report(table.header_row, None, None, message, remedy)
    quotas = Quotas(size, tuple(reader.quotas.values()))
    places = Places(quotas_file=table.file, rows=reader.rows)
    incomplete = frozenset(reader.incomplete)
    found = [*reader.problems, *_alike_categories(quotas, places)]
    if check_arithmetic:
        found += check_sums(quotas, places, incomplete=incomplete)
    return QuotaReading(quotas, places, incomplete, tuple(found))


def _find_columns(table: Table) -> tuple[dict[str, int], list[Problem]]:
    """Find where feature, value and bounds are, under new or old headings.

    Old files head the feature ``category``, and its categories ``name`` or ``feature``;
    where both ``category`` and ``feature`` are there without ``value``, the first of the
    two is the feature.
    """
    problems: list[Problem] = []
    found: dict[str, int] = {}
    keys = {heading_key(name): name for name in QUOTA_COLUMNS}
    for at, heading in enumerate(table.header):
        name = keys.get(heading_key(heading))
        if name in found and heading != table.header[found[name]]:
            message = f"There are two columns {name}."
            row = table.header_row
            problems.append(Problem(table.file, row, heading, heading, message, "Remove one."))
        elif name is not None and name not in found:
            found[name] = at
    columns: dict[str, int] = {}
    columns |= {name: found[name] for name in _BOUNDS if name in found}
    if "feature" in found and "value" in found:
        columns |= {"feature": found["feature"], "value": found["value"]}
    elif "category" in found and "name" in found:
        columns |= {"feature": found["category"], "value": found["name"]}
    elif "category" in found and "feature" in found:
        first, second = sorted((found["category"], found["feature"]))
        columns |= {"feature": first, "value": second}
    needed = ("feature", "value", "min", "max")
    shown = ", ".join(table.header)
    for name in (name for name in needed if name not in columns):
        message = f"There is no column {name}. Columns found: {shown}."
        place = (table.file, table.header_row, name, None)
        problems.append(Problem(*place, message, _HEADING_REMEDY))
    return columns, problems


def _alike_categories(quotas: Quotas, places: Places) -> list[Problem]:
    """Warn of two categories of a feature that a reader would take for one."""
    seen: dict[tuple[str, str], str] = {}
    warnings: list[Problem] = []
    for quota in quotas.quotas:
        letters = without_accents(quota.category).casefold()
        key = (quota.feature, "".join(letters.split()))
        other = seen.setdefault(key, quota.category)
        if other != quota.category:
            row = places.rows[quota.feature, quota.category]
            message = f"It looks the same as category {other!r} of feature {quota.feature!r}."
            remedy = "Merge the two quotas if they are one category."
            place = (places.quotas_file, row, None, quota.category)
            warnings.append(Problem(*place, message, remedy, severity="warning"))
    return warnings
