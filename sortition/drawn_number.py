"""From public randomness to the number of the panel, every step of it recorded."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sortition.drand import DrandRound, check_round, find_chain
from sortition.errors import RandomnessError
from sortition.randomness import (
    CombinedPlan,
    DrandPlan,
    NumberPlan,
    RandomnessPlan,
    SimplePlan,
    SourcesPlan,
    TextPlan,
    parts_of,
)

HASH_SPACE = 2**256
"""How many values a SHA-256 can take."""


@dataclass(frozen=True)
class DrawInputs:
    """What the officers bring to the draw: only what was announced may be filled in.

    ``number_again`` is the second officer's typing. ``values`` maps the announced name of
    a source, or its place in the list ("1", "2", …), to the value published.
    """

    number: str | None = None
    number_again: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    drand_round: DrandRound | None = None
    text: str | None = None


@dataclass(frozen=True)
class DrawnNumber:
    """The panel number, with every step between the public inputs and it."""

    number: int
    kind: str
    inputs: Mapping[str, Any]
    key: str
    hashes: tuple[str, ...]
    """The x_j tried, in hexadecimal; the last one was kept. Empty for a plain number."""

    def as_json(self) -> dict[str, Any]:
        """Return what the record of the draw says about its randomness."""
        steps = {"key": self.key, "hashes": list(self.hashes)}
        return {"kind": self.kind, "inputs": dict(self.inputs), "steps": steps}


def parse_values(plan: RandomnessPlan, texts: Sequence[str]) -> dict[str, str]:
    """Read values typed as ``NAME=VALUE``, where NAME is a source's name or its place."""
    names = [
        name for part in parts_of(plan) if isinstance(part, SourcesPlan) for name in part.sources
    ]
    values: dict[str, str] = {}
    for text in texts:
        # A name may hold "=": the longest announced one that fits is meant.
        fitting = [name for name in names if text.startswith(f"{name}=")]
        label = max(fitting, key=len, default=text.partition("=")[0])
        if label in values or "=" not in text:
            raise RandomnessError(
                f"The value {text!r} cannot be read, or is given twice. Write each once, as "
                'NAME=VALUE or, by its place among the announced sources, as in 1="9 18 26".'
            )
        values[label] = text[len(label) + 1 :]
    return values


def canonical_value(value: str) -> str:
    """Write the value of a source in the one form that everybody will find (RFC 3797 §4).

    Case, accents, spaces and punctuation do not count. A value without a letter A–Z is a
    list of whole numbers: without leading zeros, ascending, each followed by ".". Any
    other is one word of A–Z and 0–9 followed by ".". "/" ends the source. The worked
    example of RFC 3797 §6 gives the RFC's own key. Where the RFC keeps the point of a
    fraction, 12.5 counts here as two numbers, 5 and 12: whether a source writes a point
    or a comma then makes no difference.
    """
    plain = unicodedata.normalize("NFKD", value).upper()
    if re.search("[A-Z]", plain):
        words = ["".join(re.findall("[A-Z0-9]", plain))]
    else:
        numbers = (digits.lstrip("0") or "0" for digits in re.findall("[0-9]+", plain))
        words = sorted(numbers, key=lambda digits: (len(digits), digits))
    if not words:
        raise RandomnessError(
            f"The value {value!r} holds neither a letter A–Z nor a digit 0–9, so it gives no "
            "randomness. Type the result as published."
        )
    return "".join(f"{word}." for word in words) + "/"


