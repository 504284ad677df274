"""Respondents whom no panel can seat, and the quotas that shut them out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sortition.conflict_search import ROUNDS, ConflictSearch
from sortition.elastic_quotas import ElasticQuotas
from sortition.errors import QuotasInfeasibleError
from sortition.feasibility import bound_text
from sortition.pool import NO_HOUSEHOLD, Pool
from sortition.profiles import Profiles, group_profiles
from sortition.quotas import Quotas

EXACT_PROFILES = 30  # beyond, irreducible conflicts will do: some tenths of a second each


@dataclass(frozen=True, slots=True)
class Shutout:
    """A respondent (row of the pool) in no panel, the quotas to blame, and a plain sentence."""

    respondent: int
    quotas: tuple[tuple[str, str], ...]
    """The (feature, category) whose quotas, together, leave this respondent no seat."""
    reason: str


def find_shutouts(pool: Pool, quotas: Quotas, suspects: Iterable[int]) -> tuple[Shutout, ...]:
    """Return those of the suspects (rows of the pool) whom no panel can seat, by rising row.

    Each profile is looked at once. The quotas named are a smallest set of bounds that no
    panel with such a respondent keeps (beyond the first ``EXACT_PROFILES`` profiles: a set
    of which none can be spared). Raises ``QuotasInfeasibleError`` when there is no panel
    at all: nobody in particular is shut out then.
    """
    profiles = group_profiles(pool)
    rows = np.unique(np.fromiter(suspects, dtype=np.int64))
    if not len(rows):
        return ()
    elastic = ElasticQuotas(profiles, quotas)
    panel = elastic.cheapest(elastic.most)
    if panel is None or panel.total:
        raise QuotasInfeasibleError
    judge = _Judge(pool, quotas, profiles)
    reasons = {
        profile: judge.reason(profile)
        for profile in np.unique(profiles.of_respondent[rows]).tolist()
    }
    found = ((row, reasons[int(profiles.of_respondent[row])]) for row in rows.tolist())
    return tuple(Shutout(row, *reason) for row, reason in found if reason is not None)


class _Judge:
    """Finds why profiles are shut out, remembering the conflicts met on the way."""

    def __init__(self, pool: Pool, quotas: Quotas, profiles: Profiles) -> None:
        self._pool = pool
        self._quotas = quotas
        self._profiles = profiles
        self._known: list[frozenset[int]] = []
        self._searched = 0

    def reason(self, profile: int) -> tuple[tuple[tuple[str, str], ...], str] | None:
        """Return the quotas that shut a profile out and a sentence; None when it can sit."""
        search = ConflictSearch(self._profiles, self._quotas, containing=profile)
        half = len(self._quotas.lower)
        codes = self._profiles.codes[profile].tolist()
        closed = [half + code for code in codes if self._quotas.upper[code] == 0]
        if closed:
            return self._sentence(search, frozenset(closed[:1]))
        known = [sides for sides in self._known if not search.holds(sides)]
        self._searched += 1
        rounds = ROUNDS if self._searched <= EXACT_PROFILES else 0
        found = search.smallest(known, rounds=rounds)
        if found is None:
            return None
        sides, _ = found
        if sides not in self._known:
            self._known.append(sides)
        return self._sentence(search, sides)

    def _sentence(
        self, search: ConflictSearch, sides: frozenset[int]
    ) -> tuple[tuple[tuple[str, str], ...], str]:
        """Name the quotas of a conflict and say in English what they do."""
        half = len(self._quotas.lower)
        ordered = sorted(sides, key=lambda side: (side % half, side))
        named = tuple(dict.fromkeys(self._pool.categories[side % half] for side in ordered))
        bounds = "; ".join(self._bound(side) for side in ordered)
        homes = bool((self._pool.households != NO_HOUSEHOLD).any())
        rule = ""
        if homes and search.holds(sides, households=False):
            rule = " with one member per household at most"
        one = len(ordered) == 1
        return named, (
            f"No panel with this respondent keeps {'this quota' if one else 'these quotas together'}"
            f"{rule}: {bounds}. "
            f"Until {'it' if one else 'one of them'} gives way, this respondent has no chance."
        )

    def _bound(self, side: int) -> str:
        half = len(self._quotas.lower)
        feature, category = self._pool.categories[side % half]
        if side < half:
            return bound_text(feature, category, "lower", int(self._quotas.lower[side]))
        return bound_text(feature, category, "upper", int(self._quotas.upper[side - half]))
