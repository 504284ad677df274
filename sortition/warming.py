"""Compiling the inner loop once, at set-up, so that no officer waits for it."""

from __future__ import annotations

import numpy as np

from sortition.leximin import find_leximin
from sortition.lottery import build_lottery
from sortition.pool import Feature, Pool
from sortition.profiles import group_profiles
from sortition.quotas import Quota, Quotas


def warm_up() -> None:
    """Draw a toy lottery: Numba compiles what it runs and keeps it for the next process."""
    pool = Pool(
        ids=tuple("abcdefgh"),
        features=(Feature("side", ("left", "right")),),
        membership=np.array([[0], [0], [0], [1], [1], [1], [1], [1]], dtype=np.int32),
        households=np.array([0, -1, -1, 0, -1, -1, -1, -1], dtype=np.int32),
    )
    quotas = Quotas(4, (Quota("side", "left", 2, 2), Quota("side", "right", 2, 2)))
    profiles = group_profiles(pool)
    chances = find_leximin(pool, quotas, profiles=profiles)
    build_lottery(pool, quotas, profiles, chances.numerators, panels=8, seed="warm")
