"""Succession: a drawn panel and its replacements in order, up to the panel as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sortition.bundle import Bundle, read_bundle
from sortition.canonical import digest
from sortition.errors import BundleError


@dataclass(frozen=True)
class Succession:
    """A draw and every replacement since, each checked against the one before.

    ``panel`` is sorted tokens: the panel as it stands. ``left`` holds all who ever left
    it. ``draw_digests`` are those of the draw and of each replacement drawn. ``pending`` is
    a replacement frozen but not drawn yet, or None.
    """

    root: Bundle
    replacements: tuple[Bundle, ...]
    panel: tuple[str, ...]
    left: frozenset[str]
    draw_digests: tuple[str, ...]
    pending: Bundle | None

    def folder(self, number: int) -> Path:
        """Return the folder of the n-th replacement, from 1."""
        return _folder(self.root.path, number)

    def refuse_pending(self) -> None:
        """Raise ``BundleError`` if a replacement still waits for its draw."""
        if self.pending is not None:
            raise BundleError(
                f"{self.pending.path} is frozen but not drawn: the panel is not known until it "
                "is. Draw it first, with the randomness that it announces."
            )


def read_succession(path: Path) -> Succession:
    """Read a drawn bundle and its replacements, checking that each follows from the last.

    Raise ``BundleError`` when the bundle is not drawn, is itself a replacement, or when
    a replacement does not start from the panel that was standing.
    """
    root = read_bundle(path)
    if root.manifest["parent"] is not None:
        raise BundleError(f"{path} is itself a replacement. Give the folder of the first draw.")
    if not root.is_drawn:
        raise BundleError(f"{path} is not drawn yet: there is no panel to mend. Draw it first.")
    panel = tuple(root.draw()["panel"])
    digests = [_draw_digest(root)]
    replacements: list[Bundle] = []
    left: set[str] = set()
    pending = None
    while _folder(path, len(replacements) + 1).exists():
        bundle = read_bundle(_folder(path, len(replacements) + 1))
        parent = bundle.manifest["parent"]
        _check_link(bundle, parent, root, digests, panel)
        if not bundle.is_drawn:
            pending = bundle
            break
        left |= set(parent["left"])
        panel = tuple(bundle.draw()["panel_after"])
        digests.append(_draw_digest(bundle))
        replacements.append(bundle)
    return Succession(root, tuple(replacements), panel, frozenset(left), tuple(digests), pending)


def _check_link(
    bundle: Bundle,
    parent: Mapping[str, Any] | None,
    root: Bundle,
    digests: list[str],
    panel: tuple[str, ...],
) -> None:
    follows = (
        parent is not None
        and parent["digest"] == root.digest
        and parent["draw"] == digests[0]
        and parent["previous"] == (digests[-1] if len(digests) > 1 else None)
        and parent["round"] == len(digests)
        and sorted([*parent["left"], *parent["staying"]]) == sorted(panel)
    )
    if not follows:
        raise BundleError(
            f"{bundle.path} does not start from the panel that stood before it: "
            "a draw, or one of its replacements, was changed or moved. Restore the folders."
        )


def _draw_digest(bundle: Bundle) -> str:
    return digest((bundle.path / "public" / "draw.json").read_bytes())


def _folder(path: Path, number: int) -> Path:
    return path / "replacements" / str(number)
