"""Reading the templates of ``data/bodies``: one file per kind of body, dated versions inside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import yaml

import data
from assemblies.composition.rules import (
    Choice,
    CollegeTemplate,
    Incompatibility,
    Mode,
    Office,
    Quorum,
    Renewal,
    RenewalRule,
    Scope,
    Template,
    Term,
)
from assemblies.errors import DataFileError, NotFoundError, ParameterNotInForceError
from assemblies.parameters import read_reference


def template_keys() -> tuple[str, ...]:
    """Return the kinds of bodies there are, in the order of their files."""
    names = (entry.name for entry in data.resource("bodies").iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def load_template(key: str, *, on: date) -> Template:
    """Return the template of a kind of body in force on a day.

    Raise ``NotFoundError`` for an unknown kind, ``ParameterNotInForceError`` before its
    first version, ``DataFileError`` where the file breaks its schema.
    """
    if key not in template_keys():
        raise NotFoundError(kind="template", id=key)
    found = [version for version in _versions(key) if version.start <= on]
    if not found:
        raise ParameterNotInForceError(name=f"bodies/{key}", on=on)
    return found[-1]


@cache
def _versions(key: str) -> tuple[Template, ...]:
    return read_templates(key, data.resource(f"bodies/{key}.yaml").read_text("utf-8"))


def read_templates(key: str, content: str) -> tuple[Template, ...]:
    """Read the text of a template file: every dated version, by rising day."""
    try:
        file = yaml.safe_load(content)
        versions = tuple(_template(key, file["name"], entry) for entry in file["versions"])
        days = [version.start for version in versions]
        if not days or sorted(set(days)) != days:
            raise ValueError("the days of the versions must rise strictly")
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise DataFileError(file=f"bodies/{key}", reason=repr(error)) from error
    return versions


def _template(key: str, name: Mapping[str, str], entry: Mapping[str, Any]) -> Template:
    term, renewal, quorum = entry["term"], entry["renewal"], entry["quorum"]
    template = Template(
        key=key,
        name=dict(name),
        start=entry["from"],
        reference=read_reference(entry["reference"]),
        colleges=tuple(_college(college) for college in entry["colleges"]),
        term=Term(term["months"], read_reference(term["reference"])),
        renewal=RenewalRule(
            Renewal(renewal["kind"]),
            int(renewal.get("parts", 1)),
            renewal.get("every_months"),
            read_reference(renewal["reference"]),
        ),
        incompatibilities=tuple(_incompatibility(rule) for rule in entry["incompatibilities"]),
        quorum=Quorum(
            Fraction(str(quorum["share"])),
            None if quorum["second_call"] is None else Fraction(str(quorum["second_call"])),
            bool(quorum["counts_proxies"]),
            read_reference(quorum["reference"]),
        ),
        offices=tuple(
            Office(office["key"], dict(office["name"]), read_reference(office["reference"]))
            for office in entry["offices"]
        ),
        allowance_scheme=entry["allowance_scheme"],
        choices=tuple(
            Choice(
                choice["key"],
                dict(choice["question"]),
                tuple(choice["options"]),
                read_reference(choice["reference"]),
            )
            for choice in entry["choices"]
        ),
    )
    _check(template)
    return template


def _college(entry: Mapping[str, Any]) -> CollegeTemplate:
    share = entry.get("share")
    return CollegeTemplate(
        key=entry["key"],
        name=dict(entry["name"]),
        mode=Mode(entry["mode"]),
        share=None if share is None else Fraction(str(share)),
        institutions=tuple(entry.get("institutions", ())),
        reference=read_reference(entry["reference"]),
    )


def _incompatibility(entry: Mapping[str, Any]) -> Incompatibility:
    return Incompatibility(
        key=entry["key"],
        scope=Scope(entry["scope"]),
        modes=frozenset(Mode(mode) for mode in entry["modes"]),
        held=frozenset(Mode(mode) for mode in entry["held"]),
        cooling_off_months=int(entry.get("cooling_off_months", 0)),
        reference=read_reference(entry["reference"]),
    )


def _check(template: Template) -> None:
    keys = [college.key for college in template.colleges]
    if not keys or len(set(keys)) != len(keys):
        raise ValueError(f"colleges {keys}: each needs a key of its own")
    shares = [college.share for college in template.colleges if college.share is not None]
    if shares and (sum(shares) > 1 or (len(shares) == len(keys) and sum(shares) != 1)):
        raise ValueError(f"the shares add up to {sum(shares)}")
    unnamed = [c.key for c in template.colleges if c.mode is Mode.APPOINTED and not c.institutions]
    if unnamed:
        raise ValueError(f"appointed colleges {unnamed} name no institution")
