"""Charts that stand alone: an SVG file with its title, key and source, and the same as a PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from sortition.charts import Chart
from sortition.palette import file_rules, font_faces, typeface_files
from sortition.svg import element, group, label, labels, number, width_of, wrap

_MARGIN, _GAP, _COLUMN_GAP = 40.0, 26.0, 50.0
_PIXELS = 2.0  # of a PNG for each unit of the SVG: sharp on paper and on dense screens


@dataclass(frozen=True)
class Poster:
    """One or several charts under a title; ``charts`` are headed, or not, by a few words."""

    title: str
    subtitle: str
    charts: Sequence[tuple[str, Chart]]
    source: str
    language: str
    key: Sequence[tuple[str, str]] = ()
    columns: int = 1

    def svg(self) -> str:
        """Return an SVG file that carries its own style and typefaces."""
        return self._document(f"{font_faces()}\n{file_rules()}")

    def png(self) -> bytes:
        """Return the same drawing as a PNG, twice as large, on paper."""
        from resvg_py import svg_to_bytes  # noqa: PLC0415 - a renderer that most commands never need

        return bytes(
            svg_to_bytes(
                svg_string=self._document(file_rules()),
                zoom=_PIXELS,
                skip_system_fonts=True,
                font_files=[str(path) for path in typeface_files()],
            )
        )

    def _document(self, style: str) -> str:
        inner = max(chart.width for _, chart in self.charts)
        inner = inner * self.columns + _COLUMN_GAP * (self.columns - 1)
        head, top = self._head(inner)
        body, height = self._field(inner, top)
        foot = label(0, height + 34, self.source, "t-note")
        width, total = inner + 2 * _MARGIN, height + 34 + 2 * _MARGIN
        said = " ".join(f"{title}. {chart.description}" for title, chart in self.charts)
        drawing = element(
            "svg",
            element("title", escape(self.title, quote=False), id="title"),
            element("desc", escape(said, quote=False), id="desc"),
            f"<style>\n{style}\n</style>",
            element("rect", width=width, height=total, cls="paper"),
            group(head, body, foot, x=_MARGIN, y=_MARGIN),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {number(width)} {number(total)}",
            width=width,
            height=total,
            cls="chart",
            role="img",
            lang=self.language,
            aria_labelledby="title desc",
        )
        return f"{drawing}\n"

    def _head(self, width: float) -> tuple[str, float]:
        titles = wrap(self.title, width, 30, most=3)
        unders = wrap(self.subtitle, width, 15, most=4)
        y = 24 + 36 * (len(titles) - 1)
        parts = [labels(0, 24, titles, "t-title", 36), labels(0, y + 30, unders, "t-under", 21)]
        y += 30 + 21 * len(unders)
        if self.key:
            x, y = 0.0, y + 16
            for mark, meaning in self.key:
                step = 44 + width_of(meaning, 13) + 26
                if x and x + step > width:
                    x, y = 0.0, y + 26
                parts += [group(mark, x=x, y=y - 13), label(x + 42, y, meaning, "t-label")]
                x += step
            y += 6
        return "".join(parts), y + _GAP - 8

    def _field(self, width: float, top: float) -> tuple[str, float]:
        """Put each chart where the columns are shortest."""
        step = (width + _COLUMN_GAP) / self.columns
        tops = [top] * self.columns
        parts = []
        for title, chart in self.charts:
            column = tops.index(min(tops))
            y = tops[column]
            if title:
                parts.append(label(column * step, y + 14, title, "t-feature"))
                y += 26
            parts.append(group(chart.body, x=column * step, y=y))
            tops[column] = y + chart.height + _GAP
        return "".join(parts), max(tops) - _GAP
