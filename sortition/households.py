"""Group respondents who share an address, and list addresses that look alike."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortition.pool import NO_HOUSEHOLD
from sortition.spelling import fold

Address = Sequence[str]
"""The cells of the household columns of one respondent."""

_JOINING_SPACE = re.compile(r"(?<!\d) | (?!\d)")  # any but one between two numbers
_NUMBER = re.compile(r"\d+")
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_SHORT_FORMS = {
    spelling: short
    for short, spellings in {
        "r": "rue",
        "av": "avenue ave",
        "bd": "boulevard boul bld blvd bvd",
        "pl": "place",
        "ch": "chemin che chem",
        "imp": "impasse",
        "all": "allee",
        "rte": "route",
        "sq": "square",
        "crs": "cours",
        "qu": "quai",
        "fbg": "faubourg fg",
        "res": "residence",
        "bat": "batiment",
        "apt": "appartement app appt",
        "esc": "escalier",
        "lot": "lotissement",
        "st": "saint street",
        "ste": "sainte",
        "rd": "road",
        "gal": "general",
        "mal": "marechal",
        "dr": "docteur doctor drive",
        "pdt": "president",
        "pr": "professeur prof",
    }.items()
    for spelling in spellings.split()
}
_REPEATS = {"b": "bis", "t": "ter", "q": "quater", "bis": "bis", "ter": "ter", "quater": "quater"}
_IDLE_WORDS = {"de", "du", "des", "d", "la", "le", "les", "l", "et", "of", "the", "cedex"}
_LONGEST_SHELF = 16  # homes compared with each newcomer: keeps an odd pool from growing as n²
_SHORTEST_SLIP = 4  # letters of a word in which one wrong letter is more likely than another word


def normalise_addresses(addresses: Sequence[Address]) -> list[str]:
    """Return what all spellings of each address share, or nothing where a cell is blank.

    Case, accents, punctuation and spaces are dropped, except a space between two numbers:
    « 1, 12 rue X » is not « 112 rue X ». An address that lacks a part is nobody's home:
    a postcode alone must not put a whole town in one household.
    """
    known: dict[str, str] = {}
    homes: list[str] = []
    for address in addresses:
        cells: list[str] = []
        for cell in address:
            normal = known.get(cell)
            if normal is None:
                normal = known[cell] = _normalise_cell(cell)
            cells.append(normal)
        homes.append("|".join(cells) if cells and all(cells) else "")
    return homes


def group_households(homes: Sequence[str]) -> NDArray[np.int32]:
    """Number the normalised addresses shared by two or more, in order of first member.

    The others, and those whose address is blank or incomplete, get ``NO_HOUSEHOLD``.
    """
    households = np.full(len(homes), NO_HOUSEHOLD, dtype=np.int32)
    shared = (group for group in find_members(homes).values() if len(group) > 1)
    for number, group in enumerate(shared):
        households[group] = number
    return households


def find_members(homes: Sequence[str]) -> dict[str, list[int]]:
    """Find who lives at each normalised address that is not blank, in order."""
    members: dict[str, list[int]] = defaultdict(list)
    for respondent, home in enumerate(homes):
        if home:
            members[home].append(respondent)
    return dict(members)


def find_near_duplicates(
    addresses: Sequence[Address], homes: Sequence[str]
) -> list[tuple[int, int]]:
    """List pairs of respondents whose addresses differ, but hardly; ``homes`` normalises them.

    Alike are addresses with the same numbers (house, postcode) whose words are the same
    once abbreviations and « bis » are set aside, or differ by one letter of a long word.
    One pair stands for each pair of addresses, in increasing order. The work grows with
    the number of people, not with its square: only addresses that share their numbers,
    and all their letters but one, are compared.
    """
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for respondent, *_ in find_members(homes).values():
        numbers = _NUMBER.findall(" ".join(addresses[respondent]))
        blocks[tuple(sorted(number.lstrip("0") for number in numbers))].append(respondent)
    pairs: set[tuple[int, int]] = set()
    for block in blocks.values():
        if len(block) > 1:
            pairs.update(_pairs_alike([_dissect(i, addresses[i]) for i in block]))
    return sorted(pairs)


@dataclass(frozen=True, slots=True)
class _Home:
    """The words of an address, in short form and in order of the alphabet, and its « bis »."""

    respondent: int  # the first who lives there
    words: tuple[str, ...]
    repeat: str


def _normalise_cell(cell: str) -> str:
    folded = fold(cell)
    letters = folded.replace(" ", "")
    return letters if letters.isdigit() else _JOINING_SPACE.sub("", folded)


def _dissect(respondent: int, address: Address) -> _Home:
    words: list[str] = []
    repeat = ""
    for cell in address:
        after_number = False
        for word in _WORDS.findall(fold(cell)):
            if after_number and not repeat and word in _REPEATS:
                repeat = _REPEATS[word]
            elif not word.isdigit() and word not in _IDLE_WORDS:
                words.append(_SHORT_FORMS.get(word, word))
            after_number = word.isdigit()
    return _Home(respondent, tuple(sorted(words)), repeat)


def _pairs_alike(block: Sequence[_Home]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that look alike among addresses with the same numbers.

    Words one letter apart become the same once some letter is struck out: homes are put
    on a shelf for each way of striking out one letter, and compared shelf by shelf.
    """
    shelves: dict[str, list[_Home]] = defaultdict(list)
    for home in block:
        for key in _struck_out(home.words):
            shelf = shelves[key]
            for other in shelf:
                if _look_alike(home, other):
                    yield (
                        min(home.respondent, other.respondent),
                        max(home.respondent, other.respondent),
                    )
            if len(shelf) < _LONGEST_SHELF:
                shelf.append(home)


def _struck_out(words: tuple[str, ...]) -> set[str]:
    """Return the words joined, whole and with each letter of a long word struck out."""
    keys = {" ".join(words)}
    for at, word in enumerate(words):
        if len(word) >= _SHORTEST_SLIP:
            others = words[:at] + words[at + 1 :]
            for cut in range(len(word)):
                keys.add(" ".join(sorted((*others, word[:cut] + word[cut + 1 :]))))
    return keys


def _look_alike(home: _Home, other: _Home) -> bool:
    if home.repeat and other.repeat and home.repeat != other.repeat:
        return False
    if home.words == other.words:
        return True
    mine, theirs = Counter(home.words), Counter(other.words)
    only_mine, only_theirs = list((mine - theirs).elements()), list((theirs - mine).elements())
    if len(only_mine) != 1:  # and as many of theirs: they share all but a letter
        return False
    return _one_slip_apart(only_mine[0], only_theirs[0])


def _one_slip_apart(word: str, other: str) -> bool:
    """Tell whether one letter was added, left out, changed, or swapped with the next."""
    short, long = sorted((word, other), key=len)
    if len(short) < _SHORTEST_SLIP:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[start + 1 : start + 2] + short[start : start + 1] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or swapped == long[start:]
