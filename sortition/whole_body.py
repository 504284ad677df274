"""Balance counted over a whole body: what the drawn members owe once the others are known.

Half of a constituent assembly is elected; its composition is what it is. The drawn half then
aims at what the whole body should hold, minus what the elected half already holds, and never
less than zero: when the elected alone exceed the share of a category, the seats they take in
excess are missed by the others, in proportion to what each still lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from sortition.errors import TargetsError
from sortition.targets import FeatureTargets, Target, Targets, Tolerance, apportion, bounded

Seated = Mapping[str, Mapping[str, int]]
"""Members already seated, by feature then category."""


def count_seated(members: Iterable[Mapping[str, str]], whole: Targets) -> Seated:
    """Count seated members by category, for the features of ``whole`` that all of them give.

    Raise ``TargetsError`` naming every value that is no category of its feature.
    """
    rows = list(members)
    known = {f.feature: [row.category for row in f.rows] for f in whole.features}
    given = [feature for feature in known if rows and all(feature in row for row in rows)]
    unknown = dict.fromkeys(
        (feature, row[feature])
        for row in rows
        for feature in given
        if row[feature] not in known[feature]
    )
    if unknown:
        raise TargetsError(
            "the seated members have values that are no category: "
            + "; ".join(
                f"{feature} {value!r} (possible: {', '.join(known[feature])})"
                for feature, value in unknown
            )
        )
    return {
        feature: {
            category: sum(row[feature] == category for row in rows) for category in known[feature]
        }
        for feature in given
    }


def what_remains(whole: Targets, seated: Seated, *, size: int, tolerance: Tolerance = 0) -> Targets:
    """Return the targets of the ``size`` members to draw, so that the whole body is balanced.

    A feature that the seated members do not give is balanced among the drawn members alone.
    """
    if not 1 <= size <= whole.size:
        raise TargetsError(f"{size} members cannot be drawn for a body of {whole.size}")
    for feature, counts in seated.items():
        if sum(counts.values()) != whole.size - size:
            raise TargetsError(
                f"{feature}: {sum(counts.values())} seated members and {size} to draw "
                f"do not make a body of {whole.size}"
            )
    return replace(
        whole,
        size=size,
        tolerance=tolerance,
        features=tuple(
            _remaining(f, seated.get(f.feature), size, tolerance) for f in whole.features
        ),
    )


def _remaining(
    feature: FeatureTargets, seated: Mapping[str, int] | None, size: int, tolerance: Tolerance
) -> FeatureTargets:
    lacking = [_lacking(row, seated) for row in feature.rows]
    scale = size / sum(lacking, start=Fraction(0))
    rows = zip(feature.rows, lacking, apportion(lacking, size), strict=True)
    return FeatureTargets(
        feature.counted,
        tuple(
            bounded(
                feature.counted,
                row.category,
                lack * scale,
                seats,
                size,
                tolerance,
                _note(row, seated),
            )
            for row, lack, seats in rows
        ),
    )


def _lacking(row: Target, seated: Mapping[str, int] | None) -> Fraction:
    return (
        row.exact if seated is None else max(Fraction(0), row.exact - seated.get(row.category, 0))
    )


def _note(row: Target, seated: Mapping[str, int] | None) -> str:
    if seated is None:
        return ""
    number = seated.get(row.category, 0)
    return f"Corps entier : {row.seats} sièges visés, {number} déjà pourvus."
