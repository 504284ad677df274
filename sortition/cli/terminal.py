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

SHOWN = 40  # problems listed in full; --json lists them all


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
    """Write problems one by one, each with its place and its remedy."""
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    for problem in problems[:SHOWN]:
        mark = "✗" if problem.severity == "error" else "!"
        whisper(f"{mark} {problem}")
    if len(problems) > SHOWN:
        whisper(f"… and {len(problems) - SHOWN} more (--json lists them all).")
    if errors:
        whisper(f"{_many(errors, 'error')} and {_many(warnings, 'warning')}.")


def _many(count: int, noun: str) -> str:
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
    Console().print(table)
