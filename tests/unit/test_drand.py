"""Rounds of the drand beacon: real ones pass, and nothing else does."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys

import pytest
from py_ecc.bls.point_compression import compress_G1, decompress_G1
from py_ecc.bls.typing import G1Compressed
from py_ecc.optimized_bls12_381.optimized_curve import add, curve_order, is_inf, multiply, neg

import sortition.bls  # noqa: F401 -- it undoes what importing py-ecc does to the whole process
from sortition.drand import QUICKNET, DrandRound, check_round, find_chain, parse_round
from sortition.errors import RandomnessError

# Real rounds of quicknet, as published by the League of Entropy and quoted in several
# clients' test suites (round 1000: drand.sh/…/public/1000; 657413: README of drand-verify).
ROUND_1000 = {
    "round": 1000,
    "randomness": "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
    "signature": "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
    "e342b73a8dd2bacbe47e4b6b63ed5e39",
}
ROUND_657413 = {
    "round": 657413,
    "randomness": "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
    "signature": "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be"
    "41076862b98fad56e91a6b85b89cd97b",
}


def published(**changes: object) -> DrandRound:
    signature = changes.get("signature")
    if isinstance(signature, str) and "randomness" not in changes:
        changes["randomness"] = hashlib.sha256(bytes.fromhex(signature)).hexdigest()
    return parse_round(json.dumps({**ROUND_1000, **changes}))


@pytest.mark.parametrize("real", [ROUND_1000, ROUND_657413], ids=["1000", "657413"])
def test_a_real_round_passes(real: dict[str, str | int]) -> None:
    number = int(real["round"])
    found = parse_round(json.dumps(real))
    check_round(found, announced=number, chain="quicknet")
    assert found.as_json() == real


def test_the_randomness_may_be_left_out_and_is_then_computed() -> None:
    short = {name: ROUND_1000[name] for name in ("round", "signature")}
    assert parse_round(json.dumps(short)).randomness == ROUND_1000["randomness"]


def test_fields_that_another_chain_needs_are_ignored() -> None:
    assert published(previous_signature="00", extra=1) == published()


def test_capital_hexadecimal_digits_mean_the_same() -> None:
    assert published(signature=str(ROUND_1000["signature"]).upper()) == published()


def test_a_round_other_than_the_announced_one_is_refused() -> None:
    with pytest.raises(RandomnessError, match="holds drand round 1000, but round 1001 was"):
        check_round(published(), announced=1001, chain="quicknet")


def test_a_round_that_changes_its_number_is_refused() -> None:
    with pytest.raises(RandomnessError, match="not that of quicknet"):
        check_round(published(round=1001), announced=1001, chain="quicknet")


def test_the_signature_of_another_round_is_refused() -> None:
    forged = published(signature=ROUND_657413["signature"])
    with pytest.raises(RandomnessError, match="not that of quicknet"):
        check_round(forged, announced=1000, chain="quicknet")


def test_a_point_off_the_curve_is_refused() -> None:
    forged = published(signature="80" + "00" * 46 + "02")  # x³ + 4 = 12 is no square
    with pytest.raises(RandomnessError, match="not that of quicknet"):
        check_round(forged, announced=1000, chain="quicknet")


def test_the_point_at_infinity_is_refused() -> None:
    forged = published(signature="c0" + "00" * 47)
    with pytest.raises(RandomnessError, match="not that of quicknet"):
        check_round(forged, announced=1000, chain="quicknet")


def test_the_opposite_of_the_signature_is_refused() -> None:
    point = decompress_G1(G1Compressed(int(str(ROUND_1000["signature"]), 16)))
    forged = published(signature=f"{compress_G1(neg(point)):096x}")
    with pytest.raises(RandomnessError, match="not that of quicknet"):
        check_round(forged, announced=1000, chain="quicknet")


def test_a_signature_shifted_by_a_point_outside_the_group_is_refused() -> None:
    """The pairing cannot see the shift, but the SHA-256 would: one could choose the panel."""
    outside = multiply(decompress_G1(G1Compressed((1 << 383) + 4)), curve_order)
    assert not is_inf(outside)
    real = decompress_G1(G1Compressed(int(str(ROUND_1000["signature"]), 16)))
    forged = published(signature=f"{compress_G1(add(real, outside)):096x}")
    with pytest.raises(RandomnessError, match="not that of quicknet"):
        check_round(forged, announced=1000, chain="quicknet")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("round 1000", "is not JSON"),
        ("[]", "one JSON object"),
        ("{}", "no valid round number: None"),
        (json.dumps({**ROUND_1000, "round": True}), "no valid round number: True"),
        (json.dumps({**ROUND_1000, "round": "1000"}), "no valid round number: '1000'"),
        (json.dumps({**ROUND_1000, "round": 0}), "no valid round number: 0"),
        (json.dumps({**ROUND_1000, "round": 2**64}), "no valid round number"),
        (json.dumps({"round": 1000}), "no valid signature"),
        (json.dumps({**ROUND_1000, "signature": "b4"}), "no valid signature"),
        (json.dumps({**ROUND_1000, "signature": "zz" * 48}), "no valid signature"),
        (json.dumps({**ROUND_1000, "randomness": "00"}), "no valid randomness"),
        (json.dumps({**ROUND_1000, "randomness": "00" * 32}), "contradicts itself"),
    ],
)
def test_a_file_that_is_no_round_is_refused(text: str, fault: str) -> None:
    with pytest.raises(RandomnessError, match=fault):
        parse_round(text)


def test_an_unknown_chain_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(RandomnessError, match=r"'fastnet' is unknown\. Known: quicknet"):
        find_chain("fastnet")


def test_rounds_come_every_three_seconds_from_the_genesis() -> None:
    assert QUICKNET.time_of(1) == 1_692_803_367  # 2023-08-23 15:09:27 UTC
    assert QUICKNET.time_of(1000) == 1_692_806_364
    assert QUICKNET.time_of(27_946_612) == 1_776_643_200  # 2026-04-20 00:00:00 UTC


@pytest.mark.parametrize(
    ("instant", "number"),
    [
        (1_692_803_367, 1),
        (1_692_803_368, 2),
        (1_692_803_370, 2),
        (1_692_803_371, 3),
        (0, 1),
        (1_776_643_200, 27_946_612),
    ],
)
def test_the_first_round_at_an_instant_is_never_before_it(instant: int, number: int) -> None:
    assert QUICKNET.first_round_at(instant) == number


def test_the_elliptic_curves_are_loaded_only_when_a_signature_is_checked() -> None:
    code = "import sys, sortition.drawn_number; sys.exit('py_ecc' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_checking_a_round_leaves_a_nested_file_refused_not_fatal() -> None:
    """Importing py-ecc let a nested JSON file overflow the stack and kill the process."""
    code = (
        "import sortition.bls\n"
        "from sortition.canonical import read_json\n"
        "from sortition.errors import BundleError\n"
        "try:\n    read_json(b'[' * 100_000, 'f.json')\n"
        "except BundleError:\n    print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"
