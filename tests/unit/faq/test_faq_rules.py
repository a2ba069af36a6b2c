"""The figures about matching are counted right."""

import pytest

from helpdesk.faq.rules import evaluate, separation, share_of
from helpdesk.faq.types import LabelledMessage, Outcome


def outcome(kind: str, ids: tuple[str, ...], found: tuple[str, ...], confidence: float = 0.5) -> Outcome:
    return Outcome(LabelledMessage("text", ids, kind), found, confidence)


# The intervals are those of statsmodels' proportion_confint(method="wilson").
@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (700, 1000, 0.6709, 0.7276)],
)
def test_a_share_has_its_wilson_interval(count: int, total: int, low: float, high: float) -> None:
    share = share_of(count, total)

    assert (share.low, share.high) == pytest.approx((low, high), abs=0.0001)


def test_a_share_of_nothing_says_nothing() -> None:
    assert (share_of(0, 0).low, share_of(0, 0).high) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("ours", "others", "expected"),
    [([0.9, 0.8], [0.1], 1.0), ([0.1], [0.9], 0.0), ([0.5], [0.5], 0.5), ([0.9, 0.2], [0.5], 0.5), ([], [0.5], None)],
)
def test_separation_is_the_chance_that_ours_gets_more(
    ours: list[float], others: list[float], expected: float | None
) -> None:
    assert separation(ours, others) == expected


def test_figures_are_by_kind_and_leave_out_what_is_never_matched() -> None:
    evaluation = evaluate(
        [
            outcome("plain", ("a/a",), ("a/a", "b/b", "c/c"), 0.9),
            outcome("plain", ("a/a", "c/c"), ("b/b", "d/d", "c/c"), 0.8),
            outcome("typo", ("a/a",), ("b/b", "c/c", "d/d", "a/a"), 0.3),
            outcome("oos", (), ("a/a",), 0.5),
            outcome("chitchat", (), ("a/a",), 0.99),
            outcome("escalate", ("a/a",), ("b/b",), 0.0),
        ]
    )

    plain, typo = evaluation.by_kind
    assert (plain.right_first.count, plain.right_in_three.count, plain.right_first.total) == (1, 2, 2)
    assert (typo.right_first.count, typo.right_in_three.count) == (0, 0)
    assert (evaluation.overall.right_first.total, evaluation.out_of_scope) == (3, 1)
    assert evaluation.separation == pytest.approx(2 / 3)
