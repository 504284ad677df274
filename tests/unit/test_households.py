"""Addresses that are one make a household; those that only look alike are shown to a human."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sortition.address_review import AddressBook, review_addresses
from sortition.households import find_near_duplicates, group_households, normalise_addresses

HOME = ("12, rue de l'Église", "75011")


def households(*addresses: Sequence[str]) -> list[int]:
    return group_households(normalise_addresses(addresses)).tolist()


def near(*addresses: Sequence[str]) -> list[tuple[int, int]]:
    return find_near_duplicates(addresses, normalise_addresses(addresses))


@pytest.mark.parametrize(
    "other",
    [
        ("12, RUE DE L'ÉGLISE", "75011"),
        ("12 rue de l’Eglise", "75011"),
        ("  12\xa0rue   de l Eglise.", " 75011 "),
        ("12rue de L'E\u0301glise", "75 011"),
    ],
)
def test_case_accents_spaces_and_punctuation_do_not_matter(other: tuple[str, str]) -> None:
    assert households(HOME, other) == [0, 0]


@pytest.mark.parametrize(
    "other",
    [
        ("12, rue de l'Église", "75012"),
        ("1, 2 rue de l'Église", "75011"),
        ("12 bis, rue de l'Église", "75011"),
        ("12, rue de l'Église 75011", ""),
    ],
)
def test_other_addresses_are_other_households(other: tuple[str, str]) -> None:
    assert households(HOME, other) == [-1, -1]


def test_cells_are_not_run_together() -> None:
    assert households(("12 rue", "X 3"), ("12 rue X", "3")) == [-1, -1]


@pytest.mark.parametrize("blank", [("", ""), ("", "75011"), ("12 rue X", ""), ("-", "75011"), ()])
def test_a_blank_address_is_nobodys_household(blank: tuple[str, ...]) -> None:
    # A known fault elsewhere: all those without an address are taken for one family.
    assert households(blank, blank, blank) == [-1, -1, -1]


def test_households_are_numbered_by_their_first_member() -> None:
    a, b, c, d = (f"{number} rue X" for number in range(4))
    assert households([a], [b], [c], [b], [d], [a], [b]) == [0, 1, -1, 1, -1, 0, 1]


@pytest.mark.parametrize(
    "other",
    [
        ("12 r. de l'Église", "75011"),
        ("12 bis rue de l'Église", "75011"),
        ("12b rue de l'Église", "75011"),
        ("12 rue de l'Eglis", "75011"),
        ("12 rue de l'Egllise", "75011"),
        ("12 rue de l'Eglixe", "75011"),
        ("12 rue de l'Eglsie", "75011"),
        ("12 rue de l'Oglise", "75011"),
        ("12 rue Église", "75011"),
        ("rue de l'Église, 12", "75011"),
    ],
)
def test_addresses_that_look_alike_are_found_and_not_merged(other: tuple[str, str]) -> None:
    assert near(HOME, ("3 rue X", "75011"), other) == [(0, 2)]
    assert households(HOME, other) == [-1, -1]


@pytest.mark.parametrize(
    ("short", "long"),
    [("av.", "avenue"), ("Bd", "boulevard"), ("pl", "place"), ("St", "Saint"), ("chem", "chemin")],
)
def test_usual_abbreviations_are_known(short: str, long: str) -> None:
    assert near((f"1 {short} Michel", "33000"), (f"1 {long} Michel", "33000")) == [(0, 1)]


@pytest.mark.parametrize(
    "other",
    [
        ("13 rue de l'Église", "75011"),  # a neighbour
        ("12 rue de l'Église", "75012"),
        ("12 place de l'Église", "75011"),
        ("12 rue de l'Eglantine", "75011"),
        ("12 rue de l'Eglixa", "75011"),
        ("12 rue de l'Églisier", "75011"),
        ("12 rue de la vieille Église", "75011"),
    ],
)
def test_other_addresses_do_not_look_alike(other: tuple[str, str]) -> None:
    assert near(HOME, other) == []


def test_bis_and_ter_are_two_doors() -> None:
    assert near(("12 bis rue X", "1"), ("12 ter rue X", "1")) == []
    assert near(("12 bis rue X", "1"), ("12B r X", "1")) == [(0, 1)]


def test_one_letter_of_a_short_word_is_another_word() -> None:
    assert near(("12 rue X bat A", "1"), ("12 rue X bat B", "1")) == []
    assert near(("12 rue du Bel air", "1"), ("12 rue du Bol air", "1")) == []
    assert near(("12 rue Bell", "1"), ("12 rue Bel", "1")) == []


def test_a_slip_is_seen_in_any_word() -> None:
    assert near(("12 rue Albert Michel", "1"), ("12 rue Albert Michal", "1")) == [(0, 1)]
    assert near(("12 rue Albert Michel", "1"), ("12 rue Elbert Michel", "1")) == [(0, 1)]


def test_a_slip_in_each_of_two_words_is_too_much() -> None:
    assert near(("12 rue Marie Curie", "1"), ("12 rue Mari Curiee", "1")) == []
    assert near(("12 rue Marie Curie", "1"), ("12 rue Mary Curio", "1")) == []


def test_a_pair_of_addresses_is_listed_once_however_many_live_there() -> None:
    short = ("12 r Église", "75011")
    assert near(HOME, HOME, short, short, HOME) == [(0, 2)]


def test_blank_addresses_do_not_look_alike() -> None:
    assert near(("", "75011"), ("", "75 011"), ("r", ""), ("rue", "")) == []


def test_many_addresses_that_share_all_but_a_letter_do_not_cost_their_square() -> None:
    words = [
        f"{a}{b}{c}deschamps" for a in "abcdefghij" for b in "abcdefghij" for c in "abcdefghij"
    ]
    pairs = near(*((f"1 rue {word}", "75011") for word in words))
    alike = {(words[a], words[b]) for a, b in pairs}
    assert all(sum(x != y for x, y in zip(a, b, strict=True)) <= 2 for a, b in alike)
    # Every address has 27 neighbours, of which 9 share the same letter struck out.
    assert {a for a, _ in pairs} | {b for _, b in pairs} == set(range(1000))
    assert len(pairs) < 16 * 12 * 1000


def review(columns: tuple[str, ...], *addresses: tuple[str, ...]) -> list[tuple[int | None, str]]:
    rows = tuple(range(2, 2 + len(addresses)))
    warnings = review_addresses(AddressBook("people.csv", columns, addresses, rows))
    assert all(warning.severity == "warning" for warning in warnings)
    return [(warning.row, warning.message) for warning in warnings]


def test_without_household_columns_nothing_is_reviewed() -> None:
    assert review(()) == []
    assert review(("address",)) == []


def test_a_near_duplicate_names_both_rows_and_both_addresses() -> None:
    book = AddressBook(
        "people.csv", ("address", "postcode"), (HOME, ("12 r. Église", "75011")), (5, 9)
    )
    (warning,) = review_addresses(book)
    assert (warning.file, warning.row, warning.column) == ("people.csv", 9, "address, postcode")
    assert warning.value == "12 r. Église, 75011"
    assert "row 5" in warning.message
    assert HOME[0] in warning.message


def test_missing_cells_are_counted_by_column() -> None:
    ((row, message),) = review(("address", "postcode"), HOME, ("", "75011"), ("", "33000"))
    assert row == 3
    assert "2 of 3 respondents" in message


def test_a_crowded_address_is_shown() -> None:
    assert review(("address",), *[("inconnu",)] * 9) == []
    ((row, message),) = review(("address",), ("1 rue X",), *[("inconnu",)] * 10)
    assert row == 3
    assert "10 respondents" in message
