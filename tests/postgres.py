"""A PostgreSQL server of our own for the tests: a private cluster on a socket in a folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_SETTINGS = {
    "listen_addresses": "''",  # the socket is enough
    "fsync": "off",  # a test cluster may be lost
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
}


def find_binaries() -> Path:
    """Return the folder of ``initdb`` and ``pg_ctl``, the newest version installed.

    Fails the test, never skips it: a suite without PostgreSQL proves half of what it says.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda p: int(p.parts[-3]))
    elsewhere = shutil.which("pg_ctl")
    if found:
        return found[-1].parent
    if elsewhere is not None:
        return Path(elsewhere).resolve().parent
    pytest.fail("PostgreSQL is missing. Type once: sudo apt-get install postgresql")


@contextmanager
def running_cluster(folder: Path) -> Iterator[str]:
    """Run a cluster in an empty folder; yield the SQLAlchemy URL of its database ``postgres``.

    As root it runs as the user ``postgres``, since the server refuses to be root.
    """
    binaries = find_binaries()
    runs_as = "postgres" if os.geteuid() == 0 else None
    cluster, socket = folder / "cluster", folder / "socket"
    for made in (cluster, socket):
        made.mkdir(mode=0o700)
        if runs_as:
            shutil.chown(made, runs_as)

    def call(*command: str | Path) -> None:
        done = subprocess.run(
            [str(part) for part in command],
            user=runs_as,
            group=runs_as,
            extra_groups=[] if runs_as else None,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.fail(f"{command[0]} failed:\n{done.stdout}")

    call(binaries / "initdb", "-D", cluster, "-U", "tests", "-A", "trust", "-E", "UTF8", "-N")
    options = " ".join(
        [f"-k {socket}", *(f"-c {name}={value}" for name, value in _SETTINGS.items())]
    )
    log = cluster / "server.log"
    call(binaries / "pg_ctl", "-D", cluster, "-l", log, "-o", options, "-w", "start")
    try:
        yield f"postgresql+psycopg://tests@/postgres?host={socket}"
    finally:
        call(binaries / "pg_ctl", "-D", cluster, "-m", "immediate", "-w", "stop")
