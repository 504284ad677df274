"""Read a people table into a pool, finding every fault of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from sortition.address_review import AddressBook, review_addresses
from sortition.checks import Supply, supply_of
from sortition.exclusions import Excluded, ExclusionList
from sortition.households import group_households
from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.problems import Problem
from sortition.spelling import find_nearest
from sortition.tables import Table, heading_key

ID_COLUMNS = ("id", "nationbuilder_id", "identifier", "identifiant", "respondent")
_UNKNOWN = -1  # position of a category that cannot be read
_MOST_SUGGESTIONS = 1000  # wrong words given a suggestion, by column: each costs a search
_MOST_NAMES_SHOWN = 20  # categories or columns listed in one message


@dataclass(frozen=True)
class Roles:
    """What each column of a people table is for; ``None`` or absent where it is not found."""

    id_column: str | None
    features: tuple[tuple[Feature, bool], ...]
    """Each feature, and whether the table has its column."""
    household_columns: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class PeopleReading:
    """What a people table says, as far as it can be read, and all that is wrong with it.

    ``pool`` is ``None`` where an error forbids it. ``supply`` counts a respondent whose
    category cannot be read in each category of the feature: it is never too small (and is
    ``None`` where there is nobody to count).
    """

    pool: Pool | None
    supply: Supply | None
    excluded: tuple[Excluded, ...]
    problems: tuple[Problem, ...]


def find_roles(
    table: Table,
    features: Sequence[Feature] | None,
    *,
    household_columns: Sequence[str] = (),
    id_column: str | None = None,
) -> Roles:
    """Find the columns of identifier, features and household, or say which are missing.

    Unless ``id_column`` names it, the identifier is in the first column of ``ID_COLUMNS``
    that the table has, else in its first column that is neither feature nor address
    (unless ``features`` is ``None``: the quotas could not be read, it might be any).
    """
    names = {feature.name for feature in features or ()}
    problems = list(table.problems)
    present = []
    for feature in features or ():
        present.append((feature, feature.name in table.positions))
        if feature.name not in table.positions:
            problems.append(_missing_column(table, feature.name, "the quotas balance on"))
    homes = [unicodedata.normalize("NFC", name.strip()) for name in household_columns]
    problems += [
        _missing_column(table, name, "households are compared on")
        for name in homes
        if name not in table.positions
    ]
    if id_column is not None:
        identifier: str | None = unicodedata.normalize("NFC", id_column.strip())
        if identifier not in table.positions:
            problems.append(_missing_column(table, id_column, "was to identify people"))
            identifier = None
    else:
        identifier = _usual_id_column(table, names | set(homes))
        if identifier is None and features is not None:
            identifier = next((n for n in table.header if n not in names and n not in homes), None)
        if identifier is None and features is not None:
            message = "No column is left to identify people: all are features or addresses."
            remedy = "Add a column id with a different text for each person."
            problems.append(Problem(table.file, table.header_row, "id", None, message, remedy))
    found = tuple(name for name in homes if name in table.positions)
    return Roles(identifier, tuple(present), found, tuple(problems))


def parse_people(table: Table, roles: Roles, exclusions: ExclusionList) -> PeopleReading:
    """Read the respondents of a table, collecting every problem.

    Features and address of an excluded person are not read: a fault there harms no draw.
    """
    ids = table.column(roles.id_column) if roles.id_column else ()
    problems = [*roles.problems, *_check_ids(table, roles.id_column, ids)]
    is_empty = not table.rows and not table.ragged
    if is_empty:
        message = "There is nobody under the header."
        place = (table.file, None, None, None)
        problems.append(Problem(*place, message, "Give one row per respondent."))
    barred = exclusions.reasons if ids else {}
    chosen = [at for at in range(len(table.rows)) if not barred or ids[at] not in barred]
    membership = np.full((len(chosen), len(roles.features)), _UNKNOWN, dtype=np.int32)
    for column, (feature, is_present) in enumerate(roles.features):
        if is_present:
            membership[:, column], faults = _read_feature(table, feature, chosen)
            problems.extend(faults)
    book = _address_book(table, roles, chosen)
    is_sound = roles.id_column is not None and not any(p.severity == "error" for p in problems)
    pool = _build_pool(table, roles, chosen, membership, book.homes) if is_sound else None
    largest = None if is_empty else _largest_supply(table, roles, membership)
    return PeopleReading(
        pool,
        supply_of(pool) if pool else largest,
        exclusions.among(ids),
        (*problems, *exclusions.warn_of_strangers(ids), *review_addresses(book)),
    )


def _usual_id_column(table: Table, taken: set[str]) -> str | None:
    by_key = {heading_key(name): name for name in reversed(table.header) if name not in taken}
    usual = (by_key[key] for key in map(heading_key, ID_COLUMNS) if key in by_key)
    return next(usual, None)


def _missing_column(table: Table, name: str, use: str) -> Problem:
    message = f"There is no column {name!r}, which {use}. Columns found: {_listed(table.header)}."
    near = find_nearest(name, table.header)
    remedy = f"Add the column {name!r}, or rename the one that holds it."
    if near is not None:
        how = f" (they differ only by {near.difference})" if near.difference else ""
        remedy = f"Rename column {near.name!r} as {name!r} if it holds it{how}, or add the column."
    return Problem(table.file, table.header_row, name, None, message, remedy)


def _check_ids(table: Table, column: str | None, ids: Iterable[str]) -> list[Problem]:
    """Find missing identifiers and those that come twice."""
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for row, identifier in zip(table.numbers, ids, strict=False):
        if not identifier:
            message = "The identifier is missing."
            remedy = "Give each person a text of their own."
            problems.append(Problem(table.file, row, column, "", message, remedy))
        elif first.setdefault(identifier, row) != row:
            message = f"Rows {first[identifier]} and {row} have the same identifier."
            remedy = "Remove one if it is the same person; otherwise give them different ones."
            problems.append(Problem(table.file, row, column, identifier, message, remedy))
    return problems


def _read_feature(
    table: Table, feature: Feature, chosen: Sequence[int]
) -> tuple[NDArray[np.int32], list[Problem]]:
    """Return the position of each one's category, and the faults of those it cannot tell."""
    known = {category: position for position, category in enumerate(feature.categories)}
    cells = table.column(feature.name)
    if len(chosen) < len(cells):
        cells = tuple(cells[at] for at in chosen)
    positions = np.fromiter(map(known.get, cells, repeat(_UNKNOWN)), np.int32, len(cells))
    problems: list[Problem] = []
    remedies: dict[str, str] = {}
    for at in np.flatnonzero(positions == _UNKNOWN).tolist():
        cell = cells[at]
        position = known.get(unicodedata.normalize("NFC", cell))
        if position is not None:
            positions[at] = position
            continue
        place = (table.file, table.numbers[chosen[at]], feature.name, cell)
        if not cell:
            remedy = f"Give one of: {_listed(feature.categories)}."
            problems.append(Problem(*place, "The value is missing.", remedy))
            continue
        if cell not in remedies:
            remedies[cell] = _suggest(cell, feature, search=len(remedies) < _MOST_SUGGESTIONS)
        message = f"No quota of feature {feature.name!r} has this category."
        problems.append(Problem(*place, message, remedies[cell]))
    return positions, problems


