"""A picture shows four parts at most; the rest are one, and none is lost."""

import pytest

from helpdesk.trends.rules import top_series
from helpdesk.trends.types import Series


def _series(*totals: int) -> list[Series]:
    return [Series(f"Topic {number}", (total, 1)) for number, total in enumerate(totals)]


@pytest.mark.parametrize("count", [0, 1, 3, 4])
def test_up_to_four_parts_are_shown_as_they_are(count: int) -> None:
    shown = top_series(_series(*range(count)), "Other topics")
    assert [one.name for one in shown] == [f"Topic {number}" for number in reversed(range(count))]


def test_of_more_parts_three_are_shown_and_the_rest_are_one() -> None:
    shown = top_series(_series(5, 1, 9, 7, 3), "Other topics")
    assert [one.name for one in shown] == ["Topic 2", "Topic 3", "Topic 0", "Other topics"]
    assert shown[-1].counts == (4, 2)


def test_parts_of_one_size_are_ordered_by_name() -> None:
    shown = top_series([Series(name, (2,)) for name in ("Steps", "Codes", "Access")], "Other topics")
    assert [one.name for one in shown] == ["Access", "Codes", "Steps"]
