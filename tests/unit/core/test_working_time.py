"""Working time over nights, week-ends, bank holidays and both changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core.working_time import (
    CalendarWithoutHours,
    Span,
    WorkingCalendar,
    add_working_time,
    working_time_between,
)

LONDON = ZoneInfo("Europe/London")
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28)})
OFFICE = WorkingCalendar({day: (Span(time(9), time(17, 30)),) for day in range(5)}, CHRISTMAS)
SPLIT = WorkingCalendar({day: (Span(time(14), time(18)), Span(time(9), time(12))) for day in range(5)})
ALL_DAY = WorkingCalendar({day: (Span(time(0), time(23, 59)),) for day in range(7)})


def london(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("start", "minutes", "calendar", "expected"),
    [
        pytest.param(london(2026, 11, 24, 9), 30, OFFICE, london(2026, 11, 24, 9, 30), id="within the morning"),
        pytest.param(london(2026, 11, 24, 17), 60, OFFICE, london(2026, 11, 25, 9, 30), id="over night"),
        pytest.param(london(2026, 11, 27, 17, 20), 20, OFFICE, london(2026, 11, 30, 9, 10), id="over the week-end"),
        pytest.param(london(2026, 12, 24, 17, 20), 60, OFFICE, london(2026, 12, 29, 9, 50), id="over Christmas"),
        pytest.param(london(2026, 11, 24, 3), 60, OFFICE, london(2026, 11, 24, 10), id="asked before opening"),
        pytest.param(london(2026, 11, 28, 12), 60, OFFICE, london(2026, 11, 30, 10), id="asked on a Saturday"),
        pytest.param(london(2026, 11, 24, 11, 30), 60, SPLIT, london(2026, 11, 24, 14, 30), id="over lunch"),
        pytest.param(london(2026, 11, 24, 11), 60, SPLIT, london(2026, 11, 24, 12), id="ends as lunch begins"),
        pytest.param(london(2026, 10, 23, 17), 60, OFFICE, london(2026, 10, 26, 9, 30), id="clocks go back"),
        pytest.param(london(2027, 3, 26, 17), 60, OFFICE, london(2027, 3, 29, 9, 30), id="clocks go forward"),
        pytest.param(london(2026, 11, 24, 9), 0, OFFICE, london(2026, 11, 24, 9), id="no time at all"),
    ],
)
def test_so_much_working_time_has_passed_by(start, minutes, calendar, expected):
    assert add_working_time(start, timedelta(minutes=minutes), calendar) == expected


def test_an_hour_is_an_hour_when_the_clocks_go_back():
    start = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 1:30am, an hour that comes twice

    assert add_working_time(start, timedelta(hours=2), ALL_DAY) == start + timedelta(hours=2)


def test_a_calendar_without_hours_is_refused_and_does_not_loop():
    with pytest.raises(CalendarWithoutHours, match="no working hours"):
        add_working_time(london(2026, 11, 24), timedelta(minutes=1), WorkingCalendar({}))


@given(
    after=st.timedeltas(timedelta(0), timedelta(days=700)),
    minutes=st.integers(0, 60 * 60),
)
def test_adding_and_measuring_agree(after, minutes):
    start, amount = london(2026, 1, 1) + after, timedelta(minutes=minutes)

    end = add_working_time(start, amount, OFFICE)

    assert working_time_between(start, end, OFFICE) == amount


def test_nothing_lies_between_the_end_and_the_start():
    assert working_time_between(london(2026, 11, 24, 12), london(2026, 11, 24, 9), OFFICE) == timedelta(0)
