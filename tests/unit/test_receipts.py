"""A receipt tells a volunteer their own row, in plain words, and names nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from sortition import receipts
from sortition.audit import RECEIPT_SHAPE, audit, claim_shape
from sortition.bundle import Bundle
from sortition.canonical import digest, json_bytes
from sortition.errors import BundleError
from sortition.receipts import receipt, receipt_text
from tests.frozen_bundles import freeze_by_hand, two_groups


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return freeze_by_hand(tmp_path_factory.mktemp("receipts") / "b", two_groups())


def test_a_receipt_tells_ones_own_row(bundle: Bundle) -> None:
    content = receipt(bundle, "person, 002")
    claim_shape(content, RECEIPT_SHAPE, "receipt")
    assert content["features"] == {"sexe": "femme", "âge": "16-39"}
    assert content["manifest_digest"] == bundle.digest
    assert content["panels"] == [n for n in range(12) if content["token"] in bundle.panel(n)]
    assert content["seats"] == len(content["panels"])
    assert (content["token"], content["commitment"]) in bundle.table("public/commitments.csv")


def test_the_commitment_opens_by_hand(bundle: Bundle) -> None:
    """What the letter says can be checked with any tool that computes a SHA-256."""
    content = receipt(bundle, "person, 000")
    opening = f'["{content["salt"]}","{content["token"]}","0","femme","16-39"]'
    assert digest(opening.encode()) == content["commitment"]


def test_every_receipt_passes_the_audit(bundle: Bundle, tmp_path: Path) -> None:
    everybody = list(receipts.receipts(bundle))
    assert len(everybody) == 17
    for content in everybody:
        path = tmp_path / "receipt.json"
        path.write_bytes(json_bytes(content))
        assert audit(bundle.path, receipt=path).lie is None


def test_receipts_come_in_the_order_asked(bundle: Bundle) -> None:
    names = ["person, 011", "person, 002"]
    assert list(receipts.receipts(bundle, names)) == [receipt(bundle, name) for name in names]


def test_a_receipt_does_not_name_the_volunteer(bundle: Bundle) -> None:
    assert "person" not in str(receipt(bundle, "person, 002"))


def test_an_unknown_identifier_has_no_receipt(bundle: Bundle) -> None:
    with pytest.raises(BundleError, match="nobody"):
        receipt(bundle, "nobody")


@pytest.mark.parametrize(
    ("seats", "panels", "french", "english"),
    [
        (3, 12, "25 %, soit environ 1 sur 4.", "25%, about 1 in 4."),
        (37, 1000, "3,7 %, soit environ 1 sur 27.", "3.7%, about 1 in 27."),
        (12, 12, "100 %, soit environ 1 sur 1.", "100%, about 1 in 1."),
        (3, 10_000, "< 0,1 %, soit environ 1 sur 3333.", "< 0.1%, about 1 in 3333."),
        (0, 12, "Demandez-en le motif à l'organisateur.", "Ask the organiser for the reason."),
    ],
)
def test_the_chance_is_told_in_plain_words(
    seats: int, panels: int, french: str, english: str
) -> None:
    assert receipts._chance_in_words(seats, panels, "fr").endswith(french)
    assert receipts._chance_in_words(seats, panels, "en").endswith(english)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_letter_holds_all_that_is_needed(bundle: Bundle, language: str) -> None:
    content = receipt(bundle, "person, 002")
    letter = receipt_text(content, language)
    for key in ("title", "token", "salt", "commitment", "manifest_digest"):
        assert content[key] in letter
    assert content["words"][language] in letter
    assert "--receipt" in letter
    assert "{" not in letter
    assert ", ".join(map(str, content["panels"])) in letter


def test_the_letter_of_somebody_in_no_panel_lists_none(bundle: Bundle) -> None:
    letter = receipt_text(receipt(bundle, "person, 016"))
    assert "aucun des 12 panels" in letter
    assert "Vos panels" not in letter
