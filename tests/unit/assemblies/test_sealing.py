"""What is sealed opens in its place, with a key at hand, and only there."""

from __future__ import annotations

import base64

import pytest

from assemblies.errors import SealError
from assemblies.sealing import Sealer, make_key

KEY, OTHER = (base64.b64encode(bytes([letter]) * 32).decode() for letter in b"ab")
OLD, NEW = f"2025:{OTHER}", f"2026:{KEY}"
CARE = "fauteuil roulant; interprète en LSF"


def test_what_is_sealed_opens_in_its_place_and_shows_nothing() -> None:
    sealer = Sealer.from_text(NEW)
    sealed = sealer.seal(CARE, "needs/12")
    assert sealer.open(sealed, "needs/12") == CARE
    assert b"fauteuil" not in sealed
    assert sealer.seal(CARE, "needs/12") != sealed  # one text sealed twice does not look the same


def test_moved_to_another_row_it_does_not_open() -> None:
    sealer = Sealer.from_text(NEW)
    with pytest.raises(SealError) as caught:
        sealer.open(sealer.seal(CARE, "needs/12"), "needs/13")
    assert caught.value.facts["place"] == "needs/13"
    assert CARE not in str(caught.value)


def test_any_altered_byte_and_any_cut_is_noticed() -> None:
    sealer = Sealer.from_text(NEW)
    sealed = sealer.seal(CARE, "needs/12")
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(SealError):
            sealer.open(bytes(altered), "needs/12")
        with pytest.raises(SealError):
            sealer.open(sealed[:position], "needs/12")


def test_after_a_change_of_keys_old_seals_open_and_new_ones_use_the_new_key() -> None:
    before = Sealer.from_text(OLD).seal(CARE, "needs/12")
    both = Sealer.from_text(f"{NEW},{OLD}")
    assert both.open(before, "needs/12") == CARE
    anew = both.seal(CARE, "needs/12")
    assert Sealer.from_text(NEW).open(anew, "needs/12") == CARE
    with pytest.raises(SealError):
        Sealer.from_text(NEW).open(before, "needs/12")


def test_another_key_of_the_same_name_does_not_open() -> None:
    sealed = Sealer.from_text(NEW).seal(CARE, "needs/12")
    with pytest.raises(SealError):
        Sealer.from_text(f"2026:{make_key()}").open(sealed, "needs/12")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "2026",
        "2026:",
        "2026:é" + KEY,
        "2026:not base64",
        "2026:" + base64.b64encode(b"short").decode(),
        ":" + KEY,
        f"2026:{KEY},2026:{OTHER}",  # the second would silently hide the first
    ],
)
def test_keys_that_cannot_serve_are_refused_at_once(text: str) -> None:
    with pytest.raises(SealError):
        Sealer.from_text(text)


def test_a_sealer_does_not_print_its_keys() -> None:
    key = make_key()
    assert key not in repr(Sealer.from_text(f"2026:{key}"))
    assert "keys" not in repr(Sealer.from_text(f"2026:{key}"))
