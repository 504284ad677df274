"""The draw: from a pool of volunteers and quotas to a fair, proved, public panel.

The names below are what other packages use; each is loaded when it is first asked for, so that
``kleroterion --help`` does not wait for a solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sortition.bundle import Bundle, freeze, read_bundle
    from sortition.drawing import draw
    from sortition.drawn_number import DrawInputs
    from sortition.files import DrawInput, read_pool, read_problem, read_quotas
    from sortition.pool import Feature, Pool
    from sortition.quotas import Quota, Quotas
    from sortition.replacement import replace
    from sortition.solving import Solution, solve

_HOMES = {
    "Bundle": "bundle",
    "DrawInput": "files",
    "DrawInputs": "drawn_number",
    "Feature": "pool",
    "Pool": "pool",
    "Quota": "quotas",
    "Quotas": "quotas",
    "Solution": "solving",
    "draw": "drawing",
    "freeze": "bundle",
    "read_bundle": "bundle",
    "read_pool": "files",
    "read_problem": "files",
    "read_quotas": "files",
    "replace": "replacement",
    "solve": "solving",
}

__all__ = [
    "Bundle",
    "DrawInput",
    "DrawInputs",
    "Feature",
    "Pool",
    "Quota",
    "Quotas",
    "Solution",
    "draw",
    "freeze",
    "read_bundle",
    "read_pool",
    "read_problem",
    "read_quotas",
    "replace",
    "solve",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the module that holds it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sortition' has no attribute {name!r}")
    return getattr(import_module(f"sortition.{_HOMES[name]}"), name)
