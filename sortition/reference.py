"""Reference tables: the index of a population and the persons it counts in each category."""

from __future__ import annotations

import hashlib
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from data import resource
from sortition.age_bands import AgeBand
from sortition.errors import TargetsError

INDEX_SUFFIX = ".toml"
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """One file of figures: where it comes from, of what day, under what licence."""

    file: str
    sha256: str
    title: str
    source: str
    date: str
    licence: str


@dataclass(frozen=True, slots=True)
class CountBase:
    """Who is counted: everybody from ``minimum_age`` on, or a list (electors) when ``None``."""

    title: str
    minimum_age: int | None = None
    age_bands: tuple[AgeBand, ...] = ()

    @property
    def ages(self) -> AgeBand:
        """The ages of the base, as an open band."""
        return AgeBand(self.minimum_age or 0, None)


@dataclass(frozen=True, slots=True)
class Part:
    """A selection of rows of one table, and how each row is counted.

    ``value`` names the column of persons; or ``shares`` the column of shares by which the
    persons of ``of`` are distributed. ``age`` names the column of age bands, cut at the base.
    ``column`` names the column of categories, ``category`` gives one name to all rows; with
    neither, the categories are the age bands of the base. ``under_age_in`` names the category
    that holds the people of a cut band who are too young for the base.
    """

    table: str
    value: str = ""
    shares: str = ""
    of: Part | None = None
    age: str = ""
    column: str = ""
    category: str = ""
    under_age_in: str = ""
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    where_not: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The total a feature must agree with: another feature's, or that of a selection of rows."""

    feature: str = ""
    part: Part | None = None
    tolerance: str = "0"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FeatureDefinition:
    """How a feature is counted on some bases."""

    name: str
    title: str
    bases: tuple[str, ...]
    parts: tuple[Part, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    date: str = ""
    """Date to print, when the tables of the parts do not share one."""
    field: str = ""
    """Who the table describes, when it is not the base."""
    default_grouping: str = ""
    agrees_with: Agreement | None = None


@dataclass(frozen=True, slots=True)
class Grouping:
    """Categories put together under a new name; those not named stay as they are."""

    title: str
    members: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class ReferencePopulation:
    """The index of a population and, beside it, its files."""

    name: str
    title: str
    default_base: str
    tables: Mapping[str, ReferenceTable]
    bases: Mapping[str, CountBase]
    features: tuple[FeatureDefinition, ...]
    groupings: Mapping[str, Mapping[str, Grouping]]
    folder: Traversable

    @cached_property
    def feature_names(self) -> tuple[str, ...]:
        """Every feature that has figures on some base."""
        return tuple(dict.fromkeys(feature.name for feature in self.features))

    def base(self, name: str) -> CountBase:
        """Return a base by its name (``18+``)."""
        if name not in self.bases:
            raise TargetsError(f"no base {name!r} for {self.name}; possible: {_listed(self.bases)}")
        return self.bases[name]

    def definition(self, feature: str, base: str) -> FeatureDefinition:
        """Return how a feature is counted on a base."""
        self.base(base)
        for definition in self.features:
            if definition.name == feature and base in definition.bases:
                return definition
        possible = dict.fromkeys(d.name for d in self.features if base in d.bases)
        raise TargetsError(
            f"no figures for feature {feature!r} on base {base!r} of {self.name}; "
            f"possible: {_listed(possible)}"
        )

    def grouping(self, feature: str, name: str) -> Grouping:
        """Return a grouping of the categories of a feature."""
        possible = self.groupings.get(feature, {})
        if name not in possible:
            raise TargetsError(
                f"no grouping {name!r} of feature {feature!r}; possible: {_listed(possible)}"
            )
        return possible[name]

    def rows(self, part: Part) -> list[Row]:
        """Return the rows of a part, every cell as text."""
        import pandas as pd  # noqa: PLC0415 — half a second that --help need not wait for

        table = self.tables[part.table]
        frame = pd.read_csv(io.BytesIO(self._content(table)), dtype=str, keep_default_na=False)
        for column, values in part.where.items():
            frame = frame[frame[column].isin(list(values))]
        for column, values in part.where_not.items():
            frame = frame[~frame[column].isin(list(values))]
        if frame.empty:
            raise TargetsError(f"{table.file}: no row matches {dict(part.where)}")
        columns = [str(name) for name in frame.columns]
        return [dict(zip(columns, row, strict=True)) for row in frame.itertuples(index=False)]

    def _content(self, table: ReferenceTable) -> bytes:
        path = self.folder.joinpath(table.file)
        if not path.is_file():
            raise TargetsError(f"the reference table {table.file} is missing")
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest != table.sha256:
            raise TargetsError(
                f"{table.file} is not the table of the index: SHA-256 {digest} instead of "
                f"{table.sha256}. Restore the file, or record the new digest, source and date."
            )
        return content


def population_names() -> tuple[str, ...]:
    """List the populations that come with the product."""
    found = [path.name for path in resource("population").iterdir()]
    return tuple(
        sorted(name.removesuffix(INDEX_SUFFIX) for name in found if name.endswith(INDEX_SUFFIX))
    )


def load_population(name: str) -> ReferencePopulation:
    """Load a population by its name, or from an index file of one's own (a path in ``.toml``)."""
    if name.endswith(INDEX_SUFFIX):
        path: Traversable = Path(name)
        if not path.is_file():
            raise TargetsError(f"no index of reference tables at {name}")
        return read_index(path.name.removesuffix(INDEX_SUFFIX), path, Path(name).parent)
    if name not in population_names():
        raise TargetsError(f"no population {name!r}; possible: {_listed(population_names())}")
    return _shipped(name)


@lru_cache(maxsize=8)
def _shipped(name: str) -> ReferencePopulation:
    folder = resource("population")
    return read_index(name, folder.joinpath(name + INDEX_SUFFIX), folder)


def read_index(name: str, index: Traversable, folder: Traversable) -> ReferencePopulation:
    """Read an index; its tables are the files of ``folder``."""
    try:
        raw = tomllib.loads(index.read_text(encoding="utf-8"))
        return ReferencePopulation(
            name=name,
            title=raw["title"],
            default_base=raw["default_base"],
            tables={key: ReferenceTable(**table) for key, table in raw["tables"].items()},
            bases={key: _base(**base) for key, base in raw["bases"].items()},
            features=tuple(_definition(dict(feature)) for feature in raw["features"]),
            groupings={
                feature: {key: _grouping(dict(group)) for key, group in groups.items()}
                for feature, groups in raw.get("groupings", {}).items()
            },
            folder=folder,
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise TargetsError(f"{index.name} is not an index of reference tables: {error}") from error


def _base(
    *, title: str, minimum_age: int | None = None, age_bands: Sequence[str] = ()
) -> CountBase:
    return CountBase(title, minimum_age, tuple(AgeBand.parse(band) for band in age_bands))


def _part(raw: Mapping[str, Any]) -> Part:
    of = raw.get("of")
    return Part(**{**raw, "of": _part(of) if of else None})


def _definition(raw: dict[str, Any]) -> FeatureDefinition:
    agreement = dict(raw.pop("agrees_with", {}))
    words = {
        key: agreement.pop(key) for key in ("feature", "tolerance", "reason") if key in agreement
    }
    return FeatureDefinition(
        **{
            **raw,
            "bases": tuple(raw["bases"]),
            "parts": tuple(_part(part) for part in raw["parts"]),
            "notes": tuple(raw.get("notes", ())),
            "agrees_with": Agreement(**words, part=_part(agreement) if agreement else None)
            if words or agreement
            else None,
        }
    )


def _grouping(raw: dict[str, Any]) -> Grouping:
    return Grouping(
        title=raw.pop("title"), members={key: tuple(names) for key, names in raw.items()}
    )


def _listed(names: Sequence[str] | Mapping[str, object]) -> str:
    return ", ".join(names) or "none"
