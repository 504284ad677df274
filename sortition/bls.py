"""BLS signatures on the G1 side of BLS12-381, as drand's unchained networks make them."""

from __future__ import annotations

import hashlib
import sys

from py_ecc.bls.hash_to_curve import hash_to_G1
from py_ecc.bls.point_compression import decompress_G1, decompress_G2
from py_ecc.bls.typing import G1Compressed, G2Compressed
from py_ecc.fields import optimized_bls12_381_FQ12 as FQ12
from py_ecc.optimized_bls12_381.optimized_curve import G2, curve_order, is_inf, multiply, neg
from py_ecc.optimized_bls12_381.optimized_pairing import final_exponentiate, pairing

# py-ecc lets every function of the process call itself 100 000 deep. Its optimised curve does
# not need that, and with it a deeply nested JSON file overflows the stack: back to the default.
sys.setrecursionlimit(1_000)

_DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"  # RFC 9380 §8.8.1, basic scheme
_FIELD_BYTES = 48  # an element of the base field; a compressed point of G1 as well


def is_signed(message: bytes, signature: bytes, public_key: bytes) -> bool:
    """Tell whether a signature (point of G1) of a message is that of a key (point of G2).

    With H the hash to G1 of RFC 9380 and g the generator of G2, the signature s of the
    message m under the key K is the only point of the group with e(s, g) = e(H(m), K).
    Both points are compressed (48 and 96 bytes).
    """
    try:
        point = decompress_G1(G1Compressed(int.from_bytes(signature, "big")))
    except ValueError:
        return False
    # A point of the curve outside the group can be added to a true signature: the pairing
    # would not see it, and the randomness would change. Only the group will do.
    if not is_inf(multiply(point, curve_order)):
        return False
    key = decompress_G2(
        G2Compressed(
            (
                int.from_bytes(public_key[:_FIELD_BYTES], "big"),
                int.from_bytes(public_key[_FIELD_BYTES:], "big"),
            )
        )
    )
    # py-ecc wants the constructor but declares an instance.
    hashed = hash_to_G1(message, _DOMAIN, hashlib.sha256)  # type: ignore[arg-type]
    # One final exponentiation of the product serves both pairings: e(s, g) · e(−H, K) = 1.
    product = pairing(G2, point, final_exponentiate=False) * pairing(
        key, neg(hashed), final_exponentiate=False
    )
    return bool(final_exponentiate(product) == FQ12.one())
