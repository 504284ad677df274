"""From a bundle to the figures of its report: digests checked, small cells hidden."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from sortition.bundle import Bundle, read_bundle
from sortition.canonical import read_json
from sortition.errors import BundleError
from sortition.quotas import Quota
from sortition.report_figures import (
    SMALLEST_CELL,
    CategoryFigures,
    FeatureFigures,
    Figures,
)

_ROUNDING = 10  # other counts of a feature with a hidden cell, against finding it by subtraction

Profiles = Mapping[str, tuple[str, ...]]  # token → categories, a name per feature
ChanceRow = tuple[str, Fraction, int]  # token, chance computed, panels sat in


def read_figures(path: Path) -> Figures:
    """Read what a report shows from a bundle, drawn or not; its digests are checked.

    ``public/`` is enough; ``witness/`` or ``private/`` add the volunteers of each category
    and the panel drawn, ``private/targets.json`` the population. Raises ``BundleError``
    for a bundle that was changed or contradicts itself.
    """
    bundle = read_bundle(path)
    manifest = bundle.manifest
    draw = bundle.draw() if bundle.is_drawn else None
    rows = _chances(bundle)
    shares, source = _population(bundle)
    return Figures(
        title=str(manifest["title"]),
        size=int(manifest["panel_size"]),
        pool=int(manifest["pool"]),
        panels=int(manifest["panels"]),
        digest=bundle.digest,
        least_chance=_least_chance(bundle, rows),
        bound=Fraction(manifest["bound"]),
        largest_error=_largest_error(rows, int(manifest["panels"])),
        shut_out=int(manifest["excluded_by_quotas"]),
        seats=tuple(sorted(Counter(seats for _, _, seats in rows).items())),
        lowest_level=_lowest_level(rows),
        features=_features(bundle, rows, draw["panel"] if draw else None, shares),
        software=manifest["software"],
        randomness=manifest["randomness"],
        targets_source=source,
        is_replacement=manifest.get("parent") is not None,
        draw=draw,
    )


def _chances(bundle: Bundle) -> list[ChanceRow]:
    known: dict[str, Fraction] = {}  # many people, few distinct chances
    rows = []
    for token, chance, seats, _ in bundle.table("public/probabilities.csv"):
        if chance not in known:
            known[chance] = Fraction(chance)
        rows.append((token, known[chance], int(seats)))
    if len(rows) != bundle.manifest["pool"]:
        raise BundleError("public/probabilities.csv does not hold the pool of the manifest")
    return rows


def _least_chance(bundle: Bundle, rows: Sequence[ChanceRow]) -> Fraction:
    """Return the smallest share of the panels, those shut out aside; the manifest must agree."""
    counts = sorted(seats for _, _, seats in rows)
    shut_out = int(bundle.manifest["excluded_by_quotas"])
    least = Fraction(counts[shut_out], int(bundle.manifest["panels"]))
    if any(counts[:shut_out]) or least != Fraction(bundle.manifest["minimum_probability"]):
        raise BundleError("minimum_probability is not what public/probabilities.csv says")
    return least


def _largest_error(rows: Iterable[ChanceRow], panels: int) -> Fraction:
    pairs = {(chance, seats) for _, chance, seats in rows}
    return max(abs(seats - chance * panels) for chance, seats in pairs)


def _lowest_level(rows: Iterable[ChanceRow]) -> int:
    counts = Counter(chance for _, chance, _ in rows if chance)
    return counts[min(counts)] if counts else 0


def _population(bundle: Bundle) -> tuple[dict[tuple[str, str], float], str | None]:
    """Return the share of the population per category, and where it comes from."""
    path = bundle.path / "private" / "targets.json"
    if not path.exists():
        return {}, None
    content = read_json(path.read_bytes(), "private/targets.json")
    rows = content.get("categories", [])
    shares = {
        (row["feature"], row["value"]): float(Fraction(str(row["share"])))
        for row in rows
        if row.get("share") not in {None, ""}
    }
    sources = dict.fromkeys(
        ", ".join(str(part[name]) for name in ("source", "date") if part.get(name))
        for part in [content, *rows]
        if part.get("source")
    )
    return shares, " ; ".join(sources) or None


def _features(
    bundle: Bundle,
    rows: Sequence[ChanceRow],
    panel: Sequence[str] | None,
    shares: Mapping[tuple[str, str], float],
) -> tuple[FeatureFigures, ...]:
    people = _people(bundle)
    members = None if panel is None or people is None else [people[token] for token in panel]
    held = {token: seats for token, _, seats in rows}
    reach = _reach(bundle)
    quotas = bundle.quotas()
    features = []
    for position, feature in enumerate(bundle.features):
        mine = [quota for quota in quotas.quotas if quota.feature == feature.name]
        volunteers = _volunteers(people, position, mine, held, int(bundle.manifest["panels"]))
        drawn = None if members is None else Counter(row[position] for row in members)
        middles = sum(quota.lower + quota.upper for quota in mine) or 1
        cells = [_category(quota, reach, shares, volunteers, drawn, middles) for quota in mine]
        features.append(FeatureFigures(feature.name, tuple(cells), volunteers.is_rounded))
    return tuple(features)


def _category(
    quota: Quota,
    reach: Mapping[tuple[str, str], tuple[int, int]],
    shares: Mapping[tuple[str, str], float],
    volunteers: _Volunteers,
    drawn: Mapping[str, int] | None,
    middles: int,
) -> CategoryFigures:
    key = quota.feature, quota.category
    least, most = reach[key]
    if not quota.lower <= least <= most <= quota.upper:
        raise BundleError(f"a panel breaks the quota of {quota.category!r}")
    population = shares.get(key)
    middle = (quota.lower + quota.upper) / middles
    return CategoryFigures(
        feature=quota.feature,
        name=quota.category,
        lower=quota.lower,
        upper=quota.upper,
        least=least,
        most=most,
        drawn=None if drawn is None else drawn.get(quota.category, 0),
        pool=volunteers.counts.get(quota.category),
        pool_share=volunteers.shares.get(quota.category),
        population=population,
        target=middle if population is None else population,
        chance=volunteers.chances.get(quota.category),
    )


def _people(bundle: Bundle) -> Profiles | None:
    """Return the categories of each volunteer, from whichever part holds them."""
    if (bundle.path / "witness" / "openings.csv").exists():
        return {row[0]: row[3:] for row in bundle.table("witness/openings.csv")}
    private = bundle.path / "private"
    if not all((private / name).exists() for name in ("respondents.csv", "tokens.csv")):
        return None
    tokens = {name: token for token, name in bundle.respondents().items()}
    width = len(bundle.features)
    return {
        tokens[name]: tuple(rest[:width]) for name, *rest in bundle.table("private/respondents.csv")
    }


def _reach(bundle: Bundle) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the fewest and the most seats of each category over all prepared panels."""
    counts = defaultdict(list)
    for feature, category, count, _ in bundle.table("public/composition.csv"):
        counts[feature, category].append(int(count))
    return {key: (min(found), max(found)) for key, found in counts.items()}


