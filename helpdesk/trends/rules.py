"""Which weeks a figure covers, which parts it shows, and when they begin. Pure decisions on plain values."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpdesk.trends.errors import FirstDayAfterLast, LastDayAhead, LastDayTooEarly, TooEarly, TooManyWeeks
from helpdesk.trends.types import Period, Series, Stretch, Week

LONDON = ZoneInfo("Europe/London")
WEEK = timedelta(weeks=1)

USUAL_WEEKS = 8
# A year of whole weeks; more bars than that cannot be told apart.
MOST_WEEKS = 53
# Before the service existed: a year typed wrongly.
EARLIEST_DAY = date(2020, 1, 1)
# The palette has four colours that people with any colour vision can tell apart.
MOST_SERIES = 4


def local_day(moment: datetime) -> date:
    """The day in London."""
    return moment.astimezone(LONDON).date()


def week_of(day: date) -> Week:
    """The week that holds the day."""
    return Week(day - timedelta(days=day.weekday()))


def weeks_between(first: date, last: date) -> tuple[Week, ...]:
    """Every week that holds a day from the first to the last, in order."""
    start = week_of(first).monday
    return tuple(Week(start + number * WEEK) for number in range((last - start).days // 7 + 1))


def usual_period(today: date) -> Period:
    """The last eight weeks, this week included."""
    return period_between(None, None, today)


def period_between(first: date | None, last: date | None, today: date) -> Period:
    """The whole weeks that hold both days. Without a last day they end today; without a first they are eight."""
    last = last or today
    _ensure_last_day(last, today)
    first = first or max(EARLIEST_DAY, week_of(last).monday - (USUAL_WEEKS - 1) * WEEK)
    _ensure_first_day(first, last)
    weeks = weeks_between(first, last)
    if len(weeks) > MOST_WEEKS:
        raise TooManyWeeks
    return Period(weeks, min(weeks[-1].sunday, today))


def stretches(period: Period) -> tuple[Stretch, ...]:
    """When each week begins and ends in UTC: a week with a clock change is an hour shorter or longer."""
    return tuple(Stretch(_midnight(week.monday), _midnight(week.monday + WEEK)) for week in period.weeks)


def stretch_before(period: Period, now: datetime) -> Stretch:
    """As many weeks just before. While the last week runs, up to its same hour, to compare like with like."""
    back = len(period.weeks) * WEEK
    ends = min(now, stretches(period)[-1].ends).astimezone(LONDON)
    same_hour = datetime.combine(ends.date() - back, ends.time(), LONDON)
    return Stretch(_midnight(period.first_day - back), same_hour.astimezone(UTC))


def largest_first(series: Iterable[Series]) -> tuple[Series, ...]:
    """The order of every list: by size, then by name."""
    return tuple(sorted(series, key=lambda one: (-one.total, one.label)))


def top_series(series: Sequence[Series], rest: str) -> tuple[Series, ...]:
    """At most four parts: where there are more, the three largest and all others as one."""
    ordered = largest_first(series)
    if len(ordered) <= MOST_SERIES:
        return ordered
    shown, others = ordered[: MOST_SERIES - 1], ordered[MOST_SERIES - 1 :]
    return (*shown, Series(rest, tuple(map(sum, zip(*(one.counts for one in others), strict=True)))))


def _ensure_last_day(last: date, today: date) -> None:
    if last > today:
        raise LastDayAhead
    if last < EARLIEST_DAY:
        raise LastDayTooEarly


def _ensure_first_day(first: date, last: date) -> None:
    if first > last:
        raise FirstDayAfterLast
    if first < EARLIEST_DAY:
        raise TooEarly


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
