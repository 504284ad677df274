"""Cases a jurist can read: lists of facts in YAML, one test each, named by their sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml


def read_cases(folder: str) -> list[Any]:
    """Return the cases of ``tests/cases/<folder>`` as pytest parameters."""
    files = sorted((Path(__file__).parent / folder).glob("*.yaml"))
    assert files, f"no case in {folder}"
    return [
        pytest.param(case, id=case["case"])
        for file in files
        for case in yaml.safe_load(file.read_text("utf-8"))
    ]
