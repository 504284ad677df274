"""The public draw: a frozen bundle and public randomness in, one panel and its record out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sortition.alternates import DEFAULT_DEPTH, SeatAlternates, find_alternates
from sortition.atomic import add_files, sweep
from sortition.bundle import Bundle, read_bundle
from sortition.canonical import csv_bytes, digest, json_bytes
from sortition.drawn_number import DrawInputs, DrawnNumber, find_number
from sortition.errors import BundleError
from sortition.frozen_tables import respondents_table
from sortition.pool import Pool
from sortition.randomness import plan_from_json

if sys.platform != "win32":
    import fcntl

DRAW_FORMAT = "kleroterion-draw/1"
RECORD = "public/draw.json"
"""The record of a draw is written last: where it stands, the draw exists and is whole."""


@dataclass(frozen=True)
class DrawRecord:
    """What a draw settled: the number, the panel, the alternates, and how it came about.

    Tokens throughout. ``alternates`` are (seat, rank from 1, alternate), in the order of
    seats. ``panel_after`` is the whole panel once a replacement has joined those who
    stay; None for a draw that replaces nobody.
    """

    manifest_digest: str
    drawn: DrawnNumber
    panel: tuple[str, ...]
    alternates: tuple[tuple[str, int, str], ...]
    alternates_per_seat: int
    drawn_at: str | None
    officers: tuple[str, ...]
    panel_after: tuple[str, ...] | None

    @property
    def number(self) -> int:
        """The panel drawn, 0 … M − 1."""
        return self.drawn.number

    @property
    def content(self) -> bytes:
        """The record as published, ``public/draw.json``."""
        return json_bytes(self.as_json())

    @property
    def digest(self) -> str:
        """The SHA-256 of the record, as in ``public/draw.sha256``."""
        return digest(self.content)

    @property
    def alternates_table(self) -> bytes:
        """The alternates as the witness reads them, ``witness/alternates.csv``."""
        return csv_bytes(
            ("seat", "rank", "token"),
            ((seat, str(rank), token) for seat, rank, token in self.alternates),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain values."""
        after = {} if self.panel_after is None else {"panel_after": list(self.panel_after)}
        return {
            "format": DRAW_FORMAT,
            "manifest_digest": self.manifest_digest,
            "randomness": self.drawn.as_json(),
            "number": self.number,
            "panel": list(self.panel),
            "alternates_digest": digest(self.alternates_table),
            "alternates_per_seat": self.alternates_per_seat,
            "drawn_at": self.drawn_at,
            "officers": list(self.officers),
            **after,
        }


def draw(
    path: Path,
    inputs: DrawInputs,
    *,
    drawn_at: str | None = None,
    officers: Sequence[str] = (),
    depth: int = DEFAULT_DEPTH,
) -> DrawRecord:
    """Draw the panel of a frozen bundle, once and for all, and write the record into it.

    ``drawn_at`` and ``officers`` are what the minutes will say; nothing depends on them.
    At most ``depth`` alternates are listed for each member. Raise ``RandomnessError``
    when the inputs are not those announced, ``BundleError`` when the bundle is already
    drawn or is no longer what was frozen. Nothing is written unless all of it is.
    """
    read_bundle(path)
    with _no_other_draw(path):
        bundle = read_bundle(path)
        sweep(path)  # a draw killed half-way leaves the panel it would have named
        refuse_drawn(bundle)
        check_frozen(bundle)
        record, files = _decide(bundle, inputs, drawn_at, tuple(officers), depth)
        for name in files.keys() - {RECORD}:  # left by a draw cut off before it had a record
            (path / name).unlink(missing_ok=True)
        add_files(path, files)
    return record


def refuse_drawn(bundle: Bundle) -> None:
    """Raise ``BundleError`` if a panel was already drawn: a draw is never rerun."""
    if bundle.is_drawn:
        raise BundleError(
            f"{bundle.path} is already drawn: panel {bundle.draw()['number']}. A draw is never "
            "rerun. To change a member, replace those who left; to draw anew, cancel this "
            "draw for a stated reason and freeze another bundle."
        )


