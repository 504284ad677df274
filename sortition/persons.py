"""Persons in each category of a feature, counted in the reference tables on a chosen base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from sortition.age_bands import AgeBand
from sortition.errors import TargetsError
from sortition.reference import (
    Agreement,
    CountBase,
    FeatureDefinition,
    Grouping,
    Part,
    ReferencePopulation,
    Row,
)


@dataclass(frozen=True, slots=True)
class FeaturePersons:
    """The persons of each category of a feature on one base, exact, with their provenance.

    ``persons`` is in the order of the tables; a cut age band makes fractions of a person.
    """

    feature: str
    title: str
    grouping: str
    base: str
    base_title: str
    field: str
    persons: Mapping[str, Fraction]
    source: str
    date: str
    notes: tuple[str, ...]

    @property
    def total(self) -> Fraction:
        """All the persons counted."""
        return sum(self.persons.values(), start=Fraction(0))

    def share(self, category: str) -> Fraction:
        """Return the part of the population in a category."""
        return self.persons[category] / self.total


@dataclass(frozen=True, slots=True)
class Difference:
    """What becomes of a category between two tables; a missing category counts 0 persons."""

    category: str
    old_persons: Fraction
    new_persons: Fraction
    old_share: Fraction
    new_share: Fraction


@dataclass
class _Count:
    persons: dict[str, Fraction] = field(default_factory=dict)
    cuts: dict[str, None] = field(default_factory=dict)

    def add(self, label: str, persons: Fraction) -> None:
        self.persons[label] = self.persons.get(label, Fraction(0)) + persons


def count_persons(population: ReferencePopulation, feature: str, base: str) -> FeaturePersons:
    """Count a feature (``region``, or ``region:large`` for a grouping) on a base.

    Raise ``TargetsError`` when the total does not agree with the total that the index names.
    """
    name, _, grouping_name = feature.partition(":")
    definition = population.definition(name, base)
    grouping_name = grouping_name or definition.default_grouping
    grouping = population.grouping(name, grouping_name) if grouping_name else None
    count = _count_parts(population, definition, population.base(base))
    _check_agreement(population, definition, base, sum(count.persons.values(), start=Fraction(0)))
    return FeaturePersons(
        feature=name,
        title=definition.title,
        grouping=grouping_name,
        base=base,
        base_title=population.base(base).title,
        field=definition.field or population.base(base).title,
        persons=_grouped(count.persons, grouping) if grouping else count.persons,
        source=" ; ".join(
            dict.fromkeys(population.tables[p.table].source for p in definition.parts)
        ),
        date=_date(population, definition),
        notes=_notes(population, definition, base, tuple(count.cuts)),
    )


def compare_tables(old: FeaturePersons, new: FeaturePersons) -> tuple[Difference, ...]:
    """Compare two counts of one feature, category by category, in the order of the newer one."""
    if old.feature != new.feature:
        raise TargetsError(f"{old.feature!r} and {new.feature!r} are not the same feature")
    zero = Fraction(0)
    return tuple(
        Difference(
            category,
            old.persons.get(category, zero),
            new.persons.get(category, zero),
            old.share(category) if category in old.persons else zero,
            new.share(category) if category in new.persons else zero,
        )
        for category in dict.fromkeys((*new.persons, *old.persons))
    )


def _date(population: ReferencePopulation, definition: FeatureDefinition) -> str:
    dates = dict.fromkeys(population.tables[part.table].date for part in definition.parts)
    return definition.date or ", ".join(dates)


def _notes(
    population: ReferencePopulation, definition: FeatureDefinition, base: str, cuts: tuple[str, ...]
) -> tuple[str, ...]:
    notes = list(definition.notes)
    if cuts:
        notes.append(f"Interpolation, âges supposés également répartis : {', '.join(cuts)}.")
    if definition.field:
        title = population.base(base).title
        notes.append(
            f"La table décrit : {definition.field} ; elle est prise telle quelle pour : {title}."
        )
    agreement = definition.agrees_with
    if agreement and Fraction(agreement.tolerance):
        percent = f"{float(100 * Fraction(agreement.tolerance)):g}".replace(".", ",")
        notes.append(f"Total admis à {percent} % près : {agreement.reason}.")
    return tuple(notes)


def _count_parts(
    population: ReferencePopulation, definition: FeatureDefinition, base: CountBase
) -> _Count:
    count = _Count(dict.fromkeys(definition.labels.values(), Fraction(0)))
    for part in definition.parts:
        _count_part(population, part, definition.labels, base, count)
    return count


def _count_part(
    population: ReferencePopulation,
    part: Part,
    labels: Mapping[str, str],
    base: CountBase,
    count: _Count,
) -> None:
    rows = population.rows(part)
    if part.shares:
        whole = _total(population, part.of, base, count) if part.of else Fraction(0)
        shares = [_number(row, part.shares) for row in rows]
        for row, share in zip(rows, shares, strict=True):
            count.add(_label(row, part, labels), whole * share / sum(shares))
        return
    for row in rows:
        for label, persons in _counted(row, part, labels, base, count):
            count.add(label, persons)
    if part.under_age_in:
        _remove_under_age(rows, part, labels, base, count)


def _total(population: ReferencePopulation, part: Part, base: CountBase, count: _Count) -> Fraction:
    """Return the persons of all the rows of a part, cut at the base when the part has ages."""
    rows = population.rows(part)
    return sum((_in_base(row, part, base, count) for row in rows), start=Fraction(0))


def _counted(
    row: Row, part: Part, labels: Mapping[str, str], base: CountBase, count: _Count
) -> Iterator[tuple[str, Fraction]]:
    """Yield the categories a row counts in, with its persons there."""
    value = _number(row, part.value)
    if part.under_age_in:
        if AgeBand.parse(row[part.age]).common(base.ages):
            yield _label(row, part, labels), value
    elif part.column or part.category:
        yield _label(row, part, labels), _in_base(row, part, base, count)
    else:
        for band in base.age_bands:
            yield band.label, value * _cut(AgeBand.parse(row[part.age]), band, count)


def _remove_under_age(
    rows: list[Row], part: Part, labels: Mapping[str, str], base: CountBase, count: _Count
) -> None:
    """Take the people of a cut band who are too young out of the category that holds them all."""
    for text in dict.fromkeys(row[part.age] for row in rows):
        band = [row for row in rows if row[part.age] == text]
        everybody = sum(_number(row, part.value) for row in band)
        holders = [row for row in band if _label(row, part, labels) == part.under_age_in]
        held = sum(_number(row, part.value) for row in holders)
        share = _cut(AgeBand.parse(text), base.ages, count)
        too_young = everybody * (1 - share) if share else Fraction(0)
        if too_young > held:
            raise TargetsError(
                f"{float(too_young):.0f} of those aged {text} are too young for the base, "
                f"more than the {float(held):.0f} of {part.under_age_in!r}"
            )
        count.add(part.under_age_in, -too_young)


def _in_base(row: Row, part: Part, base: CountBase, count: _Count) -> Fraction:
    value = _number(row, part.value)
    return value * _cut(AgeBand.parse(row[part.age]), base.ages, count) if part.age else value


def _cut(band: AgeBand, wanted: AgeBand, count: _Count) -> Fraction:
    share = band.share_inside(wanted)
    if share and share != 1:
        common = band.common(wanted)
        ages = common.label if common else ""
        count.cuts[f"{ages} = {share.numerator}/{share.denominator} des {band.label}"] = None
    return share


def _label(row: Row, part: Part, labels: Mapping[str, str]) -> str:
    if part.category:
        return part.category
    raw = row[part.column]
    if labels and raw not in labels:
        raise TargetsError(f"column {part.column!r}: the index gives no category for {raw!r}")
    return labels.get(raw, raw)


def _number(row: Row, column: str) -> Fraction:
    try:
        number = Fraction(row[column])
    except (KeyError, ValueError) as error:
        raise TargetsError(f"column {column!r}: {row.get(column)!r} is not a number") from error
    if number < 0:
        raise TargetsError(f"column {column!r}: {number} is below zero")
    return number


def _grouped(persons: Mapping[str, Fraction], grouping: Grouping) -> dict[str, Fraction]:
    group_of = {member: group for group, members in grouping.members.items() for member in members}
    if unknown := [member for member in group_of if member not in persons]:
        raise TargetsError(f"grouping {grouping.title!r} names no category {', '.join(unknown)}")
    grouped = _Count()
    for category, number in persons.items():
        grouped.add(group_of.get(category, category), number)
    return grouped.persons


def _check_agreement(
    population: ReferencePopulation, definition: FeatureDefinition, base: str, total: Fraction
) -> None:
    """Refuse a total further from the one it must agree with than the index allows."""
    agreement = definition.agrees_with
    if agreement is None:
        return
    expected, source = _expected_total(population, agreement, base)
    if abs(total - expected) > Fraction(agreement.tolerance) * expected:
        sources = " ; ".join(
            dict.fromkeys(population.tables[p.table].source for p in definition.parts)
        )
        gap = float(100 * (total - expected) / expected)
        allowed = float(100 * Fraction(agreement.tolerance))
        raise TargetsError(
            f"totals do not agree for feature {definition.name!r} on base {base!r}: "
            f"{float(total):.0f} persons ({sources}) against {float(expected):.0f} ({source}), "
            f"{gap:+.2f} % where {allowed:g} % is allowed"
            + (f" ({agreement.reason})" if agreement.reason else "")
        )


def _expected_total(
    population: ReferencePopulation, agreement: Agreement, base: str
) -> tuple[Fraction, str]:
    if agreement.part is not None:
        table = population.tables[agreement.part.table]
        return _total(population, agreement.part, population.base(base), _Count()), table.source
    reference = population.definition(agreement.feature, base)
    count = _count_parts(population, reference, population.base(base))
    source = population.tables[reference.parts[0].table].source
    return sum(count.persons.values(), start=Fraction(0)), source
