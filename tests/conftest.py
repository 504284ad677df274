"""What every test may ask for: the root of the repository, and how Hypothesis searches."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.databases"]

# No deadline: the first call of compiled code is slow, and a shared machine is slower still.
settings.register_profile("kleroterion", deadline=None, print_blob=True)
# One search for all who check a change: a failure there can be reproduced at home.
settings.register_profile(
    "ci",
    parent=settings.get_profile("kleroterion"),
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "kleroterion")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return Path(__file__).resolve().parents[1]
