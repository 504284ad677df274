"""The benchmark of the draw against the usual library: same instances, same run, one table.

    ./run bench                          everything (about an hour: the peer is slow)
    ./run bench --quick                  the four smallest sizes, the peer for a minute at most
    ./run bench --no-peer --seeds 10     ours alone, ten instances of each size

Protocol. Instances: ``instances.py``, made from a seed. Each measure is one process, alone, one
after the other; its clock starts once packages are loaded and stops with the numbered
panels; its memory is the peak of the process, instance included. Ours is told as the median
over the seeds, and the worst of its gaps and errors; the peer runs once, on the first seed,
with the solver it takes by itself, asked for leximin, and is stopped at the cap. The ratio is
between the two on that same instance. M is 1 000 panels, 10 000 at 50 000 people.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

_MEASURE = Path(__file__).with_name("measure.py")
SIZES = (
    (150, 30, 5),
    (300, 40, 6),
    (600, 75, 6),
    (1_000, 110, 7),
    (1_700, 150, 7),
    (3_000, 170, 7),
    (10_000, 300, 7),
    (50_000, 500, 7),
)
QUICK = 4  # sizes that --quick runs
LARGE = 10_000  # from here on three seeds say as much as ten
HEAD = (
    "n, k, features",
    "M",
    "probabilities s",
    "lottery s",
    "total s",
    "MiB",
    "smallest",
    "proved bound",
    "gap, seats",
    "error, seats",
    "distinct",
    "peer s",
    "peer MiB",
    "peer smallest",
    "ratio",
)


def measure(who: str, size: Sequence[int], *, cap: float | None = None, **options: object) -> Any:
    """Run one measure; return its figures, or None when the cap stopped it."""
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    command = [sys.executable, str(_MEASURE), who, *map(str, size), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=cap, check=True)
    except subprocess.TimeoutExpired:
        return None
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"{' '.join(command[1:])} failed:\n{error.stderr[-2_000:]}") from error
    return json.loads(done.stdout.splitlines()[-1])


def panels_of(size: Sequence[int]) -> int:
    """Return M for a size."""
    return 10_000 if size[0] >= 50_000 else 1_000


def row_of(
    size: Sequence[int],
    ours: Sequence[Mapping[str, Any]],
    peer: Mapping[str, Any] | None,
    cap: float,
) -> list[str]:
    """Lay out one row of the table; ``peer`` is None when it was stopped or not run."""

    def middle(name: str) -> float:
        return statistics.median(run[name] for run in ours)

    def worst(name: str) -> float:
        return max(run[name] for run in ours)

    cells = [
        ", ".join(f"{n:,}".replace(",", " ") for n in size),
        f"{panels_of(size):,}".replace(",", " "),
        f"{middle('probabilities'):.3f}",
        f"{middle('lottery'):.2f}",
        f"{middle('seconds'):.2f}",
        f"{worst('peak_mib'):.0f}",
        f"{ours[0]['smallest']:.4f}",
        f"{ours[0]['bound']:.5f}",
        f"{worst('gap_seats'):.2f}",
        f"{worst('error_seats'):.2f}",
        str(min(run["distinct"] for run in ours)),
    ]
    if peer is None:
        return [*cells, "not run" if not cap else f"> {cap:.0f}", "", "", _at_least(cap, ours[0])]
    ratio = peer["seconds"] / ours[0]["seconds"]
    return [
        *cells,
        f"{peer['seconds']:.1f}",
        f"{peer['peak_mib']:.0f}",
        f"{peer['smallest']:.4f}",
        f"{ratio:.0f}",
    ]


def _at_least(cap: float, ours: Mapping[str, Any]) -> str:
    return f"> {cap / ours['seconds']:.0f}" if cap else ""


def machine() -> str:
    """Say what ran the table, without naming the machine."""
    versions = ", ".join(
        f"{name} {metadata.version(name)}" for name in ("ortools", "numba", "sortition-algorithms")
    )
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"{versions}; {time.strftime('%Y-%m-%d', time.gmtime())}"
    )


def write_table(path: Path, rows: Sequence[Sequence[str]], asked: argparse.Namespace) -> None:
    """Write the rows so far as Markdown, so that a run cut short keeps what it has."""
    assert __doc__ is not None
    protocol = __doc__.split("Protocol. ")[1].strip()
    lines = [
        "# The draw, measured",
        "",
        f"`./run bench{_words(asked)}`; {machine()}.",
        "",
        protocol.replace("\n", " "),
        "",
        f"| {' | '.join(HEAD)} |",
        f"|{'---|' * len(HEAD)}",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]
    path.write_text("\n".join(lines), "utf-8")


def _words(asked: argparse.Namespace) -> str:
    words = [f" --seeds {asked.seeds}", f" --peer-cap {asked.peer_cap:.0f}"]
    words += [" --quick"] if asked.quick else []
    words += [" --no-peer"] if asked.no_peer else []
    return "".join(words)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _seeds(size: Sequence[int], seeds: int) -> range:
    return range(1, 1 + (min(seeds, 3) if size[0] >= LARGE else seeds))


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="kleroterion bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="the four smallest sizes only")
    parser.add_argument("--no-peer", action="store_true", help="do not run the usual library")
    parser.add_argument("--seeds", type=int, default=5, help="instances of each size (default 5)")
    parser.add_argument(
        "--peer-cap", type=float, default=600.0, help="seconds the peer may take (default 600)"
    )
    parser.add_argument("--size", type=int, action="append", help="only this n (repeat)")
    parser.add_argument("--out", type=Path, default=Path("benchmark.md"), help="the table")
    asked = parser.parse_args(words)
    if asked.seeds < 1 or asked.peer_cap <= 0:
        parser.error("--seeds and --peer-cap must be above zero")
    if asked.quick:
        asked.peer_cap = min(asked.peer_cap, 60.0)
    return asked


def main(words: Sequence[str]) -> int:
    """Run the benchmark; return the exit code."""
    asked = _arguments(words)
    sizes = SIZES[:QUICK] if asked.quick else SIZES
    sizes = tuple(size for size in sizes if not asked.size or size[0] in asked.size)
    rows: list[list[str]] = []
    try:
        for size in sizes:
            panels = panels_of(size)
            ours = []
            for seed in _seeds(size, asked.seeds):
                ours.append(measure("ours", size, seed=seed, panels=panels))
                _say(f"{size}, seed {seed}: {ours[-1]['seconds']:.2f} s")
            peer = None
            if not asked.no_peer:
                _say(f"{size}: the peer, {asked.peer_cap:.0f} s at most")
                peer = measure("peer", size, cap=asked.peer_cap, seed=1, panels=panels)
            rows.append(row_of(size, ours, peer, 0.0 if asked.no_peer else asked.peer_cap))
            write_table(asked.out, rows, asked)
            _say(" | ".join(rows[-1]))
    except KeyboardInterrupt:
        _say(f"Stopped; the {len(rows)} rows done are in {asked.out}.")
        return 130
    _say(f"The table is in {asked.out}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
