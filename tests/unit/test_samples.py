"""The invented samples: the same bytes when made again, plausible, and able to seat their panels."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from ortools.sat.python import cp_model

from data import resource
from data.samples.generate import main, make_samples
from data.samples.inventions import LAST_NAMES
from sortition.errors import InputError
from sortition.files import DrawInput, read_problem
from sortition.pool import NO_HOUSEHOLD, Pool
from sortition.quotas import Quotas
from sortition.targets import FLOOR_CEILING, Targets, Tolerance, targets, write_quota_file
from sortition.whole_body import count_seated, what_remains

LARGEST_FILE = 1_000_000  # bytes
HOME = ("address", "postcode", "city")


@dataclass(frozen=True)
class Recipe:
    """The arguments of ``kleroterion targets`` for a quota file, as the README of the samples has them."""

    base: str
    features: str
    size: int
    tolerance: Tolerance
    whole: int = 0
    seated: str = ""

    def targets(self) -> Targets:
        names = self.features.split(",")
        if not self.whole:
            return targets(size=self.size, base=self.base, features=names, tolerance=self.tolerance)
        body = targets(size=self.whole, base=self.base, features=names)
        seated = count_seated(rows_of(self.seated), body)
        return what_remains(body, seated, size=self.size, tolerance=self.tolerance)


RECIPES = {
    "climate/features.csv": Recipe("16+", "sex,age,diploma,occupation,commune_type,region", 150, 1),
    "constituent/features.csv": Recipe("18+", "sex,age,region,occupation,commune_type", 300, 1),
    "constituent/features_whole_body.csv": Recipe(
        "18+", "sex,age,region,commune_type", 300, 1, whole=600, seated="constituent/elected.csv"
    ),
    "evaluation/features.csv": Recipe(
        "18+", "sex,age,diploma:merged,commune_type,region:large", 30, FLOOR_CEILING
    ),
}
POOLS = {"climate": 3_000, "constituent": 6_000, "evaluation": 400}


def text_of(name: str) -> str:
    return resource(f"samples/{name}").read_bytes().decode("utf-8")


@cache
def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(name))))


def sample(quota_file: str, size: int) -> DrawInput:
    """Read a sample as ``check`` and ``solve`` do, households included."""
    people = f"{quota_file.partition('/')[0]}/people.csv"
    paths = [str(resource(f"samples/{name}")) for name in (quota_file, people)]
    return read_problem(*paths, size, household_columns=HOME)


@cache
def pool_of(folder: str) -> Pool:
    return sample(f"{folder}/features.csv", RECIPES[f"{folder}/features.csv"].size).pool


def spellings_by_home(pool: Pool) -> dict[int, list[tuple[str, str]]]:
    """Return the address and the city as each member of a household writes them."""
    at = [pool.kept_columns.index(column) for column in ("address", "city")]
    homes = defaultdict(list)
    for home, kept in zip(pool.households.tolist(), pool.kept, strict=True):
        if home != NO_HOUSEHOLD:
            homes[home].append((kept[at[0]], kept[at[1]]))
    return homes


def can_seat(pool: Pool, quotas: Quotas) -> bool:
    """Tell whether some panel meets the quotas with at most one member per household."""
    model = cp_model.CpModel()
    sits = [model.new_bool_var("") for _ in pool.ids]
    model.add(sum(sits) == quotas.size)
    for code, (lower, upper) in enumerate(zip(quotas.lower, quotas.upper, strict=True)):
        members = [sits[row] for row in np.flatnonzero((pool.codes == code).any(axis=1))]
        model.add_linear_constraint(sum(members), int(lower), int(upper))
    for home in range(pool.households.max() + 1):
        model.add_at_most_one(sits[row] for row in np.flatnonzero(pool.households == home))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver.solve(model) == cp_model.OPTIMAL


def test_the_generated_files_are_made_again_to_the_last_byte() -> None:
    made = make_samples()
    assert {name: text == text_of(name) for name, text in made.items()} == dict.fromkeys(made, True)
    assert len(made) == 7


def test_the_script_writes_the_files_where_asked(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("samples")
    main([str(folder)])
    for name in ("evaluation/people.csv", "constituent/elected.csv"):
        assert (folder / name).read_bytes() == resource(f"samples/{name}").read_bytes()


@pytest.mark.parametrize("name", RECIPES)
def test_the_quota_files_are_what_the_reference_tables_give(name: str) -> None:
    """A failure says that tables or rounding changed: run the command of data/samples/README.md."""
    assert write_quota_file(RECIPES[name].targets()) == text_of(name)


def test_the_readme_gives_the_command_of_each_quota_file() -> None:
    readme = " ".join(text_of("README.md").replace("\\\n", " ").split())
    for name, recipe in RECIPES.items():
        command = (
            f"kleroterion targets --population france --base {recipe.base} --size {recipe.size}"
        )
        command += f" --tolerance {recipe.tolerance} --features {recipe.features}"
        if recipe.whole:
            command += f" --whole {recipe.whole} --seated {recipe.seated}"
        assert f"{command} > {name}" in readme


@pytest.mark.parametrize("name", RECIPES)
def test_a_panel_can_be_seated_with_one_member_per_household(name: str) -> None:
    read = sample(name, RECIPES[name].size)
    assert read.quotas == RECIPES[name].targets().quotas
    assert can_seat(read.pool, read.quotas)


def test_the_search_for_a_panel_can_fail() -> None:
    # 400 volunteers, some of whom share a home, cannot all sit.
    quotas = RECIPES["evaluation/features.csv"].targets().quotas
    everybody = quotas.with_bounds(0 * quotas.lower, 0 * quotas.upper + 400)
    assert not can_seat(pool_of("evaluation"), everybody.resized(400))
    assert can_seat(pool_of("evaluation"), everybody.resized(380))


@pytest.mark.parametrize(("folder", "number"), POOLS.items())
def test_a_pool_is_complete_and_knows_only_the_categories_of_its_quotas(
    folder: str, number: int
) -> None:
    people = rows_of(f"{folder}/people.csv")
    assert len({person["id"] for person in people}) == len(people) == number
    assert all(all(person.values()) for person in people)
    known = defaultdict(set)
    for row in rows_of(f"{folder}/features.csv"):
        known[row["feature"]].add(row["value"])
    for feature, categories in known.items():
        assert {person[feature] for person in people} == categories


@pytest.mark.parametrize("folder", POOLS)
def test_the_response_counts_the_volunteers(folder: str) -> None:
    people = rows_of(f"{folder}/people.csv")
    for row in rows_of(f"{folder}/response.csv"):
        said_yes = sum(person[row["feature"]] == row["value"] for person in people)
        assert int(row["volunteers"]) == said_yes <= int(row["invited"])
    invited = Counter()
    for row in rows_of(f"{folder}/response.csv"):
        invited[row["feature"]] += int(row["invited"])
    assert set(invited.values()) == {10 * len(people)}


@pytest.mark.parametrize("folder", POOLS)
def test_no_file_is_large(folder: str) -> None:
    for path in resource(f"samples/{folder}").iterdir():
        assert len(path.read_bytes()) < LARGEST_FILE


def test_the_invited_look_like_the_country() -> None:
    """Each category within four points of its share, although some crossings are invented."""
    shares = {
        (feature.feature, row.category): row.share
        for feature in RECIPES["climate/features.csv"].targets().features
        for row in feature.rows
    }
    for row in rows_of("climate/response.csv"):
        invited = Fraction(int(row["invited"]), 30_000)
        assert abs(invited - shares[row["feature"], row["value"]]) < Fraction(4, 100)


def test_those_who_say_yes_differ_as_in_real_conventions() -> None:
    rates = {
        row["value"]: int(row["volunteers"]) / int(row["invited"])
        for row in rows_of("climate/response.csv")
    }
    assert rates["Diplôme du supérieur"] > 3 * rates["Sans diplôme ou certificat d'études"]
    assert rates["Cadres et professions intellectuelles supérieures"] > 3 * rates["Ouvriers"]
    assert rates["50-64 ans"] > 1.5 * rates["18-24 ans"]
    assert rates["Pôle d'une aire d'attraction"] > rates["Hors attraction des villes"]


def test_age_occupation_and_diploma_go_together() -> None:
    crossed = Counter((p["age"], p["occupation"]) for p in rows_of("climate/people.csv"))
    retired = {age for (age, occupation), n in crossed.items() if occupation == "Retraités"}
    assert retired <= {"35-49 ans", "50-64 ans", "65 ans ou plus"}
    assert crossed["65 ans ou plus", "Retraités"] > 0.8 * sum(
        n for (age, _), n in crossed.items() if age == "65 ans ou plus"
    )
    for person in rows_of("climate/people.csv"):
        if person["age"] == "16-17 ans":
            assert person["diploma"] not in {"Baccalauréat ou équivalent", "Diplôme du supérieur"}
        if person["diploma"] == "Élève ou étudiant":
            assert person["age"] not in {"50-64 ans", "65 ans ou plus"}
    places = Counter((p["region"], p["commune_type"]) for p in rows_of("climate/people.csv"))
    assert places["Île-de-France", "Hors attraction des villes"] == 0


@pytest.mark.parametrize("folder", POOLS)
def test_some_share_a_home_and_write_it_differently(folder: str) -> None:
    homes = spellings_by_home(pool_of(folder))
    sharing = sum(len(members) for members in homes.values())
    assert 0.03 * len(pool_of(folder)) < sharing < 0.06 * len(pool_of(folder))
    assert {len(members) for members in homes.values()} == {2, 3}
    assert any(len(set(members)) > 1 for members in homes.values())
    assert any(len(set(members)) == 1 for members in homes.values())


@pytest.mark.parametrize("name", RECIPES)
def test_the_only_warnings_are_of_addresses_nearly_the_same(name: str) -> None:
    warnings = sample(name, RECIPES[name].size).warnings
    assert warnings
    assert all("looks like" in warning.message for warning in warnings)


def test_people_of_one_home_live_in_one_region_and_type_of_commune() -> None:
    pool = pool_of("climate")
    at = [[f.name for f in pool.features].index(name) for name in ("region", "commune_type")]
    for home in range(pool.households.max() + 1):
        places = {tuple(row) for row in pool.membership[pool.households == home][:, at].tolist()}
        assert len(places) == 1


def test_the_faulty_files_show_every_mistake_that_their_readme_lists() -> None:
    with pytest.raises(InputError) as refusal:
        sample("faulty/features.csv", 12)
    errors = [(p.file, p.row) for p in refusal.value.problems if p.severity == "error"]
    assert {row for file, row in errors if file == "features.csv"} == {2, 5, 6, 7, 8, 9, 12, 13, 14}
    in_people = {4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16}
    assert {row for file, row in errors if file == "people.csv"} == in_people
    (warning,) = (p for p in refusal.value.problems if p.severity == "warning")
    assert "looks like" in warning.message


def test_nobody_is_real() -> None:
    for folder in POOLS:
        for person in rows_of(f"{folder}/people.csv"):
            assert person["last_name"] in LAST_NAMES
            assert person["postcode"].startswith("96")  # the number of no department
            assert person.get("email", "@example.org").endswith("@example.org")


def test_the_evaluation_pool_can_be_written_in_latin_1() -> None:
    text_of("evaluation/people.csv").encode("latin-1")


def test_the_elected_half_is_unlike_the_country_and_leaves_corsica_nothing_to_draw() -> None:
    elected = rows_of("constituent/elected.csv")
    assert len(elected) == 300
    rows = {r["value"]: r for r in rows_of("constituent/features_whole_body.csv")}
    assert (rows["Corse"]["target"], rows["Corse"]["max"]) == ("0", "1")
    assert int(rows["Femme"]["target"]) > 150
    assert int(rows["50-64 ans"]["target"]) < 30


def test_quotas_of_the_drawn_half_and_the_elected_make_the_whole() -> None:
    whole = targets(size=600, features=("sex", "age")).features
    elected = rows_of("constituent/elected.csv")
    drawn = {r["value"]: int(r["target"]) for r in rows_of("constituent/features_whole_body.csv")}
    for feature in whole:
        for row in feature.rows:
            seated = sum(person[feature.feature] == row.category for person in elected)
            assert abs(seated + drawn[row.category] - row.exact) < 1
