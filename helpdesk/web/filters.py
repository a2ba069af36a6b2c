"""How times and numbers are written for people (NHS service manual): local time, words, no leading noughts."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask

from helpdesk.core import clock

LONDON = ZoneInfo("Europe/London")


def init_app(app: Flask) -> None:
    """Give every template the filters, and escape in every one: Flask itself leaves out names such as page.jinja."""
    app.jinja_env.autoescape = True
    app.jinja_env.filters.update(
        day=day, time_of_day=time_of_day, moment=moment, time_left=time_left, number=number, duration=duration
    )


def day(value: datetime) -> str:
    """24 November 2026."""
    local = value.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def time_of_day(value: datetime) -> str:
    """9am, 5:30pm, midday, midnight."""
    local = value.astimezone(LONDON)
    if local.minute == 0 and local.hour in {0, 12}:
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def time_with_seconds(value: datetime) -> str:
    """9:00:00am, 5:30:15pm: to compare two clocks by."""
    local = value.astimezone(LONDON)
    return f"{local.hour % 12 or 12}:{local:%M:%S}{'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime) -> str:
    """Today at 9am, tomorrow at 5:30pm, 3 March 2026 at midday."""
    days = (value.astimezone(LONDON).date() - clock.now().astimezone(LONDON).date()).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
    return f"{near or day(value)} at {time_of_day(value)}"


def stretch(starts: datetime, ends: datetime) -> str:
    """Tuesday 24 November, 2pm to 2:30pm: as true tomorrow as today."""
    local = starts.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B}, {_from_to(starts, ends)}"


def stretch_near(starts: datetime, ends: datetime) -> str:
    """Today, 2pm to 2:30pm; tomorrow, 9am to 9:30am; else with the day's name and date."""
    days = (starts.astimezone(LONDON).date() - clock.now().astimezone(LONDON).date()).days
    near = {0: "today", 1: "tomorrow"}.get(days)
    return f"{near}, {_from_to(starts, ends)}" if near else stretch(starts, ends)


def duration(value: timedelta) -> str:
    """12 minutes, 2 hours 5 minutes, 3 days: at most two units, never less than a minute."""
    minutes = max(1, int(value.total_seconds() // 60))
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [_count(days, "day"), _count(hours, "hour"), _count(minutes, "minute")]
    return " ".join([part for part in parts if part][:2])


def time_left(value: datetime) -> str:
    """12 minutes left, overdue by 4 minutes, due tomorrow at 9:40am."""
    left = value - clock.now()
    if left < timedelta(0):
        return f"Overdue by {duration(-left)}"
    if left < timedelta(hours=6):
        return f"{duration(left)} left"
    return f"Due {moment(value)}"


def number(value: int) -> str:
    """1,000."""
    return f"{value:,}"


def _from_to(starts: datetime, ends: datetime) -> str:
    return f"{time_of_day(starts)} to {time_of_day(ends)}"


def _count(count: int, unit: str) -> str:
    if not count:
        return ""
    return f"1 {unit}" if count == 1 else f"{count:,} {unit}s"
