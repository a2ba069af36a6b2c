"""Which call-back times are offered: in working hours, in whole half hours, and never in an hour that means two."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpdesk.core.working_time import Span, WorkingCalendar
from helpdesk.tickets.rules import slots_ahead, slots_to_offer

LONDON = ZoneInfo("Europe/London")
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28)})
OFFICE = WorkingCalendar({day: (Span(time(9), time(17, 30)),) for day in range(5)}, CHRISTMAS)
SPLIT = WorkingCalendar({day: (Span(time(9), time(10, 15)), Span(time(14), time(15))) for day in range(5)})
NIGHTS = WorkingCalendar({day: (Span(time(0, 30), time(3)),) for day in range(7)})


def london(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


def starts(now: datetime, calendar: WorkingCalendar, on: date) -> list[str]:
    """When the slots of that day begin, on a clock on the wall."""
    local = [slot.starts.astimezone(LONDON) for slot in slots_ahead(now, calendar)]
    return [f"{one:%H:%M}" for one in local if one.date() == on]


@pytest.mark.parametrize(
    ("now", "first"),
    [
        pytest.param(london(2026, 11, 24, 9), london(2026, 11, 24, 9, 30), id="with time for an agent to see it"),
        pytest.param(london(2026, 11, 24, 9, 15), london(2026, 11, 24, 9, 30), id="a quarter of an hour is enough"),
        pytest.param(london(2026, 11, 24, 9, 16), london(2026, 11, 24, 10), id="less is not"),
        pytest.param(london(2026, 11, 24, 3), london(2026, 11, 24, 9), id="asked before opening"),
        pytest.param(london(2026, 11, 24, 16, 50), london(2026, 11, 25, 9), id="no slot is left today"),
        pytest.param(london(2026, 11, 27, 20), london(2026, 11, 30, 9), id="over the week-end"),
        pytest.param(london(2026, 12, 24, 20), london(2026, 12, 29, 9), id="over Christmas"),
    ],
)
def test_the_soonest_slot_is_in_working_hours(now: datetime, first: datetime) -> None:
    assert slots_ahead(now, OFFICE)[0].starts == first


def test_a_slot_ends_before_the_helpdesk_does() -> None:
    assert starts(london(2026, 11, 24, 6), SPLIT, date(2026, 11, 24)) == ["09:00", "09:30", "14:00", "14:30"]


def test_no_slot_lies_in_the_hour_that_comes_twice() -> None:
    sunday = starts(london(2026, 10, 24, 12), NIGHTS, date(2026, 10, 25))
    assert sunday == ["00:30", "02:00", "02:30"]


def test_no_slot_lies_in_the_hour_that_never_comes() -> None:
    slots = slots_ahead(london(2027, 3, 27, 12), NIGHTS)
    sunday = [slot for slot in slots if slot.starts.astimezone(LONDON).date() == date(2027, 3, 28)]

    assert [f"{slot.starts.astimezone(LONDON):%H:%M}" for slot in sunday] == ["02:00", "02:30"]
    assert all(slot.ends - slot.starts == timedelta(minutes=30) for slot in sunday)


def test_times_over_today_and_the_next_day_are_offered_and_the_soonest_is_among_them() -> None:
    offered = slots_to_offer(slots_ahead(london(2026, 11, 27, 10), OFFICE), LONDON)

    assert [f"{slot.starts.astimezone(LONDON):%a %H:%M}" for slot in offered] == [
        *("Fri 10:30", "Fri 12:00", "Fri 14:00", "Fri 15:30"),
        *("Mon 09:00", "Mon 11:00", "Mon 13:00", "Mon 15:00"),
    ]


def test_without_free_slots_none_is_offered() -> None:
    assert slots_to_offer([], LONDON) == []
