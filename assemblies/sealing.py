"""Sealing what is nobody else's business (care, health, access needs) before it is stored."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assemblies.errors import SealError

_NONCE_BYTES = 12  # NIST SP 800-38D §8.2: 96 random bits for each message
_KEY_BYTES = 32


@dataclass(frozen=True)
class Sealer:
    """AES-256-GCM under named keys: the first seals, all of them open.

    To change keys, put the new one first and keep the old ones until everything has been
    sealed anew. ``place`` (a table, a row) is bound to what is sealed: a text moved to
    somebody else's row does not open.
    """

    keys: Mapping[str, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.keys or any(len(key) != _KEY_BYTES for key in self.keys.values()):
            raise SealError(reason="a key of 32 bytes is needed", keys=len(self.keys))
        if any(not name or ":" in name for name in self.keys):
            raise SealError(reason="a key needs a name without colon")

    @classmethod
    def from_text(cls, text: str) -> Sealer:
        """Read keys as an operator sets them: ``name:base64,name:base64``, newest first."""
        keys: dict[str, bytes] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, _, coded = part.partition(":")
            if name in keys:
                raise SealError(reason="two keys have one name", key=name)
            try:
                keys[name] = base64.b64decode(coded, validate=True)
            except ValueError as error:  # binascii.Error is one, and so is a letter outside ASCII
                raise SealError(reason="a key is not base64", key=name) from error
        return cls(keys)

    def seal(self, text: str, place: str) -> bytes:
        """Return the text sealed for one place: key name, colon, nonce, ciphertext."""
        name, key = next(iter(self.keys.items()))
        nonce = os.urandom(_NONCE_BYTES)
        return (
            f"{name}:".encode() + nonce + AESGCM(key).encrypt(nonce, text.encode(), place.encode())
        )

    def open(self, sealed: bytes, place: str) -> str:
        """Return the text; raise ``SealError`` when it was altered, moved or the key is gone."""
        name, colon, rest = sealed.partition(b":")
        key = self.keys.get(name.decode("utf-8", "replace"))
        if not colon or key is None:
            raise SealError(reason="unknown key", place=place)
        nonce, content = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
        try:
            return AESGCM(key).decrypt(nonce, content, place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise SealError(
                reason="altered, moved or sealed under another key", place=place
            ) from error


def make_key() -> str:
    """Return a new key as ``Sealer.from_text`` reads it after its name."""
    return base64.b64encode(os.urandom(_KEY_BYTES)).decode()
