"""The page of the report: everything inside one file, nothing fetched, no script."""

from __future__ import annotations

from importlib import resources
from math import ceil
from string import Template

from sortition import report_facts, report_sections
from sortition.charts import feature_chart
from sortition.html import paragraph, tag, text
from sortition.language import Language
from sortition.palette import font_faces, page_rules, variables
from sortition.report_figures import Figures

_PAGE = Template("""\
<!DOCTYPE html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<style>
$style
</style>
</head>
<body>
$body
</body>
</html>
""")
_BESIDE = 66  # pixels: the heading above a chart and the gap below it, as in report.css
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:"


def render_page(figures: Figures, language: Language) -> str:
    """Return the whole page as one string of HTML."""
    sections = [
        report_facts.facts(figures, language),
        report_sections.lottery(figures, language),
        report_sections.composition(figures, language),
        report_sections.volunteers(figures, language) if figures.shows_pool else "",
        report_sections.chances(figures, language),
        report_sections.check(figures, language),
        report_sections.notes(figures, language),
    ]
    main = tag("main", "\n", "\n".join(filter(None, sections)), "\n")
    return _PAGE.substitute(
        lang=language.code,
        policy=_POLICY,
        title=text(language.say("page_title", title=figures.title)),
        style=_style(figures, language),
        body=f"{_header(figures, language)}\n{main}",
    )


def _style(figures: Figures, language: Language) -> str:
    sheet = resources.files("sortition") / "report_assets" / "report.css"
    dark = "@media screen and (prefers-color-scheme: dark)"
    return "\n".join(
        [
            font_faces(),
            f":root {{ {variables(dark=False)} }}",
            f"{dark} {{ :root {{ {variables(dark=True)} }} }}",
            page_rules(),
            _block_rules(figures, language),
            sheet.read_text("utf-8").rstrip(),
        ]
    )


def _block_rules(figures: Figures, language: Language) -> str:
    """Tell the grid of charts how high each is, so that it packs them without holes."""
    spans = [feature_chart(f, figures, language).height + _BESIDE for f in figures.features]
    rules = (f".block-{i} {{ grid-row: span {ceil(span)} }}" for i, span in enumerate(spans))
    return "@media screen { " + " ".join(rules) + " }"


def _header(figures: Figures, language: Language) -> str:
    counts = report_facts.counts(figures, language)
    lead = language.say("lead_planned", **counts)
    if figures.number is not None:
        lead = language.say("lead_drawn", number=figures.number, **counts)
    mended = language.say("replacement") if figures.is_replacement else ""
    return tag(
        "header",
        paragraph(language.say("kicker"), cls="kicker"),
        tag("h1", text(figures.title)),
        paragraph(lead, mended, cls="lead"),
    )
