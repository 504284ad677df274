"""The chain: any altered, missing, moved or added entry shows, and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assemblies.errors import InstantError
from assemblies.journal.rules import START, Act, Actor, Chain, Entry, Head, find_faults

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def chain_of(count: int) -> list[tuple[Entry, str]]:
    stored: list[tuple[Entry, str]] = []
    previous = START
    for number in range(1, count + 1):
        entry = Entry(
            Chain.ACTS,
            number,
            NOON + timedelta(minutes=number),
            7,
            "seat.filled",
            "seat",
            number,
            "art. 3",
            previous,
            {"rank": number, "first": None},
        )
        previous = entry.hash
        stored.append((entry, previous))
    return stored


def head_of(stored: list[tuple[Entry, str]]) -> Head:
    return Head(stored[-1][0].number, stored[-1][1]) if stored else Head()


@given(st.integers(0, 12))
def test_a_chain_as_it_was_written_has_no_fault(count: int) -> None:
    stored = chain_of(count)
    assert find_faults(Chain.ACTS, Head(), stored, head_of(stored)) == []


@given(st.integers(1, 12), st.data())
def test_any_single_change_of_an_entry_is_found_where_it_is(
    count: int, data: st.DataObject
) -> None:
    stored = chain_of(count)
    place = data.draw(st.integers(0, count - 1))
    change = data.draw(
        st.sampled_from(
            [
                {"actor": 8},
                {"actor": None},
                {"kind": "seat.emptied"},
                {"object_id": 0},
                {"object_kind": "body"},
                {"ground": "art. 4"},
                {"at": NOON},
                {"facts": {}},
                {"facts": {"rank": str(place + 1), "first": None}},
            ]
        )
    )
    entry, kept = stored[place]
    stored[place] = (replace(entry, **change), kept)
    faults = find_faults(Chain.ACTS, Head(), stored, head_of(chain_of(count)))
    assert [(fault.number, fault.fault) for fault in faults] == [(place + 1, "altered")]


@given(st.integers(1, 12), st.data())
def test_an_entry_altered_with_its_hash_breaks_the_next_one_or_the_head(
    count: int, data: st.DataObject
) -> None:
    stored = chain_of(count)
    place = data.draw(st.integers(0, count - 1))
    forged = replace(stored[place][0], ground="forged")
    honest = head_of(stored)
    stored[place] = (forged, forged.hash)
    assert find_faults(Chain.ACTS, Head(), stored, honest)


@given(st.integers(1, 12), st.data())
def test_a_missing_entry_is_found(count: int, data: st.DataObject) -> None:
    stored = chain_of(count)
    honest = head_of(stored)
    place = data.draw(st.integers(0, count - 1))
    del stored[place]
    faults = find_faults(Chain.ACTS, Head(), stored, honest)
    assert faults[0].number == place + 1
    assert faults[0].fault.startswith("missing")


def test_a_chain_whose_first_entries_were_erased_in_order_verifies_from_the_checkpoint() -> None:
    stored = chain_of(5)
    start = head_of(stored[:3])
    assert find_faults(Chain.ACTS, start, stored[3:], head_of(stored)) == []
    assert find_faults(Chain.ACTS, Head(3, "f" * 64), stored[3:], head_of(stored)) != []


def test_the_same_instant_in_another_time_zone_is_the_same_entry() -> None:
    paris = NOON.astimezone(timezone(timedelta(hours=1)))
    entry = chain_of(1)[0][0]
    assert replace(entry, at=paris).hash == replace(entry, at=NOON).hash


def test_an_act_without_a_time_zone_is_refused() -> None:
    with pytest.raises(InstantError):
        Act(Actor(1), datetime(2026, 11, 24, 12), "art. 3")  # noqa: DTZ001 -- what is refused
