"""Small pieces of HTML: escaped elements, definition lists, tables that scroll and are headed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


def text(words: str) -> str:
    """Make words safe inside an element."""
    return escape(words, quote=False)


def tag(name: str, *content: str, **attributes: str | int) -> str:
    """Write one element: attributes are escaped, content is already markup.

    ``cls`` stands for ``class``; an underscore in a name for a hyphen.
    """
    written = "".join(
        f' {"class" if key == "cls" else key.replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{''.join(content)}</{name}>"


def paragraph(*sentences: str, cls: str = "") -> str:
    """Write sentences as one paragraph, leaving out the empty ones."""
    words = text(" ".join(sentence for sentence in sentences if sentence))
    return tag("p", words, cls=cls) if cls else tag("p", words)


def section(name: str, title: str, *prose: str, figure: str = "") -> str:
    """Write a section; where there is room, its figure stands beside its prose."""
    heading = tag("h2", text(title), id=name)
    if not figure:
        return tag("section", heading, *prose, cls=name)
    return tag("section", tag("div", heading, *prose), figure, cls=f"{name} split")


@dataclass(frozen=True)
class Table:
    """Rows under column headings; the first cell of a row is its own heading.

    ``groups``: (heading of the group or "", rows). The other cells are right-aligned.
    """

    caption: str
    columns: Sequence[str]
    groups: Sequence[tuple[str, Sequence[Sequence[str]]]]

    def folded(self) -> str:
        """Return the table inside a fold that opens on its caption, scrolling if too wide."""
        head = "".join(tag("th", text(name), scope="col") for name in self.columns)
        bodies = "".join(self._body(title, rows) for title, rows in self.groups)
        table = tag(
            "table",
            tag("caption", text(self.caption)),
            tag("thead", tag("tr", head)),
            bodies,
        )
        scroll = tag("div", table, cls="scroll", role="region", tabindex=0, aria_label=self.caption)
        return tag("details", tag("summary", text(self.caption)), scroll)

    def _body(self, title: str, rows: Sequence[Sequence[str]]) -> str:
        lines = []
        if title:
            span = len(self.columns)
            lines.append(tag("tr", tag("th", text(title), scope="rowgroup", colspan=span)))
        for first, *rest in rows:
            cells = "".join(tag("td", text(cell)) for cell in rest)
            lines.append(tag("tr", tag("th", text(first), scope="row") + cells))
        return tag("tbody", *lines)
