"""What is installed is what is here: names, locks, and the files inside the wheel."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PACKAGES = ("sortition", "assemblies", "reports", "web", "data")


def pins(lock: Path) -> dict[str, list[Requirement]]:
    """Return the requirements of a lock by canonical name (several where versions differ)."""
    found: dict[str, list[Requirement]] = {}
    for line in lock.read_text("utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            pin = Requirement(line.removesuffix("\\"))
            found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, object]:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (built,) = folder.glob("kleroterion-*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
def test_no_other_distribution_installs_a_package_of_our_names(package: str) -> None:
    # site-packages comes first on the path of an editable install: it would shadow ours.
    assert set(metadata.packages_distributions().get(package, [])) <= {"kleroterion"}


def test_the_wheel_holds_every_file_of_our_packages(
    root: Path, files: tuple[Path, ...], wheel: set[str]
) -> None:
    # The build honours .gitignore: a line such as *.csv would drop the reference tables.
    ours = {path.relative_to(root).as_posix() for path in files}
    ours = {name for name in ours if name.split("/")[0] in PACKAGES}
    assert ours - wheel == set()
    assert any(name.startswith("data/population/") for name in wheel)


def test_the_wheel_holds_nothing_else(wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel} - set(PACKAGES) == {"kleroterion-0.1.0.dist-info"}
    assert "kleroterion-0.1.0.dist-info/licenses/LICENSE" in wheel


def test_every_dependency_is_pinned_within_its_bounds(root: Path, project: dict) -> None:
    groups = project["dependency-groups"]
    run, test = pins(root / "lock.txt"), pins(root / "lock-test.txt")
    wanted = [(text, run) for text in project["project"]["dependencies"] + groups["build"]]
    wanted += [(text, run | test) for text in groups["test"] + groups["lint"]]
    for text, locked in wanted:
        requirement = Requirement(text)
        found = locked[canonicalize_name(requirement.name)]
        for pin in found:
            (version,) = (s.version for s in pin.specifier)
            assert requirement.specifier.contains(version), text


def test_the_second_lock_repeats_nothing_of_the_first(root: Path) -> None:
    assert pins(root / "lock.txt").keys() & pins(root / "lock-test.txt").keys() == set()


def test_what_is_installed_is_what_is_locked(root: Path) -> None:
    for lock in ("lock.txt", "lock-test.txt"):
        for name, found in pins(root / lock).items():
            here = [pin for pin in found if pin.marker is None or pin.marker.evaluate()]
            for pin in here:
                assert pin.specifier.contains(metadata.version(name)), name


def test_every_folder_of_code_is_a_package(modules: tuple[Path, ...]) -> None:
    # Without ``__init__.py`` a folder still imports, and some tools no longer see it.
    bare = {str(path.parent) for path in modules if not (path.parent / "__init__.py").exists()}
    assert {folder for folder in bare if "migrations" not in folder} == set()


def test_the_public_names_of_the_draw_are_there() -> None:
    import sortition  # noqa: PLC0415 -- each name is loaded when it is asked for

    assert set(sortition.__all__) == set(sortition._HOMES)
    for name in sortition.__all__:
        assert getattr(sortition, name).__module__ == f"sortition.{sortition._HOMES[name]}"
