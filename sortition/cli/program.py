"""The program and its commands; each command imports what it needs when it is called."""

from __future__ import annotations

import importlib
import sys

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
        command: click.Command = getattr(module, name)
        return command


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kleroterion")
def program() -> None:
    """Draw a representative panel by lot, and prove it to anyone.

    \b
    The way of a draw:
      kleroterion targets --size 150 > features.csv      quotas from the population
      kleroterion check features.csv people.csv --size 150
      kleroterion solve features.csv people.csv --size 150 --out draw
      (publish draw/public and its digest, then draw a number in public)
      kleroterion draw draw --number 187
      kleroterion audit draw
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
    except SortitionError as error:
        refuse(str(error))
        sys.exit(1)
