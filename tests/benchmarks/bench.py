"""The benchmark of the draw against the usual library: same instances, same run, one table.

    ./run bench                          everything (an hour or two: the peer is slow)
    ./run bench --quick                  the four smallest sizes, the peer for a minute at most
    ./run bench --no-peer --seeds 10     ours alone, ten instances of each size
    ./run bench --size 600 --peer maximin/mip --peer maximin/highspy --runs runs.json

Ctrl-C stops it; the tables then hold what was done. The peer is at its best with two packages
that our lock leaves out, the first because it takes 600 MB, the second because it is
commercial (limited, but free to try): `.venv/bin/pip install "mip>=1.17,<2" gurobipy`.

Protocol. Instances: `instances.py`, made from a seed. Each measure is one process, alone, one
after the other; its clock starts once packages and files are loaded and stops with the
numbered panels; its memory is the peak of the process, loading included. Ours, by size: the
medians of the times over all instances; the worst memory, gap and error; the fewest distinct
panels; the smallest chance and its proved bound are those of the first instance. A seat is 1/M.
The peer runs once, on the first instance, and is stopped at the cap; "times faster" compares
the two on that very instance. Its leximin needs Gurobi, which is commercial, and is not
tried without it, nor where its maximin, which is the first level of leximin, did not finish
with the same solver. M is 1 000 panels, 10 000 at 50 000 people.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(_HERE.parents[1]))  # started by path, from anywhere

from tests.benchmarks.peer import is_here  # noqa: E402 -- found by the line above
from tests.benchmarks.table import OURS, as_csv, tables  # noqa: E402

Size = tuple[int, int, int]
SIZES: tuple[Size, ...] = (
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
LARGE = 10_000  # from here on three instances say as much as ten, and the peer is hopeless
# Its fastest open solver where it is installed; else its default one.
SOLVER = "mip" if is_here("mip") else "highspy"
PEERS = (f"maximin/{SOLVER}", f"leximin/{SOLVER}")
SHOWN = ("ortools", "numba", "numpy", "sortition-algorithms", "mip", "highspy", "gurobipy")


def measure(script: str, *words: object, cap: float | None = None) -> dict[str, Any]:
    """Run one measure in a process of its own; return its figures, or how it ended."""
    command = [sys.executable, str(_HERE / script), *map(str, words)]
    settled = {**os.environ, "PYTHONHASHSEED": "0"}  # the peer's answer depends on it
    begun = time.perf_counter()
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=cap, check=False, env=settled
        )
    except subprocess.TimeoutExpired:
        return {"stopped": cap}
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        return {"failed": lines[-1][:200], "after": time.perf_counter() - begun}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def panels_of(size: Size) -> int:
    """Return M for a size."""
    return 10_000 if size[0] >= 50_000 else 1_000


def our_runs(size: Size, seeds: int) -> Iterator[dict[str, Any]]:
    """Measure ours on each instance of a size."""
    panels = panels_of(size)
    for seed in range(1, 1 + (min(seeds, 3) if size[0] >= LARGE else seeds)):
        _say(f"{size}, seed {seed}: ours")
        found = measure("measure.py", *size, "--seed", seed, "--panels", panels)
        yield {"who": OURS, "size": size, "seed": seed, "panels": panels, **found}


def peer_runs(size: Size, peers: Sequence[str], cap: float) -> Iterator[dict[str, Any]]:
    """Measure the peer's ways, one by one, on the first instance of a size."""
    panels = panels_of(size)
    stopped: set[str] = set()  # solvers whose maximin did not finish
    with tempfile.TemporaryDirectory() as folder:
        measure("measure.py", *size, "--seed", 1, "--write", folder)
        for way in peers:
            algorithm, solver = way.split("/")
            run = {"who": "sortition-algorithms", "size": size, "seed": 1, "panels": panels}
            run |= {"algorithm": algorithm, "solver": solver}
            if algorithm == "leximin" and not is_here("gurobipy"):
                continue
            if algorithm == "leximin" and solver in stopped:
                yield {**run, "stopped": cap, "note": " (not tried)"}
                continue
            _say(f"{size}: the peer, {way}, {cap:.0f} s at most")
            words = (folder, "--panels", panels, "--algorithm", algorithm, "--solver", solver)
            found = measure("peer.py", *words, cap=cap)
            if "stopped" in found and algorithm == "maximin":
                stopped.add(solver)
            yield run | found


