"""Plans of public randomness: what is announced before the draw, when nobody can know it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sortition.drand import LAST_ROUND, find_chain
from sortition.errors import RandomnessError


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """Digits drawn by hand before witnesses and typed by the officers: the panel itself."""

    kind: ClassVar[str] = "number"

    def as_json(self) -> dict[str, Any]:
        """Return the plan as it stands in the manifest."""
        return {"kind": self.kind}

    def __str__(self) -> str:
        return "a number drawn by hand"


@dataclass(frozen=True, slots=True)
class SourcesPlan:
    """Results that others will publish, named in advance and in order (RFC 3797 §4).

    Nobody may choose them, and together they must be able to fall in far more ways than
    there are panels (RFC 3797 §3.1 and §3.3): a lottery will do, a match score will not.
    """

    sources: tuple[str, ...]
    kind: ClassVar[str] = "sources"

    def as_json(self) -> dict[str, Any]:
        """Return the plan as it stands in the manifest."""
        return {"kind": self.kind, "sources": list(self.sources)}

    def __str__(self) -> str:
        return "; ".join(self.sources)


@dataclass(frozen=True, slots=True)
class DrandPlan:
    """A round of the drand beacon, by its number."""

    round: int
    chain: str = "quicknet"
    kind: ClassVar[str] = "drand"

    def as_json(self) -> dict[str, Any]:
        """Return the plan as it stands in the manifest."""
        return {"kind": self.kind, "chain": self.chain, "round": self.round}

    def __str__(self) -> str:
        return f"round {self.round} of drand {self.chain}"


@dataclass(frozen=True, slots=True)
class TextPlan:
    """A text that one person chooses: for rehearsals and urgent replacements only."""

    kind: ClassVar[str] = "text"

    def as_json(self) -> dict[str, Any]:
        """Return the plan as it stands in the manifest."""
        return {"kind": self.kind}

    def __str__(self) -> str:
        return "a text"


SimplePlan = NumberPlan | SourcesPlan | DrandPlan | TextPlan


@dataclass(frozen=True, slots=True)
class CombinedPlan:
    """Plans of different kinds at once: nobody knows the outcome before the last is public."""

    parts: tuple[SimplePlan, ...]
    kind: ClassVar[str] = "combined"

    def __post_init__(self) -> None:
        kinds = [part.kind for part in self.parts]
        if len(kinds) < 2 or len(set(kinds)) < len(kinds):
            raise RandomnessError(
                f"These plans of randomness cannot be combined: {self}. Combine two kinds or "
                "three, each once (any number of sources counts as one)."
            )

    def as_json(self) -> dict[str, Any]:
        """Return the plan as it stands in the manifest."""
        return {"kind": self.kind, "parts": [part.as_json() for part in self.parts]}

    def __str__(self) -> str:
        return " and ".join(str(part) for part in self.parts)


RandomnessPlan = SimplePlan | CombinedPlan


def parts_of(plan: RandomnessPlan) -> tuple[SimplePlan, ...]:
    """Return the parts of a combined plan, or the plan alone."""
    return plan.parts if isinstance(plan, CombinedPlan) else (plan,)


def plan_from_json(value: object) -> RandomnessPlan:
    """Read back a plan of a manifest. Raise ``RandomnessError`` if it is none."""
    match value:
        case {"kind": "combined", "parts": [*parts], **rest} if not rest:
            return CombinedPlan(tuple(_simple_plan(part) for part in parts))
        case _:
            return _simple_plan(value)


def parse_plan(texts: Sequence[str]) -> RandomnessPlan:
    """Read a plan from the command line.

    Each text is ``number``, ``drand:quicknet:ROUND`` or ``source:NAME``; several texts
    combine, in the order given (all sources count as one part, where the first stands).
    Without any text, the plan is a number drawn by hand.
    """
    sources = [text.removeprefix("source:") for text in texts if text.startswith("source:")]
    parts: list[SimplePlan] = []
    for text in texts:
        if not text.startswith("source:"):
            parts.append(_parse_part(text))
        elif not any(isinstance(part, SourcesPlan) for part in parts):
            parts.append(_named_sources(sources))
    if len(parts) > 1:
        return CombinedPlan(tuple(parts))
    return parts[0] if parts else NumberPlan()


def _simple_plan(value: object) -> SimplePlan:
    match value:
        case {"kind": "number", **rest} if not rest:
            return NumberPlan()
        case {"kind": "text", **rest} if not rest:
            return TextPlan()
        case {"kind": "sources", "sources": [*names], **rest} if not rest and all(
            isinstance(name, str) for name in names
        ):
            return _named_sources(names)
        case {"kind": "drand", "chain": str(chain), "round": int(number), **rest} if not rest:
            return _drand_plan(chain, number)
        case _:
            raise RandomnessError(f"The plan of randomness cannot be read: {value!r}.")


def _parse_part(text: str) -> SimplePlan:
    if text == "number":
        return NumberPlan()
    if match := re.fullmatch("drand:([^:]*):([0-9]{1,20})", text):
        return _drand_plan(match[1], int(match[2]))
    raise RandomnessError(
        f"The source of randomness {text!r} cannot be read. "
        "Write number, drand:quicknet:ROUND or source:NAME."
    )


def _named_sources(names: list[str]) -> SourcesPlan:
    if not names or not all(name.strip() for name in names):
        raise RandomnessError("A source of randomness has no name. Say what will be published.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RandomnessError(f"Named twice among the sources: {', '.join(twice)}.")
    return SourcesPlan(tuple(names))


def _drand_plan(chain: str, number: int) -> DrandPlan:
    find_chain(chain)
    if not 1 <= number <= LAST_ROUND:
        raise RandomnessError(f"drand rounds are numbered from 1: there is no round {number}.")
    return DrandPlan(number, chain)
