"""No single changed byte of what is public, or before the witness, escapes the audit."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition.audit import as_json, as_text, audit
from sortition.drawing import draw
from sortition.drawn_number import DrawInputs
from sortition.leximin import find_leximin
from tests.frozen_bundles import (
    HandSolution,
    Shutout,
    freeze_by_hand,
    one_level_of_couples,
    reseal,
    two_groups,
)
from tests.hidden_panels import HiddenPanel, hidden_panels


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Bundles drawn with a witness, drawn and public only, of couples, and not drawn yet."""
    root = tmp_path_factory.mktemp("bundles")
    paths = {
        "witness": freeze_by_hand(root / "witness", two_groups()).path,
        "couples": freeze_by_hand(root / "couples", one_level_of_couples()).path,
    }
    for path in paths.values():
        draw(path, DrawInputs(number="7"), officers=["Première", "Second"])
    paths["public"] = root / "alone"
    shutil.copytree(paths["witness"] / "public", paths["public"] / "public")
    paths["waiting"] = freeze_by_hand(root / "waiting", two_groups()).path
    for path in paths.values():
        assert audit(path).lie is None
    return paths


def sealed_files(bundle: Path) -> list[Path]:
    parts = [bundle / "public", bundle / "witness"]
    return sorted(path for part in parts if part.exists() for path in part.iterdir())


@contextmanager
def replaced(path: Path, content: bytes) -> Iterator[None]:
    """Change a file for a while."""
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


def assert_lie(bundle: Path, forged: Path) -> None:
    report = audit(bundle)
    assert report.lie is not None, f"{forged.name} was changed, and the audit saw nothing"
    for language in ("fr", "en"):
        assert as_text(report, language)
        assert as_json(report, language)["verdict"] == "false"


@settings(max_examples=400)
@given(draws=st.data())
def test_any_changed_added_or_removed_byte_is_a_lie(
    bundles: dict[str, Path], draws: st.DataObject
) -> None:
    bundle = bundles[draws.draw(st.sampled_from(sorted(bundles)))]
    path = draws.draw(st.sampled_from(sealed_files(bundle)))
    content = path.read_bytes()
    place = draws.draw(st.integers(0, len(content) - 1))
    byte = draws.draw(st.integers(0, 255))
    kind = draws.draw(st.sampled_from(["change", "add", "remove", "cut"]))
    if kind == "change":
        byte = byte if byte != content[place] else (byte + 1) % 256
        forged = content[:place] + bytes([byte]) + content[place + 1 :]
    elif kind == "add":
        forged = content[:place] + bytes([byte]) + content[place:]
    elif kind == "remove":
        forged = content[:place] + content[place + 1 :]
    else:
        forged = content[:place]
    with replaced(path, forged):
        assert_lie(bundle, path)


def test_every_byte_of_the_seals_counts(bundles: dict[str, Path]) -> None:
    for name in ("digest.txt", "draw.sha256"):
        path = bundles["couples"] / "public" / name
        content = path.read_bytes()
        for place in range(len(content)):
            for bit in (1, 32, 128):
                forged = bytearray(content)
                forged[place] ^= bit
                with replaced(path, bytes(forged)):
                    assert_lie(bundles["couples"], path)


@settings(max_examples=100)
@given(draws=st.data())
def test_whatever_stands_in_a_file_the_audit_answers(
    bundles: dict[str, Path], draws: st.DataObject
) -> None:
    """Any content at all is a lie told calmly, never a crash, though all seals be renewed."""
    bundle = bundles["waiting"]
    path = draws.draw(st.sampled_from(sealed_files(bundle)))
    content = path.read_bytes()
    anything = st.one_of(
        st.binary(max_size=200),
        st.text(max_size=100).map(str.encode),
        st.integers(0, len(content)).map(lambda place: content[:place] + b"\n"),
        st.sampled_from([b"[]", b"{}", b"null", b"0", b'"', b",\n", b"token\n", b"[" * 10_000]),
    )
    forged = draws.draw(anything)
    seals = [bundle / "public" / name for name in ("manifest.json", "digest.txt")]
    before = {seal: seal.read_bytes() for seal in seals}
    try:
        with replaced(path, forged):
            if path not in before:
                reseal(bundle)
            report = audit(bundle)
            if path.name != "AUDIT.txt" and forged != content:
                assert report.lie is not None
            as_text(report, "fr")
    finally:
        for seal, original in before.items():
            seal.write_bytes(original)


@given(hidden=hidden_panels(most=14), number=st.integers(0, 3))
def test_the_proof_of_any_leximin_is_found_again(hidden: HiddenPanel, number: int) -> None:
    """The panel hidden in the pool makes a poor lottery, but the chances owed are proved."""
    chances = find_leximin(hidden.pool, hidden.quotas)
    solution = HandSolution(
        pool=hidden.pool,
        quotas=hidden.quotas,
        probabilities=chances,
        panels=np.array([hidden.panel] * 4, dtype=np.int32),
        excluded=tuple(
            Shutout(int(row), (), "no panel can hold them")
            for row in np.flatnonzero(chances.numerators == 0)
        ),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b"
        freeze_by_hand(path, solution)
        draw(path, DrawInputs(number=str(number)))
        report = audit(path, private=True)
        assert report.lie is None, as_text(report, "en")
        assert {"certificate", "alternates"} <= {check for _, check, _ in report.checked}
        assert "not_shut_out" not in {check for _, check, _ in report.unchecked}
