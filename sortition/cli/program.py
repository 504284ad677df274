"""The program and its commands; each command imports what it needs when it is called."""

from __future__ import annotations

import importlib
import os
import sys
from typing import NoReturn

import rich_click as click

from sortition.cli.terminal import refuse
from sortition.errors import CancelledError, InputError, QuotasInfeasibleError, SortitionError

COMMANDS = {
    "targets": "sortition.cli.inputs",
    "check": "sortition.cli.inputs",
    "solve": "sortition.cli.freezing",
    "reproduce": "sortition.cli.freezing",
    "draw": "sortition.cli.drawing",
    "replace": "sortition.cli.drawing",
    "audit": "sortition.cli.checking",
    "receipt": "sortition.cli.checking",
    "report": "sortition.cli.checking",
    "demo": "sortition.cli.demonstration",
    "bench": "sortition.cli.demonstration",
}
"""Each command and the module that holds it; packages above add theirs."""


class _Program(click.RichGroup):
    """A group that loads a command only when it is named, so that help comes at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[name])
        command: click.Command = getattr(module, name.replace("-", "_"))
        return command


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.rich_config(
    help_config={
        "padding_helptext_first_line": (0, 0, 1, 0),  # a blank line before the examples
        "style_helptext": "",  # which are there to be read
        "show_arguments": True,
    }
)
@click.version_option(package_name="kleroterion")
def program() -> None:
    """Draw a representative panel by lot, and prove it to anyone.

    \b
    kleroterion targets --features sex,age --size 150 > features.csv
    kleroterion check features.csv people.csv --size 150
    kleroterion solve features.csv people.csv --size 150 --out bundle
    (publish bundle/public and its digest, then draw a number in public)
    kleroterion draw bundle --number 187
    kleroterion audit bundle
    kleroterion report bundle --out report.html

    Exit codes: 0 done, 1 the data or the quotas are wrong, 2 wrong use.
    """


def main() -> None:
    """Run the program; leave with 0 done, 1 the data or the quotas are wrong, 2 wrong use."""
    try:
        # Out of standalone mode, Click hands over the exit code instead of leaving with it.
        sys.exit(program(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (CancelledError, KeyboardInterrupt, click.Abort):
        refuse("Stopped. Nothing is half written.")
        sys.exit(130)
    except InputError as error:
        refuse(error)
        sys.exit(1)
    except QuotasInfeasibleError:
        refuse("No panel meets every quota. `kleroterion check` says why and what could give way.")
        sys.exit(1)
    except (SortitionError, OSError) as error:
        _leave(error)


def _leave(error: Exception) -> NoReturn:
    """Say what went wrong on standard error, and leave with 1."""
    if isinstance(error, BrokenPipeError):  # whoever reads the output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    elif isinstance(error, OSError):
        refuse(f"{error.filename}: {error.strerror}")
    else:
        refuse(str(error))
    sys.exit(1)
