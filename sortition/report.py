"""The report of a draw for the press and the public: a page, and its plots as SVG and PNG."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sortition.chance_curve import chance_chart
from sortition.charts import feature_chart, legend
from sortition.errors import BundleError
from sortition.language import Language
from sortition.posters import Poster
from sortition.presence_chart import presence_chart
from sortition.report_figures import Figures
from sortition.report_page import render_page
from sortition.report_reading import read_figures


@dataclass(frozen=True)
class Report:
    """A page, and the plots that go beside it by name."""

    html: str
    plots: Mapping[str, Poster] = field(default_factory=dict)


def build_report(bundle: Path, lang: str = "fr") -> Report:
    """Make the report of a bundle, drawn or not, in French or in English.

    The same bundle gives the same bytes. Raises ``BundleError`` for a bundle that was
    changed or contradicts itself, ``ValueError`` for a language without words.
    """
    language = Language(lang)
    figures = read_figures(bundle)
    return Report(render_page(figures, language), _plots(figures, language))


def write_report(report: Report, out: Path) -> tuple[Path, ...]:
    """Write the page to ``out`` and each plot beside it, as SVG and as PNG.

    ``report.html`` comes with ``report-composition.svg`` and so on. Files of those names
    are replaced, once all of the new ones are safely on disk. Returns what was written,
    the page first.
    """
    files = {out: report.html.encode()}
    for name, poster in report.plots.items():
        files[out.with_name(f"{out.stem}-{name}.svg")] = poster.svg().encode()
        files[out.with_name(f"{out.stem}-{name}.png")] = poster.png()
    _replace(files, out.parent)
    return tuple(files)


def _replace(files: Mapping[Path, bytes], folder: Path) -> None:
    """Put all files in place once all are written and flushed, the page last of all."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".report.", dir=folder) as staging:
            staged = {Path(staging) / target.name: target for target in files}
            for source, target in staged.items():
                with source.open("wb") as stream:
                    stream.write(files[target])
                    stream.flush()
                    os.fsync(stream.fileno())
            for source, target in reversed(staged.items()):
                source.replace(target)
    except OSError as error:
        raise BundleError(f"the report cannot be written in {folder}: {error.strerror}") from error


def _plots(figures: Figures, language: Language) -> dict[str, Poster]:
    say = language.say
    source = say("plot_source", digest=figures.digest[:16])
    plots = {
        "composition": Poster(
            title=say("composition"),
            subtitle=say("plot_composition", title=figures.title),
            charts=[
                (language.feature(feature.name), feature_chart(feature, figures, language))
                for feature in figures.features
            ],
            source=source,
            language=language.code,
            key=legend(figures, language),
            columns=min(3, len(figures.features)),
        ),
        "probabilities": Poster(
            title=say("chances"),
            subtitle=say("plot_chances", title=figures.title),
            charts=[("", chance_chart(figures, language))],
            source=source,
            language=language.code,
        ),
    }
    if figures.shows_pool:
        plots["volunteers"] = Poster(
            title=say("volunteers"),
            subtitle=say("plot_volunteers", title=figures.title),
            charts=[("", presence_chart(figures, language))],
            source=source,
            language=language.code,
        )
    return plots
