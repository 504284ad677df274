"""Modules say what lives in them, stay short, and the audit stands alone."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

LONGEST_MODULE = 400  # lines; 300 is what we aim at
LONGEST = {"sortition/audit.py": 1300}  # one file on purpose: it is copied and read alone


def first_sentence(path: Path) -> str:
    """Return the first paragraph of a module's docstring, or nothing."""
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0]


def imported_packages(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." if node.level else str(node.module).split(".")[0])
    return names


def test_every_module_says_in_a_sentence_what_lives_there(
    root: Path, files: tuple[Path, ...]
) -> None:
    mute = [
        str(path.relative_to(root))
        for path in files
        if path.suffix == ".py" and not first_sentence(path).endswith((".", "?"))
    ]
    assert mute == []


def test_no_module_of_ours_is_long(root: Path, modules: tuple[Path, ...]) -> None:
    lengths = {
        str(p.relative_to(root)): len(p.read_text("utf-8").splitlines())
        for p in modules
        if p.parent.name != "versions"  # a migration lists what it makes
    }
    assert {n: size for n, size in lengths.items() if size > LONGEST.get(n, LONGEST_MODULE)} == {}


def test_the_audit_is_one_file_that_needs_only_the_standard_library(root: Path) -> None:
    # Whoever doubts a draw copies this file alone to their computer.
    tree = ast.parse((root / "sortition" / "audit.py").read_text("utf-8"))
    assert imported_packages(tree) - set(sys.stdlib_module_names) == set()


@pytest.mark.parametrize("name", ["eval", "exec", "__import__", "float"])
def test_the_audit_calls_nothing_that_hides_code_or_rounds(root: Path, name: str) -> None:
    tree = ast.parse((root / "sortition" / "audit.py").read_text("utf-8"))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert name not in called


def test_the_audit_computes_with_integers_and_fractions_only(root: Path) -> None:
    tree = ast.parse((root / "sortition" / "audit.py").read_text("utf-8"))
    floats = [
        f"line {node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    assert floats == []
