"""What a figure says, in words: the sentence that stands before the picture."""

from collections.abc import Sequence

from helpdesk.trends.presenters.dates import span, week_name
from helpdesk.trends.types import EscalationFigures, Grouping, Series

# More than this share a place: naming them all would be a list, not a sentence.
MOST_NAMES = 3
MOST_PEAKS = 2


def finding(figures: EscalationFigures) -> str:
    """Who or what had the most escalations, and when they peaked."""
    if figures.total == 0:
        return f"There were no escalations from {span(figures.period)}."
    if figures.total == 1:
        name, week = _name(figures.series[0], figures), _weeks_of(figures.week_totals, figures)
        return f"There was 1 escalation: {name}, {week}."
    leaders = [series for series in figures.series if series.total == figures.series[0].total]
    return f"{_most(leaders, figures)} {_peak(leaders, figures)}".strip()


def change(total: int, before: int) -> str:
    """12 more, 3 fewer, or the same number."""
    if total == before:
        return "No change"
    return f"{total - before:,} more" if total > before else f"{before - total:,} fewer"


def listed(names: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _most(leaders: Sequence[Series], figures: EscalationFigures) -> str:
    each, total = leaders[0].total, figures.total
    if len(leaders) > MOST_NAMES:
        return f"No {figures.grouping} stands out: {len(leaders)} had {_escalations(each)} each, of {total:,} in all."
    names = listed([_name(series, figures) for series in leaders])
    if len(leaders) == 1:
        share = f"all {total:,} escalations" if each == total else f"the most escalations: {each:,} of {total:,}"
        return f"{names} had {share}."
    if each * len(leaders) == total:
        return f"{names} had {_escalations(each)} each."
    return f"{names} had the most escalations: {each:,} each, of {total:,}."


def _peak(leaders: Sequence[Series], figures: EscalationFigures) -> str:
    """When the leader had most; when several lead, when all escalations together were most."""
    if len(figures.period.weeks) == 1:
        return ""
    is_alone = len(leaders) == 1
    counts = leaders[0].counts if is_alone else figures.week_totals
    most, weeks = max(counts), _weeks_of(counts, figures)
    if most == sum(counts):
        return f"All of these were {weeks}." if is_alone else f"All escalations were {weeks}."
    if counts.count(most) > MOST_PEAKS:
        return f"No week had more than {most:,} of these." if is_alone else f"No week had more than {most:,} in all."
    return f"{'These' if is_alone else 'All escalations together'} peaked at {most:,} {weeks}."


def _weeks_of(counts: Sequence[int], figures: EscalationFigures) -> str:
    """In the week of 2 November, or in the weeks of 2 November and 9 November."""
    most = max(counts)
    peaks = [week for week, count in zip(figures.period.weeks, counts, strict=True) if count == most]
    names = listed([week_name(week, figures.period) for week in peaks])
    return f"in the {'week' if len(peaks) == 1 else 'weeks'} of {names}"


def _name(series: Series, figures: EscalationFigures) -> str:
    return f"“{series.label}”" if figures.grouping is Grouping.TOPIC else series.label


def _escalations(count: int) -> str:
    return "1 escalation" if count == 1 else f"{count:,} escalations"
