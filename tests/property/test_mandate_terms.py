"""Terms of a seat: they follow one another without gap or overlap over the life of the body."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assemblies.composition.rules import Renewal, RenewalRule
from assemblies.mandates.rules import SeatTerm, Standing, standing, term_holding
from assemblies.parameters import LegalReference
from assemblies.periods import Period, gaps

DAYS = st.dates(date(2017, 1, 1), date(2035, 12, 31))


@st.composite
def seat_terms(draw: st.DrawFn) -> SeatTerm:
    first = draw(DAYS)
    body = Period(first, first + timedelta(days=draw(st.integers(0, 4_000))))
    kind = draw(st.sampled_from(list(Renewal)))
    parts = draw(st.integers(1, 4)) if kind is Renewal.BY_PARTS else 1
    every = draw(st.integers(1, 12))
    rule = RenewalRule(kind, parts, every, LegalReference("test"))
    months = draw(st.none() | st.just(every * parts))
    return SeatTerm(body, months, rule, draw(st.integers(1, parts)))


@given(seat_terms())
def test_terms_cover_the_life_of_the_body_exactly(seat: SeatTerm) -> None:
    terms = []
    day = seat.body.first
    while day <= seat.body.last:
        terms.append(term_holding(seat, day))
        assert terms[-1].first == day
        day = terms[-1].last + timedelta(days=1)
    assert gaps(seat.body, terms) == ()
    assert sum(term.days for term in terms) == seat.body.days


@given(seat_terms(), st.data())
def test_every_day_of_a_term_belongs_to_that_term(seat: SeatTerm, data: st.DataObject) -> None:
    day = data.draw(st.dates(seat.body.first, seat.body.last))
    term = term_holding(seat, day)
    assert day in term
    assert term_holding(seat, term.first) == term_holding(seat, term.last) == term


@given(DAYS, st.integers(0, 400), DAYS, st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=3))
def test_a_mandate_is_one_thing_each_day(
    first: date, days: int, on: date, suspensions: list[tuple[date, date | None]]
) -> None:
    period = Period(first, first + timedelta(days=days))
    found = standing(period, suspensions, on)
    assert (found in (Standing.RUNNING, Standing.SUSPENDED)) == (on in period)
    if found is Standing.SUSPENDED:
        assert any(f <= on and (last is None or on <= last) for f, last in suspensions)
