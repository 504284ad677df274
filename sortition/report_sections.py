"""The sections of the report, each a heading, a few sentences, and a chart with its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from sortition.chance_curve import chance_chart
from sortition.charts import NARROW, WIDE, Chart, feature_chart, legend, slots_chart
from sortition.html import Table, paragraph, section, tag, text
from sortition.language import Language
from sortition.presence_chart import presence_chart, presence_rows
from sortition.report_facts import counts
from sortition.report_figures import SMALLEST_CELL, CategoryFigures, Figures
from sortition.report_tables import chance_table, composition_table, presence_table
from sortition.svg import element

_SOFTWARE = {"kleroterion": "Kleroterion", "numpy": "NumPy", "ortools": "OR-Tools"}
_ALIKE = 1.1  # a presence within a tenth of the target is no news


def lottery(figures: Figures, language: Language) -> str:
    """Show the panels prepared, the one drawn, and where chance came from."""
    say, counted = language.say, counts(figures, language)
    is_drawn = figures.draw is not None
    spoken = say("lottery_planned")
    if figures.number is not None:
        spoken = say("lottery_drawn", number=figures.number)
    sources = _randomness(figures.randomness, figures.draw, figures, language)
    record = _record(figures, language)
    return section(
        "lottery",
        say("lottery", **counted),
        paragraph(say("lottery_text", **counted), spoken),
        tag("h3", text(say("randomness_drawn" if is_drawn else "randomness_planned"))),
        tag("ul", *(tag("li", text(source)) for source in sources)),
        paragraph(*record) if record else "",
        figure=_figure(slots_chart(figures, language).inline("slots-chart")),
    )


def _randomness(
    plan: Mapping[str, Any],
    draw: Mapping[str, Any] | None,
    figures: Figures,
    language: Language,
) -> list[str]:
    """Say each announced source, with what was recorded of it once drawn."""
    inputs = None if draw is None else draw["randomness"]["inputs"]
    plans = plan["parts"] if plan["kind"] == "combined" else [plan]
    given = [None] * len(plans) if inputs is None else inputs.get("parts", [inputs])
    return [
        _source(part, values, figures, language) for part, values in zip(plans, given, strict=True)
    ]


def _source(
    plan: Mapping[str, Any],
    inputs: Mapping[str, Any] | None,
    figures: Figures,
    language: Language,
) -> str:
    kind = plan["kind"]
    said = language.say(
        f"random_{kind}",
        last=figures.panels - 1,
        names=" ; ".join(plan.get("sources", ())),
        round=str(plan.get("round", "")),
        chain=str(plan.get("chain", "")),
    )
    recorded = _recorded(kind, inputs or {})
    if recorded:
        said += " " + language.say("random_value", value=recorded)
    return said


def _recorded(kind: str, inputs: Mapping[str, Any]) -> str:
    if kind == "sources":
        return " ; ".join(map(str, inputs.get("values", ())))
    name = {"number": "number", "drand": "randomness", "text": "text"}[kind]
    return str(inputs.get(name, ""))


def _record(figures: Figures, language: Language) -> list[str]:
    draw = figures.draw or {}
    said = []
    if draw.get("drawn_at"):
        instant = language.instant(str(draw["drawn_at"]))
        said.append(language.say("drawn_at", instant=instant))
    if draw.get("officers"):
        said.append(language.say("officers", names=language.listed(list(draw["officers"]))))
    return said


def composition(figures: Figures, language: Language) -> str:
    """Show quota, volunteers, population and panel for every category."""
    say = language.say
    count = len(figures.categories)
    kept = say("composition_kept_all", count=count, **counts(figures, language))
    if figures.shows_panel:
        kept = say("composition_kept_drawn", count=count)
    key = tag("ul", *_key(figures, language), cls="key", aria_label=say("key"))
    blocks = [
        tag(
            "div",
            tag("h3", text(language.feature(feature.name))),
            feature_chart(feature, figures, language).inline(f"feature-{position}"),
            cls=f"block block-{position}",
        )
        for position, feature in enumerate(figures.features)
    ]
    return section(
        "composition",
        say("composition"),
        paragraph(kept, say("composition_how")),
        key,
        _figure(tag("div", *blocks, cls="blocks"), table=composition_table(figures, language)),
    )


def _key(figures: Figures, language: Language) -> list[str]:
    shown = []
    for mark, meaning in legend(figures, language):
        drawing = element(
            "svg", mark, cls="chart", viewBox="0 0 34 18", width=34, height=18, aria_hidden="true"
        )
        shown.append(tag("li", drawing, text(meaning)))
    return shown


def volunteers(figures: Figures, language: Language) -> str:
    """Say honestly who came forward, and what the draw can and cannot mend."""
    say = language.say
    over, under = presence_rows(figures)
    said = [say("volunteers_text"), _presence_sentence(over, under, figures, language)]
    if _is_corrected(over, under):
        said.append(say("volunteers_corrected"))
    said.append(say("volunteers_limit"))
    drawing = _both(presence_chart, figures, language, "presence")
    figure = _figure(drawing, table=presence_table(figures, language))
    return section("volunteers", say("volunteers"), paragraph(*said), figure=figure)


def _presence_sentence(
    over: list[CategoryFigures],
    under: list[CategoryFigures],
    figures: Figures,
    language: Language,
) -> str:
    most = over[0].presence if over else 1.0
    least = under[-1].presence if under else 1.0
    if not most or not least or (most < _ALIKE and least > 1 / _ALIKE):
        return language.say("volunteers_alike")
    if not over or not under:
        return ""
    reference = "reference_population" if figures.shows_population else "reference_quota"
    return language.say(
        "volunteers_both",
        over=_named(over[0], language),
        over_ratio=language.number(most, 1),
        under=_named(under[-1], language),
        under_ratio=language.number(1 / least, 1),
        reference=language.say(reference),
    )


def _named(category: CategoryFigures, language: Language) -> str:
    quoted = language.say("quoted", words=category.name)
    return f"{quoted} ({language.feature(category.feature).lower()})"


def _is_corrected(over: list[CategoryFigures], under: list[CategoryFigures]) -> bool:
    """Tell whether those who are missing do have the better chance, on average."""
    means = [
        sum(c.chance or 0 for c in categories) / len(categories)
        for categories in (over, under)
        if categories
    ]
    return len(means) == 2 and means[1] > means[0]


def chances(figures: Figures, language: Language) -> str:
    """Show everybody's chance, and say why the chances differ."""
    say = language.say
    even = language.chance(figures.even_chance)
    is_equal = len(figures.seats) == 1
    why = say("chances_equal") if is_equal else say("chances_even", even=even)
    text_above = paragraph(say("chances_text", **counts(figures, language)), why)
    drawing = _both(chance_chart, figures, language, "chances")
    figure = _figure(drawing, table=chance_table(figures, language))
    return section("chances", say("chances"), text_above, figure=figure)


