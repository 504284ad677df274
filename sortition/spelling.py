"""Compare words as people do: without case, accents, spaces or punctuation."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_UNDECOMPOSED = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)
_ACCENTS = re.compile("[\u0300-\u036f]+")  # those of Latin, Greek and Cyrillic letters
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_WORTH_SUGGESTING = 0.6  # share of letters in common: the default of difflib


@dataclass(frozen=True, slots=True)
class Likeness:
    """The known name nearest to a word, and what sets them apart when that is slight.

    ``difference`` is ``case``, ``accents``, … when nothing else differs, ``None`` for a
    mere resemblance.
    """

    name: str
    difference: str | None


def without_accents(text: str) -> str:
    """Return the text without accents or ligatures, in the case it has."""
    if text.isascii():
        return text
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).translate(_UNDECOMPOSED)


def fold(text: str) -> str:
    """Return the words of a text without case, accents or punctuation, one space apart."""
    return _NOT_ALPHANUMERIC.sub(" ", without_accents(text).casefold()).strip()


def find_nearest(word: str, names: Iterable[str]) -> Likeness | None:
    """Find the name a person most likely meant, or ``None`` where nothing is alike."""
    letters = _letters(word)
    if not letters:
        return None
    by_letters: dict[str, list[str]] = {}
    for name in names:
        by_letters.setdefault(_letters(name), []).append(name)
    if letters in by_letters:
        same = [Likeness(name, _slight_difference(word, name)) for name in by_letters[letters]]
        return min(same, key=lambda likeness: len(likeness.difference or ""))
    close = difflib.get_close_matches(letters, by_letters, n=1, cutoff=_WORTH_SUGGESTING)
    return Likeness(by_letters[close[0]][0], None) if close else None


def _letters(text: str) -> str:
    return fold(text).replace(" ", "")


def _slight_difference(word: str, name: str) -> str:
    """Say what differs between two words of the same letters and figures."""
    if word.casefold() == name.casefold():
        return "case"
    if without_accents(word) == without_accents(name):
        return "accents"
    if without_accents(word).casefold() == without_accents(name).casefold():
        return "case and accents"
    if word.split() == name.split() or "".join(word.split()) == "".join(name.split()):
        return "spaces"
    if [c for c in word if c.isalnum()] == [c for c in name if c.isalnum()]:
        return "spaces or punctuation"
    return "spaces, punctuation, case or accents"
