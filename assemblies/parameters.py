"""Dated legal parameters: the value in force on a day, with the text that sets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

import yaml

import data
from assemblies.errors import DataFileError, ParameterNotInForceError

# What a reader of ``data`` may stumble on; the file is named in the error that tells it.
FAULTS = (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError, ArithmeticError)


class _OneOfEachKey(yaml.SafeLoader):
    """Reads plain YAML, and refuses a mapping that gives a key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        if len(set(keys)) != len(keys):
            raise ValueError(f"a key is given twice among {keys}")
        return super().construct_mapping(node, deep)


@dataclass(frozen=True, slots=True)
class LegalReference:
    """The text that sets a value. ``published`` is the day of the Official Journal."""

    title: str
    published: date | None = None
    nor: str | None = None
    href: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value in force from ``start`` on, and its text.

    A figure is a ``Decimal``, never a float; anything else is as the file gives it.
    """

    start: date
    value: Any
    reference: LegalReference

    @property
    def whole(self) -> int:
        """The value as a whole number; raise ``DataFileError`` when it is not one."""
        if not isinstance(self.value, Decimal) or self.value != self.value.to_integral_value():
            raise DataFileError(reason="not a whole number", value=self.value)
        return int(self.value)

    @property
    def figure(self) -> Decimal:
        """The value as a figure; raise ``DataFileError`` when it is not one."""
        if not isinstance(self.value, Decimal):
            raise DataFileError(reason="not a figure", value=self.value)
        return self.value


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated parameter: its values by rising day; a value None means repealed."""

    name: str
    description: str
    unit: str
    checked_on: date
    values: tuple[DatedValue, ...]

    def on(self, day: date) -> DatedValue:
        """Return the value in force on a day.

        Raise ``ParameterNotInForceError`` before the first date and after a repeal: there
        is no default.
        """
        found = [value for value in self.values if value.start <= day]
        if not found or found[-1].value is None:
            raise ParameterNotInForceError(name=self.name, on=day)
        return found[-1]


@cache
def load(name: str) -> Parameter:
    """Load ``data/parameters/<name>.yaml``.

    Raise ``FileNotFoundError`` where there is no such file, ``DataFileError`` where it
    breaks the schema.
    """
    return read_parameter(name, data.resource(f"parameters/{name}.yaml").read_text("utf-8"))


def read_parameter(name: str, content: str) -> Parameter:
    """Read the text of a parameter file (see ``data/README.md``)."""
    try:
        file = read_yaml(content)
        only(file, "description", "unit", "checked_on", "values")
        return Parameter(
            name=name,
            description=read_text(file["description"]),
            unit=read_text(file["unit"]),
            checked_on=read_day(file["checked_on"]),
            values=_rising(name, tuple(_dated_value(entry) for entry in file["values"])),
        )
    except FAULTS as error:
        raise DataFileError(file=name, reason=repr(error)) from error


def read_yaml(content: str) -> Any:
    """Read YAML whose mappings name each key once: plain YAML silently keeps the last."""
    return yaml.load(content, _OneOfEachKey)  # noqa: S506 - it is a SafeLoader


def read_reference(entry: Mapping[str, Any]) -> LegalReference:
    """Read a reference: at least its title."""
    only(entry, "title", "published", "nor", "href", "note")
    texts = {key: read_text(entry[key]) for key in ("nor", "href", "note") if key in entry}
    published = entry.get("published")
    return LegalReference(
        title=read_text(entry["title"]),
        published=None if published is None else read_day(published),
        **texts,
    )


def only(entry: Mapping[str, Any], *keys: str) -> None:
    """Raise ``ValueError`` for a key that the schema does not know: most are misspelt."""
    unknown = set(entry) - set(keys)
    if unknown:
        raise ValueError(f"unknown keys {sorted(map(str, unknown))}: not one of {list(keys)}")


def read_text(value: Any) -> str:
    """Return a text that says something; raise ``TypeError`` for anything else."""
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"{value!r} is not a text")
    return value


def read_day(value: Any) -> date:
    """Return a day; raise ``TypeError`` for an instant, or for a text that looks like one."""
    if type(value) is not date:
        raise TypeError(f"{value!r} is not a day")
    return value


def _dated_value(entry: Mapping[str, Any]) -> DatedValue:
    only(entry, "from", "value", "reference")
    return DatedValue(
        read_day(entry["from"]), _value(entry["value"]), read_reference(entry["reference"])
    )


def _value(value: Any) -> Any:
    """Turn figures, wherever they stand, into decimals: written as text, or whole numbers."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        raise TypeError(f"figure {value} must be written as text, to be exact")
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, str):
        return Decimal(value) if _is_figure(value) else value
    if isinstance(value, Mapping):
        return MappingProxyType({key: _value(inner) for key, inner in value.items()})
    if isinstance(value, Sequence):
        return tuple(_value(inner) for inner in value)
    raise TypeError(f"a value cannot be {value!r}")


def _is_figure(text: str) -> bool:
    return (
        text.replace(".", "", 1).removeprefix("-").isascii()
        and text.replace(".", "", 1).removeprefix("-").isdigit()
    )


def _rising(name: str, values: tuple[DatedValue, ...]) -> tuple[DatedValue, ...]:
    days = [value.start for value in values]
    if not days or sorted(set(days)) != days:
        raise ValueError(f"the days of {name} must rise strictly")
    return values
