"""The server of the tests is a real PostgreSQL, on any machine that has the packages."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.postgres import running_cluster


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder that everybody may enter, with a name short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="kp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_server_starts_from_a_bare_environment_and_is_really_postgresql(
    short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")  # without /usr/sbin, as an ordinary user's
    monkeypatch.delenv("HOME", raising=False)
    with running_cluster(short_folder) as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            assert "PostgreSQL" in str(connection.scalar(text("SELECT version()")))
            connection.execute(text("CREATE TABLE seats (number int)"))
            connection.execute(text("INSERT INTO seats VALUES (150)"))
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT number FROM seats")) == 150
        engine.dispose()
    assert not list((short_folder / "socket").iterdir())  # stopped, and gone
