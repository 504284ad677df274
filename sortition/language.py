"""How a language writes: sentences filled in, numbers, chances in plain words, days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from sortition.report_text import FEATURES, MONTHS, NOUNS, SENTENCES

LANGUAGES = ("fr", "en")
Rounding = Literal["down", "up", "nearest"]
_INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?")
_THIN, _FIRM = "\u202f", "\u00a0"


@dataclass(frozen=True)
class Language:
    """One language: its sentences, its nouns and its way of writing numbers and days."""

    code: str

    def __post_init__(self) -> None:
        if self.code not in LANGUAGES:
            raise ValueError(f"no words in {self.code!r}; there are {', '.join(LANGUAGES)}")

    @property
    def _position(self) -> int:
        return LANGUAGES.index(self.code)

    def say(self, key: str, **values: str | int) -> str:
        """Return a sentence, its blanks filled in; whole numbers are written as the language does."""
        written = {n: self.number(v) if isinstance(v, int) else v for n, v in values.items()}
        return self._firm(SENTENCES[key][self._position]).format(**written)

    def feature(self, name: str) -> str:
        """Return a feature as a heading: those of the reference tables in words."""
        if name in FEATURES:
            return FEATURES[name][self._position]
        return name[:1].upper() + name[1:].replace("_", " ")

    def number(
        self, value: Fraction | float, decimals: int = 0, rounding: Rounding = "nearest"
    ) -> str:
        """Write a number, rounded the way asked: ``12 345,6`` or ``12,345.6``."""
        scaled = Fraction(value) * 10**decimals
        rounded: dict[Rounding, int] = {
            "down": floor(scaled),
            "up": ceil(scaled),
            "nearest": round(scaled),
        }
        whole = rounded[rounding]
        digits = f"{abs(whole):0{decimals + 1}d}"
        units, rest = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
        grouped = f"{int(units):,}".replace(",", _THIN if self.code == "fr" else ",")
        point = "," if self.code == "fr" else "."
        return ("−" if whole < 0 else "") + grouped + (point + rest if rest else "")

    def percent(self, share: Fraction | float, decimals: int = 0) -> str:
        """Write a share of 1 in per cent."""
        return self.number(Fraction(share) * 100, decimals) + (
            f"{_FIRM}%" if self.code == "fr" else "%"
        )

    def counted(self, count: int, noun: str) -> str:
        """Write a number and its noun, which agrees."""
        return f"{self.number(count)}{_FIRM}{self.noun(noun, count)}"

    def noun(self, noun: str, count: Fraction | float) -> str:
        """Return a noun in the number that a count asks for."""
        is_plural = count >= 2 if self.code == "fr" else count != 1
        return NOUNS[noun][2 * self._position + is_plural]

    def chance(
        self,
        value: Fraction,
        *,
        per: int | None = None,
        rounding: Rounding = "nearest",
        decimals: int = 1,
    ) -> str:
        """Write a chance in plain words: ``6,3 chances sur 100``."""
        shown, among = self.odds(value, per=per, rounding=rounding, decimals=decimals)
        noun = self.noun("chance", value * (per or scale_of(value)))
        return f"{shown}{_FIRM}{noun} {among}"

    def odds(
        self,
        value: Fraction,
        *,
        per: int | None = None,
        rounding: Rounding = "nearest",
        decimals: int = 1,
    ) -> tuple[str, str]:
        """Write a chance as a number and what it is out of: ``6,3`` and ``sur 100``."""
        scale = per or scale_of(value)
        is_whole = decimals == 1 and (value * scale).denominator == 1
        shown = self.number(value * scale, 0 if is_whole else decimals, rounding)
        return shown, f"{'sur' if self.code == 'fr' else 'in'}{_FIRM}{self.number(scale)}"

    def instant(self, text: str) -> str:
        """Write an ISO day, with its hour if any, in words; any other text as it is."""
        found = _INSTANT.match(text)
        if not found or not 1 <= int(found[2]) <= 12:
            return text
        year, day, hour, minute = found[1], int(found[3]), found[4], found[5]
        month = MONTHS[int(found[2]) - 1][self._position]
        zone = f"{_FIRM}UTC" if text.endswith(("Z", "+00:00")) else ""
        if self.code == "en":
            return f"{day} {month} {year}" + (f", {hour}:{minute}{zone}" if hour else "")
        first = "1er" if day == 1 else str(day)
        clock = f" à {int(hour)}{_FIRM}h{_FIRM}{minute}{zone}" if hour else ""
        return f"{first} {month} {year}{clock}"

    def listed(self, items: list[str]) -> str:
        """Join items into one phrase, the last by *and*."""
        if len(items) < 2:
            return "".join(items)
        return ", ".join(items[:-1]) + SENTENCES["and"][self._position] + items[-1]

    def _firm(self, sentence: str) -> str:
        if self.code != "fr":
            return sentence.replace(" no. ", f" no.{_FIRM}")
        firm = re.sub(r" ([:;?!%»])", rf"{_FIRM}\1", sentence).replace("« ", f"«{_FIRM}")
        return firm.replace("n° ", f"n°{_FIRM}").replace(
            " chances sur 100", f"{_FIRM}chances sur{_FIRM}100"
        )


def scale_of(value: Fraction) -> int:
    """Choose the round number out of which a chance is told: 100, 1 000, 10 000…"""
    scale = 100
    while 0 < value * scale < 1 and scale < 10**6:
        scale *= 10
    return scale
