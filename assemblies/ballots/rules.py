"""How a round of a ballot is decided: majorities, ties, quorum, and voters struck off.

The majority of the first rounds is absolute: more than half of the votes cast. Blank papers are
not votes cast unless the body's rule counts them. After those rounds the most votes win.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from assemblies.errors import BallotError

BLANK = 0  # the choice of a blank paper; others are candidates' mandates
MOST_UNDUE = 8  # struck voters whose papers are tried in every way
Tally = Mapping[int, int]
"""Papers per choice: candidates' mandates and ``BLANK``."""


class Mode(StrEnum):
    """Where people vote."""

    PAPER = "paper"
    SCREEN = "screen"


class TieRule(StrEnum):
    """How a tie of the last rounds is decided; said before the vote."""

    ELDEST = "eldest"
    LOT = "lot"
    NEW_ROUND = "new_round"


class Verdict(StrEnum):
    """What a round decides."""

    ELECTED = "elected"
    NEXT_ROUND = "next_round"
    TIE_BY_LOT = "tie_by_lot"
    """The tied are drawn between by a public number."""
    NO_QUORUM = "no_quorum"
    """Too few voted: the round is void and voted again."""


@dataclass(frozen=True, slots=True)
class BallotRules:
    """The rules a ballot is held under, stated before it opens.

    ``absolute_rounds``: how many rounds ask for an absolute majority. ``quorum``: the share
    of the voters who must have voted (None: none).
    """

    absolute_rounds: int
    tie: TieRule
    quorum: Fraction | None
    blank_counted: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decision of a round: who is elected, or who stands in the next one.

    ``needed`` is the least number of votes that was an absolute majority, None where a
    relative one was enough.
    """

    verdict: Verdict
    elected: int | None
    standing: tuple[int, ...]
    needed: int | None


def absolute_majority(cast: int) -> int:
    """Return the least number of votes above half of those cast."""
    return cast // 2 + 1


def decide_round(
    tally: Tally,
    *,
    number: int,
    voters: int,
    rules: BallotRules,
    births: Mapping[int, date] | None = None,
) -> Outcome:
    """Decide a round from its papers; ``number`` counts rounds that were not void, from 1.

    ``births`` are candidates' birth dates, for the rule of the eldest: those it does not know
    or cannot tell apart go to a new round.
    """
    candidates = tuple(sorted(choice for choice in tally if choice != BLANK))
    papers = sum(tally.values())
    if rules.quorum is not None and papers < rules.quorum * voters:
        return Outcome(Verdict.NO_QUORUM, None, candidates, None)
    votes = {choice: tally[choice] for choice in candidates}
    cast = sum(votes.values()) + (tally.get(BLANK, 0) if rules.blank_counted else 0)
    most = max(votes.values(), default=0)
    first = tuple(choice for choice in candidates if votes[choice] == most)
    if number <= rules.absolute_rounds:
        needed = absolute_majority(cast)
        if most >= needed and cast > 0:
            return Outcome(Verdict.ELECTED, first[0], (), needed)
        return Outcome(Verdict.NEXT_ROUND, None, candidates, needed)
    if most == 0:
        return Outcome(Verdict.NEXT_ROUND, None, candidates, None)
    if len(first) == 1:
        return Outcome(Verdict.ELECTED, first[0], (), None)
    return _break_tie(first, rules.tie, births or {})


def _break_tie(tied: tuple[int, ...], rule: TieRule, births: Mapping[int, date]) -> Outcome:
    if rule is TieRule.ELDEST and all(candidate in births for candidate in tied):
        eldest = sorted(tied, key=lambda candidate: births[candidate])
        if births[eldest[0]] != births[eldest[1]]:
            return Outcome(Verdict.ELECTED, eldest[0], (), None)
    if rule is TieRule.LOT:
        return Outcome(Verdict.TIE_BY_LOT, None, tied, None)
    return Outcome(Verdict.NEXT_ROUND, None, tied, None)


def draw_between(tied: Sequence[int], number: int) -> int:
    """Return which of the tied a public number points at: the remainder, in rising order."""
    if number < 0:
        raise BallotError(number=number, reason="a public number is not negative")
    return sorted(tied)[number % len(tied)]


def stands_without(
    tally: Tally,
    outcome: Outcome,
    *,
    undue: int,
    number: int,
    voters: int,
    rules: BallotRules,
    births: Mapping[int, date] | None = None,
) -> bool:
    """Tell whether a round stands once ``undue`` voters who voted are struck off.

    Papers are secret, so nobody knows which to take out: the round stands if every way of
    taking out so many of those there leads to the same decision, ``voters`` being those who
    are left. Beyond ``MOST_UNDUE`` it is voted again without looking.
    """
    if undue > min(MOST_UNDUE, sum(tally.values())):
        return False
    return all(
        _same(decide_round(less, number=number, voters=voters, rules=rules, births=births), outcome)
        for less in _without(dict(tally), sorted(tally), undue)
    )


def _without(tally: dict[int, int], choices: Sequence[int], papers: int) -> Iterator[Tally]:
    """Yield what is left for each way of taking so many papers out of some choices."""
    if papers == 0:
        yield tally
    elif choices:
        choice, *others = choices
        for taken in range(min(papers, tally[choice]) + 1):
            less = {**tally, choice: tally[choice] - taken}
            yield from _without(less, others, papers - taken)


def _same(found: Outcome, outcome: Outcome) -> bool:
    return (found.verdict, found.elected, found.standing) == (
        outcome.verdict,
        outcome.elected,
        outcome.standing,
    )


def check_tally(tally: Tally, choices: Collection[int], turnout: int) -> None:
    """Raise ``BallotError`` unless a count names the choices of the round and fits the turnout."""
    if set(tally) != set(choices):
        raise BallotError(counted=sorted(tally), choices=sorted(choices), reason="other choices")
    if any(papers < 0 for papers in tally.values()) or sum(tally.values()) != turnout:
        raise BallotError(papers=sum(tally.values()), voted=turnout, reason="the totals differ")
