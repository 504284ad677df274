"""The command line ``kleroterion``: the only place of the core that prints."""

from sortition.cli.program import main, program

__all__ = ["main", "program"]
