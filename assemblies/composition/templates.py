"""Reading the templates of ``data/bodies``: one file per kind of body, dated versions inside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any

import data
from assemblies.composition.rules import (
    Allowance,
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
from assemblies.parameters import FAULTS, only, read_day, read_reference, read_text, read_yaml

LANGUAGES = ("fr", "en")
# As wide as the columns that will hold them.
_LONGEST_KEY, _LONGEST_OPTION, _LONGEST_INSTITUTION = 40, 60, 120


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
    """Read the text of a template file: every dated version, by rising day.

    Raise ``DataFileError`` where the text breaks the schema (see ``data/README.md``).
    """
    try:
        file = read_yaml(content)
        only(file, "name", "checked_on", "versions")
        name, checked_on = _words(file["name"]), read_day(file["checked_on"])
        versions = tuple(_template(key, name, checked_on, entry) for entry in file["versions"])
        days = [version.start for version in versions]
        if not days or sorted(set(days)) != days:
            raise ValueError("the days of the versions must rise strictly")
    except FAULTS as error:
        raise DataFileError(file=f"bodies/{key}", reason=repr(error)) from error
    return versions


def _template(
    key: str, name: Mapping[str, str], checked_on: date, entry: Mapping[str, Any]
) -> Template:
    only(
        entry,
        *("from", "reference", "colleges", "term", "renewal", "incompatibilities"),
        *("quorum", "offices", "allowance", "choices"),
    )
    template = Template(
        key=key,
        name=name,
        checked_on=checked_on,
        start=read_day(entry["from"]),
        reference=read_reference(entry["reference"]),
        colleges=tuple(_college(college) for college in entry["colleges"]),
        term=_term(entry["term"]),
        renewal=_renewal(entry["renewal"]),
        incompatibilities=tuple(_incompatibility(rule) for rule in entry["incompatibilities"]),
        quorum=_quorum(entry["quorum"]),
        offices=tuple(_office(office) for office in entry["offices"]),
        allowance=_allowance(entry["allowance"]),
        choices=tuple(_choice(choice) for choice in entry["choices"]),
    )
    _check(template)
    return template


def _college(entry: Mapping[str, Any]) -> CollegeTemplate:
    only(entry, "key", "name", "mode", "share", "institutions", "optional", "reference")
    share = entry.get("share")
    return CollegeTemplate(
        key=_key(entry["key"]),
        name=_words(entry["name"]),
        mode=Mode(entry["mode"]),
        share=None if share is None else _share(share),
        institutions=tuple(
            _within(name, _LONGEST_INSTITUTION) for name in entry.get("institutions", ())
        ),
        optional=_truth(entry.get("optional", False)),
        reference=read_reference(entry["reference"]),
    )


def _term(entry: Mapping[str, Any]) -> Term:
    only(entry, "months", "reference")
    return Term(_count_or_none(entry["months"]), read_reference(entry["reference"]))


def _renewal(entry: Mapping[str, Any]) -> RenewalRule:
    only(entry, "kind", "parts", "every_months", "reference")
    return RenewalRule(
        Renewal(entry["kind"]),
        _count(entry["parts"]),
        _count_or_none(entry["every_months"]),
        read_reference(entry["reference"]),
    )


def _incompatibility(entry: Mapping[str, Any]) -> Incompatibility:
    only(entry, "key", "scope", "modes", "held", "cooling_off_months", "reference")
    months = entry["cooling_off_months"]
    return Incompatibility(
        key=_key(entry["key"]),
        scope=Scope(entry["scope"]),
        modes=frozenset(Mode(mode) for mode in entry["modes"]),
        held=frozenset(Mode(mode) for mode in entry["held"]),
        cooling_off_months=0 if months == 0 else _count(months),
        reference=read_reference(entry["reference"]),
    )


def _quorum(entry: Mapping[str, Any]) -> Quorum:
    only(entry, "share", "second_call", "counts_proxies", "reference")
    second = entry["second_call"]
    return Quorum(
        _share(entry["share"]),
        None if second is None else _share(second),
        _truth(entry["counts_proxies"]),
        read_reference(entry["reference"]),
    )


def _office(entry: Mapping[str, Any]) -> Office:
    only(entry, "key", "name", "reference")
    return Office(_key(entry["key"]), _words(entry["name"]), read_reference(entry["reference"]))


def _allowance(entry: Mapping[str, Any]) -> Allowance:
    only(entry, "scheme", "reference")
    return Allowance(_key(entry["scheme"]), read_reference(entry["reference"]))


def _choice(entry: Mapping[str, Any]) -> Choice:
    only(entry, "key", "question", "options", "reference")
    options = tuple(_within(option, _LONGEST_OPTION) for option in entry["options"])
    if len(set(options)) != len(options) or len(options) <= 1:
        raise ValueError(f"options {options}: a choice is between two or more")
    return Choice(
        _key(entry["key"]), _words(entry["question"]), options, read_reference(entry["reference"])
    )


def _words(entry: Mapping[str, Any]) -> Mapping[str, str]:
    """Read what is said in each language of the site."""
    only(entry, *LANGUAGES)
    return MappingProxyType({language: read_text(entry[language]) for language in LANGUAGES})


def _key(value: Any) -> str:
    return _within(value, _LONGEST_KEY)


def _within(value: Any, longest: int) -> str:
    text = read_text(value)
    if len(text) > longest:
        raise ValueError(f"{text!r} is longer than {longest} characters")
    return text


def _share(value: Any) -> Fraction:
    share = Fraction(read_text(value))
    if not 0 < share <= 1:
        raise ValueError(f"{share} is not a share")
    return share


def _count(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError(f"{value!r} is not a whole number from 1 on")
    return value


def _count_or_none(value: Any) -> int | None:
    return None if value is None else _count(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _check(template: Template) -> None:
    """Raise ``ValueError`` where parts that read well do not agree."""
    if not template.colleges:
        raise ValueError("a body has a college at least")
    _check_keys("colleges", [college.key for college in template.colleges])
    _check_keys("incompatibilities", [rule.key for rule in template.incompatibilities])
    _check_keys("offices", [office.key for office in template.offices])
    _check_keys("choices", [choice.key for choice in template.choices])
    shares = [college.share for college in template.colleges if college.share is not None]
    if shares and (sum(shares) > 1 or (len(shares) == len(template.colleges) and sum(shares) != 1)):
        raise ValueError(f"the shares add up to {sum(shares)}")
    unnamed = [c.key for c in template.colleges if c.mode is Mode.APPOINTED and not c.institutions]
    if unnamed:
        raise ValueError(f"appointed colleges {unnamed} name no institution")
    _check_renewal(template.renewal, template.term)


def _check_keys(what: str, keys: list[str]) -> None:
    if len(set(keys)) != len(keys):
        raise ValueError(f"{what} {keys}: each needs a key of its own")


def _check_renewal(renewal: RenewalRule, term: Term) -> None:
    """Parts follow one another through a whole term: two every 12 months make one of 24."""
    if renewal.kind is not Renewal.BY_PARTS:
        if renewal.parts != 1 or renewal.every_months is not None:
            raise ValueError("only a renewal by parts has parts and a rhythm")
    elif renewal.parts * (renewal.every_months or 0) != term.months or renewal.parts == 1:
        raise ValueError(
            f"{renewal.parts} parts every {renewal.every_months} months do not make a term "
            f"of {term.months}"
        )
    if renewal.kind is not Renewal.NONE and term.months is None:
        raise ValueError("what is renewed has a term")
