"""One measure of ours in a process of its own: solve one instance once, print the figures as JSON.

python measure.py 600 75 6 --seed 1 --panels 1000
python measure.py 600 75 6 --seed 1 --write FOLDER     (only write the instance, as two CSV files)
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

if __package__ is None:  # started as a script, from anywhere
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sortition.solving import solve
from sortition.warming import warm_up
from tests.benchmarks.instances import (
    Instance,
    features_rows,
    make_instance,
    people_rows,
    write_instance,
)
from tests.benchmarks.peer import run_peer

_KIB = 1024


def measure_ours(instance: Instance, panels: int) -> dict[str, Any]:
    """Solve with Kleroterion, and reduce the solution to the figures of the table.

    The compiled loop is loaded before the clock starts, as the peer's packages are.
    """
    warm_up()
    begun = time.perf_counter()
    solution = solve(instance.pool, instance.quotas, panels=panels)
    return {
        "seconds": time.perf_counter() - begun,
        "probabilities": solution.seconds["probabilities"],
        "lottery": solution.seconds["lottery"],
        "smallest": float(solution.min_probability),
        "bound": float(solution.bound),
        "gap_seats": float(solution.gap * panels),
        "error_seats": float(solution.max_error_seats),
        "distinct": solution.distinct_panels,
        "shut_out": len(solution.excluded),
        "method": solution.method,
    }


def measure_peer(
    instance: Instance, panels: int, algorithm: str, solver: str = "highspy"
) -> dict[str, Any]:
    """Solve with the usual library in this very process (see ``peer.py`` for one of its own)."""
    size = instance.quotas.size
    return run_peer(features_rows(instance), people_rows(instance), size, panels, algorithm, solver)


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", nargs=3, type=int, metavar="N", help="people, panel, features")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--panels", type=int, default=1_000)
    parser.add_argument("--write", type=Path, help="write the instance here, solve nothing")
    asked = parser.parse_args()
    instance = make_instance(*asked.size, asked.seed)
    if asked.write:
        write_instance(instance, asked.write)
        found: dict[str, Any] = {}
    else:
        found = measure_ours(instance, asked.panels)
    found["instance_seed"] = instance.seed
    found["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
