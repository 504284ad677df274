"""Ballots: nobody wins without the round's majority, and names or order decide nothing."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from assemblies.ballots.rules import (
    BLANK,
    BallotRules,
    TieRule,
    Verdict,
    decide_round,
    draw_between,
    stands_without,
)

RULES = st.builds(
    BallotRules,
    st.integers(0, 3),
    st.sampled_from(list(TieRule)),
    st.none() | st.just(Fraction(1, 2)),
    st.booleans(),
)
TALLIES = st.dictionaries(st.integers(1, 5), st.integers(0, 12), min_size=1).flatmap(
    lambda votes: st.integers(0, 8).map(lambda blank: {**votes, BLANK: blank})
)


@given(TALLIES, RULES, st.integers(1, 4), st.integers(0, 40))
def test_the_winner_has_the_majority_that_the_round_asks_for(
    tally: dict[int, int], rules: BallotRules, number: int, absent: int
) -> None:
    voters = sum(tally.values()) + absent
    found = decide_round(tally, number=number, voters=voters, rules=rules)
    if found.verdict is not Verdict.ELECTED:
        assert found.elected is None
        assert found.standing
        return
    assert found.elected is not None
    votes = {c: n for c, n in tally.items() if c != BLANK}
    assert votes[found.elected] == max(votes.values())
    if number <= rules.absolute_rounds:
        cast = sum(votes.values()) + tally[BLANK] * rules.blank_counted
        assert 2 * votes[found.elected] > cast
    if rules.quorum is not None:
        assert 2 * sum(tally.values()) >= voters


@given(TALLIES, RULES, st.integers(1, 4))
def test_the_order_in_which_papers_are_counted_decides_nothing(
    tally: dict[int, int], rules: BallotRules, number: int
) -> None:
    voters = sum(tally.values())
    one = decide_round(tally, number=number, voters=voters, rules=rules)
    other = decide_round(
        dict(reversed(list(tally.items()))), number=number, voters=voters, rules=rules
    )
    assert one == other


@given(TALLIES, RULES, st.integers(1, 4), st.integers(1, 3), st.data())
def test_a_round_that_stands_does_whatever_the_papers_taken_out(
    tally: dict[int, int], rules: BallotRules, number: int, undue: int, data: st.DataObject
) -> None:
    voters = sum(tally.values())
    found = decide_round(tally, number=number, voters=voters, rules=rules)
    assume(
        stands_without(tally, found, undue=undue, number=number, voters=voters - undue, rules=rules)
    )
    less = dict(tally)
    for _ in range(undue):
        out = data.draw(st.sampled_from([choice for choice, papers in less.items() if papers]))
        less[out] -= 1
    again = decide_round(less, number=number, voters=voters - undue, rules=rules)
    assert (again.verdict, again.elected) == (found.verdict, found.elected)


@given(st.sets(st.integers(1, 99), min_size=2, max_size=5))
def test_a_lot_between_the_tied_gives_each_an_equal_share_of_the_numbers(tied: set[int]) -> None:
    found = [draw_between(sorted(tied), number) for number in range(len(tied) * 7)]
    assert {found.count(candidate) for candidate in tied} == {7}
