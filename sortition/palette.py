"""The colours and typefaces of the report: the same in the page, the SVG and the PNG files."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from importlib import resources
from pathlib import Path

# Name → (on paper, on a dark screen). Words reach a contrast of 4.5, marks of 3.
COLOURS = {
    "paper": ("#fffdf9", "#15181c"),
    "ink": ("#1b1e23", "#ece9e3"),
    "muted": ("#5b6068", "#a9adb4"),
    "rule": ("#e4e0d8", "#32373e"),
    "band": ("#d3dfe8", "#2e4150"),
    "edge": ("#7790a5", "#7590a6"),
    "area": ("#e3ebf1", "#22303b"),
    "panel": ("#0e4f7c", "#7fc1ee"),
    "pool": ("#a9440e", "#f2a068"),
    "wash": ("#f4f1ea", "#1d2127"),
}
TYPEFACES = {
    ("Kleroterion Sans", 400): "KleroterionSans-Regular",
    ("Kleroterion Sans", 600): "KleroterionSans-SemiBold",
    ("Newsreader", 500): "Newsreader-Medium",
}
SANS = '"Kleroterion Sans", "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, sans-serif'
SERIF = 'Newsreader, Georgia, "Times New Roman", serif'

_ASSETS = resources.files("sortition") / "report_assets"

# Selector → declarations; {name} is a colour. One list for every place a chart is shown.
_RULES = {
    "t-label": "font: 400 13px {sans}; fill: {ink}",
    "t-strong": "font: 600 13px {sans}; fill: {ink}",
    "t-note": "font: 400 12px {sans}; fill: {muted}",
    "t-panel": "font: 600 13px {sans}; fill: {panel}",
    "t-pool": "font: 600 13px {sans}; fill: {pool}",
    "t-feature": "font: 600 15px {sans}; fill: {ink}",
    "t-title": "font: 500 30px {serif}; fill: {ink}",
    "t-under": "font: 400 15px {sans}; fill: {muted}",
    "grid": "stroke: {rule}; stroke-width: 1",
    "axis": "stroke: {muted}; stroke-width: 1",
    "leader": "stroke: {muted}; stroke-width: 1; fill: none",
    "band": "fill: {band}; stroke: {edge}; stroke-width: 1",
    "shift": "stroke: {pool}; stroke-width: 1.2; stroke-dasharray: 1 2.4; stroke-linecap: round",
    "pool": "fill: {paper}; stroke: {pool}; stroke-width: 2",
    "stem": "stroke: {pool}; stroke-width: 2",
    "panel": "fill: {panel}",
    "reach": "stroke: {panel}; stroke-width: 4; stroke-linecap: round",
    "people": "stroke: {ink}; stroke-width: 2",
    "even": "stroke: {ink}; stroke-width: 1.2; stroke-dasharray: 5 4",
    "curve": "fill: none; stroke: {panel}; stroke-width: 2.2; stroke-linejoin: round",
    "under": "fill: {area}",
    "level": "stroke: {pool}; stroke-width: 5; stroke-linecap: butt",
    "halo": "paint-order: stroke; stroke: {paper}; stroke-width: 4; stroke-linejoin: round",
    "arrow": "fill: none; stroke: {ink}; stroke-width: 1.5",
    "slot": "stroke: {band}",
    "slot-on": "fill: {pool}",
    "paper": "fill: {paper}",
}


def page_rules() -> str:
    """Return the style of the charts for a page that defines the colours as variables."""
    return _rules(lambda name: f"var(--{name})")


def file_rules() -> str:
    """Return the style of the charts for a file that stands alone, on paper."""
    return _rules(lambda name: COLOURS[name][0])


def variables(*, dark: bool) -> str:
    """Return the declarations of the colours as variables."""
    return "; ".join(f"--{name}: {pair[dark]}" for name, pair in COLOURS.items())


def font_faces() -> str:
    """Return the typefaces as style rules that carry the files themselves."""
    return "\n".join(
        f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-display: block; "
        f"src: url(data:font/woff2;base64,{_encoded(stem)}) format('woff2') }}"
        for (family, weight), stem in TYPEFACES.items()
    )


def typeface_files() -> list[Path]:
    """Return where the typefaces are on this computer, for a renderer of pictures."""
    return [Path(str(_ASSETS / f"{stem}.ttf")) for stem in TYPEFACES.values()]


def _encoded(stem: str) -> str:
    return b64encode((_ASSETS / f"{stem}.woff2").read_bytes()).decode("ascii")


def _rules(colour: Callable[[str], str]) -> str:
    colours = {name: colour(name) for name in COLOURS}
    return "\n".join(
        f".chart .{selector} {{ {declarations.format(**colours, sans=SANS, serif=SERIF)} }}"
        for selector, declarations in _RULES.items()
    )
