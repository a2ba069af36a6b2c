"""Days and weeks in the words of a page."""

from datetime import date

from helpdesk.trends.types import Period, Week


def day(value: date) -> str:
    """24 November 2026."""
    return f"{value.day} {value:%B %Y}"


def day_of_year(value: date) -> str:
    """24 November."""
    return f"{value.day} {value:%B}"


def short_week(week: Week) -> str:
    """5 Oct."""
    return f"{week.monday.day} {week.monday:%b}"


def week_name(week: Week, period: Period) -> str:
    """5 October, with the year where the period holds more than one."""
    return day(week.monday) if _has_two_years(period) else day_of_year(week.monday)


def span(period: Period) -> str:
    """5 October to 24 November 2026."""
    if period.first_day == period.last_day:
        return day(period.first_day)
    first = day(period.first_day) if _has_two_years(period) else day_of_year(period.first_day)
    return f"{first} to {day(period.last_day)}"


def _has_two_years(period: Period) -> bool:
    return period.first_day.year != period.last_day.year
