"""A bundle is frozen whole or not at all, and reads back as what was solved."""

from __future__ import annotations

import hashlib
import json
import stat
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from sortition.bundle import installed_software, pool_from_witness, read_bundle
from sortition.errors import BundleError
from sortition.frozen_tables import probability_text
from sortition.probabilities import PROBABILITY_SCALE
from tests.frozen_bundles import SECRET, freeze_by_hand, one_level_of_couples, reseal, two_groups


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_same_solution_and_secret_give_the_same_bytes(tmp_path: Path) -> None:
    freeze_by_hand(tmp_path / "one")
    freeze_by_hand(tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_another_secret_changes_tokens_but_not_what_is_reproduced(tmp_path: Path) -> None:
    one = freeze_by_hand(tmp_path / "one")
    two = freeze_by_hand(tmp_path / "two", secret=SECRET[::-1])
    assert one.tokens() != two.tokens()
    assert set(one.tokens()) == set(two.tokens())
    rebuilt = pool_from_witness(one).pool, pool_from_witness(two).pool
    np.testing.assert_array_equal(rebuilt[0].membership, rebuilt[1].membership)


def test_public_and_witness_name_nobody(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b")
    names = [*bundle.pool().ids, "example.org", SECRET.hex()]
    for name, content in contents(bundle.path).items():
        if not name.startswith("private/"):
            assert not [n for n in names if n in content.decode()], name


def test_public_shows_no_features_of_anybody(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b")
    for name in ("commitments", "panels", "probabilities"):
        text = (bundle.path / "public" / f"{name}.csv").read_text("utf-8")
        assert "femme" not in text
        assert "16-39" not in text


def test_composition_is_not_told_panel_by_panel(tmp_path: Path) -> None:
    """Counts per panel and public members per panel are linear equations in the features."""
    bundle = freeze_by_hand(tmp_path / "b")
    rows = bundle.table("public/composition.csv")
    assert ("sexe", "femme", "2", "12") in rows
    assert sum(int(panels) for f, v, _, panels in rows if (f, v) == ("âge", "40+")) == 12


def test_the_manifest_seals_every_frozen_file(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b")
    sealed = set(bundle.manifest["files"])
    frozen = {n for n in contents(bundle.path) if not n.startswith("private/")}
    assert frozen - {"public/manifest.json", "public/digest.txt"} | {"private/tokens.csv"} == sealed
    for name, expected in bundle.manifest["files"].items():
        assert hashlib.sha256((bundle.path / name).read_bytes()).hexdigest() == expected
    assert (bundle.path / "public/digest.txt").read_text() == f"{bundle.digest}\n"


def test_json_is_canonical(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b", targets={"b": 1, "a": "é"})
    for name, content in contents(bundle.path).items():
        if name.endswith(".json"):
            parsed = json.loads(content)
            again = json.dumps(parsed, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            assert content.decode() == again, name


def test_private_files_are_closed_to_others(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b")
    assert stat.S_IMODE((bundle.path / "private").stat().st_mode) == 0o700
    for path in (bundle.path / "private").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_public_files_are_open_to_all(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b")
    for path in (bundle.path, bundle.path / "public", bundle.path / "witness"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o555 == 0o555


def test_what_only_the_organiser_may_see_is_kept_apart(tmp_path: Path) -> None:
    bundle = freeze_by_hand(
        tmp_path / "b",
        exclusion_list=[("zoé", "mandate running"), ("ali", "moved away")],
        targets={"sexe": {"femme": "0.52"}},
    )
    assert bundle.table("private/exclusion_list.csv") == [
        ("ali", "moved away"),
        ("zoé", "mandate running"),
    ]
    assert json.loads((bundle.path / "private/targets.json").read_text("utf-8")) == {
        "sexe": {"femme": "0.52"}
    }
    assert bytes.fromhex((bundle.path / "private/secret.key").read_text()) == SECRET
    assert not (freeze_by_hand(tmp_path / "c").path / "private/targets.json").exists()


def test_those_without_a_chance_are_listed_by_token(tmp_path: Path) -> None:
    rows = freeze_by_hand(tmp_path / "b", two_groups(shut_out=5)).table("witness/exclusions.csv")
    assert len(rows) == 6
    assert rows == sorted(rows)


def test_a_bundle_of_another_format_is_refused(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b")
    reseal(bundle.path, format="kleroterion-bundle/2")
    with pytest.raises(BundleError, match="format"):
        read_bundle(bundle.path)


def test_a_changed_record_of_a_draw_is_refused(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b")
    assert not bundle.is_drawn
    (bundle.path / "public/draw.json").write_text('{"number": 3}')
    (bundle.path / "public/draw.sha256").write_text("0" * 64 + "\n")
    assert bundle.is_drawn
    with pytest.raises(BundleError, match=r"draw\.sha256"):
        bundle.draw()


def test_the_versions_that_panels_depend_on_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "numba":
            raise metadata.PackageNotFoundError(name)
        return "1.2"

    monkeypatch.setattr(metadata, "version", version)
    assert installed_software() == {
        "kleroterion": "1.2",
        "numba": "not installed",
        "numpy": "1.2",
        "ortools": "1.2",
    }


def test_a_bundle_reads_back_as_the_pool_that_was_solved(tmp_path: Path) -> None:
    solution = two_groups(couples=2)
    bundle = freeze_by_hand(tmp_path / "b", solution)
    pool = bundle.pool()
    assert (pool.ids, pool.features) == (solution.pool.ids, solution.pool.features)
    assert (pool.kept_columns, pool.kept) == (solution.pool.kept_columns, solution.pool.kept)
    np.testing.assert_array_equal(pool.membership, solution.pool.membership)
    np.testing.assert_array_equal(pool.households, solution.pool.households)
    assert bundle.quotas() == solution.quotas
    rebuilt = pool_from_witness(bundle)
    np.testing.assert_array_equal(rebuilt.pool.codes, solution.pool.codes)
    np.testing.assert_array_equal(rebuilt.pool.households, solution.pool.households)
    assert (rebuilt.quotas, rebuilt.seed, rebuilt.panels) == (solution.quotas, "seed", 12)


def test_a_panel_is_read_by_its_number(tmp_path: Path) -> None:
    solution = two_groups()
    bundle = freeze_by_hand(tmp_path / "b", solution)
    names = bundle.respondents()
    for number, members in enumerate(solution.panels):
        expected = {solution.pool.ids[row] for row in members}
        assert {names[token] for token in bundle.panel(number)} == expected
    with pytest.raises(BundleError):
        bundle.panel(len(solution.panels))


def test_seats_are_read_one_by_one(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b")
    rows = bundle.table("public/panels.csv")
    assert list(bundle.seats()) == [(int(number), token) for number, token in rows]


def test_the_private_table_names_the_members_of_each_panel(tmp_path: Path) -> None:
    solution = two_groups()
    bundle = freeze_by_hand(tmp_path / "b", solution)
    rows = bundle.table("private/panels.csv")
    assert rows == [
        (str(number), solution.pool.ids[row])
        for number, members in enumerate(solution.panels)
        for row in members
    ]
    assert bundle.table("private/probabilities.csv")[0] == (
        "person, 000",
        probability_text(PROBABILITY_SCALE // 3),
        str(solution.seats[0]),
    )


def test_nothing_existing_is_overwritten(tmp_path: Path) -> None:
    freeze_by_hand(tmp_path / "b")
    before = contents(tmp_path)
    with pytest.raises(BundleError, match="exists"):
        freeze_by_hand(tmp_path / "b", two_groups(panels=6))
    (tmp_path / "empty").mkdir()
    with pytest.raises(BundleError, match="exists"):
        freeze_by_hand(tmp_path / "empty")
    assert contents(tmp_path) == before


def test_a_secret_that_could_be_guessed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="secret"):
        freeze_by_hand(tmp_path / "b", secret=b"short")
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("name", ["public/manifest.json", "public/digest.txt"])
def test_a_changed_manifest_is_not_read(tmp_path: Path, name: str) -> None:
    bundle = freeze_by_hand(tmp_path / "b")
    (bundle.path / name).write_bytes((bundle.path / name).read_bytes() + b" ")
    with pytest.raises(BundleError):
        read_bundle(bundle.path)


def test_a_changed_table_is_not_read(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b")
    path = bundle.path / "public" / "panels.csv"
    path.write_text(path.read_text().replace("0,T", "0,U", 1))
    with pytest.raises(BundleError, match="changed"):
        bundle.panel(0)


def test_a_folder_that_is_no_bundle_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="manifest"):
        read_bundle(tmp_path)


def test_private_features_that_contradict_the_openings_are_refused(tmp_path: Path) -> None:
    bundle = freeze_by_hand(tmp_path / "b")
    path = bundle.path / "private" / "respondents.csv"
    path.write_text(path.read_text().replace("16-39", "40+", 1))
    with pytest.raises(BundleError, match="respondents"):
        bundle.pool()


def test_a_pool_of_couples_keeps_its_households(tmp_path: Path) -> None:
    solution = one_level_of_couples()
    bundle = freeze_by_hand(tmp_path / "b", solution)
    assert bundle.manifest["households"] is True
    assert bundle.manifest["minimum_probability"] == "1/2"
    alone = replace(solution.pool, households=np.full(6, -1, dtype=np.int32))
    bundle = freeze_by_hand(tmp_path / "c", replace(solution, pool=alone))
    assert bundle.manifest["households"] is False


def test_a_part_of_the_pool_keeps_its_tokens_and_commitments(tmp_path: Path) -> None:
    solution = two_groups(shut_out=0, never_whole=0)
    parent = freeze_by_hand(tmp_path / "b", solution)
    tokens = parent.tokens_of(solution.pool)
    child = freeze_by_hand(tmp_path / "c", solution, tokens=tokens, secret=SECRET[::-1])
    assert child.table("public/commitments.csv") == parent.table("public/commitments.csv")
    some = solution.pool.take([1, 3])
    assert parent.tokens_of(some).tokens == (parent.tokens()[1], parent.tokens()[3])
