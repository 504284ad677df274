"""The command line of the assemblies, added to that of the draw: ``kleroterion`` starts here."""

from __future__ import annotations

import sys

from assemblies.errors import AssembliesError
from sortition.cli.program import COMMANDS, program
from sortition.cli.program import main as run
from sortition.cli.terminal import refuse

__all__ = ["main", "program"]

COMMANDS.update(
    {
        "database": "assemblies.cli.records",
        "journal": "assemblies.cli.records",
        "load-year": "assemblies.cli.year",
        "look": "assemblies.cli.year",
        "retention": "assemblies.cli.retention",
    }
)


def main() -> None:
    """Run the program; leave as the draw's does, and with 1 where the record refuses."""
    try:
        run()
    except AssembliesError as error:
        refuse(f"{error}.")
        sys.exit(1)
