"""The numbers for a spreadsheet: every topic or organisation, not only the largest."""

import csv
import io

from helpdesk.trends.types import EscalationFigures, Grouping

# Excel takes a file without this mark for another alphabet.
BYTE_ORDER_MARK = "\ufeff"
# A cell that begins so runs as a formula, also in its full-width form.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
TIME_ZONE = "Europe/London"


def spreadsheet(figures: EscalationFigures) -> str:
    """The figures as CSV: a line that says whose and when, the weeks, a line a topic or organisation, the totals."""
    text = io.StringIO(BYTE_ORDER_MARK)
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerows([safe_cell(cell) for cell in row] for row in _rows(figures))
    return text.getvalue()


def file_name(figures: EscalationFigures) -> str:
    """What the file is called when it is kept."""
    period = figures.period
    return f"escalations-by-{figures.grouping}-{period.first_day}-to-{period.last_day}.csv"


def safe_cell(value: str | int) -> str | int:
    """The value, never a formula: a name may begin with an equals sign."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _rows(figures: EscalationFigures) -> list[list[str | int]]:
    is_by_topic = figures.grouping is Grouping.TOPIC
    names = ["Topic"] if is_by_topic else ["Organisation", "ODS code"]
    weeks = [f"Week of {week.monday}" for week in figures.period.weeks]
    rows: list[list[str | int]] = [_about(figures), [*names, *weeks, "Total"]]
    for series in figures.series:
        name = [series.name] if is_by_topic else [series.name, series.ods_code]
        rows.append([*name, *series.counts, series.total])
    return [*rows, ["All", *[""] * (len(names) - 1), *figures.week_totals, figures.total]]


def _about(figures: EscalationFigures) -> list[str | int]:
    return [
        f"Escalations by {figures.grouping}",
        f"Organisations: {'; '.join(figures.organisations) or 'all'}",
        f"Period: {figures.period.first_day} to {figures.period.last_day}",
        f"Time zone: {TIME_ZONE}",
    ]
