"""Receipts: what each volunteer holds to open and check their own row of a published draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from sortition.bundle import Bundle
from sortition.errors import BundleError

RECEIPT_FORMAT = "kleroterion-receipt/1"

_CHANCE = {
    "fr": (
        "Vous êtes dans {seats} des {panels} panels numérotés : si l'un d'eux est tiré, vous êtes "
        "au panel. Votre chance est donc de {percent} %, soit environ 1 sur {one_in}."
    ),
    "en": (
        "You are in {seats} of the {panels} numbered panels: if one of them is drawn, you are on "
        "the panel. So your chance is {percent}%, about 1 in {one_in}."
    ),
}
_NO_CHANCE = {
    "fr": (
        "Vous n'êtes dans aucun des {panels} panels numérotés : vous ne pouvez pas être tiré. "
        "Demandez-en le motif à l'organisateur."
    ),
    "en": (
        "You are in none of the {panels} numbered panels: you cannot be drawn. Ask the organiser "
        "for the reason."
    ),
}
_PANELS = {"fr": "Vos panels : {numbers}.\n", "en": "Your panels: {numbers}.\n"}
_LETTER = {
    "fr": """\
REÇU — {title}

Votre jeton : {token}
{features}

{words}
{panels}
Ce reçu ouvre votre ligne de la liste publiée, que personne d'autre ne peut lire. Gardez-le.
Pour vérifier par vous-même, avec le dossier publié et le fichier audit.py du logiciel :

    python audit.py DOSSIER --receipt FICHIER_DE_CE_REÇU.json

Grain de sel : {salt}
Engagement publié : {commitment}
Empreinte du tirage : {manifest_digest}
""",
    "en": """\
RECEIPT — {title}

Your token: {token}
{features}

{words}
{panels}
This receipt opens your row of the published list, which nobody else can read. Keep it.
To check for yourself, with the published folder and the file audit.py of the software:

    python audit.py FOLDER --receipt FILE_OF_THIS_RECEIPT.json

Salt: {salt}
Commitment published: {commitment}
Digest of the draw: {manifest_digest}
""",
}


def receipt(bundle: Bundle, respondent: str) -> dict[str, Any]:
    """Return the receipt of one respondent; ``sortition.audit`` opens it with ``--receipt``.

    It holds the token and the salt, never the identifier. ``probability`` is what the lottery
    aimed at; ``seats`` out of ``panel_count`` is the chance that the draw gives. Raises
    ``BundleError`` for an identifier that is not in the pool.
    """
    return next(receipts(bundle, [respondent]))


def receipts(bundle: Bundle, respondents: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield the receipts of some respondents, in the order given, or of all; tables read once."""
    tokens = {name: (token, salt) for token, name, salt in bundle.table("private/tokens.csv")}
    if strangers := [name for name in respondents or () if name not in tokens]:
        raise BundleError(
            f"Not in the pool of {bundle.path}: {', '.join(strangers)}. Look the identifier up in "
            "private/respondents.csv; those set aside are in private/exclusion_list.csv."
        )
    asked = list(tokens) if respondents is None else respondents
    openings = {row[0]: row for row in bundle.table("witness/openings.csv")}
    chances = {row[0]: row for row in bundle.table("public/probabilities.csv")}
    sealed = {row[0]: row[1] for row in bundle.table("public/commitments.csv")}
    panels: dict[str, list[int]] = {tokens[name][0]: [] for name in asked}
    for number, member in bundle.seats():
        if member in panels:
            panels[member].append(number)
    count = int(bundle.manifest["panels"])
    names = [feature.name for feature in bundle.features]
    for name in asked:
        token, salt = tokens[name]
        seats = len(panels[token])
        yield {
            "format": RECEIPT_FORMAT,
            "title": bundle.manifest["title"],
            "manifest_digest": bundle.digest,
            "token": token,
            "salt": salt,
            "household": openings[token][2],
            "features": dict(zip(names, openings[token][3:], strict=True)),
            "commitment": sealed[token],
            "probability": chances[token][1],
            "seats": seats,
            "panels": panels[token],
            "panel_count": count,
            "words": {language: _chance_in_words(seats, count, language) for language in _CHANCE},
        }


def receipt_text(content: dict[str, Any], language: str = "fr") -> str:
    """Write a receipt as a letter in French (``"fr"``) or English (``"en"``)."""
    numbers = ", ".join(map(str, content["panels"]))
    colon = " : " if language == "fr" else ": "
    return _LETTER[language].format(
        **{
            key: content[key] for key in ("title", "token", "salt", "commitment", "manifest_digest")
        },
        features="\n".join(f"{name}{colon}{value}" for name, value in content["features"].items()),
        words=content["words"][language],
        panels=_PANELS[language].format(numbers=numbers) if numbers else "",
    )


def _chance_in_words(seats: int, panels: int, language: str) -> str:
    if not seats:
        return _NO_CHANCE[language].format(panels=panels)
    tenths = round(Fraction(1000 * seats, panels))
    percent = f"{tenths // 10}.{tenths % 10}".removesuffix(".0") if tenths else "< 0.1"
    return _CHANCE[language].format(
        seats=seats,
        panels=panels,
        percent=percent.replace(".", ",") if language == "fr" else percent,
        one_in=round(Fraction(panels, seats)),
    )