def check(figures: Figures, language: Language) -> str:
    """Give the digest, and the three commands by which anyone can check the draw."""
    say = language.say
    folder = say("folder")
    lines = [
        (f"python audit.py {folder}", say("check_all")),
        (f"python audit.py {folder} --digest {figures.digest}", say("check_digest")),
        (f"python audit.py {folder} --receipt {say('receipt')}", say("check_receipt")),
    ]
    steps = [tag("li", tag("code", text(command)), paragraph(why)) for command, why in lines]
    commands = tag("ol", *steps, cls="commands")
    return section(
        "check",
        say("check"),
        paragraph(say("check_text")),
        paragraph(say("check_tools")),
        figure=tag("div", tag("p", tag("code", figures.digest), cls="digest"), commands),
    )


def notes(figures: Figures, language: Language) -> str:
    """Say what is rounded, hidden, compared with what, and computed by what."""
    say = language.say
    said = [
        say("note_pool") if not figures.shows_pool else "",
        say("note_panel") if figures.draw is not None and not figures.shows_panel else "",
        say("note_small", smallest=SMALLEST_CELL) if figures.hides_cells else "",
        say(
            "note_rounding",
            least=_precise(figures.least_chance, language),
            bound=_precise(figures.bound, language),
        ),
        say("note_population", source=figures.targets_source) if figures.targets_source else "",
        say("note_target") if figures.shows_pool and not figures.shows_population else "",
        say("note_software", software=_software(figures)),
    ]
    items = [tag("li", text(note)) for note in said if note]
    return section("notes", say("notes"), tag("ul", *items))


def _precise(value: Fraction, language: Language) -> str:
    """Write a chance out of 1: a short fraction exactly, any other to twelve places."""
    return str(value) if value.denominator < 10**6 else language.number(value, 12)


def _software(figures: Figures) -> str:
    return ", ".join(
        f"{_SOFTWARE.get(name, name)} {version}" for name, version in figures.software.items()
    )


def _figure(drawing: str, *, table: Table | None = None) -> str:
    return tag("figure", drawing, "" if table is None else table.folded())


def _both(
    chart: Callable[[Figures, Language, float], Chart],
    figures: Figures,
    language: Language,
    name: str,
) -> str:
    """Show a chart in the width that fits: only one of the two is displayed, and read aloud."""
    return tag("div", chart(figures, language, WIDE).inline(f"{name}-wide"), cls="wide") + tag(
        "div", chart(figures, language, NARROW).inline(f"{name}-narrow"), cls="narrow"
    )
