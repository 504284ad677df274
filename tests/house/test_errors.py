"""Every error that the draw declares can happen."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

from sortition import errors


def raised_names(tree: ast.AST) -> set[str]:
    """Return the names of the classes raised, called or not, qualified or not."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            what = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            names.add(what.attr if isinstance(what, ast.Attribute) else getattr(what, "id", ""))
    return names


def test_every_error_class_is_raised_somewhere(modules: tuple[Path, ...]) -> None:
    raised = set().union(*(raised_names(ast.parse(path.read_text("utf-8"))) for path in modules))
    declared = {
        name
        for name, value in inspect.getmembers(errors, inspect.isclass)
        if issubclass(value, Exception) and value is not errors.SortitionError
    }
    assert declared - raised == set()


def test_every_error_has_the_root_and_a_name_that_ends_in_error() -> None:
    for name, value in inspect.getmembers(errors, inspect.isclass):
        if value.__module__ == errors.__name__:
            assert issubclass(value, errors.SortitionError)
            assert name.endswith("Error")


def test_no_module_declares_an_error_elsewhere(root: Path, modules: tuple[Path, ...]) -> None:
    strays = [
        f"{path.relative_to(root)}: {node.name}"
        for path in modules
        if path.name not in ("errors.py", "audit.py")  # the audit stands alone, errors too
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(getattr(base, "id", "").endswith(("Error", "Exception")) for base in node.bases)
    ]
    assert strays == []
