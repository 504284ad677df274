"""The bundle: a solved draw frozen in three folders, and how to read it again.

``public/`` proves what can be proved without anybody's features, ``witness/`` opens the
commitments, ``private/`` leads from tokens to people. ``sortition.audit`` re-proves it all
without this module.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sortition.atomic import write_folder
from sortition.canonical import digest, json_bytes, read_csv, read_json
from sortition.errors import BundleError
from sortition.frozen_tables import fraction_text, private_tables, public_tables, witness_tables
from sortition.pool import NO_HOUSEHOLD, Feature, Pool
from sortition.quotas import Quota, Quotas
from sortition.tokens import Tokens, make_tokens

if TYPE_CHECKING:
    from sortition.solving import Solution

BUNDLE_FORMAT = "kleroterion-bundle/1"

AUDIT_TEXT = """\
Ce dossier est le tirage au sort d'un panel, figé avant que le hasard ne parle.
panels.csv donne la table des panels numérotés ; le hasard public désigne un numéro.
Personne n'y est nommé : chaque volontaire porte un jeton (T0042) et tient un reçu qui
ouvre sa propre ligne. digest.txt est l'empreinte publiée avant le tirage.

Pour tout vérifier sur votre ordinateur, avec Python 3.9 ou plus et rien d'autre,
prenez le fichier audit.py du logiciel Kleroterion (sortition/audit.py), puis :

    python audit.py DOSSIER
    python audit.py DOSSIER --digest L_EMPREINTE_PUBLIÉE_AVANT_LE_TIRAGE
    python audit.py DOSSIER --receipt VOTRE_RECU.json

DOSSIER est le dossier qui contient public/ (et witness/ si l'on vous l'a remis).

----

This folder is the draw of a panel by lot, frozen before chance has spoken.
panels.csv is the table of numbered panels; public randomness points at one number.
Nobody is named: each volunteer bears a token (T0042) and holds a receipt that opens their
own row. digest.txt is the digest published before the draw.

To check everything on your own computer, with Python 3.9 or newer and nothing else,
take the file audit.py of the Kleroterion software (sortition/audit.py), then:

    python audit.py FOLDER
    python audit.py FOLDER --digest THE_DIGEST_PUBLISHED_BEFORE_THE_DRAW
    python audit.py FOLDER --receipt YOUR_RECEIPT.json

