"""The page of the first figure: a sentence, tiles, a chart, a table and what was counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.trends.charts import Column, StackedBarChart, stacked_bar_chart
from helpdesk.trends.presenters.dates import day, short_week, span, week_name
from helpdesk.trends.presenters.findings import change, finding, listed
from helpdesk.trends.rules import top_series
from helpdesk.trends.types import EscalationFigures, Grouping, Period, Series

# More names than that would fill the line: their number says enough.
MOST_NAMED_ORGANISATIONS = 3

REST = {Grouping.TOPIC: "Other topics", Grouping.ORGANISATION: "Other organisations"}
FIRST_COLUMN = "Week of"
LAST_ROW = "All weeks"

COUNTED = (
    "An escalation is a ticket that went beyond the queue, to the helpdesk’s email or to its phone queue. "
    "Each level counts once, in the week in which it was reached, Monday to Sunday in London. "
    "Topic and organisation are those of the ticket at that moment."
)
NOT_FOR_PUBLISHING = "These figures are for you and not for publishing: small numbers are not hidden yet."


@dataclass(frozen=True)
class Tile:
    """One number with its name and what it means."""

    name: str
    figure: str
    note: str


@dataclass(frozen=True)
class Table:
    """The numbers of the chart as rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def numeric(self) -> tuple[int, ...]:
        return tuple(range(1, len(self.columns)))


@dataclass(frozen=True)
class EscalationsPage:
    """All that the page shows, ready to print."""

    is_empty: bool
    scope: str
    finding: str
    tiles: tuple[Tile, ...]
    chart: StackedBarChart
    table: Table
    notes: tuple[str, ...]
    # Of the links that show the same figures in another way.
    query: dict[str, str]


def escalations_page(figures: EscalationFigures) -> EscalationsPage:
    """The figures as a page."""
    shown = top_series(figures.series, REST[figures.grouping])
    return EscalationsPage(
        is_empty=figures.total == 0,
        scope=f"{span(figures.period)}, {_whose(figures.organisations)}",
        finding=finding(figures),
        tiles=_tiles(figures),
        chart=_chart(figures, shown),
        table=_table(figures, shown),
        notes=(*_running(figures.period), COUNTED, NOT_FOR_PUBLISHING),
        query=query_of(figures.period, figures.grouping),
    )


def query_of(period: Period, grouping: Grouping) -> dict[str, str]:
    """The part of an address that asks for these figures again."""
    return {"from": f"{period.first_day}", "to": f"{period.last_day}", "by": str(grouping)}


def _whose(organisations: tuple[str, ...]) -> str:
    if not organisations:
        return "all organisations"
    if len(organisations) > MOST_NAMED_ORGANISATIONS:
        return f"your {len(organisations)} organisations"
    return f"all pharmacies in {listed(organisations)}"


def _tiles(figures: EscalationFigures) -> tuple[Tile, ...]:
    weeks = len(figures.period.weeks)
    before = "in the week before" if weeks == 1 else f"in the {weeks} weeks before"
    if figures.period.is_running:
        before = f"{before}, up to the same hour"
    return (
        Tile("Escalations", f"{figures.total:,}", "This week" if weeks == 1 else f"In {weeks} weeks"),
        Tile("Change", change(figures.total, figures.total_before), f"{_there_were(figures.total_before)} {before}."),
        Tile("To the helpdesk’s email", f"{figures.by_email:,}", _share(figures.by_email, figures.total)),
        Tile("To the phone queue", f"{figures.by_phone:,}", _share(figures.by_phone, figures.total)),
    )


def _there_were(count: int) -> str:
    if count == 0:
        return "There were none"
    return "There was 1" if count == 1 else f"There were {count:,}"


def _share(part: int, total: int) -> str:
    return f"{part / total:.0%} of all escalations" if total else ""


def _chart(figures: EscalationFigures, shown: tuple[Series, ...]) -> StackedBarChart:
    return stacked_bar_chart(
        tuple(
            Column(short_week(week), tuple(series.counts[number] for series in shown))
            for number, week in enumerate(figures.period.weeks)
        ),
        id="escalations",
        title=f"Number of escalations each week, by {figures.grouping}",
        description=f"Stacked bars, one for each of {len(figures.period.weeks)} weeks. {finding(figures)}",
        series=tuple(series.label for series in shown),
    )


def _table(figures: EscalationFigures, shown: tuple[Series, ...]) -> Table:
    weeks = [
        _row(week_name(week, figures.period), [*(series.counts[number] for series in shown), total])
        for number, (week, total) in enumerate(zip(figures.period.weeks, figures.week_totals, strict=True))
    ]
    return Table(
        caption=f"Escalations each week, by {figures.grouping}",
        columns=(FIRST_COLUMN, *(series.label for series in shown), "Total"),
        rows=(*weeks, _row(LAST_ROW, [*(series.total for series in shown), figures.total])),
    )


def _row(name: str, counts: Sequence[int]) -> tuple[str, ...]:
    return (name, *(f"{count:,}" for count in counts))


def _running(period: Period) -> tuple[str, ...]:
    if not period.is_running:
        return ()
    return (f"The week of {day(period.weeks[-1].monday)} is not over: its numbers will grow.",)