def _suggest(cell: str, feature: Feature, *, search: bool) -> str:
    near = find_nearest(cell, feature.categories) if search else None
    if near is None:
        return f"Give one of: {_listed(feature.categories)}; or add a quota for it."
    if near.difference is None:
        return f"Write {near.name!r} if that is meant; otherwise add a quota for it."
    return f"Write {near.name!r}: they differ only by {near.difference}."


def _address_book(table: Table, roles: Roles, chosen: Sequence[int]) -> AddressBook:
    names = roles.household_columns
    cells = list(zip(*(table.column(name) for name in names), strict=True))
    addresses = tuple(cells[at] for at in chosen) if names else ()
    rows = tuple(table.numbers[at] for at in chosen) if names else ()
    return AddressBook(table.file, names, addresses, rows)


def _build_pool(
    table: Table,
    roles: Roles,
    chosen: Sequence[int],
    membership: NDArray[np.int32],
    homes: Sequence[str],
) -> Pool:
    """Put the respondents in canonical order; number their households in that order."""
    assert roles.id_column is not None  # noqa: S101 - parse_people has checked
    ids = table.column(roles.id_column)
    order = sorted(range(len(chosen)), key=lambda at: ids[chosen[at]])
    used = {roles.id_column, *(feature.name for feature, _ in roles.features)}
    kept = tuple(name for name in table.header if name not in used)
    kept_cells = list(zip(*(table.column(name) for name in kept), strict=True)) if kept else []
    households = np.full(len(chosen), NO_HOUSEHOLD, dtype=np.int32)
    if homes:
        households = group_households([homes[at] for at in order])
    return Pool(
        ids=tuple(ids[chosen[at]] for at in order),
        features=tuple(feature for feature, _ in roles.features),
        membership=membership[np.array(order, dtype=np.int64)],
        households=households,
        kept_columns=kept,
        kept=tuple(kept_cells[chosen[at]] for at in order) if kept else (),
    )


def _largest_supply(table: Table, roles: Roles, membership: NDArray[np.int32]) -> Supply:
    """Count everybody, and those of unknown category in each category of the feature."""
    people = len(membership) + len(table.ragged)
    counts: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    for column, (feature, _) in enumerate(roles.features):
        known = membership[:, column][membership[:, column] != _UNKNOWN]
        count = np.bincount(known, minlength=len(feature.categories)).astype(np.int64)
        counts.append(count + (people - len(known)))
    category_people = np.concatenate(counts)
    return Supply(people, people, category_people, category_people, is_exact=False)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:_MOST_NAMES_SHOWN])
    more = len(names) - _MOST_NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
