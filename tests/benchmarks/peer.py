"""One measure of the usual library, in a process that loads nothing of ours.

    python peer.py FOLDER --panels 1000 --algorithm maximin --solver mip

FOLDER holds ``features.csv``, ``people.csv`` and ``size.txt``, as ``instances.py`` writes them.
Our own packages stay out for two reasons: their memory is not the peer's, and OR-Tools brings
libraries that bear the same names as those of ``mip``, which then fails to load.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import importlib.util
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_KIB = 1024


def run_peer(
    features: Sequence[Mapping[str, str]],
    people: Sequence[Mapping[str, str]],
    size: int,
    panels: int,
    algorithm: str,
    solver: str,
) -> dict[str, Any]:
    """Solve with the usual library, whose lottery of M panels is counted as it comes.

    Without Gurobi, which is commercial, it answers a request for leximin with maximin: we
    refuse that, since its time would pass for what it is not. The smallest chance is taken
    among those it seats in some panel; the others are counted apart.
    """
    import sortition_algorithms as peer  # noqa: PLC0415 -- half a second that --help need not wait

    if algorithm == "leximin" and not is_here("gurobipy"):
        raise RuntimeError("the peer's leximin needs Gurobi; without it, it runs maximin instead")
    head = ["feature", "value", "min", "max"]
    criteria, _, _ = peer.read_in_features(head, [dict(row) for row in features])
    settings = peer.Settings(id_column="id", columns_to_keep=[], check_same_address=False)
    volunteers, _ = peer.read_in_people(
        list(people[0]), [dict(row) for row in people], criteria, settings
    )
    begun = time.perf_counter()
    lottery, _ = peer.find_random_sample(
        criteria,
        volunteers,
        size,
        [],
        selection_algorithm=algorithm,
        solver_backend=solver,
        number_selections=panels,
    )
    seconds = time.perf_counter() - begun
    held = Counter(person for panel in lottery for person in panel)
    seated = [held[row["id"]] for row in people if held[row["id"]]]
    return {
        "seconds": seconds,
        "smallest": min(seated) / panels,
        "never_seated": len(people) - len(seated),
        "distinct": len(set(lottery)),
    }


def is_here(package: str) -> bool:
    """Tell whether a package is installed."""
    return importlib.util.find_spec(package) is not None


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Measure what the arguments say; print the figures as one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--panels", type=int, default=1_000)
    parser.add_argument("--algorithm", default="maximin")
    parser.add_argument("--solver", default="mip")
    asked = parser.parse_args()
    with contextlib.redirect_stdout(sys.stderr):  # the peer prints as it goes
        found = run_peer(
            _read(asked.folder / "features.csv"),
            _read(asked.folder / "people.csv"),
            int((asked.folder / "size.txt").read_text("utf-8")),
            asked.panels,
            asked.algorithm,
            asked.solver,
        )
    found["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
