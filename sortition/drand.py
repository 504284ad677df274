"""Rounds of the drand beacon: read one from a file, check who signed it, tell its time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sortition.errors import RandomnessError


@dataclass(frozen=True, slots=True)
class Chain:
    """A drand network whose rounds are BLS signatures on G1 (scheme bls-unchained-g1-rfc9380).

    ``genesis`` is the instant of round 1 and ``period`` the time between two rounds, both in
    seconds (of Unix time); ``public_key`` is a compressed point of G2, in hexadecimal.
    """

    name: str
    chain_hash: str
    public_key: str
    genesis: int
    period: int

    def time_of(self, number: int) -> int:
        """Return the instant of a round, in seconds of Unix time."""
        return self.genesis + (number - 1) * self.period

    def first_round_at(self, instant: int) -> int:
        """Return the first round that appears at an instant (Unix seconds) or after it."""
        return max(1, 1 - (self.genesis - instant) // self.period)


# The parameters the network itself gives at api.drand.sh/{chain_hash}/info, as its makers
# published them: drand.love, "quicknet is live on the League of Entropy mainnet", 2023-10-16.
QUICKNET = Chain(
    name="quicknet",
    chain_hash="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    public_key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
        "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
        "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    genesis=1_692_803_367,
    period=3,
)
CHAINS: Mapping[str, Chain] = {QUICKNET.name: QUICKNET}

LAST_ROUND = 2**64 - 1  # the message signed holds the round in eight bytes
_SIGNATURE_BYTES = 48  # a compressed point of G1
_RANDOMNESS_BYTES = 32  # a SHA-256


@dataclass(frozen=True, slots=True)
class DrandRound:
    """One round as published: its number, its signature and the SHA-256 of the signature."""

    number: int
    signature: str
    randomness: str

    def as_json(self) -> dict[str, str | int]:
        """Return the round under the names of the public API."""
        return {
            "round": self.number,
            "signature": self.signature,
            "randomness": self.randomness,
        }


def parse_round(text: str) -> DrandRound:
    """Read a round from the JSON of the public API (``round``, ``signature``, ``randomness``).

    ``randomness`` may be missing (the second version of the API leaves it out): it is the
    SHA-256 of the signature. Raise ``RandomnessError`` for anything else.
    """
    try:
        value = json.loads(text)
    except ValueError as error:
        raise RandomnessError(
            f"The drand round file is not JSON ({error}). "
            "Save the answer of the drand API as it is, and give that file."
        ) from error
    if not isinstance(value, dict):
        raise RandomnessError("The drand round file must hold one JSON object.")
    number = value.get("round")
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= LAST_ROUND:
        raise RandomnessError(f"The drand round file has no valid round number: {number!r}.")
    signature = _hexadecimal(value, "signature", _SIGNATURE_BYTES)
    randomness = hashlib.sha256(bytes.fromhex(signature)).hexdigest()
    if "randomness" in value:
        published = _hexadecimal(value, "randomness", _RANDOMNESS_BYTES)
        if published != randomness:
            raise RandomnessError(
                f"The drand round file contradicts itself: its randomness is {published}, but "
                f"the SHA-256 of its signature is {randomness}. Fetch round {number} again."
            )
    return DrandRound(number, signature, randomness)


def check_round(published: DrandRound, *, announced: int, chain: str) -> None:
    """Check that a round is the announced one and that the network signed it.

    The network signs the SHA-256 of the round number on eight bytes, big-endian. Raise
    ``RandomnessError`` if the round is another or the signature false. Takes about 0.3 s.
    """
    network = find_chain(chain)
    if published.number != announced:
        raise RandomnessError(
            f"The file holds drand round {published.number}, but round {announced} was announced. "
            f"Fetch round {announced} of {chain} and give that file."
        )
    if not _is_signed_by(network, published):
        raise RandomnessError(
            f"The signature of drand round {published.number} is not that of {chain}: "
            "the file was altered, or comes from another network. Fetch the round again, "
            "from another relay if need be."
        )


def find_chain(name: str) -> Chain:
    """Return a known network by name, or raise ``RandomnessError``."""
    if name not in CHAINS:
        known = ", ".join(CHAINS)
        raise RandomnessError(f"The drand chain {name!r} is unknown. Known: {known}.")
    return CHAINS[name]


def _hexadecimal(value: Mapping[str, Any], name: str, size: int) -> str:
    text = value.get(name)
    if not isinstance(text, str) or not re.fullmatch(f"[0-9a-fA-F]{{{2 * size}}}", text):
        raise RandomnessError(
            f"The drand round file has no valid {name} ({2 * size} hexadecimal digits): {text!r}."
        )
    return text.lower()


def _is_signed_by(network: Chain, published: DrandRound) -> bool:
    from sortition.bls import is_signed  # noqa: PLC0415  # 0.4 s that other draws need not wait for

    return is_signed(
        hashlib.sha256(published.number.to_bytes(8, "big")).digest(),
        bytes.fromhex(published.signature),
        bytes.fromhex(network.public_key),
    )
