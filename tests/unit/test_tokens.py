"""Tokens and salts follow from the secret key alone, and tell nothing without it."""

from __future__ import annotations

import hashlib
import hmac

from sortition.tokens import commitment, household_text, make_tokens
from tests.frozen_bundles import SECRET, two_groups

POOL = two_groups().pool


def test_tokens_number_the_pool_in_an_order_only_the_key_explains() -> None:
    def place(row: int) -> bytes:
        message = f"token|{POOL.ids[row]}".encode()
        return hmac.new(SECRET, message, hashlib.sha256).digest()

    tokens = make_tokens(POOL, SECRET).tokens
    order = sorted(range(len(POOL)), key=place)
    assert [tokens[row] for row in order] == [f"T{number:02d}" for number in range(17)]
    assert order != list(range(17))


def test_tokens_sort_as_numbers_do() -> None:
    assert {len(token) for token in make_tokens(POOL, SECRET).tokens} == {3}
    alone = make_tokens(POOL.take([4]), SECRET)
    assert alone.tokens == ("T0",)


def test_salts_have_sixteen_bytes_of_their_own() -> None:
    tokens = make_tokens(POOL, SECRET)
    expected = hmac.new(SECRET, b"salt|person, 000", hashlib.sha256).hexdigest()[:32]
    assert tokens.salts[0] == expected
    assert {len(salt) for salt in tokens.salts} == {32}
    assert len(set(tokens.salts)) == 17


def test_a_commitment_is_the_digest_of_a_compact_list() -> None:
    sealed = commitment("ab", "T7", "", ('dit "né·e"', "\\"))
    opening = r'["ab","T7","","dit \"né·e\"","\\"]'
    assert sealed == hashlib.sha256(opening.encode()).hexdigest()


def test_a_household_is_its_number_or_nothing() -> None:
    assert household_text(POOL, 0) == "0"
    assert household_text(POOL, 1) == ""
