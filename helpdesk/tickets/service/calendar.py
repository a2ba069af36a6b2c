"""The hours and days off in which deadlines are counted, as an administrator keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

import holidays
from sqlalchemy import delete, select

from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM, Actor
from helpdesk.core.errors import RuleRefused
from helpdesk.db import db
from helpdesk.tickets.models.policies import DayOff, WorkingSpan
from helpdesk.tickets.queries.escalations import list_working_spans
from helpdesk.tickets.service.deadlines import recount_open_tickets

YEARS_AHEAD = 2


@dataclass(frozen=True)
class WeekdaySpan:
    """A stretch of one weekday (Monday is 0), in local time."""

    weekday: int
    starts: time
    ends: time


def set_hours(spans: Sequence[WeekdaySpan], *, by: Actor) -> None:
    """Replace the working hours. Refused when there are none, or when two overlap."""
    _ensure_usable(spans)
    db.session.execute(delete(WorkingSpan))
    db.session.add_all(WorkingSpan(weekday=span.weekday, starts=span.starts, ends=span.ends) for span in spans)
    recount_open_tickets()
    record("calendar:hours_set", by=by, target="calendar", spans=len(spans))
    db.session.flush()


def add_day_off(day: date, name: str, *, by: Actor) -> None:
    """Add a day on which the helpdesk does not work; a day that is there already gets the new name."""
    db.session.execute(delete(DayOff).where(DayOff.day == day))
    db.session.add(DayOff(day=day, name=name))
    recount_open_tickets()
    record("calendar:day_off_added", by=by, target=day.isoformat())
    db.session.flush()


def remove_day_off(day: date, *, by: Actor) -> None:
    """Make a day off a working day again."""
    db.session.execute(delete(DayOff).where(DayOff.day == day))
    recount_open_tickets()
    record("calendar:day_off_removed", by=by, target=day.isoformat())


def ensure_calendar() -> None:
    """Give a new installation the bank holidays of England; never touch what is there.

    Its hours are for people to set: until then deadlines are counted in usual ones, and no call is promised.
    """
    if list_working_spans() or db.session.scalar(select(DayOff.id).limit(1)):
        return
    year = clock.now().year
    for day, name in holidays.country_holidays("GB", subdiv="ENG", years=range(year, year + YEARS_AHEAD + 1)).items():
        add_day_off(day, name[:80], by=SYSTEM)


def _ensure_usable(spans: Sequence[WeekdaySpan]) -> None:
    if not spans:
        raise RuleRefused("Enter working hours for at least one day.")
    ordered = sorted(spans, key=lambda span: (span.weekday, span.starts))
    if any(span.ends <= span.starts for span in ordered):
        raise RuleRefused("Each stretch of working hours must end after it starts.")
    for earlier, later in pairwise(ordered):
        if earlier.weekday == later.weekday and later.starts < earlier.ends:
            raise RuleRefused("Two stretches of working hours overlap.")
