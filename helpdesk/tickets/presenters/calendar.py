"""Days off in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

if TYPE_CHECKING:
    from helpdesk.tickets.models.policies import DayOff


@dataclass(frozen=True)
class DayOffRow:
    """One day off in a table."""

    # Such as 'Friday 25 December 2026'.
    day: str
    name: str
    remove_url: str


def day_off_rows(days: Iterable["DayOff"]) -> list[DayOffRow]:
    """Each day off with its weekday, and the way to take it away."""
    return [
        DayOffRow(
            day=f"{one.day:%A} {one.day.day} {one.day:%B %Y}",
            name=one.name,
            remove_url=url_for("tickets.calendar.remove", day=one.day.isoformat()),
        )
        for one in days
    ]
