"""The charts of a draw as hand-made SVG: no script, no inline style, every figure also in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from sortition.language import Language
from sortition.report_figures import CategoryFigures, FeatureFigures, Figures
from sortition.svg import (
    element,
    label,
    labels,
    line,
    number,
    round_steps,
    wrap,
)

NARROW, WIDE = 340.0, 720.0
"""The two widths charts are made in, in pixels: a phone or a column, a page."""

_SLOT_LEAP = 0.7  # from one row of slots to the next, for 1 from a column to the next
LEADING = 15.0  # between two lines of a label, in the same pixels


@dataclass(frozen=True)
class Chart:
    """A drawing, with the title and the sentences that stand for it where it is not seen.

    It is coloured by the class names of ``sortition.palette``.
    """

    width: float
    height: float
    title: str
    description: str
    body: str

    def inline(self, name: str) -> str:
        """Return the chart for a page, where ``name`` must be unique."""
        return element(
            "svg",
            element("title", escape(self.title, quote=False), id=f"{name}-title"),
            element("desc", escape(self.description, quote=False), id=f"{name}-desc"),
            self.body,
            cls="chart",
            viewBox=f"0 0 {number(self.width)} {number(self.height)}",
            width=self.width,
            height=self.height,
            role="img",
            aria_labelledby=f"{name}-title {name}-desc",
        )


@dataclass(frozen=True)
class Scale:
    """A straight axis: values from 0 to ``most`` between two pixels."""

    first: float
    last: float
    most: float

    def __call__(self, value: Fraction | float) -> float:
        return self.first + (self.last - self.first) * float(value) / self.most


def feature_chart(feature: FeatureFigures, figures: Figures, language: Language) -> Chart:
    """Draw the quota, volunteers, population and panel of each category of a feature."""
    rows = [wrap(category.name, 128, 13, most=3) for category in feature.categories]
    heights = [14 + LEADING * len(lines) for lines in rows]
    bottom = 24 + sum(heights)
    most = max(_largest_share(category, figures.size) for category in feature.categories)
    steps = round_steps(100 * most, 3)
    scale = Scale(140, 280, steps[-1] / 100)
    parts = [_percent_grid(steps, scale, bottom, language)]
    parts.append(label(NARROW, 12, language.say("seats_heading"), "t-note", "end"))
    top = 24.0
    for category, lines, height in zip(feature.categories, rows, heights, strict=True):
        middle = top + height / 2
        first = middle + 4.5 - LEADING * (len(lines) - 1) / 2
        parts.append(labels(0, first, lines, "t-label", LEADING))
        parts.append(_category_marks(category, scale, middle, figures.size))
        parts.append(label(NARROW, middle + 4.5, seats_text(category), "t-panel", "end"))
        top += height
    title = language.say("feature_title", feature=language.feature(feature.name))
    said = " ".join(_in_words(category, language) for category in feature.categories)
    return Chart(NARROW, bottom, title, said, "".join(parts))


def seats_text(category: CategoryFigures) -> str:
    """Write the seats of the panel drawn, or of the prepared panels from least to most."""
    if category.drawn is not None:
        return str(category.drawn)
    least, most = category.least, category.most
    return str(least) if least == most else f"{least}–{most}"


def _largest_share(category: CategoryFigures, size: int) -> float:
    shares = (category.upper / size, category.pool_share or 0, category.population or 0)
    return min(1.0, max(*shares, 0.01))


def _percent_grid(steps: Sequence[float], scale: Scale, bottom: float, language: Language) -> str:
    parts = []
    for step in steps:
        x = scale(step / 100)
        write = language.percent if step == steps[-1] else language.number
        value = step / 100 if step == steps[-1] else step
        shown = write(value, 0 if step == int(step) else 1)
        parts.append(line(x, 20, x, bottom, "grid"))
        parts.append(label(x, 12, shown, "t-note", "middle"))
    return "".join(parts)


def _category_marks(category: CategoryFigures, scale: Scale, y: float, size: int) -> str:
    low, high = scale(category.lower / size), scale(category.upper / size)
    spare = max(0.0, 4 - (high - low)) / 2  # a quota of one value only must be seen
    parts = [
        element(
            "rect",
            x=low - spare,
            y=y - 9,
            width=high - low + 2 * spare,
            height=18,
            rx=2,
            cls="band",
        )
    ]
    if category.population is not None:
        x = scale(category.population)
        parts.append(line(x, y - 11, x, y + 11, "people"))
    seats = (category.least + category.most) / 2 if category.drawn is None else category.drawn
    if category.pool_share is not None:
        x, goal = scale(category.pool_share), scale(seats / size)
        if abs(goal - x) > 10:
            side = math.copysign(5, goal - x)
            parts.append(line(x + side, y, goal - side, y, "shift"))
        parts.append(element("circle", cx=x, cy=y, r=5.5, cls="pool"))
    if category.drawn is None:
        parts.append(line(scale(category.least / size), y, scale(category.most / size), y, "reach"))
    else:
        parts.append(element("circle", cx=scale(seats / size), cy=y, r=4, cls="panel"))
    return "".join(parts)


def _in_words(category: CategoryFigures, language: Language) -> str:
    said = [
        language.say(
            "feature_row", category=category.name, lower=category.lower, upper=category.upper
        )
    ]
    if category.pool_share is not None:
        share = language.percent(category.pool_share)
        said.append(language.say("feature_row_pool", share=share))
    if category.population is not None:
        share = language.percent(category.population)
        said.append(language.say("feature_row_population", share=share))
    if category.drawn is not None:
        places = language.counted(category.drawn, "place")
        said.append(language.say("feature_row_drawn", seats=places))
    else:
        said.append(language.say("feature_row_reach", least=category.least, most=category.most))
    return ", ".join(said) + "."


def legend(figures: Figures, language: Language) -> list[tuple[str, str]]:
    """Return the key of the feature charts: a mark 34 × 18 pixels, and what it means."""
    marks = [(element("rect", x=2, y=1, width=30, height=16, rx=2, cls="band"), "key_quota")]
    if figures.shows_population:
        marks.append((line(26, 0, 26, 18, "people"), "key_population"))
    if figures.shows_pool:
        marks.append((element("circle", cx=26, cy=9, r=5.5, cls="pool"), "key_pool"))
    if figures.shows_panel:
        marks.append((element("circle", cx=26, cy=9, r=4, cls="panel"), "key_drawn"))
    else:
        marks.append((line(8, 9, 30, 9, "reach"), "key_reach"))
    return [(mark, language.say(key)) for mark, key in marks]


def slots_chart(figures: Figures, language: Language) -> Chart:
    """Draw one slot per prepared panel, as on the stone of Athens; the one drawn is lit."""
    columns = _slot_columns(figures.panels)
    pitch = WIDE / columns
    leap = pitch * _SLOT_LEAP
    slit = round(pitch * 0.74, 1)
    dashes = f"{number(slit)} {number(pitch - slit)}"
    parts = []
    for row in range(math.ceil(figures.panels / columns)):
        held = min(columns, figures.panels - row * columns)
        end, y = held * pitch - (pitch - slit), leap * (row + 0.5)
        parts.append(
            element(
                "line",
                x1=0,
                y1=y,
                x2=end,
                y2=y,
                cls="slot",
                stroke_dasharray=dashes,
                stroke_width=leap * 0.5,
            )
        )
    height = leap * len(parts)
    said = language.say("lottery_planned")
    if figures.number is not None:
        row, column = divmod(figures.number, columns)
        middle = column * pitch + slit / 2, leap * (row + 0.5)
        parts.append(_ticket(middle, max(pitch * 1.3, 12.0), max(leap * 1.3, 9.0), height))
        said = language.say("lottery_drawn", number=figures.number)
    panels = language.counted(figures.panels, "panel")
    return Chart(WIDE, height, language.say("lottery_title", panels=panels), said, "".join(parts))


def _ticket(middle: tuple[float, float], across: float, down: float, height: float) -> str:
    """Light one slot, large enough to be seen among ten thousand, inside the drawing."""
    x = min(max(middle[0] - across / 2, 0), WIDE - across)
    y = min(max(middle[1] - down / 2, 0), max(height - down, 0))
    return element("rect", x=x, y=y, width=across, height=down, rx=1.5, cls="slot-on")


def _slot_columns(panels: int) -> int:
    """Choose a round number of columns: a wide field, or a squarer one rather than a grey one."""
    for columns in (10, 20, 25, 50, 100, 200):
        height = _SLOT_LEAP * math.ceil(panels / columns) / columns
        if height <= (0.36 if columns < 100 else 0.72):
            return columns
    return 400
