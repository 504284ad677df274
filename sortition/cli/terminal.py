"""What the terminal shows: problems, tables, and the advance of long work."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from sortition.errors import CancelledError, InputError
from sortition.problems import Problem

SHOWN = 10  # errors of one kind listed in the terminal; --json lists them all
SHOWN_WARNINGS = 3
FEW = 3  # below, problems that share a remedy are told one by one


def speak(text: str) -> None:
    """Write the result of a command to standard output."""
    sys.stdout.write(f"{text}\n")


def speak_json(content: Any) -> None:
    """Write a result for scripts."""
    speak(json.dumps(content, ensure_ascii=False, indent=1))


def whisper(text: str) -> None:
    """Write a remark to standard error, where it spoils no piped result."""
    sys.stderr.write(f"{text}\n")


def refuse(fault: str | InputError) -> None:
    """Say on standard error why the command stops."""
    if isinstance(fault, str):
        whisper(fault)
    else:
        show_problems(fault.problems)


def show_problems(problems: Sequence[Problem]) -> None:
    """Write problems with their place and remedy, those that one remedy ends together."""
    alike: dict[tuple[str, str | None, str, str], list[Problem]] = {}
    for problem in problems:
        kind = (problem.file, problem.column, problem.remedy, problem.severity)
        alike.setdefault(kind, []).append(problem)
    for group in alike.values():
        whisper("\n".join(_lines(group)))
    errors = sum(problem.severity == "error" for problem in problems)
    if errors:
        whisper(f"{many(errors, 'error')} and {many(len(problems) - errors, 'warning')}.")


def _lines(group: Sequence[Problem]) -> Iterator[str]:
    """Yield the lines of problems that share file, column and remedy."""
    first = group[0]
    mark, shown = ("✗", SHOWN) if first.severity == "error" else ("!", SHOWN_WARNINGS)
    if len(group) < FEW:
        yield from (f"{mark} {problem}" for problem in group)
        return
    place = first.file if first.column is None else f"{first.file}, column {first.column!r}"
    yield f"{mark} {place}, {len(group)} times: {first.remedy}"
    for problem in group[:shown]:
        row = None if problem.row is None else f"row {problem.row}"
        value = None if problem.value is None else repr(problem.value)
        yield f"    {', '.join(filter(None, (row, value)))}: {problem.message}"
    if len(group) > shown:
        yield f"    and {len(group) - shown} more (--json lists them all)."


def problems_json(problems: Sequence[Problem]) -> list[dict[str, str | int | None]]:
    """Return problems as plain values, for scripts."""
    return [problem.as_dict() for problem in problems]


def many(count: int, noun: str) -> str:
    """Write a count and its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


class _Bars:
    """Shows the advance of work on a terminal; stays silent elsewhere."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def start(self, label: str, total: int | None) -> None:
        if self._task is not None:
            self._progress.update(self._task, visible=False)
        self._task = self._progress.add_task(label, total=total)

    def advance(self, done: int) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=done)


@contextmanager
def bars() -> Iterator[_Bars]:
    """Show bars on standard error while the work lasts."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}"),
        TimeElapsedColumn(),
    )
    quiet = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
        try:
            yield _Bars(progress)
        except KeyboardInterrupt as stop:
            raise CancelledError from stop


def show_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table to standard output."""
    table = Table(box=None, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place == 0 else "right")
    for row in rows:
        table.add_row(*row)
    console = Console()
    if not console.is_terminal:
        console.width = 200  # a file or a pipe has no edge to fold lines at
    console.print(table)
