"""The chart of everybody's chance of being drawn, from the smallest to the largest."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate

from sortition.charts import WIDE, Chart
from sortition.language import Language
from sortition.report_figures import Figures
from sortition.svg import element, label, labels, line, number, round_steps

_LEFT, _TOP, _BOTTOM = 34.0, 50.0, 46.0  # room for the figures and words of the axes
_FEW = Fraction(1, 20)  # of the pool: so few may leave the drawing, if the rest gains by it


def chance_chart(figures: Figures, language: Language, width: float = WIDE) -> Chart:
    """Draw the chances sorted, the lowest level marked, and the equal chance for comparison.

    Where a few people have chances far above all others, the drawing is cut above the
    others, and says so; a small drawing beside it shows the whole.
    """
    height = 420.0 if width >= WIDE else 390.0
    plot = _Plot(figures, _ceiling(figures), (_LEFT, _TOP), (width - 10, height - _BOTTOM))
    is_wide = width >= WIDE
    parts = [_grid(plot, language, is_wide=is_wide), plot.curve()]
    parts += [_even(plot, language, is_wide=is_wide), _least(plot, language), _most(plot, language)]
    if plot.is_cut and is_wide:
        parts.append(_whole(figures, language))
    said = language.say(
        "chances_desc",
        least=language.chance(figures.least_chance, rounding="down"),
        most=language.chance(plot.largest),
        even=language.chance(figures.even_chance),
    )
    return Chart(width, height, language.say("chances_title"), said, "".join(parts))


def _ceiling(figures: Figures) -> float:
    """Return the chance at which the drawing ends, a round number of hundredths."""
    largest = Fraction(figures.seats[-1][0], figures.panels)
    ranks = accumulate(count for _, count in figures.seats)
    most_people = figures.pool * (1 - _FEW)
    seats = next(
        s for (s, _), rank in zip(figures.seats, ranks, strict=True) if rank >= most_people
    )
    usual = max(Fraction(5 * seats, 4 * figures.panels), figures.even_chance * 2)
    shown = usual if largest > 2 * usual else max(largest, figures.even_chance)
    return round_steps(100 * float(shown), 5)[-1] / 100


class _Plot:
    """Where people and chances lie on the drawing, up to a ceiling."""

    def __init__(
        self,
        figures: Figures,
        ceiling: float,
        corner: tuple[float, float],
        opposite: tuple[float, float],
    ) -> None:
        self.figures, self.ceiling = figures, ceiling
        self.left, self.top = corner
        self.right, self.base = opposite
        self.largest = Fraction(figures.seats[-1][0], figures.panels)
        self.is_cut = self.largest > ceiling * (1 + 1e-9)

    def x(self, people: float) -> float:
        return self.left + (self.right - self.left) * people / self.figures.pool

    def y(self, chance: Fraction | float) -> float:
        share = min(1.0, float(chance) / self.ceiling)
        return self.base - (self.base - self.top) * share

    @property
    def within(self) -> int:
        """How many people have a chance that the drawing shows."""
        top = self.ceiling * (1 + 1e-9) * self.figures.panels
        return sum(count for seats, count in self.figures.seats if seats <= top)

    def curve(self) -> str:
        """Trace the steps: one per number of panels sat in."""
        people, path = 0, f"M{number(self.left)} "
        for seats, count in self.figures.seats:
            if seats > self.ceiling * (1 + 1e-9) * self.figures.panels:
                break
            people += count
            y = number(self.y(seats / self.figures.panels))
            path += f"{'V' if people > count else ''}{y}H{number(self.x(people))}"
        path += f"V{number(self.top)}" if self.is_cut else ""
        floor = f"H{number(self.right)}V{number(self.base)}H{number(self.left)}Z"
        under = element("path", d=path + floor, cls="under")
        return under + element("path", d=path, cls="curve")


def _grid(plot: _Plot, language: Language, *, is_wide: bool) -> str:
    parts = [label(0, 14, language.say("chances_unit"), "t-note")]
    for step in round_steps(100 * plot.ceiling, 5):
        y = plot.y(step / 100)
        shown = language.number(step, 0 if step == int(step) else 1)
        parts.append(line(plot.left, y, plot.right, y, "grid" if step else "axis"))
        parts.append(label(plot.left - 8, y + 4, shown, "t-note", "end"))
    for people in round_steps(plot.figures.pool, 6 if is_wide else 3):
        x = plot.x(people)
        if people > plot.figures.pool:
            continue
        anchor = "end" if x > plot.right - 20 else "middle"
        parts.append(line(x, plot.base, x, plot.base + 5, "axis"))
        parts.append(label(x, plot.base + 19, language.number(people), "t-note", anchor))
    parts.append(label(plot.left, plot.base + 38, language.say("chances_axis"), "t-note"))
    return "".join(parts)


def _even(plot: _Plot, language: Language, *, is_wide: bool) -> str:
    y = plot.y(plot.figures.even_chance)
    words = language.say("mark_even", chance=language.chance(plot.figures.even_chance))
    if not is_wide:
        even = language.number(100 * plot.figures.even_chance, 1)
        words = language.say("even_short", even=even)
    dashes = line(plot.left, y, plot.right, y, "even")
    return dashes + label(plot.left + 10, y - 8, words, "t-label halo")


def _least(plot: _Plot, language: Language) -> str:
    """Mark the lowest level: its chance, and how many people stand on it."""
    figures = plot.figures
    first = plot.x(figures.shut_out)
    last = plot.x(figures.shut_out + figures.lowest_level)
    low = plot.y(figures.least_chance)
    chance = language.chance(figures.least_chance, rounding="down")
    people = language.counted(figures.lowest_level, "volunteer")
    words = [
        language.say("mark_least", chance=chance),
        language.say("mark_least_people", volunteers=people),
    ]
    level = line(first, low, last, low, "level")
    if plot.base - low >= 46:
        return level + labels(plot.left + 10, low + 21, words, "t-pool", 17)
    top = plot.y(figures.even_chance) - 56
    middle = max(first + 2, min(last - 2, plot.left + 4))
    leader = line(middle, top - 8, middle, low - 2, "leader")
    return level + leader + labels(plot.left + 10, top, words, "t-pool halo", 17)


def _most(plot: _Plot, language: Language) -> str:
    """Say the largest chance, and how many people the drawing leaves out."""
    figures = plot.figures
    if plot.largest == figures.least_chance:
        return ""
    chance = language.chance(plot.largest)
    if plot.is_cut:
        people = language.counted(figures.pool - plot.within, "volunteer")
        words = language.say("mark_beyond", volunteers=people, chance=chance)
        arrow = element(
            "path",
            d=f"M{number(plot.right - 4)} {number(plot.top - 5)}v-15m-4 5l4-5 4 5",
            cls="arrow",
        )
        return arrow + label(plot.right - 14, plot.top - 9, words, "t-label halo", "end")
    start = plot.x(figures.pool - figures.seats[-1][1])
    words = language.say("mark_most", chance=chance)
    return label(start - 9, plot.y(plot.largest) + 4, words, "t-label halo", "end")


def _whole(figures: Figures, language: Language) -> str:
    """Draw the whole curve small, in the empty corner above the low chances."""
    largest = Fraction(figures.seats[-1][0], figures.panels)
    corner = _LEFT + 14, _TOP + 28
    opposite = corner[0] + 170, corner[1] + 74
    small = _Plot(figures, float(largest), corner, opposite)
    frame = line(corner[0], opposite[1], opposite[0], opposite[1], "axis")
    words = language.say("whole", chance=language.number(100 * largest))
    return label(corner[0], corner[1] - 10, words, "t-note halo") + small.curve() + frame
