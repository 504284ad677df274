"""The states of a draw, who may move it on, and the digest of what is frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np

from assemblies.errors import DrawStateError, SameOfficerError
from sortition.canonical import digest, json_bytes
from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.quotas import Quota, Quotas


class DrawState(StrEnum):
    """Where a draw stands; it only moves forward, and any state but the last may be cancelled."""

    PREPARED = "prepared"
    FROZEN = "frozen"
    BUILT = "lottery_built"
    PROCLAIMED = "proclaimed"
    CANCELLED = "cancelled"


class Entered(StrEnum):
    """What became of an officer's typing of the public randomness."""

    FIRST = "first"
    """Recorded; another officer has to type it too."""
    AGREED = "agreed"
    DISAGREED = "disagreed"
    """The two differ: both are set aside, and both officers type again."""


class Cancellation(StrEnum):
    """What became of an officer's wish to cancel a draw."""

    ASKED = "asked"
    """Recorded; another officer has to ask for it too."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class RespondentRow:
    """A respondent as the lottery sees them: a number, a profile, a household."""

    number: int
    profile: tuple[str, ...]
    household: int | None


def respondent_name(number: int) -> str:
    """Return the identifier that a bundle gives a respondent: their number, nothing else."""
    return f"r{number:06d}"


def respondent_number(name: str) -> int:
    """Return the number behind the identifier of a bundle."""
    return int(name.removeprefix("r"))


def require_state(draw_id: int, state: DrawState, *allowed: DrawState) -> None:
    """Raise ``DrawStateError`` unless a draw is in one of the states allowed."""
    if state not in allowed:
        raise DrawStateError(draw=draw_id, state=state, needed=" or ".join(allowed))


def require_other(draw_id: int, account: int | None, earlier: int | None) -> None:
    """Raise ``SameOfficerError`` where one account does what takes two, or nobody does."""
    if account is None or account == earlier:
        raise SameOfficerError(draw=draw_id, account=account)


def compare_entries(earlier: Mapping[str, Any] | None, inputs: Mapping[str, Any]) -> Entered:
    """Tell what becomes of what an officer typed, given what another one did before."""
    if earlier is None:
        return Entered.FIRST
    return Entered.AGREED if earlier == inputs else Entered.DISAGREED


def is_silent(heartbeat_at: datetime, at: datetime, silence: timedelta) -> bool:
    """Tell whether a run has been without news for so long that it counts as dead."""
    return at - heartbeat_at > silence


def quotas_to_json(quotas: Quotas) -> list[list[Any]]:
    """Return quotas as rows of plain values, in file order."""
    return [
        [q.feature, q.category, q.lower, q.upper, q.lower_flex, q.upper_flex] for q in quotas.quotas
    ]


def quotas_from_json(size: int, rows: Sequence[Sequence[Any]]) -> Quotas:
    """Return the quotas behind such rows."""
    return Quotas(size, tuple(Quota(*row) for row in rows))


def make_pool(features: Sequence[Feature], rows: Sequence[RespondentRow]) -> Pool:
    """Return the pool of some respondents, under their numbers alone."""
    ordered = sorted(rows, key=lambda row: row.number)
    places = [{category: at for at, category in enumerate(f.categories)} for f in features]
    membership = [
        [place[category] for place, category in zip(places, row.profile, strict=True)]
        for row in ordered
    ]
    homes = [NO_HOUSEHOLD if row.household is None else row.household for row in ordered]
    return Pool(
        ids=tuple(respondent_name(row.number) for row in ordered),
        features=tuple(features),
        membership=np.array(membership, dtype=np.int32).reshape(len(ordered), len(features)),
        households=np.array(homes, dtype=np.int32),
    )


def frozen_digest(
    quotas: Quotas,
    rows: Sequence[RespondentRow],
    *,
    panels: int | None,
    randomness: Mapping[str, Any],
    exclusions: Sequence[tuple[int, str]],
) -> str:
    """Return the SHA-256 of all that a draw starts from, in canonical JSON."""
    content = {
        "size": quotas.size,
        "quotas": quotas_to_json(quotas),
        "respondents": [
            [row.number, list(row.profile), row.household]
            for row in sorted(rows, key=lambda row: row.number)
        ],
        "exclusions": [list(pair) for pair in sorted(exclusions)],
        "panels": panels,
        "randomness": dict(randomness),
    }
    return digest(json_bytes(content))
