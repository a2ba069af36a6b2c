"""Weeks are Monday to Sunday on a wall calendar in London, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from helpdesk.trends import rules
from helpdesk.trends.errors import (
    FirstDayAfterLast,
    LastDayAhead,
    LastDayTooEarly,
    PeriodRefused,
    TooEarly,
    TooManyWeeks,
)
from helpdesk.trends.types import Period, Week

TODAY = date(2026, 11, 24)  # a Tuesday
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_the_usual_period_is_this_week_and_the_seven_before() -> None:
    period = rules.usual_period(TODAY)
    assert (period.first_day, period.last_day, len(period.weeks)) == (date(2026, 10, 5), TODAY, 8)


@pytest.mark.parametrize(
    ("first", "last", "monday", "ends", "weeks"),
    [
        (date(2026, 11, 4), date(2026, 11, 18), date(2026, 11, 2), date(2026, 11, 22), 3),
        (date(2026, 11, 2), date(2026, 11, 8), date(2026, 11, 2), date(2026, 11, 8), 1),
        (date(2026, 11, 8), date(2026, 11, 9), date(2026, 11, 2), date(2026, 11, 15), 2),
        (TODAY, TODAY, date(2026, 11, 23), TODAY, 1),
        (None, date(2026, 11, 1), date(2026, 9, 7), date(2026, 11, 1), 8),
        (date(2026, 11, 16), None, date(2026, 11, 16), TODAY, 2),
        (date(2025, 11, 24), TODAY, date(2025, 11, 24), TODAY, 53),
        (None, date(2020, 1, 1), date(2019, 12, 30), date(2020, 1, 5), 1),
    ],
)
def test_a_period_is_made_of_whole_weeks(
    first: date | None, last: date | None, monday: date, ends: date, weeks: int
) -> None:
    period = rules.period_between(first, last, TODAY)
    assert (period.first_day, period.last_day, len(period.weeks)) == (monday, ends, weeks)


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (None, date(2026, 11, 25), LastDayAhead),
        (date(2026, 11, 25), None, FirstDayAfterLast),
        (date(2026, 11, 2), date(2026, 11, 1), FirstDayAfterLast),
        (date(2025, 11, 23), TODAY, TooManyWeeks),
        (date(2019, 12, 31), date(2020, 1, 1), TooEarly),
        (date.min, TODAY, TooEarly),
        (None, date.min, LastDayTooEarly),
        (date.max, date.max, LastDayAhead),
    ],
)
def test_days_that_make_no_period_are_refused(
    first: date | None, last: date | None, refusal: type[PeriodRefused]
) -> None:
    with pytest.raises(refusal):
        rules.period_between(first, last, TODAY)


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (datetime(2026, 7, 5, 22, 59, tzinfo=UTC), date(2026, 6, 29)),
        (datetime(2026, 7, 5, 23, 30, tzinfo=UTC), date(2026, 7, 6)),  # already Monday in London
        (datetime(2026, 12, 6, 23, 30, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 12, 7, 0, 0, tzinfo=UTC), date(2026, 12, 7)),
    ],
)
def test_a_moment_belongs_to_its_week_in_london(moment: datetime, monday: date) -> None:
    assert rules.week_of(rules.local_day(moment)) == Week(monday)


def test_weeks_with_a_clock_change_are_an_hour_shorter_or_longer() -> None:
    spring = rules.stretches(rules.period_between(date(2026, 3, 23), date(2026, 4, 5), TODAY))
    autumn = rules.stretches(rules.period_between(date(2026, 10, 19), date(2026, 11, 1), TODAY))
    hours = [(week.ends - week.starts) / timedelta(hours=1) for week in (*spring, *autumn)]
    assert hours == [167, 168, 169, 168]
    assert spring[0].ends == spring[1].starts == datetime(2026, 3, 29, 23, 0, tzinfo=UTC)
    assert autumn[0].ends == autumn[1].starts == datetime(2026, 10, 26, 0, 0, tzinfo=UTC)


def test_a_running_week_is_compared_up_to_the_same_hour() -> None:
    before = rules.stretch_before(rules.usual_period(TODAY), NOON)
    assert before.starts == datetime(2026, 8, 9, 23, 0, tzinfo=UTC)  # Monday 10 August, summer time
    assert before.ends == datetime(2026, 9, 29, 11, 0, tzinfo=UTC)  # Tuesday 29 September at noon in London


def test_a_period_that_is_over_is_compared_whole() -> None:
    period = rules.period_between(date(2026, 11, 2), date(2026, 11, 15), TODAY)
    before = rules.stretch_before(period, NOON)
    assert before.starts == datetime(2026, 10, 18, 23, 0, tzinfo=UTC)
    assert before.ends == rules.stretches(period)[0].starts


@pytest.mark.parametrize(("last_day", "is_running"), [(date(2026, 11, 28), True), (date(2026, 11, 29), False)])
def test_a_period_runs_until_its_last_sunday(last_day: date, is_running: bool) -> None:
    assert Period((Week(date(2026, 11, 23)),), last_day).is_running is is_running
