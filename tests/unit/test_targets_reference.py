"""Persons counted in the reference tables, and tables that are refused."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from fractions import Fraction
from importlib.resources import as_file
from pathlib import Path

import pytest

from data import resource
from sortition.age_bands import AgeBand
from sortition.errors import TargetsError
from sortition.persons import FeaturePersons, compare_tables, count_persons
from sortition.reference import ReferencePopulation, load_population, population_names

RESIDENTS = "population_region_sexe_age5_2025_15plus.csv"
OLDER_RESIDENTS = "population_region_sexe_age5_2021.csv"


def table(name: str) -> list[dict[str, str]]:
    text = resource(f"population/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def count(feature: str, base: str = "18+", population: str = "france") -> FeaturePersons:
    return count_persons(load_population(population), feature, base)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the tables and their index, to be tampered with."""
    with as_file(resource("population")) as folder:
        shutil.copytree(folder, tmp_path / "population")
    return tmp_path / "population"


def rewrite(
    copied: Path, name: str, old: str, new: str, *, index: bool = True
) -> ReferencePopulation:
    """Change a copied table, record its digest in the index if asked, and load the copy."""
    path, toml = copied / name, copied / "france.toml"
    before = path.read_bytes()
    assert old.encode() in before
    after = before.replace(old.encode(), new.encode(), 1)
    path.write_bytes(after)
    if index:
        digests = (hashlib.sha256(content).hexdigest() for content in (before, after))
        toml.write_text(toml.read_text("utf-8").replace(*digests), "utf-8")
    return load_population(str(toml))


def test_people_of_18_or_more_are_the_older_bands_and_two_fifths_of_15_to_19() -> None:
    people = table(RESIDENTS) + [r for r in table(OLDER_RESIDENTS) if r["code_region"] == "06"]
    expected: dict[str, Fraction] = {}
    for row in people:
        if row["age"] in ("0-4", "5-9", "10-14"):
            continue
        weight = Fraction(2, 5) if row["age"] == "15-19" else 1
        expected[row["sexe"]] = expected.get(row["sexe"], Fraction(0)) + weight * int(
            row["population"]
        )
    counted = count("sex")
    assert counted.persons == {"Femme": expected["F"], "Homme": expected["H"]}
    assert counted.total == Fraction(272830486, 5)


def test_18_to_24_is_two_fifths_of_15_to_19_and_20_to_24() -> None:
    # 15-19: 4 254 267 in 17 regions, 28 861 in Mayotte; 20-24: 3 940 842 and 18 635.
    expected = Fraction(2, 5) * (4_254_267 + 28_861) + 3_940_842 + 18_635
    assert count("age").persons["18-24 ans"] == expected
    assert count("age", "16+").persons["18-24 ans"] == expected
    assert count("age", "16+").persons["16-17 ans"] == Fraction(2, 5) * (4_254_267 + 28_861)


def test_sex_age_and_region_count_the_same_people() -> None:
    for base in ("18+", "16+"):
        totals = {
            count(feature, base).total for feature in ("sex", "age", "region", "region:large")
        }
        assert len(totals) == 1


def test_occupation_loses_the_too_young_from_those_without_occupation_alone() -> None:
    persons = count("occupation").persons
    # POP6, 15 or more: 6 518 421 workers; 8 914 322 others (sum of the ages),
    # of whom three fifths of the 4 195 418 aged 15 to 19 are under 18.
    assert persons["Ouvriers"] == 6_518_421
    assert persons["Autres personnes sans activité professionnelle"] == 8_914_322 - Fraction(
        3 * 4_195_418, 5
    )
    assert persons["Retraités"] == 15_575_052


def test_diplomas_are_spread_over_those_out_of_school_and_students_are_apart() -> None:
    counted = count("diploma")
    students = 2_821_528 + 327_400 + 433_777
    out_of_school = 5_413_738 + 3_824_541 + 43_483_203 - students
    assert counted.persons["Élève ou étudiant"] == students
    assert counted.persons["CAP, BEP ou équivalent"] == out_of_school * Fraction("0.244")
    assert counted.total == 52_721_482
    assert len(counted.persons) == 6
    assert len(count("diploma:merged").persons) == 5


def test_at_16_two_thirds_of_the_enrolled_of_15_to_17_are_students_of_the_base() -> None:
    more = count("diploma", "16+").persons["Élève ou étudiant"]
    assert more - count("diploma").persons["Élève ou étudiant"] == Fraction(2, 3) * 2_400_213


