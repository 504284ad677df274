"""Acts, entries and the chain that makes an altered or missing entry show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from assemblies.errors import InstantError
from sortition.canonical import digest, json_bytes

START = "0" * 64  # what the first entry of a chain follows
Fact = str | int | bool | None
"""A fact kept with an entry: never a name or an address, so that erasing people is possible."""


class Chain(StrEnum):
    """The two chains: what was done is kept, who looked at what is kept for a time."""

    ACTS = "acts"
    READS = "reads"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account and the roles it holds that day, or the system itself.

    ``account`` is None for what runs by itself (a worker, a scheduled run).
    """

    account: int | None
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Act:
    """What every action takes: who acts, when, on what ground (a text of law, a reason)."""

    actor: Actor
    at: datetime
    ground: str

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise InstantError(value=self.at)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. ``number`` counts from 1 in its chain."""

    chain: Chain
    number: int
    at: datetime
    actor: int | None
    kind: str
    object_kind: str
    object_id: int
    ground: str
    previous: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON of the entry, in which the hash before it stands."""
        return digest(
            json_bytes(
                {
                    "chain": self.chain,
                    "number": self.number,
                    "at": instant_text(self.at),
                    "actor": self.actor,
                    "kind": self.kind,
                    "object_kind": self.object_kind,
                    "object_id": self.object_id,
                    "ground": self.ground,
                    "facts": dict(self.facts),
                    "previous": self.previous,
                }
            )
        )


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain goes: the number and the hash of an entry (0 and ``START`` before all)."""

    number: int = 0
    hash: str = START


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a chain: ``number`` is the entry concerned."""

    chain: Chain
    number: int
    fault: str


def instant_text(at: datetime) -> str:
    """Write an instant to the microsecond, UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def find_faults(
    chain: Chain, start: Head, entries: Iterable[tuple[Entry, str]], end: Head
) -> list[Fault]:
    """Check a chain from ``start`` (what was erased in order) to ``end``, its stored head.

    ``entries`` are (entry as read, hash stored beside it) by rising number. After a fault the
    search goes on from what is stored, so that each alteration is told once.
    """
    faults: list[Fault] = []

    def fault(number: int, what: str) -> None:
        faults.append(Fault(chain, number, what))

    number, previous = start.number, start.hash
    for entry, stored in entries:
        if entry.number != number + 1:
            fault(number + 1, "missing" if entry.number > number + 1 else "there twice")
        elif entry.previous != previous:
            fault(entry.number, "does not follow the entry before it")
        if entry.hash != stored:
            fault(entry.number, "altered")
        number, previous = entry.number, stored
    if number < end.number:
        fault(number + 1, f"missing, and all that follow up to {end.number}")
    elif number > end.number or previous != end.hash:
        fault(number, "is not what the head of the journal says")
    return faults
