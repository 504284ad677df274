"""The table of the benchmark, made again from the runs after each one of them."""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Run = Mapping[str, Any]
OURS = "kleroterion"
OUR_HEAD = (
    "n, k, features",
    "M",
    "instances",
    "probabilities s",
    "lottery s",
    "total s",
    "slowest s",
    "MiB",
    "smallest chance",
    "proved bound",
    "gap, seats",
    "largest error, seats",
    "distinct panels",
)
PEER_HEAD = (
    "n, k, features",
    "peer's algorithm, solver",
    "peer s",
    "peer MiB",
    "peer's smallest chance",
    "ours",
    "peer's distinct panels",
    "its people in no panel",
    "ours s",
    "times faster",
)


def tables(runs: Sequence[Run]) -> str:
    """Lay out the two tables: ours by size, then each run of the peer beside ours."""
    peers = [run for run in runs if run["who"] != OURS]
    text = _table(OUR_HEAD, [_our_row(same) for same in _by_size(runs)])
    if peers:
        rows = [_peer_row(run, _first(runs, run["size"])) for run in peers]
        text += "\n" + _table(PEER_HEAD, rows)
    return text


def as_csv(runs: Sequence[Run]) -> str:
    """Lay out the runs, one a line."""
    names = list(dict.fromkeys(name for run in runs for name in run))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**run, "size": " ".join(map(str, run["size"]))} for run in runs)
    return text.getvalue()


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _by_size(runs: Sequence[Run]) -> list[list[Run]]:
    sizes = dict.fromkeys(tuple(run["size"]) for run in runs)
    ours = [[r for r in runs if r["who"] == OURS and tuple(r["size"]) == size] for size in sizes]
    return [same for same in ours if same]


def _first(runs: Sequence[Run], size: Sequence[int]) -> Run:
    """Return our run on the instance that the peer solves too."""
    return next(r for r in runs if r["who"] == OURS and tuple(r["size"]) == tuple(size))


def _our_row(runs: Sequence[Run]) -> list[str]:
    done = [run for run in runs if "failed" not in run]
    failed = len(runs) - len(done)
    cells = [_size(runs[0]), _whole(runs[0]["panels"]), f"{len(runs)}"]
    if failed:
        cells[2] += f" ({failed} failed)"
    if not done:
        return cells + [""] * (len(OUR_HEAD) - len(cells))

    def of(choose: Callable[[Iterable[float]], float], name: str) -> float:
        return choose([run[name] for run in done])

    return [
        *cells,
        f"{of(statistics.median, 'probabilities'):.3f}",
        f"{of(statistics.median, 'lottery'):.2f}",
        f"{of(statistics.median, 'seconds'):.2f}",
        f"{of(max, 'seconds'):.2f}",
        f"{of(max, 'peak_mib'):.0f}",
        f"{done[0]['smallest']:.4f}",
        f"{done[0]['bound']:.5f}",
        f"{of(max, 'gap_seats'):.2f}",
        f"{of(max, 'error_seats'):.2f}",
        _whole(of(min, "distinct")),
    ]


def _peer_row(peer: Run, ours: Run) -> list[str]:
    seconds = float(ours.get("seconds", float("nan")))
    mine = [f"{ours['smallest']:.4f}" if "smallest" in ours else ""]
    cells = [_size(peer), f"{peer['algorithm']}, {peer['solver']}"]
    if "seconds" not in peer:
        lasted = float(peer.get("stopped", peer.get("after")))
        end = f" (failed: {peer['failed']})" if "failed" in peer else peer.get("note", "")
        least = f"> {lasted / seconds:.0f}"
        return [*cells, f"> {lasted:.0f}{end}", "", "", *mine, "", "", f"{seconds:.2f}", least]
    return [
        *cells,
        f"{peer['seconds']:.1f}",
        f"{peer['peak_mib']:.0f}",
        f"{peer['smallest']:.4f}",
        *mine,
        _whole(peer["distinct"]),
        _whole(peer["never_seated"]),
        f"{seconds:.2f}",
        f"{peer['seconds'] / seconds:.0f}",
    ]


def _size(run: Run) -> str:
    return ", ".join(_whole(number) for number in run["size"])


def _whole(number: float) -> str:
    return f"{number:,.0f}".replace(",", " ")
