"""What the report says first: who was drawn from whom, and how fair that was."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from sortition.html import paragraph, section, tag, text
from sortition.language import Language, scale_of
from sortition.report_figures import Figures


def counts(figures: Figures, language: Language) -> dict[str, str]:
    """Return the counted nouns that several sentences use."""
    return {
        "panels": language.counted(figures.panels, "panel"),
        "persons": language.counted(figures.size, "person"),
        "places": language.counted(figures.size, "place"),
        "volunteers": language.counted(figures.pool, "volunteer"),
    }


def facts(figures: Figures, language: Language) -> str:
    """Say who was drawn from whom, and how fair that was, in six figures and a paragraph."""
    say, per = language.say, scale_of(figures.least_chance)
    shown = [_fact_drawn(figures, language)]
    note = say("fact_places_note", **counts(figures, language))
    shown.append(_fact(say("fact_places"), language.number(figures.size), "", note))
    fine = _decimals(figures, per)
    least, among = language.odds(figures.least_chance, per=per, rounding="down", decimals=fine)
    note = say("fact_least_note_some" if figures.shut_out else "fact_least_note")
    shown.append(_fact(say("fact_least"), least, among, note))
    bound, among = language.odds(figures.bound, per=per, rounding="up", decimals=fine)
    shown.append(_fact(say("fact_bound"), bound, among, say("fact_bound_note")))
    small = _pair(say("fact_gap"), _gap(figures.gap, language))
    error = language.number(figures.largest_error, 2, "up")
    error += f"\u00a0{language.noun('panel', figures.largest_error)}"
    note = say("fact_error_note", **counts(figures, language))
    small += _pair(say("fact_error"), f"{error} ({note})")
    return section(
        "facts",
        say("facts"),
        tag("dl", *shown, cls="facts"),
        *fairness(figures, language),
        tag("dl", small, cls="small"),
    )


def _decimals(figures: Figures, per: int) -> int:
    """Return the decimals that keep rounding apart from making the gap look twice as wide."""
    least, bound = figures.least_chance * per, figures.bound * per
    for decimals in (1, 2, 3):
        step = 10**decimals
        shown = Fraction(ceil(bound * step) - floor(least * step), step)
        if shown <= 2 * (bound - least):
            return decimals
    return 1  # no gap to speak of: it is told in words


def _fact_drawn(figures: Figures, language: Language) -> str:
    say, last = language.say, figures.panels - 1
    if figures.number is None:
        panels = language.number(figures.panels)
        return _fact(say("fact_planned"), panels, "", say("fact_planned_note", last=last))
    note = say("fact_drawn_note", last=last, **counts(figures, language))
    return _fact(say("fact_drawn"), say("numbered", number=figures.number), "", note)


def _fact(name: str, figure: str, unit: str, note: str) -> str:
    value = tag("span", text(figure), cls="figure")
    value += " " + tag("span", text(unit), cls="unit") if unit else ""
    return tag("div", tag("dt", text(name)), tag("dd", value, paragraph(note)))


def _pair(name: str, value: str) -> str:
    return tag("div", tag("dt", text(name)), tag("dd", text(value)))


def _gap(gap: Fraction, language: Language) -> str:
    if gap == 0:
        return language.say("gap_none")
    return language.say("gap_tiny") if gap < Fraction(1, 10**6) else language.chance(gap)


def fairness(figures: Figures, language: Language) -> list[str]:
    """Say the guarantee and its ceiling in plain words, and whom the quotas shut out."""
    per = scale_of(figures.least_chance)
    fine = _decimals(figures, per)
    promise = language.say(
        "fair_planned" if figures.number is None else "fair_drawn",
        least=language.chance(figures.least_chance, per=per, rounding="down", decimals=fine),
        bound=language.chance(figures.bound, per=per, rounding="up", decimals=fine),
    )
    said = [paragraph(promise, cls="promise")]
    if figures.shut_out:
        persons = language.counted(figures.shut_out, "person")
        said.append(paragraph(language.say("shut_out", persons=persons)))
    return said
