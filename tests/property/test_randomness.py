"""The mapping from a key to a panel number has no bias and no corner it forgets."""

from __future__ import annotations

import hashlib
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from sortition.drawn_number import HASH_SPACE, canonical_value, map_to_panel

digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
keys = st.text(st.characters(exclude_categories=["Cs"]))


@given(digests, keys, st.integers(1, 10**6) | st.integers(1, HASH_SPACE))
def test_the_number_is_the_definition_taken_word_by_word(
    digest: str, key: str, panels: int
) -> None:
    kept = None
    j = 0
    while kept is None:
        x = int.from_bytes(hashlib.sha256(f"{digest}|{key}|{j}".encode()).digest(), "big")
        if x < HASH_SPACE - HASH_SPACE % panels:
            kept = x
        j += 1
    number, hashes = map_to_panel(digest, key, panels)
    assert 0 <= number < panels
    assert (number, len(hashes), int(hashes[-1], 16)) == (kept % panels, j, kept)


def test_one_panel_is_always_number_zero() -> None:
    assert {map_to_panel("d", str(i), 1)[0] for i in range(100)} == {0}


def test_hashes_past_the_last_whole_round_of_the_table_are_thrown_away() -> None:
    """With 2²⁵⁵ + 1 panels nearly half of the hashes would favour the first numbers."""
    panels = 2**255 + 1
    tried = [map_to_panel("d", str(i), panels)[1] for i in range(400)]
    assert all(int(h, 16) >= panels for hashes in tried for h in hashes[:-1])
    assert all(int(hashes[-1], 16) < panels for hashes in tried)
    mean = sum(len(hashes) for hashes in tried) / len(tried)
    assert 1.75 < mean < 2.25  # geometric: 2 ± 0.07


def test_every_number_comes_equally_often() -> None:
    """Chi-square at fixed keys: the outcome is always the same, so it cannot flicker."""
    for panels in (2, 3, 7, 64, 1000):
        draws = 60 * panels
        counts = [0] * panels
        for i in range(draws):
            counts[map_to_panel("0" * 64, f"key {i}", panels)[0]] += 1
        assert min(counts) > 0
        statistic = sum((count - 60) ** 2 / 60 for count in counts)
        assert 0.001 < chi2.cdf(statistic, panels - 1) < 0.999


@given(st.lists(st.integers(0, 10**6), min_size=1), st.randoms(use_true_random=False))
def test_numbers_give_one_form_in_whatever_order_and_dress(
    numbers: list[int], shuffler: object
) -> None:
    expected = "".join(f"{number}." for number in sorted(numbers)) + "/"
    shuffled = list(numbers)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random lent by Hypothesis
    assert canonical_value(", ".join(f"{number:08d}" for number in shuffled)) == expected


@given(
    st.lists(st.sampled_from("ABCXYZ0189"), min_size=1).map("".join).map(lambda word: f"Q{word}"),
    st.data(),
)
def test_case_accents_spaces_and_punctuation_do_not_count(word: str, data: st.DataObject) -> None:
    noise = st.text(st.sampled_from(" .,-'’\u0301\u0302\u00a0_"), max_size=2)
    dressed = "".join(
        data.draw(st.sampled_from([letter, letter.lower()])) + data.draw(noise) for letter in word
    )
    assert canonical_value(dressed) == f"{word}./"
    assert canonical_value(unicodedata.normalize("NFC", dressed)) == f"{word}./"


@given(st.text())
def test_a_canonical_value_is_its_own_canonical_form(value: str) -> None:
    if any(
        "A" <= c <= "Z" or "0" <= c <= "9" for c in unicodedata.normalize("NFKD", value).upper()
    ):
        once = canonical_value(value)
        assert canonical_value(once) == once
        assert set(once) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./")