def check_frozen(bundle: Bundle) -> None:
    """Raise ``BundleError`` naming every file that is not as it was frozen."""
    faults = []
    for name, expected in sorted(bundle.manifest["files"].items()):
        try:
            found = digest((bundle.path / name).read_bytes())
        except OSError as error:
            faults.append(f"{name} cannot be read ({error.strerror})")
        else:
            if found != expected:
                faults.append(f"{name} was changed")
    if faults:
        raise BundleError(
            f"{bundle.path} is not what was frozen: {', '.join(faults)}. Nothing was drawn. "
            "Restore these files from a copy made when the digest was published."
        )


def _decide(
    bundle: Bundle,
    inputs: DrawInputs,
    drawn_at: str | None,
    officers: tuple[str, ...],
    depth: int,
) -> tuple[DrawRecord, dict[str, bytes]]:
    """Return the record of the draw and all files to write, the record itself last."""
    manifest = bundle.manifest
    plan = plan_from_json(manifest["randomness"])
    drawn = find_number(plan, inputs, digest=bundle.digest, panels=int(manifest["panels"]))
    panel = bundle.panel(drawn.number)
    pool, tokens = bundle.pool(), bundle.tokens()
    row_of = {token: row for row, token in enumerate(tokens)}
    members = [row_of[token] for token in panel]
    found = _alternates(bundle, pool, members, lot=f"{bundle.digest}|{drawn.number}", depth=depth)
    record = DrawRecord(
        manifest_digest=bundle.digest,
        drawn=drawn,
        panel=panel,
        alternates=tuple(
            (tokens[seat.seat], rank, tokens[row])
            for seat in found
            for rank, row in enumerate(seat.alternates, start=1)
        ),
        alternates_per_seat=depth,
        drawn_at=drawn_at,
        officers=officers,
        panel_after=_panel_after(manifest["parent"], panel),
    )
    return record, {
        "private/panel.csv": respondents_table(pool, members),
        "private/alternates.csv": csv_bytes(
            ("seat", "rank", "respondent"),
            (
                (pool.ids[seat.seat], str(rank), pool.ids[row])
                for seat in sorted(found, key=lambda seat: seat.seat)
                for rank, row in enumerate(seat.alternates, start=1)
            ),
        ),
        "witness/alternates.csv": record.alternates_table,
        "public/draw.sha256": f"{record.digest}\n".encode(),
        RECORD: record.content,
    }


def _alternates(
    bundle: Bundle, pool: Pool, members: Sequence[int], *, lot: str, depth: int
) -> tuple[SeatAlternates, ...]:
    quotas, tokens = bundle.quotas(), bundle.tokens()
    counts, households = pool.counts(members), pool.households[np.array(members)]
    shared = households[households >= 0]
    if (
        (counts < quotas.lower).any()
        or (counts > quotas.upper).any()
        or len(set(shared.tolist())) < len(shared)
    ):
        raise BundleError(
            f"The panel drawn from {bundle.path} breaks a quota or holds two members of one "
            "household: the table was wrong when it was frozen. Nothing was recorded. "
            "Audit the bundle, cancel this draw and freeze another."
        )
    return find_alternates(pool, quotas, members, tokens=tokens, lot=lot, depth=depth)


def _panel_after(parent: Mapping[str, Any] | None, panel: Sequence[str]) -> tuple[str, ...] | None:
    return None if parent is None else tuple(sorted([*parent["staying"], *panel]))


@contextmanager
def _no_other_draw(path: Path) -> Iterator[None]:
    """Make a second draw of the same bundle wait, so that it finds the first one done."""
    if sys.platform == "win32":  # no lock there, but a rename there overwrites nothing
        yield
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
