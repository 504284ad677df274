"""Dated legal parameters: the value in force on a day, with the text that sets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import yaml

import data
from assemblies.errors import DataFileError, ParameterNotInForceError

Value = Decimal | str | bool | Mapping[str, Any] | Sequence[Any]


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
        file = yaml.safe_load(content)
        return Parameter(
            name=name,
            description=str(file["description"]),
            unit=str(file["unit"]),
            checked_on=_day(file["checked_on"]),
            values=_rising(name, tuple(_dated_value(entry) for entry in file["values"])),
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise DataFileError(file=name, reason=str(error)) from error


def read_reference(entry: Mapping[str, Any]) -> LegalReference:
    """Read a reference: at least its title."""
    unknown = set(entry) - {"title", "published", "nor", "href", "note"}
    if unknown:
        raise ValueError(f"unknown keys in a reference: {sorted(unknown)}")
    published = entry.get("published")
    return LegalReference(
        title=str(entry["title"]),
        published=None if published is None else _day(published),
        nor=entry.get("nor"),
        href=entry.get("href"),
        note=entry.get("note"),
    )


def _dated_value(entry: Mapping[str, Any]) -> DatedValue:
    return DatedValue(
        _day(entry["from"]), _value(entry["value"]), read_reference(entry["reference"])
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
        return {key: _value(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return tuple(_value(inner) for inner in value)
    raise TypeError(f"a value cannot be {value!r}")


def _is_figure(text: str) -> bool:
    return (
        text.replace(".", "", 1).removeprefix("-").isascii()
        and text.replace(".", "", 1).removeprefix("-").isdigit()
    )


def _day(value: Any) -> date:
    if type(value) is not date:
        raise TypeError(f"{value!r} is not a day")
    return value


def _rising(name: str, values: tuple[DatedValue, ...]) -> tuple[DatedValue, ...]:
    days = [value.start for value in values]
    if not days or sorted(set(days)) != days:
        raise ValueError(f"the days of {name} must rise strictly")
    return values
