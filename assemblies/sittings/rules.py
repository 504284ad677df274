"""When a convocation is in time, a quorum reached, a half-day attended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction

from assemblies.composition.rules import Quorum
from assemblies.errors import AttendanceError, ConvocationError, ProxyError, SittingError
from assemblies.periods import PARIS, day_of


class Kind(StrEnum):
    """What a sitting is for."""

    PLENARY = "plenary"
    GROUP = "group"
    TRAINING = "training"
    PREPARATION = "preparation"


class Half(StrEnum):
    """A half of a day, in the order of the day."""

    MORNING = "am"
    AFTERNOON = "pm"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time from ``start`` to ``end``; raises ``SittingError`` when empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None or self.end <= self.start:
            raise SittingError(start=self.start, end=self.end, reason="it ends before it begins")

    @property
    def minutes(self) -> Fraction:
        """How long it lasts."""
        return Fraction((self.end - self.start) // timedelta(seconds=1), 60)

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share an instant."""
        return self.start < other.end and other.start < self.end

    def within(self, other: Span) -> Span | None:
        """Return what of this lies within the other, or None."""
        if not self.overlaps(other):
            return None
        return Span(max(self.start, other.start), min(self.end, other.end))

    @property
    def day(self) -> date:
        """The day it begins, where the bodies sit."""
        return day_of(self.start)


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A point of the agenda and how long it is to take."""

    title: str
    minutes: int


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A half-day of a sitting and the hours it covers."""

    day: date
    half: Half
    span: Span


@dataclass(frozen=True, slots=True)
class Count:
    """Who counts for a quorum: members in office, present (remote ones too), represented."""

    members: int
    present: int
    represented: int

    @property
    def counted(self) -> int:
        """Present and represented together."""
        return self.present + self.represented


def check_convocation(convoked: date, sitting: date, days: int, *, urgency: str | None) -> None:
    """Raise ``ConvocationError`` when a convocation comes too late.

    CRPA, art. R133-8: five days ahead at least, save urgency, for which a reason is needed.
    Sent on the 1st, it is in time for the 6th.
    """
    if (sitting - convoked).days >= days:
        return
    if sitting < convoked or not (urgency or "").strip():
        latest = sitting - timedelta(days=days)
        raise ConvocationError(sitting=sitting, convoked=convoked, latest=latest)


def check_agenda(span: Span, agenda: Sequence[AgendaItem]) -> None:
    """Raise ``SittingError`` where an agenda is empty, or longer than the sitting."""
    if not agenda:
        raise SittingError(reason="a convocation needs an agenda")
    if any(not item.title.strip() or item.minutes <= 0 for item in agenda):
        raise SittingError(reason="each point needs a title and a duration")
    minutes = sum(item.minutes for item in agenda)
    if minutes > span.minutes:
        raise SittingError(reason="the agenda is longer than the sitting", minutes=minutes)


def is_quorate(quorum: Quorum, count: Count, *, second_call: bool) -> bool:
    """Tell whether enough members are there to deliberate.

    CRPA, art. R133-10: half of the members, present, remote or represented; none is needed
    after a second convocation on the same agenda. Half of 25 is 13.
    """
    share = quorum.second_call if second_call else quorum.share
    if share is None:
        return True
    there = count.counted if quorum.counts_proxies else count.present
    return count.members > 0 and there >= share * count.members


def count_present(
    members: Collection[int],
    present: Collection[int],
    proxies: Iterable[tuple[int, int]],
    set_aside: Collection[int] = (),
) -> Count:
    """Count who is there: mandates present, and absent ones whose proxy holder is.

    ``proxies`` are (giver, holder). ``set_aside`` have a conflict of interest on the point
    discussed: neither they nor their proxies count, and the body is no smaller for it.
    """
    here = (set(present) & set(members)) - set(set_aside)
    given = {
        giver
        for giver, holder in proxies
        if giver in members and giver not in here and giver not in set_aside and holder in here
    }
    return Count(len(set(members)), len(here), len(given))


def check_proxy(
    giver: int,
    holder: int,
    members: Collection[int],
    proxies: Iterable[tuple[int, int]],
    most: int,
) -> None:
    """Raise ``ProxyError`` unless one member in office may represent another one.

    Nobody gives two, gives to themselves, holds more than ``most``, or passes on one that
    they hold.
    """
    known = list(proxies)
    if giver == holder or giver not in members or holder not in members:
        raise ProxyError(giver=giver, holder=holder, reason="two members in office are needed")
    if any(one == giver for one, _ in known):
        raise ProxyError(giver=giver, reason="they gave one already")
    if any(one == holder for one, _ in known) or any(one == giver for _, one in known):
        raise ProxyError(giver=giver, holder=holder, reason="a proxy is not passed on")
    held = sum(one == holder for _, one in known)
    if held >= most:
        raise ProxyError(holder=holder, held=held, most=most)


def half_days(sitting: Span, noon_hour: int) -> tuple[HalfDay, ...]:
    """Cut a sitting into its half-days, where the bodies sit, in order."""
    found: list[HalfDay] = []
    day = sitting.day
    while True:
        midnight = datetime.combine(day, time(), PARIS)
        if midnight >= sitting.end:
            return tuple(found)
        noon = datetime.combine(day, time(noon_hour), PARIS)
        next_day = datetime.combine(day + timedelta(days=1), time(), PARIS)
        halves = ((Half.MORNING, midnight, noon), (Half.AFTERNOON, noon, next_day))
        for half, start, end in halves:
            if start < sitting.end and sitting.start < end:
                span = Span(max(start, sitting.start), min(end, sitting.end))
                found.append(HalfDay(day, half, span))
        day += timedelta(days=1)


def is_attended(present: Span, half_day: HalfDay, minutes: int) -> bool:
    """Tell whether a presence makes a half-day count: long enough, or all of a shorter one."""
    there = present.within(half_day.span)
    return there is not None and (
        there.minutes >= minutes or there.minutes >= half_day.span.minutes
    )


def check_presence(present: Span, sitting: Span, mandate: int) -> None:
    """Raise ``AttendanceError`` when somebody is said to be there outside the sitting."""
    if present.start < sitting.start or present.end > sitting.end:
        raise AttendanceError(
            mandate=mandate,
            arrived=present.start,
            left=present.end,
            begins=sitting.start,
            ends=sitting.end,
        )
