"""Words compare as people compare them."""

from __future__ import annotations

import pytest

from sortition.spelling import find_nearest, fold, without_accents


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  L'Haÿ-les-Roses ", "l hay les roses"),
        ("ŒUVRE", "oeuvre"),
        ("Straße", "strasse"),
        ("12,\xa0rue_X", "12 rue x"),
        ("…", ""),
    ],
)
def test_folding_keeps_letters_and_figures_only(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_accents_go_and_case_stays() -> None:
    assert without_accents("Éà Ço") == "Ea Co"


@pytest.mark.parametrize(
    ("word", "difference"),
    [
        ("femme âgée", "case"),
        ("Femme agee", "accents"),
        ("femme agee", "case and accents"),
        ("Femme  âgée", "spaces"),
        ("Femme-âgée", "spaces or punctuation"),
        ("femme-agee", "spaces, punctuation, case or accents"),
    ],
)
def test_a_slight_difference_is_named(word: str, difference: str) -> None:
    near = find_nearest(word, ["Homme âgé", "Femme âgée"])
    assert near is not None
    assert (near.name, near.difference) == ("Femme âgée", difference)


def test_the_slightest_of_several_differences_wins() -> None:
    near = find_nearest("18-24", ["18 / 24", "18- 24"])
    assert near is not None
    assert near.name == "18- 24"


def test_a_mere_resemblance_is_suggested_without_a_difference() -> None:
    near = find_nearest("Ile de Frnace", ["Bretagne", "Île-de-France"])
    assert near is not None
    assert (near.name, near.difference) == ("Île-de-France", None)


@pytest.mark.parametrize("word", ["", "???", "zzzzzz"])
def test_nothing_alike_is_nothing(word: str) -> None:
    assert find_nearest(word, ["Bretagne", "…"]) is None
