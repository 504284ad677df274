"""Elected and appointed members from a file: every fault told at once, all recorded or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from assemblies.composition.queries import BodyView, SeatView, find_body
from assemblies.composition.rules import Mode
from assemblies.errors import AssembliesError, MembersFileError
from assemblies.journal.rules import Act
from assemblies.mandates.actions import start_mandate
from assemblies.mandates.queries import vacant_seats
from assemblies.people.actions import add_person
from assemblies.people.queries import search_people
from assemblies.people.rules import Contact, Identity, search_key
from assemblies.periods import day_of
from sortition.problems import Problem
from sortition.tables import Table, heading_key, read_table

REQUIRED = ("college", "family_name", "given_name")
OPTIONAL = (
    "seat",
    "institution",
    "birth_date",
    "first_day",
    "email",
    "phone",
    "street",
    "postcode",
    "town",
    "country",
)


@dataclass(frozen=True)
class MemberRow:
    """One row of the file, read but not yet believed."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str | None:
        """Return a cell, None when it is empty or there is no such column."""
        return self.cells.get(column) or None


def import_members(
    session: Session, act: Act, *, body_id: int, path: Path, first: date
) -> tuple[int, ...]:
    """Record the members of a CSV or XLSX file and start their mandates; return these.

    ``first`` is the first day of those whose row gives none. A row without ``seat`` takes
    the first vacant seat of its college (and institution). Raise ``MembersFileError`` with
    every fault; a namesake already known is one, for a human to look at.
    """
    body = find_body(session, body_id)
    table = read_table(path, expected=(*REQUIRED, *OPTIONAL))
    rows, problems = _rows(table)
    plan = _Plan(session, body, table.file, first)
    for row in rows:
        problems += plan.take(row, on=day_of(act.at))
    if problems:
        raise MembersFileError(file=table.file, problems=tuple(problems))
    started: list[int] = []
    for row, seat, identity, contact, day in plan.taken:
        person = add_person(session, act, identity, contact)
        try:
            started.append(
                start_mandate(session, act, seat_id=seat.id, person_id=person, first=day)
            )
        except AssembliesError as error:
            told = Problem(
                table.file, row.number, None, None, f"{error}.", "Change the row or its seat."
            )
            raise MembersFileError(file=table.file, problems=(told,)) from error
    return tuple(started)


def _rows(table: Table) -> tuple[list[MemberRow], list[Problem]]:
    known = {heading_key(name): name for name in (*REQUIRED, *OPTIONAL)}
    columns = [known.get(heading_key(name), "") for name in table.header]
    problems = list(table.problems)
    problems += [
        Problem(table.file, 1, name, None, "There is no such column.", "Add it; see the help.")
        for name in REQUIRED
        if name not in columns
    ]
    rows = [
        MemberRow(number, {c: cell for c, cell in zip(columns, cells, strict=True) if c})
        for number, cells in zip(table.numbers, table.rows, strict=True)
    ]
    return rows, problems


class _Plan:
    """Gives each row a seat, in the order of the file."""

    def __init__(self, session: Session, body: BodyView, file: str, first: date) -> None:
        self._session = session
        self._body = body
        self._file = file
        self._first = first
        self._free = [
            seat for seat in vacant_seats(session, body.id, on=first) if seat.mode is not Mode.DRAWN
        ]
        self._names: dict[str, int] = {}
        self.taken: list[tuple[MemberRow, SeatView, Identity, Contact, date]] = []

    def take(self, row: MemberRow, *, on: date) -> list[Problem]:
        """Give a row its seat; return what is wrong with it."""
        problems: list[Problem] = []
        born, fault = self._day(row, "birth_date")
        problems += fault
        begins, fault = self._day(row, "first_day")
        problems += fault
        identity = Identity(row.get("family_name") or "", row.get("given_name") or "", born)
        contact = Contact(
            row.get("email"),
            row.get("phone"),
            row.get("street"),
            row.get("postcode"),
            row.get("town"),
            row.get("country") or "FR",
        )
        for field, what in (*identity.problems(on=on), *contact.problems()):
            problems.append(self._problem(row, field, f"{what.capitalize()}.", "Correct it."))
        problems += self._namesakes(row, identity)
        seat = self._seat(row)
        if seat is None:
            problems.append(self._no_seat(row))
        elif not problems:
            self._free.remove(seat)
            self.taken.append((row, seat, identity, contact, begins or self._first))
        return problems

    def _seat(self, row: MemberRow) -> SeatView | None:
        return next(self._fitting(row), None)

    def _fitting(self, row: MemberRow) -> Iterator[SeatView]:
        number, institution = row.get("seat"), row.get("institution")
        for seat in self._free:
            fits = seat.college == row.get("college")
            fits &= number is None or number == str(seat.number)
            fits &= institution is None or search_key(institution) == search_key(
                seat.institution or ""
            )
            if fits:
                yield seat

    def _no_seat(self, row: MemberRow) -> Problem:
        colleges = [c.key for c in self._body.colleges if c.mode is not Mode.DRAWN]
        if row.get("college") not in colleges:
            return self._problem(
                row,
                "college",
                "No elected or appointed college has this key.",
                f"Write one of: {', '.join(colleges)}.",
            )
        column = next((c for c in ("seat", "institution") if row.get(c)), "college")
        return self._problem(
            row, column, "No such seat is vacant.", "Check the seat, or end the mandate on it."
        )

    def _namesakes(self, row: MemberRow, identity: Identity) -> list[Problem]:
        name = search_key(f"{identity.given_name} {identity.family_name}")
        if not name:
            return []
        earlier = self._names.setdefault(name, row.number)
        if earlier != row.number:
            return [self._problem(row, "family_name", f"Row {earlier} has this name.", "Keep one.")]
        known = [p for p in search_people(self._session, name) if p.identity is not None]
        same = [p.id for p in known if p.identity and _is_same(p.identity, identity)]
        if not same:
            return []
        return [
            self._problem(
                row,
                "family_name",
                f"Person {same[0]} has this name already.",
                "If it is the same person, give them the seat there; if not, add a birth date.",
            )
        ]

    def _day(self, row: MemberRow, column: str) -> tuple[date | None, list[Problem]]:
        text = row.get(column)
        if text is None:
            return None, []
        try:
            return date.fromisoformat(text), []
        except ValueError:
            return None, [self._problem(row, column, "This is no day.", "Write 2026-11-24.")]

    def _problem(self, row: MemberRow, column: str, message: str, remedy: str) -> Problem:
        return Problem(self._file, row.number, column, row.get(column), message, remedy)


def _is_same(one: Identity, other: Identity) -> bool:
    """Tell whether two people may be the same: same name, and no two different birth dates."""
    names = [search_key(f"{i.given_name} {i.family_name}") for i in (one, other)]
    apart = one.birth_date and other.birth_date and one.birth_date != other.birth_date
    return names[0] == names[1] and not apart
