"""Charts show what the figures say: marks stand where they should, in words too, in any colours."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from fractions import Fraction
from math import ceil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sortition.chance_curve import chance_chart
from sortition.charts import NARROW, WIDE, Chart, feature_chart, legend, seats_text, slots_chart
from sortition.language import LANGUAGES, Language, scale_of
from sortition.palette import COLOURS, page_rules, typeface_files
from sortition.posters import Poster
from sortition.presence_chart import presence_chart, presence_rows, ratio_text
from sortition.report_figures import CategoryFigures, FeatureFigures, Figures
from sortition.report_text import FEATURES, MONTHS, NOUNS, SENTENCES
from sortition.svg import element, number, round_steps, width_of, wrap

FRENCH, ENGLISH = Language("fr"), Language("en")


def category(name: str = "Femme", **changes: object) -> CategoryFigures:
    figures = CategoryFigures(
        feature="sex",
        name=name,
        lower=4,
        upper=6,
        least=4,
        most=6,
        drawn=5,
        pool=60,
        pool_share=0.6,
        population=0.5,
        target=0.5,
        chance=0.08,
    )
    return replace(figures, **changes)  # type: ignore[arg-type]


def figures(*categories: CategoryFigures, **changes: object) -> Figures:
    """Invent a draw of 10 among 100 over 50 panels, number 7 drawn."""
    shown = categories or (category(), category("Homme", pool=40, pool_share=0.4, chance=0.13))
    known = Figures(
        title="Convention d’essai",
        size=10,
        pool=100,
        panels=50,
        digest="0" * 64,
        least_chance=Fraction(2, 50),
        bound=Fraction(1, 24),
        largest_error=Fraction(9, 10),
        shut_out=0,
        seats=((2, 40), (5, 30), (9, 30)),
        lowest_level=40,
        features=(FeatureFigures("sex", shown),),
        software={"kleroterion": "1"},
        randomness={"kind": "number"},
        draw={"number": 7, "panel": [], "randomness": {"inputs": {"number": "07"}}},
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def parsed(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)  # noqa: S314 - our own markup


def marks(chart: Chart, tag: str, cls: str) -> list[dict[str, str]]:
    """Return the attributes of the elements of one tag and one class."""
    tree = parsed(f"<svg>{chart.body}</svg>")
    return [e.attrib for e in tree.iter(tag) if cls in e.get("class", "").split()]


def words(chart: Chart) -> list[str]:
    tree = parsed(f"<svg>{chart.body}</svg>")
    return ["".join(e.itertext()) for e in tree.iter("text")]


def all_charts(shown: Figures, language: Language = FRENCH) -> list[Chart]:
    return [
        feature_chart(shown.features[0], shown, language),
        slots_chart(shown, language),
        *(presence_chart(shown, language, width) for width in (WIDE, NARROW)),
        *(chance_chart(shown, language, width) for width in (WIDE, NARROW)),
    ]


# ---- small pieces


def test_an_element_escapes_what_it_is_given() -> None:
    assert element("text", cls='a"<b', stroke_width=1.25, x=-0.04) == (
        '<text class="a&quot;&lt;b" stroke-width="1.2" x="0"/>'
    )


@pytest.mark.parametrize(
    ("most", "wanted", "expected"),
    [
        (52, 3, [0, 20, 40, 60]),
        (100, 4, [0, 25, 50, 75, 100]),
        (10, 5, [0, 2, 4, 6, 8, 10]),
        (0.3, 3, [0, 0.1, 0.2, 0.3]),
        (3000, 6, [0, 500, 1000, 1500, 2000, 2500, 3000]),
        (0, 3, [0, 1]),
    ],
)
def test_the_steps_of_an_axis_are_round_and_reach_the_most(
    most: float, wanted: int, expected: list[float]
) -> None:
    assert round_steps(most, wanted) == pytest.approx(expected)


def test_a_label_breaks_at_spaces_and_hyphens_and_says_what_it_cuts() -> None:
    assert wrap("Bourgogne-Franche-Comté", 120, 13) == ["Bourgogne-Franche-", "Comté"]
    assert wrap("Aucun diplôme", 400, 13) == ["Aucun diplôme"]
    cut = wrap("Cadres et professions intellectuelles supérieures", 100, 13, most=2)
    assert len(cut) == 2
    assert cut[1].endswith("…")
    assert all(width_of(line, 13) <= 100 for line in cut)


def test_a_coordinate_has_one_decimal_at_most() -> None:
    assert [number(v) for v in (1, 1.04, 1.06, -0.01, 2.0)] == ["1", "1", "1.1", "0", "2"]


# ---- languages


def test_each_language_writes_numbers_its_own_way() -> None:
    assert FRENCH.number(Fraction(1234567, 100), 1) == "12\u202f345,7"
    assert ENGLISH.number(Fraction(1234567, 100), 1) == "12,345.7"
    assert FRENCH.percent(Fraction(1, 8), 1) == "12,5\u00a0%"
    assert ENGLISH.percent(Fraction(1, 8), 1) == "12.5%"
    assert FRENCH.number(-0.25, 2) == "−0,25"


def test_a_chance_is_told_out_of_a_hundred_or_as_many_as_it_takes() -> None:
    assert FRENCH.chance(Fraction(63, 1000)) == "6,3\u00a0chances sur\u00a0100"
    assert FRENCH.chance(Fraction(12, 10000)) == "1,2\u00a0chance sur\u00a01\u202f000"
    assert ENGLISH.chance(Fraction(1, 50)) == "2\u00a0chances in\u00a0100"
    assert ENGLISH.chance(Fraction(1, 100)) == "1\u00a0chance in\u00a0100"
    assert scale_of(Fraction(0)) == 100


def test_a_chance_is_rounded_the_way_asked() -> None:
    value = Fraction(6274, 100000)
    assert FRENCH.odds(value, rounding="down")[0] == "6,2"
    assert FRENCH.odds(value, rounding="up")[0] == "6,3"


def test_an_instant_is_written_in_words() -> None:
    assert FRENCH.instant("2026-12-01T18:05:00+01:00") == "1er décembre 2026 à 18\u00a0h\u00a005"
    assert ENGLISH.instant("2026-12-05") == "5 December 2026"
    assert ENGLISH.instant("2026-12-05T18:05:00+00:00") == "5 December 2026, 18:05\u00a0UTC"
    assert FRENCH.instant("un soir") == "un soir"
    assert FRENCH.instant("2026-13-01") == "2026-13-01"


def test_items_are_listed_as_one_phrase() -> None:
    assert FRENCH.listed(["Ada"]) == "Ada"
    assert FRENCH.listed(["Ada", "Émile", "Jo"]) == "Ada, Émile et Jo"


def test_there_are_no_words_in_other_languages() -> None:
    with pytest.raises(ValueError, match="de"):
        Language("de")


def test_both_languages_fill_in_the_same_blanks() -> None:
    for key, pair in SENTENCES.items():
        blanks = [set(re.findall(r"{(\w+)}", sentence)) for sentence in pair]
        assert blanks[0] == blanks[1], key
        assert len(pair) == len(LANGUAGES)
        assert all(pair), key


def test_every_sentence_is_said_somewhere(root: Path) -> None:
    sources = [
        path.read_text("utf-8")
        for path in (root / "sortition").glob("*.py")
        if path.name != "report_text.py"
    ]
    said = "\n".join(sources)
    built = ("random_", "presence_heading_")  # completed by the kind of source or of reference
    unsaid = [k for k in SENTENCES if f'"{k}"' not in said and not k.startswith(built)]
    assert unsaid == []


# ---- feature charts


def test_the_marks_of_a_category_stand_at_their_shares() -> None:
    chart = feature_chart(figures().features[0], figures(), FRENCH)
    lines = sorted({float(mark["x1"]) for mark in marks(chart, "line", "grid")})
    zero, per_share = lines[0], (lines[-1] - lines[0]) / 0.6  # the axis ends at 60 %
    quota = marks(chart, "rect", "band")[0]
    assert float(quota["x"]) == pytest.approx(zero + 0.4 * per_share, abs=0.1)
    assert float(quota["width"]) == pytest.approx(0.2 * per_share, abs=0.1)
    pool, panel = (marks(chart, "circle", name)[0] for name in ("pool", "panel"))
    assert float(pool["cx"]) == pytest.approx(zero + 0.6 * per_share, abs=0.1)
    assert float(panel["cx"]) == pytest.approx(zero + 0.5 * per_share, abs=0.1)
    people = marks(chart, "line", "people")[0]
    assert float(people["x1"]) == pytest.approx(zero + 0.5 * per_share, abs=0.1)


def test_before_the_draw_the_reach_over_all_panels_stands_for_the_panel() -> None:
    before = figures(category(drawn=None), draw=None)
    chart = feature_chart(before.features[0], before, FRENCH)
    assert marks(chart, "circle", "panel") == []
    assert len(marks(chart, "line", "reach")) == 1
    assert "4–6" in words(chart)
    assert seats_text(category(drawn=None, most=4)) == "4"


def test_a_hidden_or_unknown_category_has_no_mark_for_its_volunteers() -> None:
    hidden = figures(category(pool=None, pool_share=None, chance=None))
    chart = feature_chart(hidden.features[0], hidden, FRENCH)
    assert marks(chart, "circle", "pool") == []
    assert "volontaires" not in chart.description


def test_a_quota_of_a_single_value_is_still_seen() -> None:
    tight = figures(category(lower=5, upper=5))
    (quota,) = marks(feature_chart(tight.features[0], tight, FRENCH), "rect", "band")
    assert float(quota["width"]) >= 4


def test_the_key_names_only_the_marks_that_are_shown() -> None:
    keys = [meaning for _, meaning in legend(figures(), FRENCH)]
    assert keys == ["quota, du minimum au maximum", "population", "volontaires", "panel tiré"]
    bare = figures(category(pool=None, pool_share=None, population=None, drawn=None), draw=None)
    assert len(legend(bare, FRENCH)) == 2


# ---- slots


@pytest.mark.parametrize("panels", [1, 7, 50, 1000, 1234, 10000, 30000, 100000])
def test_there_is_one_slot_per_panel(panels: int) -> None:
    chart = slots_chart(figures(panels=panels, draw={"number": panels - 1}), FRENCH)
    slots = 0
    for row in marks(chart, "line", "slot"):
        slit, gap = map(float, row["stroke-dasharray"].split())
        slots += ceil((float(row["x2"]) - 0.06) / (slit + gap))
    assert slots == panels
    assert float(marks(chart, "line", "slot")[-1]["y1"]) < chart.height


@pytest.mark.parametrize("drawn", [0, 7, 417, 999])
def test_the_lit_slot_is_that_of_the_number_drawn(drawn: int) -> None:
    chart = slots_chart(figures(panels=1000, draw={"number": drawn}), FRENCH)
    (lit,) = marks(chart, "rect", "slot-on")
    rows = marks(chart, "line", "slot")
    row, column = divmod(drawn, 50)
    assert float(lit["x"]) <= column * WIDE / 50 + 5 <= float(lit["x"]) + float(lit["width"])
    middle = float(lit["y"]) + float(lit["height"]) / 2
    between = float(rows[1]["y1"]) - float(rows[0]["y1"])
    assert abs(middle - float(rows[row]["y1"])) < between / 3


def test_no_slot_is_lit_before_the_draw() -> None:
    assert marks(slots_chart(figures(draw=None), FRENCH), "rect", "slot-on") == []


# ---- who volunteered


def test_over_and_under_represented_categories_come_in_order() -> None:
    shown = figures(
        category("a", pool_share=0.6, target=0.2),
        category("b", pool_share=0.3, target=0.2),
        category("c", pool_share=0.1, target=0.1),
        category("d", pool_share=0.1, target=0.2),
        category("e", pool_share=None, chance=None),
    )
    over, under = presence_rows(shown)
    assert [c.name for c in over] == ["a", "b"]
    assert [c.name for c in under] == ["d"]
    said = words(presence_chart(shown, FRENCH))
    assert {"×3,0", "×1,5", "÷2,0", "Présence, rapportée à la population"} <= set(said)


def test_a_ratio_is_told_as_times_more_or_less() -> None:
    assert ratio_text(2.04, FRENCH) == "×2,0"
    assert ratio_text(0.5, ENGLISH) == "÷2.0"


def test_a_pool_that_matches_its_targets_still_has_a_chart() -> None:
    alike = figures(category(pool_share=0.5, target=0.5))
    assert presence_rows(alike) == ([], [])
    assert presence_chart(alike, FRENCH).height > 0


# ---- chances


def steps_of(path: str) -> list[tuple[float, float]]:
    """Read a path of horizontal and vertical strokes as (length, height)."""
    start, strokes = re.match(r"M([\d.]+) (.*)", path).groups()  # type: ignore[union-attr]
    x, y, steps = float(start), None, []
    for kind, value in re.findall(r"([VH]?)([\d.]+)", strokes):
        if kind == "H":
            steps.append((float(value) - x, y))
            x = float(value)
        else:
            y = float(value)
    return steps  # type: ignore[return-value]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_area_under_the_curve_is_the_size_of_the_panel(width: float) -> None:
    shown = figures(seats=((0, 10), (2, 30), (5, 30), (8, 30)), panels=45, shut_out=10)
    chart = chance_chart(shown, FRENCH, width)
    (curve,) = marks(chart, "path", "curve")
    (axis,) = (m for m in marks(chart, "line", "axis") if m["y1"] == m["y2"])
    base = float(axis["y1"])
    top = min(float(m["y1"]) for m in marks(chart, "line", "grid"))
    across = float(axis["x2"]) - float(axis["x1"])
    steps = steps_of(curve["d"])
    assert float(axis["x1"]) + sum(length for length, _ in steps) == float(axis["x2"])
    area = sum(length * (base - y) for length, y in steps)
    seats = area / (across * (base - top)) * 100 * 0.2  # the axis ends at 20 chances in 100
    assert seats == pytest.approx(10, abs=0.05)


def test_the_lowest_level_is_marked_as_far_as_its_people_go() -> None:
    chart = chance_chart(figures(), FRENCH)
    (level,) = marks(chart, "line", "level")
    (axis,) = (m for m in marks(chart, "line", "axis") if m["y1"] == m["y2"])
    across = float(axis["x2"]) - float(axis["x1"])
    assert float(level["x2"]) - float(level["x1"]) == pytest.approx(0.4 * across, abs=0.2)
    assert "40\u00a0volontaires à ce niveau" in words(chart)


def test_a_curve_with_a_few_giants_is_cut_and_says_so() -> None:
    tall = figures(seats=((2, 97), (50, 3)), panels=50)
    chart = chance_chart(tall, FRENCH)
    assert "3\u00a0volontaires au-delà, jusqu’à 100\u00a0chances sur\u00a0100" in words(chart)
    assert len(marks(chart, "path", "curve")) == 2  # and the whole of it, small
    assert all("nan" not in m["d"] for m in marks(chart, "path", "curve"))


def test_a_curve_without_giants_is_whole() -> None:
    chart = chance_chart(figures(), FRENCH)
    assert len(marks(chart, "path", "curve")) == 1
    assert "plus grande\u00a0: 18\u00a0chances sur\u00a0100" in words(chart)


def test_equal_chances_make_a_flat_line_without_a_largest_one() -> None:
    flat = figures(seats=((5, 100),), least_chance=Fraction(1, 10), lowest_level=100)
    assert not [w for w in words(chance_chart(flat, FRENCH)) if "plus grande :" in w]


# ---- every chart


@pytest.mark.parametrize("language", [FRENCH, ENGLISH])
def test_every_chart_is_markup_without_style_or_script_and_speaks(language: Language) -> None:
    shown = figures(category('autre "né·e", <&>'), category("Homme", pool_share=0.2))
    for number_, chart in enumerate(all_charts(shown, language)):
        root = parsed(chart.inline(f"c{number_}"))
        assert root.get("role") == "img"
        ids = {e.get("id"): e.text for e in root.iter() if e.get("id")}
        assert [ids[i] for i in root.get("aria-labelledby", "").split()] == [
            chart.title,
            chart.description,
        ]
        assert all(ids.values())
        assert not [e for e in root.iter() if e.get("style") or e.tag == "script"]


def test_equal_figures_are_drawn_with_equal_bytes() -> None:
    assert [c.body for c in all_charts(figures())] == [c.body for c in all_charts(figures())]


def test_every_class_of_a_chart_has_a_rule() -> None:
    rules = page_rules()
    for chart in [*all_charts(figures()), *all_charts(figures(draw=None))]:
        for names in re.findall(r'class="([^"]+)"', chart.body):
            assert all(f".chart .{name} {{" in rules for name in names.split())


# ---- colours and typefaces


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize("ground", ["paper", "area", "wash"])
def test_words_and_marks_stand_out_in_both_themes(theme: int, ground: str) -> None:
    for name in ("ink", "muted", "panel", "pool"):
        assert contrast(COLOURS[name][theme], COLOURS[ground][theme]) >= 4.5, name
    assert contrast(COLOURS["edge"][theme], COLOURS["paper"][theme]) >= 3


def characters_of(path: Path) -> set[int]:
    """Read the characters a typeface draws, from the format 4 table of its map."""
    content = path.read_bytes()
    tables = struct.unpack(">H", content[4:6])[0]
    entries = [struct.unpack(">4sLLL", content[12 + 16 * i : 28 + 16 * i]) for i in range(tables)]
    start = next(offset for tag, _, offset, _ in entries if tag == b"cmap")
    count = struct.unpack(">H", content[start + 2 : start + 4])[0]
    for i in range(count):
        offset = struct.unpack(">L", content[start + 8 + 8 * i : start + 12 + 8 * i])[0]
        table = content[start + offset :]
        if struct.unpack(">H", table[:2])[0] == 4:
            half = struct.unpack(">H", table[6:8])[0]
            ends = struct.unpack(f">{half // 2}H", table[14 : 14 + half])
            starts = struct.unpack(f">{half // 2}H", table[16 + half : 16 + 2 * half])
            return {c for s, e in zip(starts, ends, strict=True) for c in range(s, e + 1)}
    raise AssertionError(path)


def test_the_typefaces_draw_every_character_the_report_writes() -> None:
    said = [*SENTENCES.values(), *NOUNS.values(), *FEATURES.values(), *MONTHS]
    wanted = {ord(c) for words_ in said for text in words_ for c in text}
    wanted |= {ord(c) for c in "\u00a0\u202f–−×÷=…0123456789"}
    files = typeface_files()
    assert len(files) == 3
    for path in files[:2]:  # the third draws titles only
        assert wanted - characters_of(path) == set(), path.name


# ---- posters


def poster(language: str = "fr") -> Poster:
    shown = figures()
    return Poster(
        title="Le panel face aux quotas",
        subtitle="Sous-titre",
        charts=[("Sexe", feature_chart(shown.features[0], shown, FRENCH))] * 3,
        source="Source & co",
        language=language,
        key=legend(shown, FRENCH),
        columns=2,
    )


def test_a_key_too_long_for_a_line_goes_on_below() -> None:
    def lines_of_the_key(shown: Poster) -> set[str | None]:
        meanings = {meaning for _, meaning in shown.key}
        return {e.get("y") for e in parsed(shown.svg()).iter() if e.text in meanings}

    assert len(lines_of_the_key(poster())) == 1
    assert len(lines_of_the_key(replace(poster(), columns=1))) > 1


def test_an_svg_file_stands_alone() -> None:
    svg = poster().svg()
    root = parsed(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "var(" not in svg
    assert svg.replace('xmlns="http://www.w3.org/2000/svg"', "").count("http") == 0
    assert "data:font/woff2" in svg
    assert "Source &amp; co" in svg


def test_a_png_is_twice_as_large_and_always_the_same() -> None:
    one = poster().png()
    assert one == poster().png()
    assert one.startswith(b"\x89PNG")
    width, height = struct.unpack(">LL", one[16:24])
    root = parsed(poster().svg())
    assert (width, height) == (
        2 * float(root.get("width", "0")),
        2 * float(root.get("height", "0")),
    )


def test_a_png_shows_its_words() -> None:
    """Without a typeface, a renderer leaves words out and says nothing."""
    assert poster().png() != replace(poster(), source="Source & Co").png()
