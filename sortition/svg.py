"""Small pieces of SVG: escaped elements, lines of text that fit, round steps for an axis."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from html import escape

# Advance widths of U+0020–007E in hundredths of the type size, regular and semi-bold.
_REGULAR = (
    *(20, 29, 43, 50, 50, 82, 61, 25, 30, 30, 42, 50, 25, 31, 25, 35, 50, 50, 50, 50, 50, 50, 50),
    *(50, 50, 50, 25, 25, 50, 50, 50, 42, 85, 54, 59, 57, 62, 53, 49, 62, 65, 26, 48, 58, 49, 73),
    *(65, 66, 57, 66, 57, 53, 54, 64, 52, 79, 51, 48, 54, 30, 35, 30, 50, 50, 54, 50, 55, 46, 56),
    *(50, 29, 50, 54, 25, 25, 50, 26, 83, 55, 54, 56, 56, 35, 42, 34, 54, 47, 72, 45, 47, 42, 30),
    *(24, 30, 50),
)
_BOLDER = 1.03  # semi-bold letters are this much wider
_OTHER = 60  # a letter outside the table, by a cautious guess


def number(value: float) -> str:
    """Write a coordinate with at most one decimal, so that equal drawings are equal bytes."""
    rounded = round(value, 1) + 0.0
    return f"{rounded:.0f}" if rounded == int(rounded) else f"{rounded:.1f}"


def element(tag: str, *content: str, **attributes: str | float | None) -> str:
    """Write one element: attributes are escaped, content is already markup.

    ``cls`` stands for ``class``; an underscore in a name for a hyphen; None leaves it out.
    """
    written = "".join(
        f' {"class" if name == "cls" else name.replace("_", "-")}="{_value(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    inside = "".join(content)
    return f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>"


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)


def label(x: float, y: float, words: str, cls: str, anchor: str | None = None) -> str:
    """Write a line of text whose baseline starts (or ends, by ``anchor``) at a point."""
    return element("text", escape(words, quote=False), x=x, y=y, cls=cls, text_anchor=anchor)


def labels(x: float, y: float, lines: Sequence[str], cls: str, leading: float) -> str:
    """Write several lines of text under each other, the first baseline at ``y``."""
    return "".join(label(x, y + leading * row, line, cls) for row, line in enumerate(lines))


def line(x1: float, y1: float, x2: float, y2: float, cls: str) -> str:
    """Draw a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, cls=cls)


def group(*content: str, x: float = 0, y: float = 0) -> str:
    """Move some markup by a distance."""
    return element("g", *content, transform=f"translate({number(x)} {number(y)})")


def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """Estimate how wide a text is, in the typeface shipped with the report."""
    plain = unicodedata.normalize("NFD", words.replace("’", "'").replace("\u00a0", " "))
    letters = [c for c in plain if not unicodedata.combining(c)]
    known = [_REGULAR[ord(c) - 32] if " " <= c <= "~" else _OTHER for c in letters]
    return sum(known) * size / 100 * (_BOLDER if bold else 1)


def wrap(words: str, width: float, size: float, *, bold: bool = False, most: int = 2) -> list[str]:
    """Break a text at spaces and hyphens into at most ``most`` lines; an ellipsis says what is cut."""
    lines = [""]
    for piece in re.findall(r"[^ -]*-|[^ -]+ ?| ", words):
        longer = lines[-1] + piece
        if width_of(longer.strip(), size, bold=bold) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(piece)
    if len(lines) > most:
        lines = [*lines[: most - 1], "".join(lines[most - 1 :])]
    return [_cut(text.strip(), width, size, bold=bold) for text in lines]


def _cut(words: str, width: float, size: float, *, bold: bool) -> str:
    if width_of(words, size, bold=bold) <= width:
        return words
    while words and width_of(f"{words}…", size, bold=bold) > width:
        words = words[:-1]
    return f"{words.rstrip()}…"


def round_steps(most: float, wanted: int) -> list[float]:
    """Return 0 and the next round numbers, about ``wanted`` of them, the last at least ``most``."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / wanted
    magnitude = 10.0 ** math.floor(math.log10(rough))
    round_numbers = (1, 2, 2.5, 5, 10) if magnitude >= 10 else (1, 2, 5, 10)
    step = next(m * magnitude for m in round_numbers if m * magnitude >= rough * (1 - 1e-9))
    return [round(step * i, 12) for i in range(math.ceil(most / step - 1e-9) + 1)]
