"""The chart of who volunteered more or less than their share, and the chance each then has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sortition.charts import LEADING, WIDE, Chart, Scale
from sortition.language import Language
from sortition.report_figures import CategoryFigures, Figures
from sortition.svg import element, label, labels, line, round_steps, wrap

_SHOWN = 7  # categories on either side: more would be a table, which stands below
_TOP = 64.0  # where rows begin, under the headings and the axes


def presence_rows(figures: Figures) -> tuple[list[CategoryFigures], list[CategoryFigures]]:
    """Choose the categories most over- and most under-represented among the volunteers."""
    known = [c for c in figures.categories if c.presence is not None and c.chance is not None]
    known.sort(key=lambda c: (-(c.presence or 0), c.feature, c.name))
    over = [c for c in known if (c.presence or 0) > 1][:_SHOWN]
    under = [c for c in known if (c.presence or 0) < 1][-_SHOWN:]
    return over, under


def ratio_text(ratio: float, language: Language) -> str:
    """Write a ratio as times more or times less: ``×2,1`` or ``÷1,8``."""
    sign, value = ("×", ratio) if ratio >= 1 else ("÷", 1 / ratio)
    return f"{sign}{language.number(value, 1)}"


def presence_chart(figures: Figures, language: Language, width: float = WIDE) -> Chart:
    """Draw one row per category: its presence on an axis of doublings, its mean chance."""
    over, under = presence_rows(figures)
    layout = _Layout.of(figures, width, [*over, *under])
    top, rows, said = _TOP, [], []
    for category in [*over, *under]:
        if over and under and category is under[0]:
            top += 12
        drawn, height = layout.row(category, top, language)
        rows.append(drawn)
        said.append(_in_words(category, language))
        top += height + 6
    body = layout.headings(figures, language) + layout.axes(top, language) + "".join(rows)
    return Chart(width, top + 22, language.say("presence_title"), " ".join(said), body)


@dataclass(frozen=True)
class _Layout:
    """Where names, presences and chances stand, for one width."""

    width: float
    names: float
    first: float
    last: float
    doublings: int
    chances: Scale
    even: Fraction

    @classmethod
    def of(cls, figures: Figures, width: float, rows: Sequence[CategoryFigures]) -> _Layout:
        is_wide = width >= WIDE
        widest = max((abs(math.log2(c.presence or 1)) for c in rows), default=1.0)
        most = max([c.chance or 0 for c in rows] + [float(figures.even_chance)])
        steps = round_steps(100 * most, 4 if is_wide else 2)
        first, last = (545.0, 680.0) if is_wide else (242.0, 304.0)
        return cls(
            width=width,
            names=250.0 if is_wide else 112.0,
            first=270.0 if is_wide else 122.0,
            last=490.0 if is_wide else 216.0,
            doublings=max(1, math.ceil(widest - 1e-9)),
            chances=Scale(first, last, steps[-1] / 100),
            even=figures.even_chance,
        )

    def x(self, ratio: float) -> float:
        middle = (self.first + self.last) / 2
        return middle + math.log2(ratio) / self.doublings * (self.last - middle)

    def row(self, category: CategoryFigures, top: float, language: Language) -> tuple[str, float]:
        """Draw one category; return the markup and its height."""
        names = wrap(category.name, self.names, 13, most=3)
        features = wrap(language.feature(category.feature), self.names, 12)
        height = 5 + LEADING * (len(names) + len(features))
        y = top + height / 2 - 1
        parts = [
            labels(0, top + 14, names, "t-label", LEADING),
            labels(0, top + 14 + LEADING * len(names), features, "t-note", LEADING),
            line(self.first, y, self.last, y, "grid"),
            line(self.chances.first, y, self.chances.last, y, "grid"),
            self._presence(category.presence or 1.0, y, language),
            self._chance(category.chance or 0.0, y, language),
        ]
        return "".join(parts), height

    def _presence(self, ratio: float, y: float, language: Language) -> str:
        x, middle = self.x(ratio), self.x(1)
        aside, anchor = (middle - 7, "end") if ratio >= 1 else (middle + 7, None)
        words = label(aside, y + 4.5, ratio_text(ratio, language), "t-pool halo", anchor)
        stem = line(middle, y, x, y, "stem")
        return stem + element("circle", cx=x, cy=y, r=5, cls="pool") + words

    def _chance(self, chance: float, y: float, language: Language) -> str:
        x = self.chances(chance)
        # The figure stands on the side away from the dashes of the equal chance.
        aside, anchor = (x - 9, "end") if chance < self.even else (x + 9, None)
        words = label(aside, y + 4.5, language.number(100 * chance, 1), "t-panel halo", anchor)
        return element("circle", cx=x, cy=y, r=4.5, cls="panel") + words

    def headings(self, figures: Figures, language: Language) -> str:
        reference = "population" if figures.shows_population else "quota"
        key = f"presence_heading_{reference}" if self.width >= WIDE else "head_presence"
        presence = wrap(language.say(key), self.last - self.first + 20, 13, bold=True)
        chance = wrap(language.say("head_mean_chance"), 110 if self.width < WIDE else 200, 13)
        anchor = (self.chances.first, None) if self.width >= WIDE else (self.width, "end")
        return labels(self.first, 14, presence, "t-strong", LEADING) + "".join(
            label(anchor[0], 14 + LEADING * row, words, "t-strong", anchor[1])
            for row, words in enumerate(chance)
        )

    def axes(self, bottom: float, language: Language) -> str:
        leap = 1 if self.doublings < 3 else self.doublings
        powers = range(-self.doublings, self.doublings + 1, leap)
        parts = []
        for power in powers:
            x = self.x(2.0**power)
            shown = "=" if power == 0 else f"{'×' if power > 0 else '÷'}{2 ** abs(power)}"
            parts.append(line(x, 54, x, bottom, "grid" if power else "axis"))
            parts.append(label(x, 49, shown, "t-note", "middle"))
        for step in round_steps(100 * self.chances.most, 4 if self.width >= WIDE else 2):
            x = self.chances(step / 100)
            parts.append(label(x, 49, language.number(step), "t-note", "middle"))
        even = self.chances(self.even)
        words = language.say("even_short", even=language.number(100 * self.even, 1))
        parts.append(line(even, 54, even, bottom + 2, "even"))
        parts.append(label(even, bottom + 17, words, "t-note", "middle"))
        return "".join(parts)


def _in_words(category: CategoryFigures, language: Language) -> str:
    said = language.say(
        "presence_row",
        category=category.name,
        feature=language.feature(category.feature),
        ratio=ratio_text(category.presence or 1.0, language),
        chance=language.chance(Fraction(category.chance or 0), per=100),
    )
    return f"{said}."
