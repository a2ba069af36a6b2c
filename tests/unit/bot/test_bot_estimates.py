"""The figures about matching are counted right."""

import pytest

from helpdesk.bot.rules.estimates import bins_of, calibration_error, separation, share_of


# The intervals are those of statsmodels' proportion_confint(method="wilson").
@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (700, 1000, 0.6709, 0.7276)],
)
def test_a_share_has_its_wilson_interval(count: int, total: int, low: float, high: float) -> None:
    share = share_of(count, total)

    assert (share.low, share.high) == pytest.approx((low, high), abs=0.0001)


def test_a_share_of_nothing_says_nothing() -> None:
    assert (share_of(0, 0).value, share_of(0, 0).low, share_of(0, 0).high) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("ours", "others", "expected"),
    [
        ([0.9, 0.8], [0.1], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5], [0.5], 0.5),
        ([0.9, 0.2], [0.5], 0.5),
        ([0.9, 0.5], [0.5, 0.1], 0.875),
    ],
)
def test_separation_is_the_chance_that_ours_gets_more(ours: list[float], others: list[float], expected: float) -> None:
    found = separation(ours, others)

    assert found is not None
    assert found.value == expected


def test_separation_has_delongs_interval() -> None:
    # Wins of ours: 1, 1, 1/2, of others: 1, 2/3; variances 1/12 and 1/18; half the width 1.96 · √(1/36 + 1/36).
    found = separation([0.9, 0.8, 0.4], [0.3, 0.5])

    assert found is not None
    assert (found.value, found.low) == pytest.approx((5 / 6, 5 / 6 - 1.959964 * (1 / 18) ** 0.5), abs=0.0001)
    assert found.high == 1.0


@pytest.mark.parametrize(("ours", "others"), [([], [0.5]), ([0.5], []), ([], [])])
def test_separation_needs_both_sorts(ours: list[float], others: list[float]) -> None:
    assert separation(ours, others) is None


@pytest.mark.parametrize(
    ("confidences", "right", "expected"),
    [
        ([1.0, 1.0], [True, True], 0.0),
        ([1.0, 1.0], [False, False], 1.0),
        ([0.75, 0.75, 0.75, 0.75], [True, True, True, False], 0.0),
        # In one bin too much and too little make up for each other; in two bins they add up.
        ([0.55, 0.55], [True, False], 0.05),
        ([0.25, 0.85], [True, False], 0.8),
        # Three messages 0.1 out, one 0.5.
        ([0.9, 0.9, 0.9, 0.5], [True, True, True, False], 0.2),
    ],
)
def test_calibration_error_is_the_mean_gap_of_bins(
    confidences: list[float], right: list[bool], expected: float
) -> None:
    found = calibration_error(confidences, right)

    assert found is not None
    assert found.value == pytest.approx(expected)
    assert found.low <= found.high


def test_calibration_error_has_the_same_interval_each_time() -> None:
    confidences, right = [0.1, 0.35, 0.62, 0.81, 0.97] * 8, [False, False, True, True, True] * 8

    first, second = calibration_error(confidences, right), calibration_error(confidences, right)

    assert first is not None
    assert first == second
    assert first.low < first.value < first.high


def test_calibration_error_of_nothing_is_not_known() -> None:
    assert calibration_error([], []) is None


def test_bins_are_tenths_of_confidence_and_one_belongs_to_the_last() -> None:
    bins = bins_of([0.0, 0.09, 0.1, 0.95, 1.0], [False, True, True, True, False])

    assert [one.right.total for one in bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (bins[0].right.count, bins[9].right.count) == (1, 1)
    assert (bins[0].mean_confidence, bins[9].mean_confidence) == pytest.approx((0.045, 0.975))
