"""Invented names and addresses: plainly nobody's and nowhere's."""

from __future__ import annotations

import unicodedata

FIRST_NAMES = {
    "Femme": (
        *("Adèle", "Agathe", "Aïcha", "Alix", "Amina", "Anaïs", "Béatrice", "Chantal", "Chloé"),
        *("Clémence", "Danièle", "Élodie", "Fatou", "Françoise", "Hélène", "Inès", "Jeanne"),
        *("Khadija", "Lucie", "Maëlle", "Monique", "Nadia", "Noémie", "Odile", "Rose", "Sylvie"),
    ),
    "Homme": (
        *("Ahmed", "Alain", "André", "Baptiste", "Benoît", "Bernard", "Cédric", "Didier", "Émile"),
        *("Enzo", "Gaël", "Gérard", "Hugo", "Idris", "Jean-Noël", "Jérôme", "Karim", "Loïc"),
        *("Malik", "Michel", "Nino", "Raphaël", "Rémi", "Théo", "Yann", "Youssef"),
    ),
}
LAST_NAMES = (
    *("Aleatour", "Bouldegaz", "Casemploi", "Chanceron", "Citoyenneau", "Délibéron", "Désordon"),
    *("Échantillon-Fictif", "Exemplard", "Fictiveau", "Grandtirage", "Hasardin", "Imaginon"),
    *("Inventard", "Jetonnier", "Klérotin", "Lambdaire", "Lotissime", "Modélion", "Nexemplon"),
    *("Numérotin", "Oublideau", "Panelin", "Pinakion", "Pseudonyme", "Quotard", "Quorumel"),
    *("Répondard", "Seuillard", "Sortillon", "Spécimène", "Suppléard", "Témoignet", "Tirausort"),
    *("Tombolin", "Tubelet", "Urnette", "Votandeau", "Vraisembland", "Zérodeux"),
)
STREETS = (
    *("rue de l'Exemple", "avenue du Tirage", "impasse de l'Invention", "place du Hasard"),
    *(
        "chemin des Échantillons",
        "boulevard de la Fiction",
        "allée des Quotas",
        "rue de la Loterie",
    ),
    *("rue du Panel", "route du Modèle", "square de l'Hypothèse", "rue des Suppléants"),
    *("cours de la Probabilité", "rue de l'Urne", "quai de l'Imaginaire", "rue du Spécimen"),
    *("rue de la Délibération", "avenue des Témoins", "place de l'Assemblée Fictive", "rue du Lot"),
)
TOWNS = {
    "pole": ("Exempleville", "Grande-Fictive", "Modèle-Métropole"),
    "ring": ("Saint-Exemple", "Villeneuve-l'Imaginaire", "Échantillon-sur-Lot"),
    "rural": ("Petit-Exemple", "Le Lieu-Fictif"),
}


def ascii_letters(text: str) -> str:
    """Return the letters of a name without case or accents, as in an electronic address."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed.casefold() if c.isascii() and c.isalpha())


def respelled(text: str, manner: int) -> str:
    """Write an address in another manner, as another member of the household might."""
    match manner % 4:
        case 0:
            return text.upper()
        case 1:
            bare = unicodedata.normalize("NFKD", text)
            return "".join(c for c in bare if not unicodedata.combining(c)).lower()
        case 2:
            return text.replace(" ", ", ", 1).replace("-", " ")
        case _:
            return text.replace(" ", "  ").replace("'", " ")


def mistyped(text: str, place: int) -> str:
    """Write an address with one letter of its last word doubled, as a hurried hand might."""
    at = len(text) - 2 - place % 3
    return text[:at] + text[at] + text[at:]
