"""Ask a human to look at addresses that are alike but not the same, missing, or crowded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sortition.households import (
    Address,
    find_members,
    find_near_duplicates,
    normalise_addresses,
)
from sortition.problems import Problem

_CROWDED = 10  # people at one address: a hostel or a placeholder rather than a home


@dataclass(frozen=True)
class AddressBook:
    """The addresses of a people file: the cells of ``columns`` in each of ``rows``."""

    file: str
    columns: tuple[str, ...]
    addresses: tuple[Address, ...]
    rows: tuple[int, ...]

    @cached_property
    def homes(self) -> list[str]:
        """The same addresses, normalised."""
        return normalise_addresses(self.addresses)

    def warn(self, at: int, columns: Sequence[str], message: str, remedy: str) -> Problem:
        """Return a warning about the cells of an address."""
        shown = dict(zip(self.columns, self.addresses[at], strict=True))
        value = ", ".join(shown[column] for column in columns)
        place = (self.file, self.rows[at], ", ".join(columns), value)
        return Problem(*place, message, remedy, severity="warning")


def review_addresses(book: AddressBook) -> list[Problem]:
    """Return warnings for a human; nothing is merged and nobody kept out."""
    return [*_missing(book), *_crowded(book), *_alike(book)]


def _missing(book: AddressBook) -> list[Problem]:
    warnings = []
    for position, column in enumerate(book.columns):
        blank = [at for at, address in enumerate(book.addresses) if not address[position]]
        if blank:
            message = (
                f"{len(blank)} of {len(book.rows)} respondents have nothing here, this row the "
                "first: they are taken to share their household with nobody."
            )
            remedy = "Fill the cells; compare households only on columns that everybody must fill."
            warnings.append(book.warn(blank[0], [column], message, remedy))
    return warnings


def _crowded(book: AddressBook) -> list[Problem]:
    remedy = (
        "If it is no home (a hostel, « unknown »), empty the cell or make the addresses differ."
    )
    return [
        book.warn(
            group[0],
            book.columns,
            f"{len(group)} respondents have this address: one of them at most can be drawn.",
            remedy,
        )
        for group in find_members(book.homes).values()
        if len(group) >= _CROWDED
    ]


def _alike(book: AddressBook) -> list[Problem]:
    warnings = []
    for first, second in find_near_duplicates(book.addresses, book.homes):
        other = ", ".join(book.addresses[first])
        message = f"It looks like the address of row {book.rows[first]}, {other!r}."
        remedy = "They are taken for two households: if it is one, write both addresses alike."
        warnings.append(book.warn(second, book.columns, message, remedy))
    return warnings
