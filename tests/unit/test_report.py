"""The report says what the bundle holds, hides what it must, and is one page that fetches nothing."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sortition.bundle import Bundle
from sortition.canonical import digest, json_bytes
from sortition.drawing import draw
from sortition.drawn_number import DrawInputs
from sortition.errors import BundleError
from sortition.html import Table
from sortition.language import Language
from sortition.posters import Poster
from sortition.quotas import Quotas
from sortition.report import Report, build_report, write_report
from sortition.report_facts import fairness
from sortition.report_figures import Figures
from sortition.report_page import render_page
from sortition.report_reading import publishable, read_figures
from sortition.report_sections import lottery, volunteers
from sortition.report_tables import chance_table, composition_table
from tests.frozen_bundles import HandSolution, Shutout, freeze_by_hand, two_groups
from tests.lifelike_draw import lifelike_draw, population_shares

NUMBER = 17
SOLUTION = lifelike_draw()


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A lifelike draw of 40 among 240, before chance has spoken."""
    path = tmp_path_factory.mktemp("report") / "frozen"
    return freeze_by_hand(
        path, SOLUTION, title="Convention <b>d’essai</b> & cie", targets=population_shares()
    )


@pytest.fixture(scope="module")
def drawn(frozen: Bundle) -> Bundle:
    path = frozen.path.with_name("drawn")
    shutil.copytree(frozen.path, path)
    inputs = DrawInputs(number=str(NUMBER), number_again=str(NUMBER))
    draw(path, inputs, drawn_at="2026-12-05T18:30:00+01:00", officers=("Ada", "Émile"))
    return replace(frozen, path=path)


@pytest.fixture(scope="module")
def figures(drawn: Bundle) -> Figures:
    return read_figures(drawn.path)


def without(bundle: Bundle, target: Path, *parts: str) -> Path:
    shutil.copytree(bundle.path, target, ignore=shutil.ignore_patterns(*parts))
    return target


def text_of(html: str) -> str:
    """Return the words of a page as a reader sees them, spaces made plain."""
    body = html[html.index("<body>") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body).replace("\u00a0", " "))


# ---- reading


def test_the_seats_of_the_panel_drawn_are_those_of_its_members(
    drawn: Bundle, figures: Figures
) -> None:
    solution = SOLUTION
    counts = solution.pool.counts(solution.panels[NUMBER])
    assert [c.drawn for c in figures.categories] == counts.tolist()
    assert figures.number == NUMBER
    for feature in figures.features:
        assert sum(c.drawn or 0 for c in feature.categories) == figures.size


def test_the_reach_is_that_of_all_prepared_panels(figures: Figures) -> None:
    solution = SOLUTION
    counts = [solution.pool.counts(panel) for panel in solution.panels]
    for position, category in enumerate(figures.categories):
        held = [int(count[position]) for count in counts]
        assert (category.least, category.most) == (min(held), max(held))


def test_chances_and_their_proof_are_those_of_the_bundle(figures: Figures) -> None:
    solution = SOLUTION
    assert figures.least_chance == solution.min_probability
    assert figures.bound == solution.bound
    assert figures.gap == figures.bound - figures.least_chance
    assert figures.largest_error == solution.max_error_seats
    assert dict(figures.seats) == Counter(solution.seats.tolist())
    lowest = solution.probabilities.numerators
    assert figures.lowest_level == int((lowest == lowest.min()).sum())


