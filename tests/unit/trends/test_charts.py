"""The chart is to scale, its parts do not overlap, and words stay where they can be read."""

from itertools import pairwise

import pytest

from helpdesk.trends.charts import Column, Drawing, StackedBarChart, stacked_bar_chart


def _chart(*columns: Column) -> StackedBarChart:
    return stacked_bar_chart(columns, id="c", title="Title", description="Words", series=("A", "B"))


def _drawings(chart: StackedBarChart) -> tuple[Drawing, Drawing]:
    return chart.wide, chart.narrow


@pytest.mark.parametrize("tallest", [1, 2, 7, 19, 114, 1_999, 100_000])
def test_bars_are_to_scale_and_below_the_top_line(tallest: int) -> None:
    for drawing in _drawings(_chart(Column("5 Oct", (tallest, 0)), Column("12 Oct", (0, 0)))):
        top, base = drawing.gridlines[-1], drawing.gridlines[0]
        (segment,) = drawing.bars[0].segments
        share = (drawing.base - segment.y) / (base.y - top.y)
        assert share == pytest.approx(tallest / int(top.label.replace(",", "")), abs=0.001)
        assert drawing.bars[0].total_y - drawing.text * 0.8 > top.y - drawing.text
        assert len(drawing.gridlines) <= 8


def test_parts_stand_on_each_other_with_a_gap() -> None:
    lower, upper = _chart(Column("5 Oct", (30, 12))).wide.bars[0].segments
    assert lower.y == pytest.approx(upper.y + upper.height + 1.5, abs=0.2)
    assert (lower.value, upper.value, upper.series) == ("30", "12", 1)


def test_an_empty_week_has_a_label_and_a_nought() -> None:
    bar = _chart(Column("5 Oct", (0, 0))).wide.bars[0]
    assert (bar.segments, bar.total, bar.label) == ((), "0", ("5 Oct",))


def test_a_phone_writes_the_label_in_two_lines() -> None:
    assert _chart(Column("5 Oct", (1, 0))).narrow.bars[0].label == ("5", "Oct")


@pytest.mark.parametrize("weeks", [8, 26, 53])
def test_labels_and_totals_never_touch(weeks: int) -> None:
    for drawing in _drawings(_chart(*(Column("26 Oct", (1_200, 0)) for _ in range(weeks)))):
        labelled = [bar for bar in drawing.bars if bar.label]
        room = min((b.middle - a.middle for a, b in pairwise(labelled)), default=999)
        assert room > drawing.text * max(len(part) for part in labelled[0].label) * 0.55
        slot = (drawing.width - drawing.left) / weeks
        assert all(len(bar.total) * drawing.text * 0.6 < slot for bar in drawing.bars)


def test_all_bars_are_on_the_paper() -> None:
    for drawing in _drawings(_chart(*(Column("26 Oct", (5, 6)) for _ in range(53)))):
        assert drawing.bars[0].x >= drawing.left
        assert drawing.bars[-1].x + drawing.bars[-1].width <= drawing.width


def test_a_chart_of_nothing_can_be_drawn() -> None:
    assert _chart().wide.bars == ()
