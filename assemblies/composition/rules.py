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
    an elected one elects them; seats go to them in turn. A body may do without an
    ``optional`` college.
    """

    key: str
    name: Mapping[str, str]
    mode: Mode
    share: Fraction | None
    institutions: tuple[str, ...]
    optional: bool
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
class Allowance:
    """Under which rule of computation members are paid, named by its key."""

    scheme: str
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
    checked_on: date
    start: date
    reference: LegalReference
    colleges: tuple[CollegeTemplate, ...]
    term: Term
    renewal: RenewalRule
    incompatibilities: tuple[Incompatibility, ...]
    quorum: Quorum
    offices: tuple[Office, ...]
    allowance: Allowance
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
    ``BodyError`` where a last day is missing, contradicts the text or comes before the first.
    """
    faults = _faults_of_last_day(template, plan)
    if faults:
        raise BodyError(template=template.key, faults=tuple(faults))
    months = _months_of_body(template)
    if months is not None:
        return Period.of_months(plan.first, months)
    return Period(plan.first, plan.last or plan.first)


def check_plan(template: Template, plan: BodyPlan) -> None:
    """Raise ``BodyError`` with every fault of a plan under its template (``faults``).

    Seats are given for each college, at least one, and one for each institution that
    appoints; shares hold to the seat (half and half means equal); each open choice has one of
    its options and a reason; the last day is given where, and only where, no text sets it.
    """
    faults = [
        *_faults_of_seats(template, plan.seats),
        *_faults_of_answers(template, plan.answers),
        *_faults_of_last_day(template, plan),
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
        appointing = len(college.institutions) if college.mode is Mode.APPOINTED else 0
        if college.optional and count == 0:
            continue
        if count < 1:
            faults.append((college.key, "at least one seat is needed"))
        elif count < appointing:
            faults.append((college.key, f"{appointing} institutions need a seat each"))
        elif college.share is not None and count != college.share * total:
            faults.append((college.key, f"{count} of {total} seats are not {college.share}"))
    if not any(seats.values()):
        faults.append(("seats", "a body has at least one"))
    return faults


def _months_of_body(template: Template) -> int | None:
    """Return how long the text lets a body live; None where the secretariat says it."""
    return template.term.months if template.renewal.kind is Renewal.NONE else None


def _faults_of_last_day(template: Template, plan: BodyPlan) -> list[tuple[str, str]]:
    months = _months_of_body(template)
    if months is not None:
        return [] if plan.last is None else [("last", f"the text sets the term, {months} months")]
    if plan.last is None:
        return [("last", "a last day is needed")]
    return [("last", f"before the first, {plan.first}")] if plan.last < plan.first else []


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
