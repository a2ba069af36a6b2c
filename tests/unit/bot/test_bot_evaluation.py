"""What the assistant made of labelled messages is counted as the editors are told."""

import pytest

from helpdesk.bot.rules.comparison import Found, compared
from helpdesk.bot.rules.estimates import Share
from helpdesk.bot.rules.evaluation import Evaluation, evaluate
from helpdesk.bot.types import Because, Decision, Outcome
from tests.unit.bot.labelled import answered, asked, decided, labelled, measured

UNKNOWN = decided(Outcome.UNKNOWN, Because.NOT_UNDERSTOOD)


def counted(share: Share) -> tuple[int, int]:
    return share.count, share.total


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluate(
        [
            measured(labelled("a", "x/a"), "x/a x/b x/c", answered("x/a"), 0.9),
            measured(labelled("b", "x/a", "y/c"), "x/b x/d y/c", asked("x/b", "y/c"), 0.8),
            measured(labelled("c", "y/c", kind="typo"), "x/b x/c x/d y/c", answered("x/b"), 0.3),
            measured(labelled("d", "y/c", "x/a", kind="multi"), "y/c x/a", answered("x/b", "x/a"), 0.7),
            measured(labelled("e", kind="oos"), "x/a", answered("x/a"), 0.6),
            measured(labelled("f", kind="oos"), "x/a", UNKNOWN, 0.1),
        ]
    )


def test_right_first_and_in_three_look_at_what_is_found(evaluation: Evaluation) -> None:
    assert counted(evaluation.ours.right_first) == (2, 4)
    assert counted(evaluation.ours.right_in_three) == (3, 4)


def test_coverage_precision_and_wrong_answers_look_at_what_is_shown(evaluation: Evaluation) -> None:
    ours = evaluation.ours

    assert (counted(ours.coverage), counted(ours.precision), counted(ours.wrong)) == ((3, 4), (2, 3), (1, 4))


def test_an_answer_to_what_is_not_for_us_is_wrong(evaluation: Evaluation) -> None:
    assert counted(evaluation.precision) == (2, 4)
    assert counted(evaluation.wrong) == (2, 6)
    assert counted(evaluation.out_of_scope_recall) == (1, 2)


def test_figures_are_by_kind_and_by_the_topic_of_the_best_answer(evaluation: Evaluation) -> None:
    kinds = {one.name: counted(one.right_first) for one in evaluation.by_kind}
    topics = {one.name: counted(one.right_first) for one in evaluation.by_topic}

    assert kinds == {"multi": (1, 1), "plain": (1, 2), "typo": (0, 1)}
    assert topics == {"x": (1, 2), "y": (1, 2)}


def test_what_is_not_for_us_counts_for_separation_and_calibration(evaluation: Evaluation) -> None:
    assert evaluation.ours.separation is not None
    assert evaluation.ours.separation.value == 7 / 8
    assert sum(one.right.total for one in evaluation.bins) == 6
    assert evaluation.calibration is not None
    assert evaluation.calibration.value == pytest.approx((0.1 + 0.8 + 0.3 + 0.3 + 0.6 + 0.1) / 6)


@pytest.mark.parametrize(
    ("decision", "led"),
    [
        (decided(Outcome.HANDOVER, Because.ASKED_FOR_PERSON), True),
        (decided(Outcome.HANDOVER, Because.NOTHING_LEFT), True),
        (decided(Outcome.ANSWER, Because.SUSPECTED_FRAUD), True),
        (decided(Outcome.ANSWER, Because.PATIENT_WAITING), True),
        (answered("x/a"), False),
        (UNKNOWN, False),
    ],
)
def test_a_message_for_a_person_leads_to_one_by_handover_or_danger(decision: Decision, *, led: bool) -> None:
    evaluation = evaluate([measured(labelled("a", "x/a", kind="escalate"), "x/a", decision)])

    assert counted(evaluation.led_to_person) == (led, 1)
    assert evaluation.ours.right_first.total == 0


def test_courtesies_count_when_answered_as_such() -> None:
    chat = labelled("hello", kind="chitchat")

    evaluation = evaluate(
        [measured(chat, "", decided(Outcome.SMALLTALK, Because.COURTESY)), measured(chat, "x/a", answered("x/a"))]
    )

    assert counted(evaluation.courtesies) == (1, 2)
    assert (evaluation.wrong.total, evaluation.calibration) == (0, None)


def test_matchers_are_compared_at_the_threshold_that_lets_a_tenth_through() -> None:
    others = [(labelled(kind="oos"), Found(("x/a",), number / 10)) for number in range(11)]
    ours = [
        (labelled("a", "x/a"), Found(("x/a",), 0.95)),
        (labelled("b", "x/a"), Found(("x/b", "x/a"), 0.99)),
        (labelled("c", "x/a"), Found(("x/a",), 0.9)),
        (labelled("d", "x/a"), Found((), 0.0)),
    ]
    messages, founds = zip(*ours, *others, strict=True)

    row = compared("one", messages, founds)

    assert (counted(row.right_first), counted(row.right_in_three)) == ((2, 4), (3, 4))
    assert row.answered_rightly is not None
    assert counted(row.answered_rightly) == (1, 4)


def test_without_messages_that_are_not_for_us_there_is_no_threshold() -> None:
    row = compared("one", [labelled("a", "x/a")], [Found(("x/a",), 0.9)])

    assert (row.separation, row.answered_rightly) == (None, None)
