"""What may be recorded of a person, and how a search finds a name."""

from __future__ import annotations

from datetime import date

import pytest

from assemblies.people.rules import Contact, Identity, plain_phone, search_key


@pytest.mark.parametrize(
    ("contact", "fields"),
    [
        (Contact(), []),
        (Contact(email="a.b@exemple.fr", phone="+33 6 12 34 56 78"), []),
        (Contact(email="a@b"), ["email"]),
        (Contact(email="a b@exemple.fr"), ["email"]),
        (Contact(phone="12"), ["phone"]),
        (Contact(phone="à midi"), ["phone"]),
        (Contact(country="fr"), ["country"]),
        (Contact(email="", phone="x", country="France"), ["email", "phone", "country"]),
    ],
)
def test_every_unusable_field_of_a_contact_is_named(contact: Contact, fields: list[str]) -> None:
    assert [field for field, _ in contact.problems()] == fields


def test_every_impossible_field_of_an_identity_is_named() -> None:
    someone = Identity(" ", "", date(2027, 1, 1))
    found = [field for field, _ in someone.problems(on=date(2026, 11, 24))]
    assert found == ["family_name", "given_name", "birth_date"]


@pytest.mark.parametrize(
    ("text", "key"),
    [("Éléonore  D'Arc", "eleonore d arc"), ("ŒUVRE-Straße", "œuvre strasse"), ("", "")],
)
def test_a_search_ignores_case_accents_and_punctuation(text: str, key: str) -> None:
    assert search_key(text) == key


def test_a_telephone_number_is_kept_without_its_spaces() -> None:
    assert plain_phone("+33 (0)6.12-34 56") == "+330612-34 56".replace("-", "").replace(" ", "")