def map_to_panel(digest: str, key: str, panels: int) -> tuple[int, tuple[str, ...]]:
    """Map a key to one of ``panels`` equally likely numbers; return it and the hashes tried.

    x_j = SHA-256("digest|key|j") for j = 0, 1, … as a whole number; the first x_j below
    panels · ⌊2²⁵⁶ / panels⌋ gives x_j mod panels. Rejecting the others is what removes the
    skew that RFC 3797 §3.2 merely bounds.
    """
    limit = panels * (HASH_SPACE // panels)
    hashes: list[str] = []
    while not hashes or int(hashes[-1], 16) >= limit:
        message = f"{digest}|{key}|{len(hashes)}"
        hashes.append(hashlib.sha256(message.encode()).hexdigest())
    return int(hashes[-1], 16) % panels, tuple(hashes)


def find_number(
    plan: RandomnessPlan, inputs: DrawInputs, *, digest: str, panels: int
) -> DrawnNumber:
    """Turn the inputs of a draw into a panel number, 0 … panels − 1, as its plan announced.

    ``digest`` is that of the manifest. Raise ``RandomnessError`` when an input is missing,
    was not announced, is malformed or fails its check.
    """
    parts = parts_of(plan)
    _refuse_unannounced(plan, parts, inputs)
    keys, given = zip(*(_read_part(part, inputs, panels) for part in parts), strict=True)
    recorded = {"parts": list(given)} if isinstance(plan, CombinedPlan) else given[0]
    if isinstance(plan, NumberPlan):
        return DrawnNumber(int(keys[0]), plan.kind, recorded, keys[0], ())
    key = "|".join(keys)
    number, hashes = map_to_panel(digest, key, panels)
    return DrawnNumber(number, plan.kind, recorded, key, hashes)


def _refuse_unannounced(
    plan: RandomnessPlan, parts: tuple[SimplePlan, ...], inputs: DrawInputs
) -> None:
    announced = {part.kind for part in parts}
    brought = {
        "number": inputs.number is not None or inputs.number_again is not None,
        "sources": bool(inputs.values),
        "drand": inputs.drand_round is not None,
        "text": inputs.text is not None,
    }
    names = {
        "number": "a number",
        "sources": "a value of a source",
        "drand": "a drand round",
        "text": "a text",
    }
    if extra := [names[kind] for kind, given in brought.items() if given and kind not in announced]:
        raise RandomnessError(
            f"Not announced before the draw: {' and '.join(extra)}. The manifest announces "
            f"{plan}, and nothing else counts. Leave the rest out."
        )


def _read_part(part: SimplePlan, inputs: DrawInputs, panels: int) -> tuple[str, dict[str, Any]]:
    """Return the key of one part of the plan and its inputs as recorded."""
    match part:
        case NumberPlan():
            return _read_number(inputs, panels)
        case SourcesPlan():
            values = _values_in_order(part.sources, inputs.values)
            return "".join(map(canonical_value, values)), {"values": values}
        case DrandPlan():
            if inputs.drand_round is None:
                raise RandomnessError(
                    f"The file of drand {part.chain} round {part.round} is missing. Fetch "
                    f"/{find_chain(part.chain).chain_hash}/public/{part.round} from a drand relay."
                )
            check_round(inputs.drand_round, announced=part.round, chain=part.chain)
            return inputs.drand_round.randomness, inputs.drand_round.as_json()
        case TextPlan():
            return _read_text(inputs.text)


def _read_number(inputs: DrawInputs, panels: int) -> tuple[str, dict[str, Any]]:
    given = [text.strip() for text in (inputs.number, inputs.number_again) if text is not None]
    if not given:
        raise RandomnessError(f"The number drawn by hand is missing. Give it: 0 to {panels - 1}.")
    for text in given:
        if not re.fullmatch("[0-9]+", text):
            raise RandomnessError(
                f"{text!r} is not a number. Type the digits drawn, and nothing else."
            )
    numbers = [text.lstrip("0") or "0" for text in given]
    if len(set(numbers)) > 1:
        raise RandomnessError(
            f"The two officers typed different numbers: {given[0]} and {given[1]}. "
            "Look at the digits drawn, with the witness, and type them again."
        )
    if len(numbers[0]) > len(str(panels)) or int(numbers[0]) >= panels:
        raise RandomnessError(
            f"There is no panel {given[0]}: they are numbered 0 to {panels - 1}. "
            "If the digits were drawn so, draw them again, as the rules of the draw say."
        )
    return numbers[0], {"number": given[0]}


def _values_in_order(sources: tuple[str, ...], values: Mapping[str, str]) -> list[str]:
    """Match values to the announced sources, by name or place; all faults at once."""
    places = {str(place): name for place, name in enumerate(sources, start=1)}
    found: dict[str, str] = {}
    faults: list[str] = []
    for label, value in values.items():
        name = label if label in sources else places.get(label)
        if name is None:
            faults.append(f"{label!r} was not announced")
        elif name in found:
            faults.append(f"{name!r} is given twice")
        else:
            found[name] = value
    faults += [f"{name!r} is missing" for name in sources if name not in found]
    if faults:
        announced = "; ".join(f"{place}: {name}" for place, name in places.items())
        raise RandomnessError(
            f"The values given are not those announced: {'; '.join(faults)}. Give one value "
            f"for each announced source, by name or by place ({announced})."
        )
    return [found[name] for name in sources]


def _read_text(text: str | None) -> tuple[str, dict[str, Any]]:
    if not text:
        raise RandomnessError("The text that settles this draw is missing. Give it.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RandomnessError(f"The text {text!r} is not valid Unicode. Type it again.") from error
    return text, {"text": text}
