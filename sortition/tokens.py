"""Tokens, salts and commitments: how the pool is published without naming anybody."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass

from sortition.pool import NO_HOUSEHOLD, Pool

SECRET_BYTES = 32  # the length of a secret key made at the edge; shorter than 16 is refused
_SALT_DIGITS = 32  # 16 bytes in hexadecimal: nobody can try all salts


@dataclass(frozen=True)
class Tokens:
    """The token and the salt of each respondent, in pool order.

    Both follow from the identifiers and a secret key, so that a freeze can be repeated byte
    for byte by whoever holds the key, and undone by nobody else.
    """

    tokens: tuple[str, ...]
    salts: tuple[str, ...]

    def commitments(self, pool: Pool) -> tuple[str, ...]:
        """Return the commitment of each respondent, in pool order."""
        return tuple(
            commitment(salt, token, household_text(pool, row), pool.profile(row))
            for row, (token, salt) in enumerate(zip(self.tokens, self.salts, strict=True))
        )


def make_tokens(pool: Pool, secret: bytes) -> Tokens:
    """Number the respondents in an order that only the secret key explains.

    Tokens are "T" and a number of constant width, from 0, so that they sort as text.
    """
    if len(secret) < SECRET_BYTES // 2:
        raise ValueError("the secret key must hold at least 16 bytes")
    order = sorted(range(len(pool)), key=lambda row: _keyed(secret, "token", pool.ids[row]))
    width = len(str(max(len(pool) - 1, 0)))
    numbers = [0] * len(pool)
    for number, row in enumerate(order):
        numbers[row] = number
    return Tokens(
        tokens=tuple(f"T{number:0{width}d}" for number in numbers),
        salts=tuple(_keyed(secret, "salt", name)[:_SALT_DIGITS] for name in pool.ids),
    )


def household_text(pool: Pool, row: int) -> str:
    """Return the number of the household of a respondent, or nothing."""
    number = int(pool.households[row])
    return "" if number == NO_HOUSEHOLD else str(number)


def commitment(salt: str, token: str, household: str, profile: tuple[str, ...]) -> str:
    """Seal what the draw knows of one respondent: SHA-256 of a compact JSON list.

    The salt keeps anybody from finding the features by trying all of them.
    """
    opening = json.dumps(
        [salt, token, household, *profile], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(opening.encode()).hexdigest()


def _keyed(secret: bytes, purpose: str, respondent: str) -> str:
    return hmac.new(secret, f"{purpose}|{respondent}".encode(), hashlib.sha256).hexdigest()