def test_people_without_any_chance_do_not_make_the_lowest_level(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b", two_groups(never_whole=0))
    figures = read_figures(bundle.path)
    assert (figures.shut_out, figures.lowest_level) == (1, 9)
    assert figures.least_chance > 0


def test_a_category_is_given_the_mean_chance_of_its_volunteers(figures: Figures) -> None:
    solution = SOLUTION
    women = solution.pool.membership[:, 0] == 0
    mean = solution.seats[women].mean() / len(solution.panels)
    assert figures.categories[0].chance == pytest.approx(mean)


def test_private_tables_tell_the_same_as_the_witness(drawn: Bundle, tmp_path: Path) -> None:
    private = without(drawn, tmp_path / "private", "witness")
    witness = without(drawn, tmp_path / "witness", "respondents.csv")
    assert read_figures(private) == read_figures(witness) == read_figures(drawn.path)


def test_public_alone_shows_quotas_and_panels_and_says_what_is_missing(
    drawn: Bundle, tmp_path: Path
) -> None:
    path = without(drawn, tmp_path / "public", "witness", "private")
    figures = read_figures(path)
    assert not figures.shows_pool
    assert not figures.shows_panel
    assert not figures.hides_cells
    words = text_of(build_report(path).html)
    assert "Le dossier lu ici ne contient pas les critères des volontaires" in words
    assert "La composition du panel tiré n’est pas dans le dossier lu ici" in words
    assert "Qui s’est porté volontaire" not in words
    assert set(build_report(path).plots) == {"composition", "probabilities"}


def test_targets_are_the_population_or_else_the_middle_of_the_quotas(
    drawn: Bundle, tmp_path: Path, figures: Figures
) -> None:
    assert figures.categories[0].target == pytest.approx(0.52)
    assert figures.targets_source == "Chiffres inventés, 2026-01-01"
    other = read_figures(without(drawn, tmp_path / "b", "targets.json"))
    for feature in other.features:
        assert sum(category.target for category in feature.categories) == pytest.approx(1)
    assert other.categories[0].population is None
    assert "au milieu de chaque quota" in text_of(render_page(other, Language("fr")))


# ---- bundles that do not hold together


@pytest.mark.parametrize("name", ["probabilities.csv", "composition.csv", "quotas.csv"])
def test_a_table_changed_since_it_was_frozen_is_refused(
    drawn: Bundle, tmp_path: Path, name: str
) -> None:
    path = without(drawn, tmp_path / "b")
    table = path / "public" / name
    table.write_bytes(table.read_bytes().replace(b"1", b"2", 1))
    with pytest.raises(BundleError, match="changed"):
        build_report(path)


def test_a_manifest_that_overstates_the_smallest_chance_is_refused(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Boasting(HandSolution):
        @property
        def min_probability(self) -> Fraction:
            return Fraction(1, 2)

    honest = SOLUTION
    boasting = Boasting(honest.pool, honest.quotas, honest.probabilities, honest.panels)
    bundle = freeze_by_hand(tmp_path / "b", boasting)
    with pytest.raises(BundleError, match="minimum_probability"):
        build_report(bundle.path)


def test_a_panel_outside_its_quotas_is_refused(tmp_path: Path) -> None:
    solution = SOLUTION
    first = solution.quotas.quotas[0]
    narrow = replace(first, upper=first.upper - 1)
    quotas = Quotas(solution.quotas.size, (narrow, *solution.quotas.quotas[1:]))
    bundle = freeze_by_hand(tmp_path / "b", replace(solution, quotas=quotas))
    with pytest.raises(BundleError, match="Femme"):
        build_report(bundle.path)


def test_somebody_shut_out_who_sits_in_a_panel_is_a_contradiction(tmp_path: Path) -> None:
    busiest = Shutout(int(SOLUTION.seats.argmin()), (), "")
    bundle = freeze_by_hand(tmp_path / "b", replace(SOLUTION, excluded=(busiest,)))
    with pytest.raises(BundleError, match="minimum_probability"):
        build_report(bundle.path)


def test_a_table_of_chances_without_everybody_is_refused(drawn: Bundle, tmp_path: Path) -> None:
    """Even under a manifest that seals the shorter table."""
    path = without(drawn, tmp_path / "b")
    table = path / "public" / "probabilities.csv"
    table.write_bytes(table.read_bytes()[: -len(table.read_bytes().splitlines()[-1]) - 1])
    manifest = json.loads((path / "public" / "manifest.json").read_bytes())
    manifest["files"]["public/probabilities.csv"] = digest(table.read_bytes())
    sealed = json_bytes(manifest)
    (path / "public" / "manifest.json").write_bytes(sealed)
    (path / "public" / "digest.txt").write_text(f"{digest(sealed)}\n", "utf-8")
    with pytest.raises(BundleError, match="does not hold the pool"):
        build_report(path)


# ---- small cells


def test_counts_below_five_are_hidden_and_their_neighbours_rounded() -> None:
    assert publishable([12, 5, 83]) == ([12, 5, 83], False)
    assert publishable([12, 4, 84, 6, 0]) == ([10, None, 80, 10, None], True)


def test_a_hidden_count_does_not_follow_from_those_shown(figures: Figures) -> None:
    pool = SOLUTION.pool
    true = dict(zip(pool.categories, pool.counts().tolist(), strict=True))
    hidden = 0
    for feature in figures.features:
        for category in feature.categories:
            count = true[feature.name, category.name]
            hidden += count < 5
            assert (category.pool is None) == (count < 5)
            assert (category.chance is None) == (count < 5)
            if feature.is_rounded and category.pool is not None:
                assert category.pool % 10 == 0
                assert category.pool_share == pytest.approx(category.pool / 240)
    assert hidden >= 2
    assert "< 5" in text_of(render_page(figures, Language("fr"))).replace("&lt;", "<")


def test_the_page_says_how_it_hides_only_when_it_does(figures: Figures) -> None:
    said = "arrondis à la dizaine"
    assert said in text_of(render_page(figures, Language("fr")))
    exact = tuple(replace(feature, is_rounded=False) for feature in figures.features)
    assert said not in text_of(render_page(replace(figures, features=exact), Language("fr")))


# ---- words


def test_the_page_gives_the_facts_of_a_draw(drawn: Bundle) -> None:
    html = build_report(drawn.path).html
    words = text_of(html)
    low, high = re.findall(r'class="figure">([^<]+)<', html)[2:]
    shown = [float(figure.replace(",", ".")) for figure in (low, high)]
    told = [float(Fraction(drawn.manifest[name])) for name in ("minimum_probability", "bound")]
    assert shown == pytest.approx([100 * chance for chance in told], abs=0.1)
    assert (
        "Le tirage a désigné 40 personnes parmi 240 volontaires : c’est le panel n° 17, "
        "sur 60 panels préparés et figés d’avance." in words
    )
    assert re.search(f"Chaque volontaire avait au moins {low} chances? sur 100 d’être tiré", words)
    assert re.search(f"garantir à tous plus de {high} chances? sur 100", words)
    assert "Les 39 quotas sont tous respectés par le panel tiré." in words
    assert "Tirage enregistré le 5 décembre 2026 à 18 h 30. Tenu par Ada et Émile." in words
    assert words.count(drawn.digest) >= 2
    assert f"python audit.py DOSSIER --digest {drawn.digest}" in words


def test_the_page_before_the_draw_names_no_panel(frozen: Bundle) -> None:
    words = text_of(build_report(frozen.path).html)
    assert "Le tirage désignera 40 personnes parmi 240 volontaires" in words
    assert "Chaque volontaire a au moins" in words
    assert "n° 17" not in words
    assert "Relevé" not in words
    assert "Les 39 quotas sont respectés par chacun des 60 panels." in words


def test_the_english_page_is_english(drawn: Bundle) -> None:
    html = build_report(drawn.path, "en").html
    words = text_of(html)
    assert '<html lang="en">' in html
    assert "The draw picked 40 people out of 240 volunteers: panel no. 17" in words
    assert "Draw recorded on 5 December 2026, 18:30. Held by Ada and Émile." in words
    for french in ("tirage", "volontaire", "chances sur", "Vérifier", "Échelle", "DOSSIER"):
        assert french not in words


def test_people_shut_out_are_told_and_excepted(figures: Figures) -> None:
    said = " ".join(fairness(replace(figures, shut_out=3), Language("fr")))
    assert "aucun panel qui respecte les quotas ne peut contenir 3\u00a0personnes" in said
    assert "Exception" not in " ".join(fairness(figures, Language("fr")))
    page = text_of(render_page(replace(figures, shut_out=3), Language("fr")))
    assert "garantie à chaque volontaire que les quotas admettent" in page


def test_a_replacement_says_so(figures: Figures) -> None:
    page = text_of(render_page(replace(figures, is_replacement=True), Language("fr")))
    assert "devenues vacantes" in page


@pytest.mark.parametrize(
    ("plan", "inputs", "expected"),
    [
        ({"kind": "number"}, {"number": "0417"}, "tiré à la main, de 0 à 59. Relevé : 0417."),
        (
            {"kind": "sources", "sources": ["Loto du 5", "Keno du 6"]},
            {"values": ["1 2 3", "4 5"]},
            "nommés d’avance : Loto du 5 ; Keno du 6. Relevé : 1 2 3 ; 4 5.",
        ),
        (
            {"kind": "drand", "chain": "quicknet", "round": 12345},
            {"round": 12345, "signature": "ab", "randomness": "cd"},
            "drand, réseau quicknet, annoncé d’avance. Relevé : cd.",
        ),
        ({"kind": "text"}, {"text": "graine"}, "Un texte convenu d’avance. Relevé : graine."),
        (
            {"kind": "combined", "parts": [{"kind": "number"}, {"kind": "text"}]},
            {"parts": [{"number": "3"}, {"text": "x"}]},
            "Relevé : 3. Un texte convenu d’avance. Relevé : x.",
        ),
    ],
)
def test_each_source_of_chance_is_told_with_what_was_recorded(
    figures: Figures, plan: dict[str, object], inputs: dict[str, object], expected: str
) -> None:
    record = {"number": 3, "panel": [], "randomness": {"inputs": inputs}}
    shown = replace(figures, randomness=plan, draw=record)
    assert expected in text_of(f"<body>{lottery(shown, Language('fr'))}")
    before = replace(figures, randomness=plan, draw=None)
    assert "Relevé" not in lottery(before, Language("fr"))


def test_the_gap_is_told_even_when_it_is_nothing(figures: Figures) -> None:
    none = replace(figures, bound=figures.least_chance)
    tiny = replace(figures, bound=figures.least_chance + Fraction(1, 10**9))
    assert "L’écart au plafond nul" in text_of(render_page(none, Language("fr")))
    assert "moins d’une chance sur un million" in text_of(render_page(tiny, Language("fr")))


def test_rounding_does_not_widen_the_gap_between_the_chance_and_its_ceiling(
    figures: Figures,
) -> None:
    close = replace(figures, least_chance=Fraction(23, 1000), bound=Fraction(230_659, 10_000_000))
    (promise,) = fairness(replace(close, shut_out=0), Language("en"))
    assert "at least 2.30" in promise
    assert "more than 2.31" in promise
    even = replace(close, bound=Fraction(23, 1000))
    (promise,) = fairness(replace(even, shut_out=0), Language("en"))
    assert "2.30" not in promise


def test_self_selection_is_told_with_its_limits(drawn: Bundle) -> None:
    words = text_of(build_report(drawn.path).html)
    assert re.search(r"Ici, « [^»]+ » \(\w+\) pèse \d,\d fois plus parmi les volontaires", words)
    assert "Le tirage corrige" in words
    assert "sur ce qu’aucun critère ne mesure, rien ne garantit l’équilibre" in words


def test_a_pool_that_only_exceeds_its_targets_is_not_compared_both_ways(
    figures: Figures,
) -> None:
    feature = figures.features[0]
    cells = tuple(replace(c, pool_share=0.5, target=0.2) for c in feature.categories)
    shown = replace(figures, features=(replace(feature, categories=cells),))
    words = text_of(f"<body>{volunteers(shown, Language('fr'))}")
    assert "Ici" not in words
    alike = tuple(replace(c, pool_share=0.5, target=0.5) for c in feature.categories)
    shown = replace(figures, features=(replace(feature, categories=alike),))
    assert "aucun écart ne dépasse un dixième" in volunteers(shown, Language("fr"))


def test_the_draw_is_not_said_to_correct_what_it_does_not(figures: Figures) -> None:
    features = tuple(
        replace(f, categories=tuple(replace(c, chance=0.1) for c in f.categories if c.chance))
        for f in figures.features
    )
    page = text_of(render_page(replace(figures, features=features), Language("fr")))
    assert "Le tirage corrige" not in page


# ---- tables


def test_the_classes_of_chances_hold_everybody_once(figures: Figures) -> None:
    (_, rows), *_ = chance_table(figures, Language("en")).groups
    assert sum(int(count.replace(",", "")) for _, count in rows) == figures.pool


def test_a_chance_on_the_edge_of_two_classes_is_in_the_upper_one(figures: Figures) -> None:
    shown = replace(figures, size=24, panels=100, seats=((5, 100), (10, 30), (20, 110)))
    (_, rows), *_ = chance_table(shown, Language("en")).groups
    assert rows == [["5 to under 10", "100"], ["10 to under 15", "30"], ["15 to 20", "110"]]


def test_people_without_a_chance_are_counted_apart(figures: Figures) -> None:
    shown = replace(figures, pool=243, seats=((0, 3), *figures.seats))
    (_, rows), *_ = chance_table(shown, Language("en")).groups
    assert rows[0] == ["0", "3"]
    assert sum(int(count.replace(",", "")) for _, count in rows) == 243


def test_every_row_of_a_table_fills_its_columns(drawn: Bundle, tmp_path: Path) -> None:
    public = without(drawn, tmp_path / "public", "witness", "private")
    for path in (drawn.path, public):
        table = composition_table(read_figures(path), Language("fr"))
        assert {len(row) for _, rows in table.groups for row in rows} == {len(table.columns)}


def test_a_table_escapes_its_cells() -> None:
    folded = Table("<t>", ("a&b",), (("", (("<x>",),)),)).folded()
    assert "<x>" not in folded
    assert "a&amp;b" in folded


# ---- the page as a page


class Outline(HTMLParser):
    """What a browser, or somebody who cannot see, makes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module", params=["fr", "en"])
def page(drawn: Bundle, request: pytest.FixtureRequest) -> str:
    return build_report(drawn.path, request.param).html


@pytest.fixture
def outline(page: str) -> Outline:
    read = Outline()
    read.feed(page)
    assert read.open == []
    return read


def test_the_page_fetches_nothing_and_runs_nothing(page: str, outline: Outline) -> None:
    names = {tag for tag, _ in outline.tags}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object", "base", "form"})
    for _, attributes in outline.tags:
        assert attributes.keys().isdisjoint({"src", "href", "style", "onload", "onclick"})
    assert set(re.findall(r"url\((.{5})", page)) == {"data:"}
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_headings_are_in_order_under_one_title(outline: Outline) -> None:
    assert outline.headings.count(1) == 1
    assert outline.headings[0] == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)


def test_ids_are_unique_and_every_chart_has_its_words(outline: Outline) -> None:
    assert len(outline.ids) == len(set(outline.ids))
    charts = [values for tag, values in outline.tags if tag == "svg"]
    spoken = [values for values in charts if values.get("role") == "img"]
    assert len(spoken) == 6 + 1 + 2 + 2
    for values in spoken:
        assert set(str(values["aria-labelledby"]).split()) <= set(outline.ids)
    assert all(v.get("aria-hidden") == "true" for v in charts if v not in spoken)


def test_every_chart_of_figures_also_has_a_table_with_headings(outline: Outline) -> None:
    names = [tag for tag, _ in outline.tags]
    assert names.count("table") == names.count("caption") == names.count("summary") == 3
    assert all(values.get("scope") for tag, values in outline.tags if tag == "th")
    regions = [v for _, v in outline.tags if v.get("role") == "region"]
    assert all(v.get("tabindex") == "0" and v.get("aria-label") for v in regions)


def test_a_title_cannot_smuggle_markup(page: str) -> None:
    assert "<b>" not in page
    assert "Convention &lt;b&gt;d’essai&lt;/b&gt; &amp; cie" in page


def test_strange_names_of_categories_are_shown_as_they_are(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b", two_groups(never_whole=0))
    report = build_report(bundle.path)
    assert "autre &quot;né·e&quot;" in report.html or 'autre "né·e"' in report.html
    Outline().feed(report.html)
    assert report.plots["composition"].svg()


def test_the_same_bundle_gives_the_same_bytes(drawn: Bundle) -> None:
    one, two = build_report(drawn.path), build_report(drawn.path)
    assert one == two
    assert [p.svg() for p in one.plots.values()] == [p.svg() for p in two.plots.values()]


def test_a_language_without_words_is_refused(drawn: Bundle) -> None:
    with pytest.raises(ValueError, match="de"):
        build_report(drawn.path, "de")


# ---- files


def test_the_page_and_its_plots_are_written_side_by_side(drawn: Bundle, tmp_path: Path) -> None:
    report = build_report(drawn.path)
    out = tmp_path / "new" / "tirage.html"
    written = write_report(report, out)
    assert written[0] == out
    expected = {"tirage.html"} | {
        f"tirage-{name}.{kind}"
        for name in ("composition", "probabilities", "volunteers")
        for kind in ("svg", "png")
    }
    assert {path.name for path in written} == expected
    assert {path.name for path in out.parent.iterdir()} == expected
    assert out.read_text("utf-8") == report.html


def test_a_report_is_written_again_over_the_old_one(drawn: Bundle, tmp_path: Path) -> None:
    report = Report(build_report(drawn.path).html)
    out = tmp_path / "report.html"
    out.write_text("old", "utf-8")
    assert write_report(report, out) == (out,)
    assert out.read_text("utf-8") == report.html


def test_the_page_takes_its_place_last(
    drawn: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is there has its plots beside it."""
    placed = []
    replace_file = Path.replace

    def note(self: Path, target: Path) -> Path:
        placed.append(target.name)
        return replace_file(self, target)

    monkeypatch.setattr(Path, "replace", note)
    write_report(build_report(drawn.path), tmp_path / "report.html")
    assert len(placed) == 7
    assert placed[-1] == "report.html"


def test_a_report_cut_short_leaves_the_old_one(
    drawn: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: Poster) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(Poster, "png", stop)
    out = tmp_path / "report.html"
    out.write_text("old", "utf-8")
    with pytest.raises(KeyboardInterrupt):
        write_report(build_report(drawn.path), out)
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["old"]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(BundleError, match="cannot be written"):
        write_report(Report("<p>"), tmp_path / "file" / "report.html")
