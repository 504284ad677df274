"""Read the files of a draw (quotas, people, exclusions); report all their faults together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sortition.checks import Places, check_size, check_supply
from sortition.errors import InputError
from sortition.exclusions import Excluded, ExclusionList, parse_exclusions
from sortition.people_files import ID_COLUMNS, PeopleReading, find_roles, parse_people
from sortition.pool import Feature, Pool
from sortition.problems import Problem
from sortition.quota_files import QUOTA_COLUMNS, QuotaReading, parse_quotas
from sortition.quotas import Quotas
from sortition.tables import Table, read_table


@dataclass(frozen=True)
class PoolFile:
    """A pool as read, what a human should look at, and who was kept out beforehand."""

    pool: Pool
    warnings: tuple[Problem, ...]
    excluded: tuple[Excluded, ...]


@dataclass(frozen=True)
class DrawInput:
    """All that a draw starts from."""

    quotas: Quotas
    pool: Pool
    warnings: tuple[Problem, ...]
    excluded: tuple[Excluded, ...]


def read_quotas(path: str | Path, size: int, *, check_arithmetic: bool = True) -> Quotas:
    """Read the quotas of a panel of ``size`` members.

    Raises ``InputError`` with every problem of the file, among them features whose bounds
    cannot add up to the size unless ``check_arithmetic`` is off.
    """
    file = Path(path).name
    reading = _read_quota_file(path, file, size, check_arithmetic=check_arithmetic)
    _refuse_errors(reading.problems, [file])
    return reading.quotas


def read_pool(
    path: str | Path,
    quotas: Quotas,
    *,
    household_columns: Sequence[str] = (),
    exclusions: str | Path | None = None,
    id_column: str | None = None,
    check_arithmetic: bool = True,
) -> PoolFile:
    """Read the respondents who may be drawn under some quotas.

    Raises ``InputError`` with every problem of the people file and of the exclusion list,
    among them a pool too small for a quota unless ``check_arithmetic`` is off.
    """
    source = _PeopleSource(path, exclusions, tuple(household_columns), id_column)
    files = _tell_apart([path, exclusions])
    reading = _read_people_file(source, quotas.features, files)
    problems = list(reading.problems)
    if check_arithmetic and reading.supply is not None:
        problems += check_supply(quotas, reading.supply, Places(people_file=files[0]))
    warnings = _refuse_errors(problems, files)
    return PoolFile(_sound(reading), warnings, reading.excluded)


def read_problem(
    features_path: str | Path,
    people_path: str | Path,
    size: int,
    *,
    household_columns: Sequence[str] = (),
    exclusions: str | Path | None = None,
    id_column: str | None = None,
    check_arithmetic: bool = True,
) -> DrawInput:
    """Read all that a draw of ``size`` members starts from.

    Raises ``InputError`` with every problem and warning of all files, by file and row:
    a fault in one place hides none elsewhere. Off, ``check_arithmetic`` lets through
    quotas that adding up shows to be impossible, for those who then relax them.
    """
    files = _tell_apart([features_path, people_path, exclusions])
    quotas = _read_quota_file(features_path, files[0], size, check_arithmetic=check_arithmetic)
    source = _PeopleSource(people_path, exclusions, tuple(household_columns), id_column)
    reading = _read_people_file(source, quotas.quotas.features or None, files[1:])
    problems = [*quotas.problems, *reading.problems]
    if check_arithmetic and reading.supply is not None:
        places = replace(quotas.places, people_file=files[1])
        problems += check_supply(
            quotas.quotas, reading.supply, places, incomplete=quotas.incomplete
        )
    warnings = _refuse_errors(problems, files)
    return DrawInput(quotas.quotas, _sound(reading), warnings, reading.excluded)


@dataclass(frozen=True)
class _PeopleSource:
    people: str | Path
    exclusions: str | Path | None
    household_columns: tuple[str, ...]
    id_column: str | None


def _read_quota_file(
    path: str | Path, file: str, size: int, *, check_arithmetic: bool
) -> QuotaReading:
    table, problems = _try_table(path, QUOTA_COLUMNS, file)
    if table is None:
        nothing = Quotas(size, ())
        return QuotaReading(nothing, Places(file), frozenset(), (*check_size(size), *problems))
    return parse_quotas(table, size, check_arithmetic=check_arithmetic)


def _read_people_file(
    source: _PeopleSource, features: Sequence[Feature] | None, files: Sequence[str]
) -> PeopleReading:
    """Read people and exclusions; where a file cannot be read, go on without it."""
    expected = [feature.name for feature in features or ()] + list(source.household_columns)
    table, problems = _try_table(source.people, expected, files[0])
    if table is None:
        listed = _read_exclusions(source, files[1], ID_COLUMNS)
        return PeopleReading(None, None, (), (*problems, *listed.problems))
    roles = find_roles(
        table, features, household_columns=source.household_columns, id_column=source.id_column
    )
    named = (roles.id_column,) if roles.id_column else ()
    listed = _read_exclusions(source, files[1], (*named, *ID_COLUMNS))
    reading = parse_people(table, roles, listed)
    return replace(reading, problems=(*reading.problems, *listed.problems))


def _read_exclusions(source: _PeopleSource, file: str, id_headings: Sequence[str]) -> ExclusionList:
    if source.exclusions is None:
        return ExclusionList()
    table, problems = _try_table(source.exclusions, ("id", "reason", *id_headings), file)
    if table is None:
        return ExclusionList(file, problems=problems)
    return parse_exclusions(table, id_headings)


def _try_table(
    path: str | Path, expected: Sequence[str], file: str
) -> tuple[Table | None, tuple[Problem, ...]]:
    try:
        return read_table(path, expected=expected, file=file), ()
    except InputError as error:
        return None, error.problems


def _tell_apart(paths: Sequence[str | Path | None]) -> list[str]:
    """Name each file by its last part, or by its whole path where two have the same."""
    names = ["" if path is None else Path(path).name for path in paths]
    if len({*names}) == len(names):
        return names
    return ["" if path is None else str(path) for path in paths]


def _refuse_errors(problems: Sequence[Problem], files: Sequence[str]) -> tuple[Problem, ...]:
    """Raise all problems, by file and row, if one is an error; else return the warnings."""
    rank = {file: at for at, file in enumerate(files)}
    ordered = sorted(problems, key=lambda p: (rank.get(p.file, -1), p.row or 0))
    if any(problem.severity == "error" for problem in ordered):
        raise InputError(ordered)
    return tuple(ordered)


def _sound(reading: PeopleReading) -> Pool:
    assert reading.pool is not None  # noqa: S101 - a pool is missing only beside an error
    return reading.pool
