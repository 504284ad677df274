"""One word per thing: names keep to the glossary, and nothing names a machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

# Word not to use in a name → what we say instead.
GLOSSARY = {
    "committee": "panel",
    "registrant": "respondent",
    "bucket": "category",
    "reserve": "alternate",
    "reserves": "alternates",
    "substitute": "alternate",
    "substitutes": "alternates",
    "salary": "allowance",
    "manager": "what it does",
    "helper": "what it does",
    "helpers": "what they do",
    "util": "what it does",
    "utils": "what they do",
    "service": "what it does",
    "stuff": "what it is",
}
# Where a checkout, a home or a package lives on one machine only.
MACHINE = re.compile(
    r"(?<![\w.<{/])/(?:home|root|Users|work|mnt)/[\w.]"
    r"|(?<![\w.])/tmp/[\w.]"
    r"|\b[A-Z]:\\Users\\"
    r"|file:///"
    r"|pythonhosted|\bpypi\.|\bnpmjs\b|deb\.debian"
    r"|(?:extra-)?index-url\s*[=:]\s*\S"
)


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of all that a module names itself."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id


def words_of(name: str) -> set[str]:
    """Split a name at underscores and capitals."""
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_"))


def test_names_are_split_into_words() -> None:
    assert words_of("SubstituteManager_of_panel") == {"substitute", "manager", "of", "panel"}


def test_names_keep_to_the_glossary(root: Path, modules: tuple[Path, ...]) -> None:
    wrong = [
        f"{path.relative_to(root)}:{line}: {name}: say {GLOSSARY[word]}"
        for path in modules
        for line, name in [(1, path.stem), *names_in(ast.parse(path.read_text("utf-8")))]
        for word in words_of(name) & GLOSSARY.keys()
    ]
    assert wrong == []


def test_the_search_for_machines_finds_one() -> None:
    for text in ("see /home/ada/draw", "cd '/root/x'", "(/tmp/pool.csv)", r"C:\Users\ada"):
        assert MACHINE.search(text)
    for text in ("sortition/root/x", "https://example.org/home/page", "work/a", "a/tmp/b"):
        assert not MACHINE.search(text)


def test_no_file_names_a_machine_or_a_registry(root: Path, files: tuple[Path, ...]) -> None:
    found = []
    for path in files:
        if path == Path(__file__):
            continue
        try:
            lines = path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:  # pictures, workbooks, and samples in old encodings
            lines = path.read_text("latin-1").splitlines()
        for number, line in enumerate(lines, start=1):
            found += [f"{path.relative_to(root)}:{number}: {m[0]}" for m in MACHINE.finditer(line)]
    assert found == []


def test_the_locks_name_no_host(root: Path) -> None:
    for lock in ("lock.txt", "lock-test.txt"):
        assert "://" not in (root / lock).read_text("utf-8")
