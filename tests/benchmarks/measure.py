"""One measure in a process of its own: solve one instance once, and print what it took as JSON.

python measure.py ours 600 75 6 --seed 1 --panels 1000
python measure.py peer 600 75 6 --seed 1 --panels 1000 --algorithm maximin
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

if __package__ is None:  # started as a script, from anywhere
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sortition.warming import warm_up
from tests.benchmarks.instances import Instance, make_instance

_KIB = 1024


def measure_ours(instance: Instance, panels: int) -> dict[str, Any]:
    """Solve with Kleroterion, and reduce the solution to the figures of the table.

    The compiled loop is loaded before the clock starts, as the peer's packages are.
    """
    from sortition.solving import solve  # noqa: PLC0415 -- the memory of the peer's run is its own

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


def measure_peer(instance: Instance, panels: int, algorithm: str) -> dict[str, Any]:
    """Solve with the usual library, whose lottery of M panels is counted as it comes.

    Without its commercial solver it answers a request for leximin with maximin: ``ran`` says
    which of the two it was. Its smallest chance is counted in the panels it returns.
    """
    import sortition_algorithms as peer  # noqa: PLC0415 -- our own run must not load it

    head, rows = _people(instance)
    features, _, _ = peer.read_in_features(["feature", "value", "min", "max"], _features(instance))
    settings = peer.Settings(id_column="id", columns_to_keep=[], check_same_address=False)
    people, _ = peer.read_in_people(head, rows, features, settings)
    begun = time.perf_counter()
    lottery, report = peer.find_random_sample(
        features,
        people,
        instance.quotas.size,
        [],
        selection_algorithm=algorithm,
        number_selections=panels,
    )
    seconds = time.perf_counter() - begun
    held = Counter(person for panel in lottery for person in panel)
    seats = [held.get(name, 0) for name in instance.pool.ids]
    seated = [count for count in seats if count]
    switched = "gurobi" in report.as_text().lower()
    return {
        "seconds": seconds,
        "smallest": min(seated) / panels,
        "never_seated": len(seats) - len(seated),
        "ran": "maximin" if switched else algorithm,
    }


def _features(instance: Instance) -> list[dict[str, str]]:
    return [
        {"feature": q.feature, "value": q.category, "min": str(q.lower), "max": str(q.upper)}
        for q in instance.quotas.in_code_order
    ]


def _people(instance: Instance) -> tuple[list[str], list[dict[str, str]]]:
    head = ["id", *(feature.name for feature in instance.pool.features)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    for row, name in enumerate(instance.pool.ids):
        writer.writerow([name, *instance.pool.profile(row)])
    return head, list(csv.DictReader(io.StringIO(text.getvalue())))


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("who", choices=("ours", "peer"))
    parser.add_argument("size", nargs=3, type=int, metavar="N", help="people, panel, features")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--panels", type=int, default=1_000)
    parser.add_argument("--algorithm", default="leximin")
    asked = parser.parse_args()
    instance = make_instance(*asked.size, asked.seed)
    if asked.who == "ours":
        found = measure_ours(instance, asked.panels)
    else:
        found = measure_peer(instance, asked.panels, asked.algorithm)
    found["instance_seed"] = instance.seed
    found["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
