"""Volunteers' files into the record: a person each, and the number under which they are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assemblies.people.rules import Contact, Identity, search_key
from sortition.pool import Pool

# What practitioners call the columns that a draw does not read, without case or accents.
_CONTACT_COLUMNS: Mapping[str, str] = {
    "family name": "family_name",
    "last name": "family_name",
    "surname": "family_name",
    "nom": "family_name",
    "nom de famille": "family_name",
    "given name": "given_name",
    "first name": "given_name",
    "prenom": "given_name",
    "email": "email",
    "e mail": "email",
    "courriel": "email",
    "phone": "phone",
    "telephone": "phone",
    "street": "street",
    "address": "street",
    "adresse": "street",
    "postcode": "postcode",
    "code postal": "postcode",
    "town": "town",
    "city": "town",
    "ville": "town",
    "commune": "town",
    "person": "person",
    "personne": "person",
}


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A row of the people file: who it is, how to reach them, and their row of the pool.

    ``person`` is their number where they are known already.
    """

    row: int
    identity: Identity
    contact: Contact
    person: int | None


def volunteers_in(pool: Pool) -> tuple[Volunteer, ...]:
    """Read the kept columns of a pool; columns under other names are left alone.

    A volunteer without a name bears the identifier of the file until they are called.
    """
    columns = [_CONTACT_COLUMNS.get(search_key(name)) for name in pool.kept_columns]
    return tuple(
        _volunteer(row, name, columns, pool.kept[row] if pool.kept else ())
        for row, name in enumerate(pool.ids)
    )


def _volunteer(
    row: int, name: str, columns: Sequence[str | None], cells: Sequence[str]
) -> Volunteer:
    found = {
        column: cell.strip()
        for column, cell in zip(columns, cells, strict=True)
        if column is not None and cell.strip()
    }
    number = found.get("person", "")
    return Volunteer(
        row=row,
        identity=Identity(found.get("family_name", name), found.get("given_name", "Volontaire")),
        contact=Contact(
            found.get("email"),
            found.get("phone"),
            found.get("street"),
            found.get("postcode"),
            found.get("town"),
        ),
        person=int(number) if number.isdigit() else None,
    )
