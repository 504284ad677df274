"""The figures of the report as tables: what the charts show, for those who read or copy it."""

from __future__ import annotations

from fractions import Fraction

from sortition.charts import seats_text
from sortition.html import Table
from sortition.language import Language
from sortition.presence_chart import ratio_text
from sortition.report_figures import SMALLEST_CELL, CategoryFigures, Figures
from sortition.svg import round_steps


def composition_table(figures: Figures, language: Language) -> Table:
    """Table quotas, population, volunteers and panel, feature by feature."""
    say = language.say
    columns = [say("head_category"), say("head_quota")]
    columns += [say("head_population")] if figures.shows_population else []
    columns += [say("head_pool"), say("head_pool_share")] if figures.shows_pool else []
    columns += [say("head_panel" if figures.shows_panel else "head_reach")]
    columns += [say("head_panel_share")] if figures.shows_panel else []
    groups = [
        (
            language.feature(feature.name),
            [_composition_row(category, figures, language) for category in feature.categories],
        )
        for feature in figures.features
    ]
    return Table(say("composition_table"), columns, groups)


def _composition_row(category: CategoryFigures, figures: Figures, language: Language) -> list[str]:
    cells = [category.name, _range(category.lower, category.upper, language)]
    if figures.shows_population:
        cells.append(_percent(category.population, language))
    if figures.shows_pool:
        cells += [pool_text(category, language), _percent(category.pool_share, language)]
    cells.append(seats_text(category))
    if category.drawn is not None and figures.shows_panel:
        cells.append(language.percent(Fraction(category.drawn, figures.size), 1))
    return cells


def pool_text(category: CategoryFigures, language: Language) -> str:
    """Write how many volunteers a category counts, or that they are too few to say."""
    if category.pool is None:
        return f"<\u00a0{SMALLEST_CELL}"
    return language.number(category.pool)


def presence_table(figures: Figures, language: Language) -> Table:
    """Table how present each category is among volunteers, and its mean chance."""
    say = language.say
    target = "head_target_population" if figures.shows_population else "head_target_quota"
    columns = [say("head_category"), say("head_pool_share"), say(target)]
    columns += [say("head_presence"), say("head_mean_chance")]
    groups = []
    for feature in figures.features:
        rows = []
        for category in feature.categories:
            presence, chance = category.presence, category.chance
            rows.append(
                [
                    category.name,
                    _percent(category.pool_share, language),
                    _percent(category.target, language),
                    "–" if presence is None else ratio_text(presence, language),
                    "–" if chance is None else language.number(100 * chance, 1),
                ]
            )
        groups.append((language.feature(feature.name), rows))
    return Table(say("presence_table"), columns, groups)


def chance_table(figures: Figures, language: Language) -> Table:
    """Table how many people have each chance, in classes of round width; 0 stands alone."""
    largest = Fraction(figures.seats[-1][0], figures.panels)
    edges = [Fraction(step).limit_denominator(10**6) for step in _edges(figures, largest)]
    counts = [0] * (len(edges) - 1)
    nobody = 0
    for seats, people in figures.seats:
        if seats == 0:
            nobody = people
            continue
        chance = Fraction(100 * seats, figures.panels)
        counts[max(i for i in range(len(counts)) if edges[i] <= chance)] += people
    rows = [["0", language.number(nobody)]] if nobody else []
    for i, people in enumerate(counts):
        if not people:
            continue
        ends = {"lower": _short(edges[i], language), "upper": _short(edges[i + 1], language)}
        is_last = i == len(counts) - 1
        name = language.say("class_last" if is_last else "class", **ends)
        rows.append([name, language.number(people)])
    columns = [language.say("head_chance"), language.say("head_pool")]
    return Table(language.say("chances_table"), columns, [("", rows)])


def _edges(figures: Figures, largest: Fraction) -> list[float]:
    """Return the ends of the classes: fine where most people are, then coarser."""
    fine = round_steps(200 * float(figures.even_chance), 8)
    coarse = [step for step in round_steps(100 * float(largest), 4) if step > fine[-1]]
    return [*fine, *coarse]


def _short(value: Fraction, language: Language) -> str:
    decimals = next((d for d in range(4) if (value * 10**d).denominator == 1), 4)
    return language.number(value, decimals)


def _percent(share: float | None, language: Language) -> str:
    return "–" if share is None else language.percent(share, 1)


def _range(lower: int, upper: int, language: Language) -> str:
    if lower == upper:
        return language.number(lower)
    return language.say("range", lower=lower, upper=upper)
