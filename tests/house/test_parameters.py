"""Every dated parameter is complete, recent, cites its text, and is used."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assemblies.parameters import LegalReference, Parameter, load
from tests.dated_files import CHOICE, Age, age, faults, references

UNITS = {
    "boolean",  # 1 or 0
    "call",
    "day",
    "hour",  # of the day
    "minute",
    "month",  # a duration, or one of the year
    "proxy",
    "second",
}
NAME = re.compile(r"[a-z]+/[a-z]+(_[a-z]+)*")


@pytest.fixture(scope="module")
def parameters(root: Path) -> tuple[Parameter, ...]:
    """Every parameter there is."""
    folder = root / "data" / "parameters"
    names = [path.relative_to(folder).with_suffix("") for path in sorted(folder.rglob("*.*"))]
    return tuple(load(name.as_posix()) for name in names)


def loaded_names(tree: ast.AST) -> Iterator[re.Pattern[str]]:
    """Yield the names that a module loads; a part known only when it runs matches any word."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        if getattr(node.func, "id", getattr(node.func, "attr", "")) != "load":
            continue
        match node.args[0]:
            case ast.Constant(value=str(name)):
                yield re.compile(re.escape(name))
            case ast.JoinedStr(values=parts):
                texts = [
                    re.escape(str(p.value)) if isinstance(p, ast.Constant) else None for p in parts
                ]
                yield re.compile("".join(text or "[a-z_]+" for text in texts))


def test_parameters_are_found_where_they_are_loaded() -> None:
    tree = ast.parse('load("a/b"); parameters.load(f"c/{kind}_months"); load(name); save("d/e")')
    patterns = list(loaded_names(tree))
    assert len(patterns) == 2
    for name in ("a/b", "c/members_months"):
        assert any(pattern.fullmatch(name) for pattern in patterns)
    for name in ("d/e", "a/bc", "c/members_days"):
        assert not any(pattern.fullmatch(name) for pattern in patterns)


def test_every_parameter_is_used(
    modules: tuple[Path, ...], parameters: tuple[Parameter, ...]
) -> None:
    patterns = [p for path in modules for p in loaded_names(ast.parse(path.read_text("utf-8")))]
    unused = [p.name for p in parameters if not any(one.fullmatch(p.name) for one in patterns)]
    assert unused == []


def test_every_parameter_that_is_loaded_by_name_exists(modules: tuple[Path, ...]) -> None:
    for path in modules:
        for pattern in loaded_names(ast.parse(path.read_text("utf-8"))):
            name = pattern.pattern.replace("\\", "")
            if NAME.fullmatch(name):
                load(name)


def test_every_parameter_says_what_it_is_in_a_known_unit(
    parameters: tuple[Parameter, ...],
) -> None:
    assert parameters
    for parameter in parameters:
        assert NAME.fullmatch(parameter.name), parameter.name
        assert parameter.unit in UNITS, f"{parameter.name}: {parameter.unit}"
        assert not parameter.description.endswith("."), parameter.name


def test_every_parameter_is_told_in_the_readme(
    root: Path, parameters: tuple[Parameter, ...]
) -> None:
    readme = (root / "data" / "README.md").read_text("utf-8")
    told = set(re.findall(r"`(?:[a-z]+/)?([a-z]+(?:_[a-z]+)*)`", readme))
    assert {parameter.name.split("/")[1] for parameter in parameters} - told == set()


def test_every_truth_is_one_or_nothing(parameters: tuple[Parameter, ...]) -> None:
    wrong = [
        parameter.name
        for parameter in parameters
        for dated in parameter.values
        if parameter.unit == "boolean" and dated.value not in (0, 1, None)
    ]
    assert wrong == []


def test_every_value_cites_a_text_already_published(
    parameters: tuple[Parameter, ...], today: date
) -> None:
    wrong = [
        f"{parameter.name}: {fault}"
        for parameter in parameters
        for reference in references(parameter)
        for fault in faults(reference, on=today)
    ]
    assert wrong == []


def test_a_duration_chosen_for_personal_data_awaits_the_data_protection_officer(
    parameters: tuple[Parameter, ...],
) -> None:
    wrong = [
        parameter.name
        for parameter in parameters
        for dated in parameter.values
        if parameter.name.startswith("retention/")
        and "délégué à la protection des données" not in (dated.reference.note or "")
    ]
    assert wrong == []


@pytest.mark.filterwarnings("default:.* was checked on")  # said for a month before it fails
def test_every_parameter_was_checked_within_a_year(
    parameters: tuple[Parameter, ...], today: date
) -> None:
    for parameter in parameters:
        assert parameter.checked_on <= today, f"{parameter.name} was checked in the future"
        found = age(parameter.checked_on, on=today)
        assert found is not Age.STALE, f"{parameter.name}: compare it with its source again"
        if found is Age.DUE:
            warnings.warn(f"{parameter.name} was checked on {parameter.checked_on}", stacklevel=1)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 11, 26), Age.FRESH),
        (date(2027, 10, 25), Age.FRESH),
        (date(2027, 10, 26), Age.DUE),
        (date(2027, 11, 25), Age.DUE),
        (date(2027, 11, 26), Age.STALE),
    ],
)
def test_a_check_grows_old(on: date, expected: Age) -> None:
    assert age(date(2026, 11, 26), on=on) is expected


@pytest.mark.parametrize(
    "reference",
    [
        LegalReference("Loi", published=date(2026, 11, 27)),
        LegalReference("Loi", nor="JUSX95001L"),
        LegalReference("Loi", href="legifrance.gouv.fr"),
        LegalReference(CHOICE, published=date(2020, 1, 1)),
    ],
)
def test_a_faulty_reference_is_found(reference: LegalReference) -> None:
    assert len(faults(reference, on=date(2026, 11, 26))) == 1
