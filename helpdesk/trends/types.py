"""Plain values of the figures: weeks, what is counted in them, and what was counted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from helpdesk.tickets.types import Route

# The id of a topic or of an organisation; None where no organisation is known.
Key = str | UUID | None


class Grouping(StrEnum):
    """What the parts of a figure are."""

    TOPIC = "topic"
    ORGANISATION = "organisation"


@dataclass(frozen=True, order=True)
class Week:
    """Monday to Sunday on a wall calendar in London."""

    monday: date

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


@dataclass(frozen=True)
class Period:
    """Whole weeks in a row, the last of which may still be running."""

    weeks: tuple[Week, ...]
    last_day: date

    @property
    def first_day(self) -> date:
        return self.weeks[0].monday

    @property
    def is_running(self) -> bool:
        """Whether the last week has days that are still to come."""
        return self.last_day < self.weeks[-1].sunday


@dataclass(frozen=True)
class Stretch:
    """A stretch of time in UTC; its end is no longer part of it."""

    starts: datetime
    ends: datetime


class Count(NamedTuple):
    """How many escalations of one topic or organisation went one way in one week, the first week being 0.

    A tuple, since a year of all pharmacies has a hundred thousand of them.
    """

    week: int
    key: Key
    route: Route
    number: int


@dataclass(frozen=True)
class Site:
    """An organisation as a figure names it."""

    name: str
    ods_code: str


@dataclass(frozen=True)
class Series:
    """One part of a figure: a name and a count for each week."""

    name: str
    counts: tuple[int, ...]
    # Tells two pharmacies of the same name apart; topics have none.
    ods_code: str = ""

    @property
    def label(self) -> str:
        return f"{self.name} ({self.ods_code})" if self.ods_code else self.name

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class EscalationFigures:
    """Escalations of each week of a period, within the organisations that somebody may see."""

    grouping: Grouping
    period: Period
    # Names of the organisations whose figures these are; none when they are everybody's.
    organisations: tuple[str, ...]
    # The largest first.
    series: tuple[Series, ...]
    by_email: int
    by_phone: int
    # As many weeks earlier, up to the same hour of the week.
    total_before: int

    @property
    def total(self) -> int:
        return self.by_email + self.by_phone

    @property
    def week_totals(self) -> tuple[int, ...]:
        return tuple(sum(series.counts[index] for series in self.series) for index in range(len(self.period.weeks)))
