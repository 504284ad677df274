"""What is known of a person, and how names and addresses are checked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?\d{6,15}")


class NeedKind(StrEnum):
    """Why a need is kept apart and sealed: access, care of others, health at meals."""

    ACCESS = "access"
    CARE = "care"
    DIET = "diet"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach somebody. The address is in parts, as payments and letters want it."""

    email: str | None = None
    phone: str | None = None
    street: str | None = None
    postcode: str | None = None
    town: str | None = None
    country: str = "FR"

    def problems(self) -> tuple[tuple[str, str], ...]:
        """Return (field, what is wrong) for every field that cannot be used."""
        found = []
        if self.email is not None and not _EMAIL.fullmatch(self.email):
            found.append(("email", "not an e-mail address"))
        if self.phone is not None and not _PHONE.fullmatch(plain_phone(self.phone)):
            found.append(("phone", "not a telephone number"))
        if not re.fullmatch(r"[A-Z]{2}", self.country):
            found.append(("country", "not a two-letter country code"))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is: names as they are written, and the day of birth where it is known."""

    family_name: str
    given_name: str
    birth_date: date | None = None

    def problems(self, *, on: date) -> tuple[tuple[str, str], ...]:
        """Return (field, what is wrong) for every field that cannot be right."""
        names = {"family_name": self.family_name, "given_name": self.given_name}
        found = [(field, "missing") for field, name in names.items() if not name.strip()]
        if self.birth_date is not None and self.birth_date > on:
            found.append(("birth_date", "in the future"))
        return tuple(found)


def plain_phone(phone: str) -> str:
    """Return a telephone number without the spaces, dots and dashes people put in it."""
    return re.sub(r"[\s.\-()]", "", phone)


def search_key(text: str) -> str:
    """Return what a search compares: no case, no accents, one space between words."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in flat if not unicodedata.combining(c))
    return " ".join(letters.split())