FOLDER is the folder that holds public/ (and witness/ if it was handed to you).
"""


def freeze(
    solution: Solution,
    path: Path,
    *,
    title: str,
    randomness_plan: Mapping[str, Any],
    secret: bytes,
    tokens: Tokens | None = None,
    exclusion_list: Sequence[tuple[str, str]] = (),
    targets: Mapping[str, Any] | None = None,
    parent: Mapping[str, Any] | None = None,
    software: Mapping[str, str] | None = None,
) -> Bundle:
    """Freeze a solution into the new folder ``path``, before any randomness exists.

    The same solution, secret and words give the same bytes. ``exclusion_list``: pairs
    (respondent, reason) set aside before the draw. For a replacement, ``parent`` is what it
    says of the draw it mends and ``tokens`` those its respondents bear there
    (``Bundle.tokens_of``). Raises ``BundleError`` when ``path`` exists.
    """
    tokens = make_tokens(solution.pool, secret) if tokens is None else tokens
    files = {
        **public_tables(solution, tokens),
        "public/AUDIT.txt": AUDIT_TEXT.encode(),
        **witness_tables(solution, tokens),
        **private_tables(solution, tokens, exclusion_list),
    }
    sealed = {
        name: digest(content)
        for name, content in files.items()
        if not name.startswith("private/") or name == "private/tokens.csv"
    }
    manifest = json_bytes(
        {
            **_figures(solution),
            "format": BUNDLE_FORMAT,
            "title": title,
            "randomness": dict(randomness_plan),
            "parent": None if parent is None else dict(parent),
            "software": dict(installed_software() if software is None else software),
            "files": sealed,
        }
    )
    files["public/manifest.json"] = manifest
    files["public/digest.txt"] = f"{digest(manifest)}\n".encode()
    files["private/secret.key"] = f"{secret.hex()}\n".encode()
    if targets is not None:
        files["private/targets.json"] = json_bytes(targets)
    write_folder(path, files)
    return read_bundle(path)


def installed_software() -> dict[str, str]:
    """Name the versions that the panels depend on."""
    versions = {}
    for name in ("kleroterion", "numba", "numpy", "ortools"):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def _figures(solution: Solution) -> dict[str, Any]:
    """Return what the manifest says of the solution itself."""
    pool = solution.pool
    return {
        "panel_size": solution.quotas.size,
        "panels": len(solution.panels),
        "pool": len(pool),
        "seed": solution.seed,
        "seed_rule": solution.seed_rule,
        "method": solution.method,
        "features": [
            {"name": feature.name, "categories": list(feature.categories)}
            for feature in pool.features
        ],
        "households": bool((pool.households != NO_HOUSEHOLD).any()),
        "minimum_probability": fraction_text(solution.min_probability),
        "bound": fraction_text(solution.bound),
        "max_error_seats": fraction_text(solution.max_error_seats),
        "excluded_by_quotas": len(solution.excluded),
    }


@dataclass(frozen=True)
class Reproduction:
    """What a solver needs to make ``public/panels.csv`` again: no identifier among it.

    ``tokens`` are those of the pool, in its order.
    """

    pool: Pool
    tokens: Tokens
    quotas: Quotas
    seed: str
    panels: int


@dataclass(frozen=True)
class Bundle:
    """A frozen draw read back; every table is checked against its digest when read."""

    path: Path
    manifest: Mapping[str, Any]
    digest: str
    """The digest published before the draw: SHA-256 of the manifest."""

    @property
    def is_drawn(self) -> bool:
        """Whether a draw has been recorded in this bundle."""
        return (self.path / "public" / "draw.json").exists()

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """The features and their categories, in the order of the quotas."""
        return tuple(Feature(f["name"], tuple(f["categories"])) for f in self.manifest["features"])

    def table(self, name: str) -> list[tuple[str, ...]]:
        """Return the rows of a table (``"public/panels.csv"``) below its header."""
        return self._read(name)[1]

    def draw(self) -> dict[str, Any]:
        """Return the record of the draw; raises ``BundleError`` before there is one."""
        content = _read_bytes(self.path, "public/draw.json")
        if _read_bytes(self.path, "public/draw.sha256") != f"{digest(content)}\n".encode():
            raise BundleError("public/draw.json does not match public/draw.sha256")
        return read_json(content, "public/draw.json")

    def panel(self, number: int) -> tuple[str, ...]:
        """Return the tokens of one numbered panel, sorted."""
        name = "public/panels.csv"
        content = self._content(name)
        # The table may hold millions of rows, in the order of panels: only these are read.
        start = content.find(f"\n{number},".encode()) + 1
        end = content.find(f"\n{number + 1},".encode(), max(start - 1, 0)) + 1
        header = content[: content.find(b"\n") + 1]
        rows = read_csv(header + content[start : end or None], name)[1] if start else []
        if len(rows) != int(self.manifest["panel_size"]) or any(r[0] != str(number) for r in rows):
            raise BundleError(f"panel {number} is not in the table")
        return tuple(token for _, token in rows)

    def seats(self) -> Iterator[tuple[int, str]]:
        """Yield (panel, token) for every seat of every panel, without holding millions of rows."""
        lines = iter(io.BytesIO(self._content("public/panels.csv")))
        next(lines)
        for line in lines:
            number, _, token = line.decode().rstrip("\n").partition(",")
            yield int(number), token

    def quotas(self) -> Quotas:
        """Return the quotas, without the limits set to relaxations."""
        rows = self.table("public/quotas.csv")
        quotas = tuple(Quota(f, v, int(low), int(high)) for f, v, low, high in rows)
        return Quotas(int(self.manifest["panel_size"]), quotas)

    def tokens(self) -> tuple[str, ...]:
        """Return the tokens in pool order (needs ``witness/``)."""
        return tuple(row[0] for row in self.table("witness/openings.csv"))

    def respondents(self) -> dict[str, str]:
        """Return the identifier behind each token (needs ``private/``)."""
        return {token: name for token, name, _ in self.table("private/tokens.csv")}

    def tokens_of(self, pool: Pool) -> Tokens:
        """Return the tokens and salts of a part of the pool (needs ``private/``)."""
        known = {name: (token, salt) for token, name, salt in self.table("private/tokens.csv")}
        borne = [known[name] for name in pool.ids]
        return Tokens(tuple(token for token, _ in borne), tuple(salt for _, salt in borne))

    def pool(self) -> Pool:
        """Return the pool with its identifiers and kept columns (needs ``private/``)."""
        header, rows = self._read("private/respondents.csv")
        first_kept = 1 + len(self.features)
        if [row[1:first_kept] for row in rows] != [
            row[3:] for row in self.table("witness/openings.csv")
        ]:
            raise BundleError("private/respondents.csv does not match witness/openings.csv")
        return self.pool_called(
            ids=tuple(row[0] for row in rows),
            kept_columns=header[first_kept:],
            kept=tuple(row[first_kept:] for row in rows),
        )

    def pool_called(
        self,
        ids: tuple[str, ...],
        kept_columns: tuple[str, ...] = (),
        kept: tuple[tuple[str, ...], ...] = (),
    ) -> Pool:
        """Return the pool of ``witness/`` under the identifiers given, in pool order."""
        rows = self.table("witness/openings.csv")
        positions = [{c: i for i, c in enumerate(f.categories)} for f in self.features]
        membership = [
            [position[category] for position, category in zip(positions, row[3:], strict=True)]
            for row in rows
        ]
        households = [NO_HOUSEHOLD if not row[2] else int(row[2]) for row in rows]
        return Pool(
            ids=ids,
            features=self.features,
            membership=np.array(membership, dtype=np.int32).reshape(len(rows), len(positions)),
            households=np.array(households, dtype=np.int32),
            kept_columns=kept_columns,
            kept=kept if kept_columns else (),
        )

    def _read(self, name: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        return read_csv(self._content(name), name)

    def _content(self, name: str) -> bytes:
        content = _read_bytes(self.path, name)
        if self.manifest["files"].get(name, digest(content)) != digest(content):
            raise BundleError(f"{name} was changed since it was frozen")
        return content


def read_bundle(path: Path) -> Bundle:
    """Read the manifest of a bundle; raises ``BundleError`` unless it is the frozen one."""
    content = _read_bytes(path, "public/manifest.json")
    named = _read_bytes(path, "public/digest.txt")
    if named != f"{digest(content)}\n".encode():
        raise BundleError("public/manifest.json does not match public/digest.txt")
    manifest = read_json(content, "public/manifest.json")
    if manifest.get("format") != BUNDLE_FORMAT:
        raise BundleError(f"{path} is not a bundle of the format {BUNDLE_FORMAT}")
    return Bundle(path, manifest, digest(content))


def pool_from_witness(bundle: Bundle) -> Reproduction:
    """Rebuild what was solved from ``public/`` and ``witness/`` alone, in the same order.

    Respondents are called by their row, written so that rows sort as text; since a solver
    sees rows and never identifiers, it must find ``public/panels.csv`` again.
    """
    openings = bundle.table("witness/openings.csv")
    count = len(openings)
    width = len(str(count))
    return Reproduction(
        pool=bundle.pool_called(ids=tuple(f"{row:0{width}d}" for row in range(count))),
        tokens=Tokens(tuple(row[0] for row in openings), tuple(row[1] for row in openings)),
        quotas=bundle.quotas(),
        seed=str(bundle.manifest["seed"]),
        panels=int(bundle.manifest["panels"]),
    )


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        return (path / name).read_bytes()
    except OSError as error:
        raise BundleError(f"{path / name} cannot be read: {error.strerror}") from error