def machine() -> str:
    """Say what ran the table, without naming the machine."""
    versions = []
    for name in SHOWN:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            versions.append(f"no {name}")
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"{', '.join(versions)}; {time.strftime('%Y-%m-%d', time.gmtime())}"
    )


def write(runs: Sequence[dict[str, Any]], asked: argparse.Namespace) -> None:
    """Write what is done so far, so that a run cut short keeps it."""
    assert __doc__ is not None
    protocol = " ".join(__doc__.split("Protocol. ")[1].split())
    text = f"# The draw, measured\n\n`./run bench {' '.join(asked.words)}`\n\n{machine()}.\n\n"
    text += f"{protocol} The cap is {asked.peer_cap:.0f} s"
    if asked.peer_cap_large != asked.peer_cap:
        text += f", {asked.peer_cap_large:.0f} s from n = {asked.large} on"
    notes = "".join(f" {note}" for note in asked.note)
    asked.out.write_text(f"{text}.{notes}\n\n{tables(runs)}", "utf-8")
    if asked.runs:
        plain = as_csv(runs) if asked.runs.suffix == ".csv" else json.dumps(runs, indent=1) + "\n"
        asked.runs.write_text(plain, "utf-8")


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S', time.gmtime())}  {text}\n")


def _told(run: dict[str, Any]) -> str:
    figures = {name: value for name, value in run.items() if name not in ("who", "size", "panels")}
    return "; ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in figures.items()
    )


def _peer(words: str) -> str:
    algorithm, _, solver = words.partition("/")
    if algorithm not in ("maximin", "leximin", "nash") or not solver:
        raise argparse.ArgumentTypeError(f"{words}: write for example maximin/mip")
    return words


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="kleroterion bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="the four smallest sizes, the peer for 60 s at most")
    add("--no-peer", action="store_true", help="do not run the usual library")
    add("--peer", type=_peer, action="append", help=f"repeat; {', '.join(PEERS)}")
    add("--seeds", type=int, default=5, help="instances of each size (default 5; 3 of the largest)")
    add("--peer-cap", type=float, default=600.0, help="seconds the peer may take (default 600)")
    add("--peer-cap-large", type=float, help="the same for large n (default: the same)")
    add("--large", type=int, default=LARGE, help=f"the n from which that holds ({LARGE})")
    add("--size", type=int, action="append", help="only this n (repeat)")
    add("--out", type=Path, default=Path("benchmark.md"), help="the tables (benchmark.md)")
    add("--runs", type=Path, help="every run, as .json or .csv")
    add("--note", action="append", default=[], help="a sentence for the head of the tables")
    asked = parser.parse_args(words)
    asked.words = _without(words, "--note", "--out", "--runs")
    asked.peer = [] if asked.no_peer else asked.peer or list(PEERS)
    if asked.quick:
        asked.peer_cap = min(asked.peer_cap, 60.0)
    asked.peer_cap_large = asked.peer_cap_large or asked.peer_cap
    if asked.seeds < 1 or asked.peer_cap <= 0 or asked.peer_cap_large <= 0:
        parser.error("--seeds and the caps must be above zero")
    if asked.size and not {size[0] for size in SIZES}.issuperset(asked.size):
        parser.error(f"--size is one of {', '.join(str(size[0]) for size in SIZES)}")
    return asked


def _without(words: Sequence[str], *options: str) -> list[str]:
    """Drop options that change nothing to what is measured, each with the word after it."""
    kept = zip(["", *words], words, strict=False)
    return [word for before, word in kept if word not in options and before not in options]


def _all_runs(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for size in SIZES[:QUICK] if asked.quick else SIZES:
        if not asked.size or size[0] in asked.size:
            cap = asked.peer_cap_large if size[0] >= asked.large else asked.peer_cap
            yield from our_runs(size, asked.seeds)
            yield from peer_runs(size, asked.peer, cap)


def main(words: Sequence[str]) -> int:
    """Run the benchmark; return the exit code: 1 where one of our own runs failed."""
    asked = _arguments(words)
    runs: list[dict[str, Any]] = []
    try:
        for run in _all_runs(asked):
            runs.append(run)
            write(runs, asked)
            _say(f"    {_told(run)}")
    except KeyboardInterrupt:
        _say(f"Stopped; the {len(runs)} runs done are in {asked.out}.")
        return 130
    _say(f"The tables are in {asked.out}.")
    return int(any("failed" in run for run in runs if run["who"] == OURS))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
