"""What a body is made of: its template, its colleges, and the checks of their shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from assemblies.errors import BodyError, OutsideTermError
from assemblies.parameters import LegalReference
from assemblies.periods import Period


class Mode(StrEnum):
    """How the members of a college come to their seats."""

    DRAWN = "drawn"
    ELECTED = "elected"
    APPOINTED = "appointed"


class Renewal(StrEnum):
    """Whether the seats of a body are renewed together, by parts, or not at all."""

    NONE = "none"
    WHOLE = "whole"
    BY_PARTS = "by_parts"


class Scope(StrEnum):
    """Where a mandate elsewhere stands in the way of one here."""

    SAME_BODY = "same_body"
    SAME_KIND = "same_kind"
    ANY_BODY = "any_body"


@dataclass(frozen=True, slots=True)
class CollegeTemplate:
    """A college as the text has it.

    ``share`` is of the whole body (None: the secretariat chooses seats freely).
    ``institutions`` name the members of an appointed college, or are the bodies out of which
    an elected one elects them.
    """

    key: str
    name: Mapping[str, str]
    mode: Mode
    share: Fraction | None
    institutions: tuple[str, ...]
    reference: LegalReference


@dataclass(frozen=True, slots=True)
class Term:
    """How long mandates last. ``months`` None: the secretariat gives the last day."""

    months: int | None
    reference: LegalReference


@dataclass(frozen=True, slots=True)
class RenewalRule:
    """How seats are renewed: ``parts`` groups of seats, one every ``every_months``."""

    kind: Renewal
    parts: int
    every_months: int | None
    reference: LegalReference


@dataclass(frozen=True, slots=True)
class Incompatibility:
    """A rule that keeps somebody from a seat.

    A mandate of ``scope`` that runs in the same days, or ended less than
    ``cooling_off_months`` before, refuses one in a college of the ``modes`` given. ``held``
    are the modes of the mandates that count.
    """

    key: str
    scope: Scope
    modes: frozenset[Mode]
    held: frozenset[Mode]
    cooling_off_months: int
    reference: LegalReference


@dataclass(frozen=True, slots=True)
class Quorum:
    """The share of members that must be there; ``second_call`` after a call without quorum.

    ``second_call`` None: a second convocation needs no quorum.
    """

    share: Fraction
    second_call: Fraction | None
    counts_proxies: bool
    reference: LegalReference


@dataclass(frozen=True, slots=True)
class Office:
    """An office that the body fills by ballot among its members."""

    key: str
    name: Mapping[str, str]
    reference: LegalReference


@dataclass(frozen=True, slots=True)
class Choice:
    """A question that the text leaves open; the answer is recorded with its reason."""

    key: str
    question: Mapping[str, str]
    options: tuple[str, ...]
    reference: LegalReference


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of body as the texts have it from ``start`` on."""

    key: str
    name: Mapping[str, str]
    start: date
    reference: LegalReference
    colleges: tuple[CollegeTemplate, ...]
    term: Term
    renewal: RenewalRule
    incompatibilities: tuple[Incompatibility, ...]
    quorum: Quorum
    offices: tuple[Office, ...]
    allowance_scheme: str
    choices: tuple[Choice, ...]

    def college(self, key: str) -> CollegeTemplate:
        """Return a college by its key; raise ``BodyError`` where there is none."""
        for college in self.colleges:
            if college.key == key:
                return college
        raise BodyError(template=self.key, college=key, reason="no such college")


@dataclass(frozen=True, slots=True)
class BodyPlan:
    """What the secretariat decides when it sets a body up.

    ``seats`` per college key; ``answers`` are (option, reason) per open choice; ``last`` only
    where the template gives no term.
    """

    name: str
    first: date
    seats: Mapping[str, int]
    answers: Mapping[str, tuple[str, str]]
    last: date | None = None


def body_period(template: Template, plan: BodyPlan) -> Period:
    """Return the first and last day of a body.

    A body that is never renewed lives as long as its members' term. One that is renewed, or
    whose text sets no term, needs a last day in the plan; it may be far. Raise
    ``BodyError`` where a last day is missing, or contradicts the text.
    """
    months = template.term.months
    if months is None or template.renewal.kind is not Renewal.NONE:
        if plan.last is None:
            raise BodyError(template=template.key, reason="a last day is needed")
        return Period(plan.first, plan.last)
    if plan.last is not None:
        raise BodyError(template=template.key, reason="the text sets the term", months=months)
    return Period.of_months(plan.first, months)


def check_plan(template: Template, plan: BodyPlan) -> None:
    """Raise ``BodyError`` with every fault of a plan under its template (``faults``).

    Seats are given for each college, at least one; shares hold to the seat (half and half
    means equal); each open choice has one of its options and a reason.
    """
    faults = [
        *_faults_of_seats(template, plan.seats),
        *_faults_of_answers(template, plan.answers),
    ]
    if not plan.name.strip():
        faults.append(("name", "missing"))
    if plan.first < template.start:
        faults.append(("first", f"before the text, of {template.start}"))
    if faults:
        raise BodyError(template=template.key, faults=tuple(faults))


def require_in_term(period: Period, day: date, *, what: str) -> None:
    """Raise ``OutsideTermError`` unless a day belongs to the life of a body."""
    if day not in period:
        raise OutsideTermError(what=what, day=day, first=period.first, last=period.last)


def _faults_of_seats(template: Template, seats: Mapping[str, int]) -> list[tuple[str, str]]:
    faults = [(key, "no such college") for key in seats if key not in _keys(template)]
    total = sum(seats.values())
    for college in template.colleges:
        count = seats.get(college.key, 0)
        if count < 1:
            faults.append((college.key, "at least one seat is needed"))
        elif college.share is not None and count != college.share * total:
            faults.append((college.key, f"{count} of {total} seats are not {college.share}"))
    return faults


def _faults_of_answers(
    template: Template, answers: Mapping[str, tuple[str, str]]
) -> list[tuple[str, str]]:
    choices = {choice.key: choice for choice in template.choices}
    faults = [(key, "no such choice") for key in answers if key not in choices]
    for key, choice in choices.items():
        option, reason = answers.get(key, ("", ""))
        if option not in choice.options:
            faults.append((key, f"one of {', '.join(choice.options)} is needed"))
        elif not reason.strip():
            faults.append((key, "a reason is needed"))
    return faults


def _keys(template: Template) -> set[str]:
    return {college.key for college in template.colleges}
