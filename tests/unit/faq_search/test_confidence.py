import numpy as np
import pytest

from helpdesk.faq.search.confidence import FEWEST_ROWS, SHIPPED, Confidence, calibrate, fit, leads, signals_of
from helpdesk.faq.search.ridge import HeldOut, Standing
from helpdesk.faq.search.types import Reading


class Rehearsed:
    """A scorer whose held-out scores are given."""

    def __init__(self, rows: int, entries: int = 2) -> None:
        chance = np.random.default_rng(3)
        self._labels = np.arange(rows) % entries
        self._right = np.eye(entries + 1)[self._labels] * chance.uniform(0.4, 0.9, (rows, 1))
        self._wrong = chance.uniform(0.0, 0.3, (rows, entries + 1))

    def standing(self, reading: Reading) -> Standing:
        return Standing(np.zeros(3), np.zeros(3))

    def without_phrasing(self) -> HeldOut:
        return HeldOut(Standing(self._right, self._right), self._labels)

    def without_label(self) -> HeldOut:
        return HeldOut(Standing(self._wrong, self._wrong), self._labels)


def sure(curve: Confidence, score: float, lead: float, nearest: float) -> float:
    return float(curve.of(np.array([score, lead, nearest])))


def test_the_lead_is_over_the_best_of_the_others() -> None:
    assert leads(np.array([0.5, 0.9, 0.6])) == pytest.approx([-0.4, 0.3, -0.3])


def test_the_lead_is_never_over_less_than_nothing() -> None:
    assert leads(np.array([0.5])) == pytest.approx([0.5])
    assert leads(np.array([0.5, -0.4])) == pytest.approx([0.5, -0.9])


def test_equals_lead_by_nothing() -> None:
    assert leads(np.array([[0.5, 0.5, 0.1]])) == pytest.approx(np.array([[0.0, 0.0, -0.4]]))


def test_few_rows_bring_the_shipped_curve() -> None:
    assert calibrate(Rehearsed(FEWEST_ROWS // 2 - 1), entries=2) == SHIPPED


def test_enough_rows_bring_a_curve_of_their_own() -> None:
    curve = calibrate(Rehearsed(FEWEST_ROWS), entries=2)

    assert sure(curve, 0.8, 0.8, 0.8) > 0.95
    assert sure(curve, 0.1, 0.1, 0.1) < 0.3


def test_confidence_rises_with_score_and_with_lead() -> None:
    assert sure(SHIPPED, 0.2, 0.1, 0.5) < sure(SHIPPED, 0.6, 0.1, 0.5) < sure(SHIPPED, 0.6, 0.5, 0.5)


def test_signals_of_a_label_are_its_score_its_lead_and_its_nearest_phrasing() -> None:
    signals = signals_of(Standing(np.array([0.5, 0.9]), np.array([0.3, 0.7])))

    assert signals == pytest.approx(np.array([[0.5, -0.4, 0.3], [0.9, 0.4, 0.7]]))


def test_a_fitted_curve_gives_the_share_that_was_right() -> None:
    signals = np.repeat([[0.2, 0.1, 0.4], [0.7, 0.5, 0.6]], 1_000, axis=0)
    is_right = np.concatenate([np.arange(1_000) < 100, np.arange(1_000) < 800])

    curve = fit(signals, is_right, np.ones(2_000))

    assert sure(curve, 0.2, 0.1, 0.4) == pytest.approx(0.1, abs=0.02)
    assert sure(curve, 0.7, 0.5, 0.6) == pytest.approx(0.8, abs=0.02)


def test_an_absurd_score_stays_a_probability() -> None:
    assert 0.0 <= sure(SHIPPED, -1e9, 0.0, 0.0) < sure(SHIPPED, 1e9, 0.0, 0.0) <= 1.0
