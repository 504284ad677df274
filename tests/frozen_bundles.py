"""Small solved draws whose leximin is plain to see, with their true certificate."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sortition.bundle import Bundle, freeze
from sortition.canonical import digest, json_bytes
from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.probabilities import (
    MULTIPLIER_SCALE,
    NO_LEVEL,
    PROBABILITY_SCALE,
    Level,
    SelectionProbabilities,
)
from sortition.quotas import Quota, Quotas

SECRET = bytes(range(32))
SOFTWARE = {"kleroterion": "0", "numpy": "0", "ortools": "0"}


@dataclass(frozen=True)
class Shutout:
    """A respondent no panel can contain, as ``sortition.solving`` describes one."""

    respondent: int
    quotas: tuple[tuple[str, str], ...]
    reason: str


@dataclass(frozen=True)
class HandSolution:
    """What ``sortition.solving.Solution`` holds, made without any solver."""

    pool: Pool
    quotas: Quotas
    probabilities: SelectionProbabilities
    panels: NDArray[np.int32]
    excluded: tuple[Shutout, ...] = ()
    seed: str = "seed"
    seed_rule: str = "chosen"
    method: str = "halving"
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def seats(self) -> NDArray[np.int64]:
        """How many panels each respondent sits in."""
        return np.bincount(self.panels.ravel(), minlength=len(self.pool)).astype(np.int64)

    @property
    def bound(self) -> Fraction:
        """The proved ceiling on the smallest chance."""
        return self.probabilities.bound

    @property
    def min_probability(self) -> Fraction:
        """The least share of the panels among those some panel can contain."""
        out = {shutout.respondent for shutout in self.excluded}
        least = min(int(s) for row, s in enumerate(self.seats) if row not in out)
        return Fraction(least, len(self.panels))

    @property
    def max_error_seats(self) -> Fraction:
        """The largest distance between seats held and seats owed."""
        owed = [
            Fraction(int(numerator), PROBABILITY_SCALE) * len(self.panels)
            for numerator in self.probabilities.numerators
        ]
        return max(abs(int(s) - o) for s, o in zip(self.seats, owed, strict=True))


def two_groups(
    *,
    people: tuple[int, int] = (6, 9),
    seats: tuple[int, int] = (2, 2),
    panels: int = 12,
    shut_out: int = 1,
    never_whole: int = 1,
    couples: int = 1,
) -> HandSolution:
    """Solve a pool of women and men under an exact quota for each.

    Each woman gets seats/people, each man likewise: no lottery does otherwise, so this is
    the leximin. Ages hardly bind. ``shut_out`` more people have a category whose maximum
    is 0; ``never_whole`` stand for those that whole numbers alone shut out (they have a
    chance of 0 and no level). ``couples`` households hold one woman and one man each.
    """
    women, men = people
    sexes = [0] * women + [1] * men + [2] * shut_out + [0] * never_whole
    ages = [row % 2 for row in range(len(sexes))]
    households = np.full(len(sexes), NO_HOUSEHOLD, dtype=np.int32)
    for number in range(couples):
        households[[number, women + number]] = number
    pool = Pool(
        ids=tuple(f"person, {row:03d}" for row in range(len(sexes))),
        features=(
            Feature("sexe", ("femme", "homme", 'autre "né·e", \nailleurs')),
            Feature("âge", ("16-39", "40+")),
        ),
        membership=np.array([sexes, ages], dtype=np.int32).T.copy(),
        households=households,
        kept_columns=("email",),
        kept=tuple((f"{row}@example.org",) for row in range(len(sexes))),
    )
    size = sum(seats)
    quotas = Quotas(
        size,
        (
            Quota("sexe", "femme", seats[0], seats[0]),
            Quota("sexe", "homme", seats[1], seats[1]),
            Quota("sexe", 'autre "né·e", \nailleurs', 0, 0),
            Quota("âge", "16-39", 0, size),
            Quota("âge", "40+", 0, size),
        ),
    )
    groups = [np.arange(women), np.arange(women, women + men)]
    chosen = [_windows(g, s, panels) for g, s in zip(groups, seats, strict=True)]
    table = _apart(np.hstack(chosen), households, groups)
    return HandSolution(
        pool=pool,
        quotas=quotas,
        probabilities=_probabilities(pool, people, seats, never_whole),
        panels=np.sort(table, axis=1).astype(np.int32),
        excluded=tuple(
            Shutout(row, (("sexe", "autre"),), "maximum is 0, for everybody")
            for row in range(women + men, len(sexes))
        ),
    )


def _windows(group: NDArray[np.int64], size: int, panels: int) -> NDArray[np.int64]:
    """Go round a group, ``size`` members at a time."""
    starts = (np.arange(panels) * size)[:, None] + np.arange(size)
    return group[starts % len(group)]


def _apart(
    table: NDArray[np.int64], households: NDArray[np.int32], groups: Sequence[NDArray[np.int64]]
) -> NDArray[np.int64]:
    """Swap one member of a couple met in a panel for somebody of the same group."""
    for members in table:
        living = [int(households[row]) for row in members if households[row] != NO_HOUSEHOLD]
        for number in {h for h in living if living.count(h) > 1}:
            place = next(i for i, row in enumerate(members) if households[row] == number)
            group = next(g for g in groups if members[place] in g)
            members[place] = next(
                r for r in group[::-1] if r not in members and households[r] == NO_HOUSEHOLD
            )
    return table


def _probabilities(
    pool: Pool, people: tuple[int, int], seats: tuple[int, int], never_whole: int
) -> SelectionProbabilities:
    """Give each group its share, with the multiplier of its own quota as the proof."""
    shares = [(Fraction(s, n), code) for code, (s, n) in enumerate(zip(seats, people, strict=True))]
    if len(pool) - never_whole > sum(people):
        shares.append((Fraction(0), 2))
    shares.sort()
    numerators = np.zeros(len(pool), dtype=np.int64)
    level = np.full(len(pool), NO_LEVEL, dtype=np.int32)
    counted = len(pool) - never_whole
    levels = []
    for number, (share, code) in enumerate(shares):
        value = share.numerator * PROBABILITY_SCALE // share.denominator
        here = (pool.membership[:, 0] == code) & (np.arange(len(pool)) < counted)
        numerators[here], level[here] = value, number
        multipliers = [0] * 5
        multipliers[code] = MULTIPLIER_SCALE // gcd(code + 1, 2)
        levels.append(Level(value, tuple(multipliers), 0, (), share))
    return SelectionProbabilities(numerators, level, tuple(levels))


def one_level_of_couples(*, couples: int = 3, panels: int = 8) -> HandSolution:
    """Solve a pool of couples who may sit only one at a time: the household rows prove it.

    Two couples at once sit in each panel, every respondent once in ``couples`` panels.
    """
    count = 2 * couples
    pool = Pool(
        ids=tuple(f"c{row:02d}" for row in range(count)),
        features=(Feature("sexe", ("femme", "homme")),),
        membership=np.array([[row % 2] for row in range(count)], dtype=np.int32),
        households=np.array([row // 2 for row in range(count)], dtype=np.int32),
    )
    quotas = Quotas(
        couples, (Quota("sexe", "femme", 0, couples), Quota("sexe", "homme", 0, couples))
    )
    rows = [
        [2 * couple + (panel >> couple) % 2 for couple in range(couples)] for panel in range(panels)
    ]
    value = PROBABILITY_SCALE // 2
    households = tuple((number, MULTIPLIER_SCALE // 7) for number in range(couples))
    probabilities = SelectionProbabilities(
        numerators=np.full(count, value, dtype=np.int64),
        level=np.zeros(count, dtype=np.int32),
        levels=(Level(value, (0, 0), 0, households, Fraction(1, 2)),),
    )
    return HandSolution(pool, quotas, probabilities, np.array(rows, dtype=np.int32))


def freeze_by_hand(path: Path, solution: HandSolution | None = None, **changes: Any) -> Bundle:
    """Freeze a solution with the words a test does not care about."""
    words: dict[str, Any] = {
        "title": "Convention d'essai",
        "randomness_plan": {"kind": "number"},
        "secret": SECRET,
        "software": SOFTWARE,
    }
    return freeze(solution or two_groups(), path, **(words | changes))


def one_seat(pool: Pool, quotas: Quotas) -> HandSolution:
    """Solve for a single empty seat: everybody whom the quotas allow has the same chance."""
    fits = np.array([bool((quotas.upper[codes] > 0).all()) for codes in pool.codes])
    rows = np.flatnonzero(fits)
    share = Fraction(1, len(rows))
    value = share.numerator * PROBABILITY_SCALE // share.denominator
    shut = tuple(int(upper == 0) for upper in quotas.upper)
    none = (0,) * len(shut)
    levels = [Level(0, shut, 0, (), Fraction(0))] if not fits.all() else []
    levels.append(Level(value, none, 1, (), share))
    level = np.where(fits, len(levels) - 1, 0).astype(np.int32)
    return HandSolution(
        pool=pool,
        quotas=quotas,
        probabilities=SelectionProbabilities(
            np.where(fits, value, 0).astype(np.int64), level, tuple(levels)
        ),
        panels=rows.reshape(-1, 1).astype(np.int32),
        excluded=tuple(
            Shutout(int(row), (), "the seat is not theirs") for row in np.flatnonzero(~fits)
        ),
    )


def reseal(folder: Path, **figures: Any) -> None:
    """Seal a changed bundle again, so that only its contents can betray the change.

    ``figures`` replace those of the manifest.
    """
    path = folder / "public" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8")) | figures
    for name in manifest["files"] if "files" not in figures else ():
        manifest["files"][name] = digest((folder / name).read_bytes())
    path.write_bytes(json_bytes(manifest))
    (folder / "public" / "digest.txt").write_text(f"{digest(path.read_bytes())}\n")


def reseal_draw(folder: Path, **entries: Any) -> None:
    """Write other entries into the record of a draw, and seal it again."""
    path = folder / "public" / "draw.json"
    record = json.loads(path.read_text("utf-8")) | entries
    path.write_bytes(json_bytes(record))
    (folder / "public" / "draw.sha256").write_text(f"{digest(path.read_bytes())}\n")