def test_electors_are_counted_by_region() -> None:
    counted = count("region", "electors")
    assert counted.total == 46_848_794
    assert counted.persons["Corse"] == 243_032
    assert len(counted.persons) == 18
    assert count("region:overseas_together", "electors").persons["Outre-mer"] == 1_491_336


def test_groupings_only_add_categories_up() -> None:
    fine, grouped = count("region").persons, count("region:overseas_together").persons
    overseas = ("Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte")
    assert grouped["Outre-mer"] == sum(fine[name] for name in overseas)
    assert len(grouped) == 14
    assert sum(grouped.values()) == sum(fine.values())


def test_communes_are_grouped_as_pole_ring_and_outside_unless_asked() -> None:
    assert len(count("commune_type").persons) == 3
    assert len(count("commune_type:detailed").persons) == 5
    assert count("commune_type").grouping == "pole_ring_rural"


def test_every_feature_of_every_index_can_be_counted() -> None:
    for name in population_names():
        population = load_population(name)
        for definition in population.features:
            groupings = population.groupings.get(definition.name, {})
            for base in definition.bases:
                for grouping in ("", *groupings):
                    feature = f"{definition.name}:{grouping}" if grouping else definition.name
                    counted = count_persons(population, feature, base)
                    assert sum(counted.share(c) for c in counted.persons) == 1


def test_every_table_is_indexed_and_described(root: Path) -> None:
    indexed = {t.file for name in population_names() for t in load_population(name).tables.values()}
    present = {path.name for path in resource("population").iterdir() if path.name.endswith(".csv")}
    readme = (root / "data" / "README.md").read_text("utf-8")
    assert indexed == present
    assert [name for name in present if f"`{name}`" not in readme] == []


def test_totals_that_do_not_agree_are_refused_with_both_totals_and_sources(copied: Path) -> None:
    # One digit more in the number of retired people: ten million too many.
    changed = rewrite(copied, "pcs_age_2022.csv", "13201773", "23201773")
    with pytest.raises(TargetsError, match="totals do not agree") as refusal:
        count_persons(changed, "occupation", "18+")
    words = str(refusal.value)
    for fact in ("63500326 persons", "54566097", "RP2022", "estimations de population", "+16.37 %"):
        assert fact in words


def test_tables_of_the_same_people_must_agree_to_the_last_person(copied: Path) -> None:
    toml = copied / "france.toml"
    text = toml.read_text("utf-8")
    older = '{ table = "residents_2021", value = "population", age = "age", where'
    toml.write_text(
        text.replace(
            older, older.replace('age = "age",', 'age = "age", where_not = {sexe = ["H"]},'), 1
        ),
        "utf-8",
    )
    changed = load_population(str(toml))
    # The men of Mayotte are left out of ``age``, not of ``sex``.
    with pytest.raises(TargetsError, match=r"totals do not agree .* 0 % is allowed"):
        count_persons(changed, "age", "18+")


def test_a_difference_within_the_stated_tolerance_is_accepted(copied: Path) -> None:
    changed = rewrite(copied, "pcs_age_2022.csv", "13201773", "13301773")
    assert count_persons(changed, "occupation", "18+").persons["Retraités"] == 15_675_052


def test_a_changed_table_is_refused_until_the_index_says_so(copied: Path) -> None:
    changed = rewrite(copied, RESIDENTS, "268691", "268692", index=False)
    with pytest.raises(TargetsError, match="SHA-256"):
        count_persons(changed, "sex", "18+")


def test_a_missing_table_is_refused(copied: Path) -> None:
    (copied / RESIDENTS).unlink()
    with pytest.raises(TargetsError, match="missing"):
        count_persons(load_population(str(copied / "france.toml")), "sex", "18+")


