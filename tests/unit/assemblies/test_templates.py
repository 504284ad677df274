"""Files of body templates: the version of the day, and every mistake refused with its file."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import yaml

import data
from assemblies.composition.rules import Mode, Renewal
from assemblies.composition.templates import load_template, read_templates, template_keys
from assemblies.errors import DataFileError, NotFoundError, ParameterNotInForceError

CID = yaml.safe_load(data.resource("bodies/cid.yaml").read_text("utf-8"))


def written(file: object) -> str:
    """A file as text."""
    return yaml.safe_dump(file, allow_unicode=True)


def changed(change: Callable[[Any], object]) -> str:
    """The CID's file with its first version changed."""
    file = deepcopy(CID)
    change(file["versions"][0])
    return written(file)


def test_the_six_kinds_of_bodies_are_there() -> None:
    assert template_keys() == (
        "algorithms",
        "cid",
        "co_elaboration",
        "constituent",
        "law_evaluation",
        "other",
    )


def test_a_version_holds_from_its_day_until_the_next() -> None:
    file = deepcopy(CID)
    later = deepcopy(file["versions"][0])
    later["from"] = date(2030, 7, 1)
    later["term"]["months"], later["renewal"]["every_months"] = 36, 18
    file["versions"].append(later)
    versions = read_templates("cid", written(file))
    assert [(v.start, v.term.months) for v in versions] == [
        (date(2017, 1, 1), 24),
        (date(2030, 7, 1), 36),
    ]


def test_the_template_of_a_day_before_its_text_or_of_no_kind_is_refused() -> None:
    with pytest.raises(ParameterNotInForceError):
        load_template("cid", on=date(2016, 12, 31))
    for key in ("jury", "../bodies/cid", ""):
        with pytest.raises(NotFoundError):
            load_template(key, on=date(2026, 1, 1))


def test_what_the_founding_paper_fixes_of_the_council() -> None:
    cid = load_template("cid", on=date(2026, 11, 26))
    assert cid.college("administrations").institutions == ("CNDP", "Etalab", "DINSIC")
    assert [college.mode for college in cid.colleges] == [Mode.APPOINTED] * 2 + [Mode.DRAWN]
    assert cid.term.months == 24
    assert [office.key for office in cid.offices] == ["president", "vice_president"]
    assert (cid.renewal.kind, cid.renewal.parts) == (Renewal.BY_PARTS, 2)
    assert (cid.quorum.share, cid.quorum.second_call) == (Fraction(1, 2), None)


def test_what_the_founding_paper_fixes_of_the_constituent_assembly() -> None:
    constituent = load_template("constituent", on=date(2026, 11, 26))
    shares = {college.mode: college.share for college in constituent.colleges}
    assert shares == {Mode.ELECTED: Fraction(1, 2), Mode.DRAWN: Fraction(1, 2)}
    assert (constituent.term.months, constituent.renewal.kind) == (9, Renewal.NONE)


MISTAKES: dict[str, Callable[[Any], object]] = {
    "a key nobody reads": lambda v: v.update(quorumm=1),
    "a part missing": lambda v: v.pop("allowance"),
    "no day": lambda v: v.update({"from": "2017-01-01"}),
    "no college": lambda v: v.update(colleges=[]),
    "a college twice": lambda v: v["colleges"].append(v["colleges"][0]),
    "an office twice": lambda v: v["offices"].append(v["offices"][0]),
    "a choice twice": lambda v: v["choices"].append(v["choices"][0]),
    "a rule twice": lambda v: v["incompatibilities"].append(v["incompatibilities"][0]),
    "a college without text": lambda v: v["colleges"][0].pop("reference"),
    "a college without English": lambda v: v["colleges"][0]["name"].pop("en"),
    "an empty French name": lambda v: v["colleges"][0]["name"].update(fr=" "),
    "an unknown mode": lambda v: v["colleges"][0].update(mode="chosen"),
    "a key too long": lambda v: v["colleges"][0].update(key="k" * 41),
    "nobody appoints": lambda v: v["colleges"][0].pop("institutions"),
    "an institution too long": lambda v: v["colleges"][0].update(institutions=["i" * 121]),
    "an institution that is a number": lambda v: v["colleges"][0].update(institutions=[3]),
    "optional perhaps": lambda v: v["colleges"][0].update(optional="perhaps"),
    "a share as a float": lambda v: v["colleges"][0].update(share=0.5),
    "a share of nothing": lambda v: v["colleges"][0].update(share="0"),
    "shares above the whole": lambda v: [c.update(share="1/2") for c in v["colleges"]],
    "shares below the whole": lambda v: [c.update(share="1/4") for c in v["colleges"]],
    "months that are text": lambda v: v["term"].update(months="24"),
    "no month": lambda v: v["term"].update(months=0),
    "parts that make no term": lambda v: v["renewal"].update(every_months=9),
    "one part": lambda v: v["renewal"].update(parts=1, every_months=24),
    "parts without rhythm": lambda v: v["renewal"].update(every_months=None),
    "whole, by parts": lambda v: v["renewal"].update(kind="whole"),
    "renewed without term": lambda v: (
        v["term"].update(months=None),
        v["renewal"].update(kind="whole", parts=1, every_months=None),
    ),
    "a quorum above all": lambda v: v["quorum"].update(share="3/2"),
    "proxies perhaps": lambda v: v["quorum"].update(counts_proxies=1),
    "a cooling-off backwards": lambda v: v["incompatibilities"][1].update(cooling_off_months=-1),
    "an unknown scope": lambda v: v["incompatibilities"][0].update(scope="everywhere"),
    "one option": lambda v: v["choices"][0].update(options=["residents_18"]),
    "an option twice": lambda v: v["choices"][0].update(options=["a", "a"]),
    "an option that YAML reads as true": lambda v: v["choices"][0].update(options=[True, "no"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_version_is_refused_with_its_file(mistake: str) -> None:
    with pytest.raises(DataFileError) as caught:
        read_templates("cid", changed(MISTAKES[mistake]))
    assert caught.value.facts["file"] == "bodies/cid"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "- a list",
        "name: [",
        written({**CID, "versions": []}),
        written({**CID, "versions": CID["versions"] * 2}),
        written({**CID, "checked_on": "soon"}),
        written({**CID, "name": "Conseil"}),
        written({**CID, "notes": "unread"}),
        written(CID) + "name: {fr: Autre, en: Other}\n",
    ],
)
def test_a_file_that_is_no_template_is_refused(content: str) -> None:
    with pytest.raises(DataFileError):
        read_templates("cid", content)


def test_an_unchanged_copy_is_accepted() -> None:
    assert len(read_templates("cid", changed(lambda version: None))) == 1
