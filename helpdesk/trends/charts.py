"""The geometry of a stacked bar chart: every sum that its template must not do."""

from dataclasses import dataclass
from itertools import takewhile

# White between two parts of a bar, so that they are told apart without colour.
GAP = 1.5
# Room above the tallest bar, so that its number stands clear of the top line.
HEADROOM = 1.07
MOST_STEPS = 6
# The template writes the numbers of the gridlines this far to the left of them.
LABEL_GAP = 8


@dataclass(frozen=True)
class Column:
    """One bar before it is drawn: its label and a count for each series."""

    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Segment:
    """A part of a bar; `series` is its place in the chart's list and in the palette."""

    series: int
    y: float
    height: float
    value: str


@dataclass(frozen=True)
class Bar:
    """One bar with its label below and its total above, each left out where there is no room."""

    x: float
    width: float
    middle: float
    label: tuple[str, ...]
    total: str
    total_y: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Gridline:
    y: float
    label: str


@dataclass(frozen=True)
class Drawing:
    """One size of the chart, in units of its view box."""

    width: int
    height: int
    left: float
    base: float
    text: int
    gridlines: tuple[Gridline, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class StackedBarChart:
    """A chart as `web/macros/chart.html` draws it, once for a wide screen and once for a phone."""

    id: str
    title: str
    description: str
    series: tuple[str, ...]
    wide: Drawing
    narrow: Drawing


@dataclass(frozen=True)
class _Paper:
    """What differs between the two sizes."""

    width: int
    height: int
    left: int
    text: int
    # The part of its slot that a bar fills.
    fill: float
    # Labels such as "5 Oct" in one line or in two, and how wide the widest of them is.
    label_lines: int
    label_width: int

    @property
    def top(self) -> float:
        return self.text * 1.5

    @property
    def base(self) -> float:
        return round(self.height - self.text * (1.0 + 1.2 * self.label_lines), 1)


WIDE = _Paper(width=720, height=320, left=40, text=13, fill=0.68, label_lines=1, label_width=48)
NARROW = _Paper(width=340, height=290, left=30, text=12, fill=0.72, label_lines=2, label_width=28)


def stacked_bar_chart(
    columns: tuple[Column, ...], *, id: str, title: str, description: str, series: tuple[str, ...]
) -> StackedBarChart:
    """The chart of these columns, in both sizes."""
    return StackedBarChart(id, title, description, series, _drawing(columns, WIDE), _drawing(columns, NARROW))


def _drawing(columns: tuple[Column, ...], paper: _Paper) -> Drawing:
    tallest = max((column.total for column in columns), default=0)
    step = _step(tallest)
    ceiling = step * max(1, -int(-tallest * HEADROOM // step))
    scale = (paper.base - paper.top) / ceiling
    lines = tuple(Gridline(round(paper.base - at * scale, 1), f"{at:,}") for at in range(0, ceiling + 1, step))
    left = max(paper.left, _text_width(lines[-1].label, paper) + LABEL_GAP)
    return Drawing(paper.width, paper.height, left, paper.base, paper.text, lines, _bars(columns, paper, left, scale))


def _bars(columns: tuple[Column, ...], paper: _Paper, left: float, scale: float) -> tuple[Bar, ...]:
    slot = (paper.width - left) / max(1, len(columns))
    every = -int(-paper.label_width // slot)
    has_totals = max((_text_width(f"{column.total:,}", paper) for column in columns), default=0) <= slot
    return tuple(
        _bar(
            column,
            paper,
            middle=left + slot * (number + 0.5),
            width=slot * paper.fill,
            scale=scale,
            label=_label(column, paper) if number % every == 0 else (),
            total=f"{column.total:,}" if has_totals else "",
        )
        for number, column in enumerate(columns)
    )


def _bar(
    column: Column, paper: _Paper, *, middle: float, width: float, scale: float, label: tuple[str, ...], total: str
) -> Bar:
    segments = tuple(_segments(column, paper.base, scale))
    top = paper.base - column.total * scale
    return Bar(
        x=round(middle - width / 2, 1),
        width=round(width, 1),
        middle=round(middle, 1),
        label=label,
        total=total,
        total_y=round(top - paper.text * 0.5, 1),
        segments=segments,
    )


def _segments(column: Column, base: float, scale: float) -> list[Segment]:
    segments, top = [], base
    for series, count in enumerate(column.counts):
        height = count * scale
        top -= height
        if count:
            segments.append(Segment(series, round(top, 1), round(max(height - GAP, 0.5), 1), f"{count:,}"))
    return segments


def _label(column: Column, paper: _Paper) -> tuple[str, ...]:
    return tuple(column.label.rsplit(" ", paper.label_lines - 1)) if paper.label_lines > 1 else (column.label,)


def _text_width(number: str, paper: _Paper) -> float:
    """About as wide as the number is in bold, with a little air."""
    return round(len(number) * paper.text * 0.6 + 4, 1)


def _step(tallest: int) -> int:
    """A round distance between gridlines: 1, 2 or 5 with noughts."""
    rounds: list[int] = [digit * 10**noughts for noughts in range(9) for digit in (1, 2, 5)]
    too_fine = list(takewhile(lambda step: tallest * HEADROOM / step > MOST_STEPS, rounds))
    return rounds[len(too_fine)]
