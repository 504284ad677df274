"""What house tests ask of every dated file of ``data``: its age, and the texts it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from assemblies.parameters import LegalReference

CHOICE = "Choix de l'opérateur, fixé par aucun texte"
NOR = re.compile(r"[A-Z]{4}\d{7}[A-Z]")


class Age(StrEnum):
    """How long ago a file was compared with its source."""

    FRESH = "fresh"
    DUE = "due"
    STALE = "stale"


def age(checked_on: date, *, on: date) -> Age:
    """Return the age of a check: due from its eleventh month, stale from its twelfth."""
    if on >= checked_on + relativedelta(months=12):
        return Age.STALE
    return Age.DUE if on >= checked_on + relativedelta(months=11) else Age.FRESH


def references(value: object) -> Iterator[LegalReference]:
    """Yield every reference inside a value, however deep."""
    if isinstance(value, LegalReference):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from references(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from references(inner)


def faults(reference: LegalReference, *, on: date) -> list[str]:
    """Return what is wrong with a reference on the day when it is looked at."""
    found = []
    if reference.published is not None and reference.published > on:
        found.append(f"published on {reference.published}, which is to come")
    if reference.nor is not None and not NOR.fullmatch(reference.nor):
        found.append(f"{reference.nor} is no NOR")
    if reference.href is not None and not reference.href.startswith("https://"):
        found.append(f"{reference.href} is no address")
    is_text = reference.nor or reference.published
    if is_text and reference.title == CHOICE:
        found.append("a choice of the operator is no published text")
    return found
