"""What a draw publishes does not change by accident: every byte of the golden draw is kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sortition.audit import audit
from tests.golden.make_draw import GOLDEN, make_bundle, published

BUNDLE = GOLDEN / "bundle"


def test_the_golden_draw_is_made_again_byte_for_byte(tmp_path: Path) -> None:
    made, kept = published(make_bundle(tmp_path)), published(BUNDLE)
    assert made.keys() == kept.keys()
    assert [name for name in kept if made[name] != kept[name]] == []


def test_the_golden_draw_passes_the_audit_with_nothing_installed(root: Path) -> None:
    command = [sys.executable, "-I", "-S", root / "sortition" / "audit.py", BUNDLE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "ALL TRUE" in done.stdout or "TOUT EST VRAI" in done.stdout


def test_the_golden_draw_is_proved_in_full() -> None:
    report = audit(BUNDLE)
    assert report.lie is None


def test_the_order_of_the_people_file_changes_nothing(tmp_path: Path) -> None:
    head, *rows = (GOLDEN / "people.csv").read_text("utf-8").splitlines()
    shuffled = [head, *sorted(rows, key=lambda row: row[::-1])]
    made = published(make_bundle(tmp_path, "\n".join(shuffled) + "\n"))
    assert made == published(BUNDLE)