@dataclass(frozen=True, slots=True)
class _Volunteers:
    """What may be said of the volunteers of a feature; a hidden category is in none of these."""

    counts: Mapping[str, int]
    shares: Mapping[str, float]
    chances: Mapping[str, float]
    is_rounded: bool


def _volunteers(
    people: Profiles | None,
    position: int,
    quotas: Sequence[Quota],
    held: Mapping[str, int],
    panels: int,
) -> _Volunteers:
    """Count the volunteers of each category of a feature, and average their chances."""
    if people is None:
        return _Volunteers({}, {}, {}, is_rounded=False)
    counted: Counter[str] = Counter()
    seats: Counter[str] = Counter()
    for token, categories in people.items():
        counted[categories[position]] += 1
        seats[categories[position]] += held[token]
    names = [quota.category for quota in quotas]
    published, is_rounded = publishable([counted[name] for name in names])
    counts = {n: count for n, count in zip(names, published, strict=True) if count is not None}
    return _Volunteers(
        counts=counts,
        shares={name: count / len(people) for name, count in counts.items()},
        chances={name: seats[name] / (counted[name] * panels) for name in counts},
        is_rounded=is_rounded,
    )


def publishable(counts: Sequence[int]) -> tuple[list[int | None], bool]:
    """Hide the counts below ``SMALLEST_CELL``; if any, round the others to the nearest ten.

    The counts of a feature add up to the pool, which is public: a single hidden cell would
    follow by subtraction if its neighbours were exact. Tells whether it rounded.
    """
    if min(counts) >= SMALLEST_CELL:
        return list(counts), False
    return [
        None if count < SMALLEST_CELL else max(_ROUNDING, round(count / _ROUNDING) * _ROUNDING)
        for count in counts
    ], True