@pytest.mark.parametrize(
    ("name", "old", "new", "feature", "words"),
    [
        ("pcs_age_2022.csv", "Ouvriers", "Robots", "occupation", "no category for 'Robots'"),
        ("pcs_age_2022.csv", "295304", "environ", "occupation", "'environ' is not a number"),
        ("pcs_age_2022.csv", "295304", "-5", "occupation", "below zero"),
        ("pcs_age_2022.csv", "3532421", "900000", "occupation", "too young"),
        ("pcs_age_2022.csv", "20-24", "jeunes", "occupation", "'jeunes' is not an age band"),
        ("pcs_age_2022.csv", "65+", "15+ ", "occupation", "not an age band"),
        (RESIDENTS, "15-19", "15+", "sex", "cannot be cut"),
        ("electeurs_region_2022.csv", "FR,", "XX,", "region", "no row matches"),
    ],
)
def test_a_table_that_the_index_does_not_fit_is_refused(
    copied: Path, name: str, old: str, new: str, feature: str, words: str
) -> None:
    changed = rewrite(copied, name, old, new)
    base = "electors" if feature == "region" else "18+"
    with pytest.raises(TargetsError, match=words):
        count_persons(changed, feature, base)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title = ", "title "),
        ("default_base", "base_by_default"),
        ("minimum_age = 18", "minimal_age = 18"),
        ('column = "sexe"', 'colonne = "sexe"'),
        ('"18-24"', '"24-18"'),
    ],
)
def test_an_index_that_cannot_be_read_is_refused(copied: Path, old: str, new: str) -> None:
    toml = copied / "france.toml"
    toml.write_text(toml.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(TargetsError):
        load_population(str(toml))


def test_an_index_of_ones_own_is_found_by_its_path(copied: Path) -> None:
    mine = load_population(str(copied / "france-2021.toml"))
    assert mine.name == "france-2021"
    assert count_persons(mine, "sex", "18+") == count("sex", population="france-2021")
    with pytest.raises(TargetsError, match="no index"):
        load_population(str(copied / "europe.toml"))


def test_a_grouping_of_categories_that_do_not_exist_is_refused(copied: Path) -> None:
    toml = copied / "france.toml"
    toml.write_text(
        toml.read_text("utf-8").replace('"Nord-Est" = ["', '"Nord-Est" = ["Lorraine", "'), "utf-8"
    )
    with pytest.raises(TargetsError, match="Lorraine"):
        count_persons(load_population(str(toml)), "region:large", "18+")


def test_comparing_tables_shows_each_category_in_both() -> None:
    older, newer = count("region", population="france-2021"), count("region")
    differences = {d.category: d for d in compare_tables(older, newer)}
    assert list(differences) == list(newer.persons)
    assert sum(d.new_share - d.old_share for d in differences.values()) == 0
    assert differences["Mayotte"].old_persons == differences["Mayotte"].new_persons
    assert differences["Occitanie"].new_share > differences["Occitanie"].old_share


def test_a_category_gone_or_new_counts_nobody_on_the_other_side() -> None:
    older = count("region:overseas_together", population="france-2021")
    differences = {d.category: d for d in compare_tables(older, count("region"))}
    assert differences["Outre-mer"].new_persons == differences["Outre-mer"].new_share == 0
    assert differences["La Réunion"].old_persons == differences["La Réunion"].old_share == 0


def test_two_features_are_not_compared() -> None:
    with pytest.raises(TargetsError, match="not the same feature"):
        compare_tables(count("sex"), count("age"))


def test_resources_are_found_inside_the_package_only() -> None:
    assert resource("population/france.toml").is_file()
    assert resource("samples").is_dir()
    with pytest.raises(FileNotFoundError):
        resource("population/atlantis.toml")
    for path in ("../pyproject.toml", "/etc/hostname", "population/../../pyproject.toml"):
        with pytest.raises(ValueError, match="not a path inside"):
            resource(path)


@pytest.mark.parametrize("text", ["", "65", "15-", "-19", "19-15", "15–19", "65 +", "a-b", "²-3"])
def test_what_is_not_an_age_band_is_refused(text: str) -> None:
    with pytest.raises(TargetsError, match="age band"):
        AgeBand.parse(text)


def test_age_bands_are_written_as_read_and_labelled_in_french() -> None:
    assert [str(AgeBand.parse(text)) for text in ("15-19", "95+")] == ["15-19", "95+"]
    assert [AgeBand.parse(t).label for t in ("18-24", "65+")] == ["18-24 ans", "65 ans ou plus"]


def test_a_band_below_the_base_counts_nowhere_and_takes_from_nobody(copied: Path) -> None:
    toml = copied / "france.toml"
    toml.write_text(
        toml.read_text("utf-8").replace("minimum_age = 18", "minimum_age = 20"), "utf-8"
    )
    persons = count_persons(load_population(str(toml)), "occupation", "18+").persons
    assert persons["Ouvriers"] == 6_518_421 - 295_304
    assert persons["Autres personnes sans activité professionnelle"] == 8_914_322 - 3_532_421


def test_shares_that_do_not_sum_to_100_lose_nobody(copied: Path) -> None:
    changed = rewrite(copied, "diplome_15plus_non_scolarises_2020.csv", ",21.1,", ",21.0,")
    assert count_persons(changed, "diploma", "18+").total == 52_721_482
