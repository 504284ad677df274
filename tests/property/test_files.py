"""What holds for every file: nothing is lost in reading, and no fault hides another."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sortition.errors import InputError
from sortition.files import DrawInput, read_problem
from sortition.households import find_near_duplicates, group_households, normalise_addresses
from sortition.problems import Problem
from sortition.tables import heading_key

OLD_HEADINGS = [
    ("feature", "value"),
    ("category", "name"),
    ("category", "feature"),
    ("Feature ", " VALUE"),
]

# Letters that Windows-1252 has, with all that makes CSV hard: delimiters, quotes, line ends.
LETTERS = "abcdéÉœçZ019 ,;\t'\"|/-_\n€"
cells = st.text(LETTERS, max_size=8).map(str.strip)
words = cells.filter(bool)


@dataclass(frozen=True)
class Files:
    """A quota file and a people file that go together, as rows of cells."""

    size: int
    quotas: list[list[str]]
    people: list[list[str]]

    @property
    def features(self) -> int:
        return len({row[0] for row in self.quotas[1:]})


@st.composite
def files(draw: st.DrawFn) -> Files:
    """Draw files without a fault: quotas are built around a panel hidden in the pool."""
    reserved = {"id"}
    headings = draw(
        st.lists(
            words.filter(lambda name: heading_key(name) not in reserved),
            min_size=1,
            max_size=5,
            unique=True,
        )
    )
    balanced = draw(st.integers(1, len(headings)))
    features = {
        name: draw(st.lists(words, min_size=1, max_size=4, unique=True))
        for name in headings[:balanced]
    }
    ids = draw(st.lists(words, min_size=1, max_size=12, unique=True))
    people = [
        [identifier]
        + [draw(st.sampled_from(categories)) for categories in features.values()]
        + [draw(cells) for _ in headings[balanced:]]
        for identifier in ids
    ]
    size = draw(st.integers(1, len(ids)))
    quotas = [["feature", "value", "min", "max"]]
    for column, (name, categories) in enumerate(features.items(), start=1):
        seats = [sum(row[column] == c for row in people[:size]) for c in categories]
        for category, seated in zip(categories, seats, strict=True):
            slack = draw(st.integers(0, 2))
            quotas.append([name, category, str(max(seated - slack, 0)), str(seated + slack)])
    return Files(size, quotas, [["id", *headings], *people])


def as_csv(rows: list[list[str]], delimiter: str, encoding: str, line_end: str) -> bytes:
    held = io.StringIO(newline="")
    csv.writer(held, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    content = held.getvalue().encode(encoding)
    # « Éœ » in Windows-1252 are the two bytes of one letter in UTF-8: nobody can tell.
    assume(encoding != "cp1252" or content.isascii() or not is_utf_8(content))
    return content


def as_plain_csv(rows: list[list[str]]) -> bytes:
    return as_csv(rows, ",", "utf-8", "\n")


def is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def as_workbook(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            book.active.cell(number, column).value = cell
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def read(
    given_files: Files,
    write: Callable[[list[list[str]]], bytes] = as_plain_csv,
    **options: object,
) -> DrawInput:
    with tempfile.TemporaryDirectory() as folder:
        quotas, people = Path(folder, "quotas.csv"), Path(folder, "people.csv")
        quotas.write_bytes(write(given_files.quotas))
        people.write_bytes(write(given_files.people))
        return read_problem(quotas, people, given_files.size, **options)  # type: ignore[arg-type]


def same(one: DrawInput, other: DrawInput) -> bool:
    return (
        one.quotas == other.quotas
        and one.pool.ids == other.pool.ids
        and one.pool.features == other.pool.features
        and np.array_equal(one.pool.membership, other.pool.membership)
        and np.array_equal(one.pool.households, other.pool.households)
        and one.pool.kept_columns == other.pool.kept_columns
        and one.pool.kept == other.pool.kept
    )


@given(
    made=files(),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    headings=st.sampled_from(OLD_HEADINGS),
)
def test_what_was_written_is_what_is_read(
    made: Files, delimiter: str, encoding: str, line_end: str, headings: tuple[str, str]
) -> None:
    """Any pool and quotas, in any dialect, come back cell for cell."""
    written = replace(made, quotas=[[*headings, "min", "max"], *made.quotas[1:]])
    read_back = read(written, lambda rows: as_csv(rows, delimiter, encoding, line_end))
    check_same_cells(made, read_back)


@settings(max_examples=25)
@given(made=files())
def test_a_workbook_reads_as_what_was_written(made: Files) -> None:
    """Texts come back from a workbook cell for cell."""
    check_same_cells(made, read(made, as_workbook))


def check_same_cells(made: Files, read_back: DrawInput) -> None:
    by_id = {row[0]: row[1:] for row in made.people[1:]}
    pool = read_back.pool
    assert list(pool.ids) == sorted(by_id)
    names = [feature.name for feature in pool.features]
    assert names == list(dict.fromkeys(row[0] for row in made.quotas[1:]))
    assert made.people[0][1:] == [*names, *pool.kept_columns]
    for at, identifier in enumerate(pool.ids):
        kept = pool.kept[at] if pool.kept else ()
        assert [*pool.profile(at), *kept] == by_id[identifier]
    bounds = [[q.feature, q.category, str(q.lower), str(q.upper)] for q in read_back.quotas.quotas]
    assert bounds == made.quotas[1:]
    assert read_back.quotas.size == made.size


@given(made=files(), data=st.data())
def test_the_order_of_rows_and_columns_changes_nothing(made: Files, data: st.DataObject) -> None:
    """Shuffled people, and features moved among the columns, give the same pool."""
    header, *people = made.people
    homes = header[1:]
    shuffled = data.draw(st.permutations(people))
    options = {"household_columns": homes, "check_arithmetic": False}
    assert same(read(made, **options), read(replace(made, people=[header, *shuffled]), **options))
    moved = data.draw(st.permutations(range(made.features + 1)))
    turn = [*moved, *range(made.features + 1, len(header))]
    turned = [[row[at] for at in turn] for row in made.people]
    assert same(read(made), read(replace(made, people=turned)))


# --------------------------------------------------------------------- faults, put anywhere

NEVER = "¤"  # in no word that the strategies draw
Place = tuple[str, int | None, str | None, str | None]


@dataclass
class Spoiler:
    """Spoil cells of two files, and remember where each fault must be found."""

    quotas: list[list[str]]
    people: list[list[str]]
    expected: list[Place]

    def spoil_quota(self, row: int, column: int, value: str, found: str | None = None) -> None:
        """Write a value in the quota file; ``found`` is the column blamed, if another."""
        self.quotas[row][column] = value
        name = found or self.quotas[0][column]
        blamed = self.quotas[row][self.quotas[0].index(name)]
        self.expected.append(("quotas.csv", row + 1, name, blamed))

    def spoil_person(self, row: int, column: int, value: str) -> None:
        self.people[row][column] = value
        self.expected.append(("people.csv", row + 1, self.people[0][column], value))


QUOTA_FAULTS: dict[str, Callable[[Spoiler, int], None]] = {
    "not a number": lambda s, row: s.spoil_quota(row, 2, "two"),
    "not whole": lambda s, row: s.spoil_quota(row, 3, "1.5"),
    "negative": lambda s, row: s.spoil_quota(row, 2, "-1"),
    "missing": lambda s, row: s.spoil_quota(row, 3, ""),
    "upside down": lambda s, row: s.spoil_quota(row, 2, "999", found="min"),
    "nameless": lambda s, row: s.spoil_quota(row, 0, ""),
}
PERSON_FAULTS: dict[str, Callable[[Spoiler, int], None]] = {
    "unknown": lambda s, row: s.spoil_person(row, 1, NEVER),
    "missing": lambda s, row: s.spoil_person(row, 1, ""),
    "nobody": lambda s, row: s.spoil_person(row, 0, ""),
}


def errors(
    spoiled: Files, write: Callable[[list[list[str]]], bytes] = as_plain_csv
) -> list[Problem]:
    """Return the errors of files that must have some, checked to be by file and row."""
    with pytest.raises(InputError) as caught:
        read(spoiled, write)
    files_in_order = ("quotas.csv", "people.csv")
    ordered = [(files_in_order.index(p.file), p.row or 0) for p in caught.value.problems]
    assert ordered == sorted(ordered)
    return [p for p in caught.value.problems if p.severity == "error"]


def found_places(spoiled: Files) -> list[Place]:
    return [(p.file, p.row, p.column, p.value) for p in errors(spoiled)]


@given(made=files(), data=st.data())
def test_every_fault_is_found_wherever_it_is_and_none_hides_another(
    made: Files, data: st.DataObject
) -> None:
    """Faults put in some rows of both files are all found there, and nothing else is."""
    spoiler = Spoiler([[*r] for r in made.quotas], [[*r] for r in made.people], [])
    # A feature needs a row above that names it, and rows that are not nameless themselves.
    quota_rows = st.lists(st.integers(1, len(made.quotas) - 1), unique=True, max_size=3)
    for row in data.draw(quota_rows):
        can_be_nameless = made.quotas[row][0] == made.quotas[row - 1][0]
        kinds = [kind for kind in sorted(QUOTA_FAULTS) if kind != "nameless" or can_be_nameless]
        QUOTA_FAULTS[data.draw(st.sampled_from(kinds))](spoiler, row)
    people_rows = st.lists(st.integers(1, len(made.people) - 1), unique=True, max_size=3)
    for row in data.draw(people_rows):
        PERSON_FAULTS[data.draw(st.sampled_from(sorted(PERSON_FAULTS)))](spoiler, row)
    assume(spoiler.expected)
    spoiled = Files(made.size, spoiler.quotas, spoiler.people)
    assert sorted(found_places(spoiled), key=str) == sorted(spoiler.expected, key=str)


@given(made=files(), data=st.data())
def test_a_repeated_identifier_names_both_rows(made: Files, data: st.DataObject) -> None:
    """Wherever the second one is, the message names it and the first."""
    again = data.draw(st.sampled_from(made.people[1:]))
    at = data.draw(st.integers(1, len(made.people)))
    people = [*made.people[:at], [*again], *made.people[at:]]
    rows = [number for number, row in enumerate(people, start=1) if row[0] == again[0]]
    (problem,) = errors(replace(made, people=people))
    assert (problem.row, problem.value) == (rows[1], again[0])
    assert f"Rows {rows[0]} and {rows[1]} " in problem.message


@given(made=files(), data=st.data())
def test_a_ragged_row_is_found_wherever_it_is(made: Files, data: st.DataObject) -> None:
    """One cell too few or too many is reported at its row, and there only."""
    at = data.draw(st.integers(1, len(made.people) - 1))
    row = made.people[at]
    torn = [*row, "x"] if data.draw(st.booleans()) else row[:-1]
    assume(any(torn))
    people = [*made.people[:at], torn, *made.people[at + 1 :]]
    # Every name is quoted: with so few rows, the torn one could make another delimiter likelier.
    torn_files = replace(made, people=people)
    assert [(p.file, p.row) for p in errors(torn_files, quoted)] == [("people.csv", at + 1)]


def quoted(rows: list[list[str]]) -> bytes:
    held = io.StringIO(newline="")
    csv.writer(held, quoting=csv.QUOTE_ALL).writerows(rows)
    return held.getvalue().encode()


@given(made=files(), data=st.data())
def test_a_missing_column_is_named_and_hides_no_other_fault(
    made: Files, data: st.DataObject
) -> None:
    """Without the column of a feature, the other columns are still checked."""
    gone = data.draw(st.integers(1, made.features))
    spoilt = data.draw(st.integers(1, len(made.people) - 1))
    people = [[*row] for row in made.people]
    expected: list[Place] = [("people.csv", 1, made.people[0][gone], None)]
    for column in range(1, made.features + 1):
        if column != gone:
            people[spoilt][column] = NEVER
            expected.append(("people.csv", spoilt + 1, made.people[0][column], NEVER))
    people = [row[:gone] + row[gone + 1 :] for row in people]
    assert found_places(replace(made, people=people)) == expected


# ------------------------------------------------------------------------------- households

addresses = st.lists(
    st.tuples(st.text("ab1 é,", max_size=5), st.text("12 ", max_size=3)), max_size=12
)


@given(people=addresses)
def test_households_are_the_classes_of_equal_addresses(people: list[tuple[str, str]]) -> None:
    """Two people share a number exactly if their whole addresses are equal once normalised."""
    homes = normalise_addresses(people)
    households = group_households(homes)
    for i in range(len(people)):
        for j in range(len(people)):
            together = i != j and homes[i] != "" and homes[i] == homes[j]
            assert together == (i != j and households[i] >= 0 and households[i] == households[j])
    numbers = [number for number in dict.fromkeys(households.tolist()) if number >= 0]
    assert numbers == list(range(len(numbers)))


@given(people=addresses)
def test_near_duplicates_are_never_the_same_nor_blank(people: list[tuple[str, str]]) -> None:
    """A pair shown to a human is one that the draw takes for two households."""
    homes = normalise_addresses(people)
    for first, second in find_near_duplicates(people, homes):
        assert first < second
        assert homes[first] != homes[second]
        assert homes[first]
        assert homes[second]


@given(
    street=st.text("abcdefgh", min_size=4, max_size=10),
    at=st.integers(0, 9),
    slip=st.sampled_from(["cut", "double", "change", "swap"]),
    crowd=st.integers(0, 20),
)
def test_one_slip_in_a_long_word_is_seen(street: str, at: int, slip: str, crowd: int) -> None:
    """Whatever letter of a word of five or more is wrong, in a town of others."""
    at %= len(street)
    slipped = {
        "cut": street[:at] + street[at + 1 :],
        "double": street[:at] + street[at] + street[at:],
        "change": street[:at] + "z" + street[at + 1 :],
        "swap": street[:at] + street[at + 1 : at + 2] + street[at] + street[at + 2 :],
    }[slip]
    assume(len(slipped) >= 4 and slipped != street)
    people = [(f"{number} rue {street}", "1") for number in range(2, crowd + 2)]
    people += [(f"1 rue {street}", "1"), (f"1 rue {slipped}", "1")]
    assert find_near_duplicates(people, normalise_addresses(people)) == [(crowd, crowd + 1)]
