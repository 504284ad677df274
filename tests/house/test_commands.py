"""Every command teaches: what it does, each option, and an example to copy."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator

import click
import pytest


@pytest.fixture(scope="module")
def program() -> click.Group:
    """The group of commands behind ``kleroterion``, wherever the package keeps it."""
    edge = importlib.import_module("assemblies.cli")
    groups = [value for _, value in inspect.getmembers(edge) if isinstance(value, click.Group)]
    assert groups, "assemblies.cli names no group of commands"
    return groups[0]


def commands(group: click.Group, path: str = "kleroterion") -> Iterator[tuple[str, click.Command]]:
    """Yield each command under its full name."""
    context = click.Context(group, info_name=path)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def test_the_commands_others_script_against_are_there(program: click.Group) -> None:
    named = {name for name, _ in commands(program)}
    promised = [
        "targets",
        "check",
        "solve",
        "draw",
        "audit",
        "receipt",
        "replace",
        "report",
        "bench",
        "demo",
    ]
    assert {f"kleroterion {name}" for name in promised} - named == set()


def test_every_command_says_what_it_does_and_shows_an_example(program: click.Group) -> None:
    for name, command in commands(program):
        said = f"{command.help or ''}\n{command.epilog or ''}"
        assert command.get_short_help_str(), name
        assert f"{name} " in said or f"{name}\n" in said, f"{name}: no example"


def test_every_option_has_a_word_of_help(program: click.Group) -> None:
    mute = [
        f"{name} {option.opts[0]}"
        for name, command in commands(program)
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden and not option.help
    ]
    assert mute == []
