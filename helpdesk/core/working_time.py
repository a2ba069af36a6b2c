"""Working time: when people are at work, and when so much of it will have passed.

Hours are local (they follow the clock changes of their zone); every sum is done in UTC, so that an hour is an hour.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpdesk.core.errors import RuleRefused

# Longer than any break in working time that a calendar can sensibly hold.
LONGEST_BREAK_DAYS = 60


class CalendarWithoutHours(RuleRefused):
    """No deadline can ever be reached in a calendar that has no working hours ahead."""

    message = "The calendar has no working hours in the next 60 days. Add working hours first."


@dataclass(frozen=True)
class Span:
    """A stretch of one working day, in local time; it ends on the same day."""

    starts: time
    ends: time


@dataclass(frozen=True)
class WorkingCalendar:
    """The hours of each weekday (Monday is 0), the days off, and the zone that the hours are written in."""

    spans: Mapping[int, tuple[Span, ...]]
    days_off: frozenset[date] = field(default=frozenset())
    zone: ZoneInfo = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Stretch:
    """An unbroken piece of working time, in UTC."""

    starts: datetime
    ends: datetime


def add_working_time(start: datetime, amount: timedelta, calendar: WorkingCalendar) -> datetime:
    """The moment at which `amount` of working time has passed since `start`. CalendarWithoutHours when never."""
    left = amount
    for stretch in stretches_from(start, calendar):
        length = stretch.ends - stretch.starts
        if length >= left:
            return stretch.starts + left
        left -= length
    raise CalendarWithoutHours


def working_time_between(start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    """How much working time lies between two moments."""
    total = timedelta(0)
    for stretch in stretches_from(start, calendar):
        if stretch.starts >= end:
            break
        total += min(stretch.ends, end) - stretch.starts
    return total


def stretches_from(start: datetime, calendar: WorkingCalendar) -> Iterator[Stretch]:
    """Every stretch of working time from a moment on; ends after a break that is too long to be meant."""
    start = start.astimezone(UTC)
    day = start.astimezone(calendar.zone).date()
    idle_days = 0
    while idle_days < LONGEST_BREAK_DAYS:
        stretches = [stretch for stretch in _stretches_of(day, calendar) if stretch.ends > start]
        for stretch in stretches:
            yield Stretch(max(stretch.starts, start), stretch.ends)
        idle_days = 0 if stretches else idle_days + 1
        day += timedelta(days=1)


def is_working_time(moment: datetime, calendar: WorkingCalendar) -> bool:
    """Whether people are at work then."""
    day = moment.astimezone(calendar.zone).date()
    return any(stretch.starts <= moment < stretch.ends for stretch in _stretches_of(day, calendar))


def slots_from(start: datetime, length: timedelta, calendar: WorkingCalendar) -> Iterator[Stretch]:
    """Stretches of that length, one after another from each opening, that begin at a moment or later.

    None lies in an hour that the clocks repeat or skip: its times of day would mean two things, or not add up.
    """
    local_day = start.astimezone(calendar.zone).date()
    for stretch in stretches_from(datetime.combine(local_day, time(), calendar.zone), calendar):
        begins = stretch.starts
        while begins + length <= stretch.ends:
            slot = Stretch(begins, begins + length)
            if begins >= start and _is_plain(slot, calendar.zone):
                yield slot
            begins += length


def _is_plain(slot: Stretch, zone: ZoneInfo) -> bool:
    starts, ends = slot.starts.astimezone(zone), slot.ends.astimezone(zone)
    is_once = starts.replace(fold=0).utcoffset() == starts.replace(fold=1).utcoffset()
    return is_once and starts.utcoffset() == ends.utcoffset()


def _stretches_of(day: date, calendar: WorkingCalendar) -> list[Stretch]:
    if day in calendar.days_off:
        return []
    spans = sorted(calendar.spans.get(day.weekday(), ()), key=lambda span: span.starts)
    return [Stretch(_instant(day, span.starts, calendar), _instant(day, span.ends, calendar)) for span in spans]


def _instant(day: date, local: time, calendar: WorkingCalendar) -> datetime:
    return datetime.combine(day, local, calendar.zone).astimezone(UTC)
