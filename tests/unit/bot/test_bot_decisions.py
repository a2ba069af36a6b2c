"""When the assistant answers, asks or offers a person: truth tables."""

from dataclasses import replace

import pytest

from helpdesk.bot.rules.decisions import (
    ANSWER_FROM,
    ASK_FROM,
    CLEAR_MARGIN,
    decide,
    decide_choice,
    decide_none_of_these,
    decide_not_helped,
)
from helpdesk.bot.rules.parts import parts_of
from helpdesk.bot.rules.typed_choice import option_typed
from helpdesk.bot.types import NO_WISH, Because, Entries, History, Option, Outcome, Recognised, Understood, Wish
from helpdesk.faq.search.types import Candidate
from helpdesk.faq.types import Question, QuestionOption

ENTRIES = Entries(
    next_answers={"a/1": "a/2", "a/2": None, "a/3": "a/1", "b/1": None, "s/wait": None, "s/fraud": None},
    safety_answers={"patient_waiting": "s/wait", "suspected_fraud": "s/fraud"},
    neighbours={"a/1": frozenset({"a/2"}), "a/2": frozenset({"a/1"})},
)
NEW = History()


def message(*confidences, wish=Wish.NOTHING, talk="", courtesy="", ids=("a/1", "a/2", "b/1", "a/3")):
    candidates = tuple(Candidate(id, sure, sure) for id, sure in zip(ids, confidences, strict=False))
    return Understood("words", Recognised(wish, talk) if wish is not Wish.NOTHING else NO_WISH, candidates, courtesy)


def ids_of(decision):
    return [pick.answer_id for pick in decision.picks]


@pytest.mark.parametrize(
    ("confidences", "outcome", "shown"),
    [
        ((0.9, 0.1), Outcome.ANSWER, ["a/1"]),
        ((ANSWER_FROM,), Outcome.ANSWER, ["a/1"]),
        ((ANSWER_FROM, ANSWER_FROM - CLEAR_MARGIN + 0.01, 0.1), Outcome.CLARIFY, ["a/1", "a/2", "b/1"]),
        ((ANSWER_FROM - 0.01, 0.0, 0.0), Outcome.CLARIFY, ["a/1", "a/2"]),
        ((0.4, 0.3, 0.2, 0.1), Outcome.CLARIFY, ["a/1", "a/2", "b/1"]),
        ((ASK_FROM, 0.2), Outcome.CLARIFY, ["a/1", "a/2"]),
        ((ASK_FROM - 0.01, 0.2), Outcome.UNKNOWN, []),
        ((), Outcome.UNKNOWN, []),
    ],
)
def test_how_sure_it_must_be(confidences, outcome, shown):
    decision = decide(message(*confidences), NEW, ENTRIES)

    assert decision.outcome is outcome
    assert ids_of(decision) == shown


@pytest.mark.parametrize(
    ("wish", "because", "first", "second"),
    [
        (Wish.EMERGENCY, Because.EMERGENCY, Outcome.HANDOVER, Outcome.HANDOVER),
        (Wish.OTHER_LANGUAGE, Because.OTHER_LANGUAGE, Outcome.UNKNOWN, Outcome.HANDOVER),
        (Wish.TOO_VAGUE, Because.TOO_VAGUE, Outcome.UNKNOWN, Outcome.HANDOVER),
        (Wish.ONLY_SECRETS, Because.ONLY_SECRETS, Outcome.UNKNOWN, Outcome.HANDOVER),
    ],
)
def test_no_answer_is_guessed_however_sure(wish, because, first, second):
    sure = message(0.99, 0.01, wish=wish)

    decision = decide(sure, NEW, ENTRIES)

    assert (decision.outcome, decision.because, decision.picks) == (first, because, ())
    assert decide(sure, History(unknown_in_a_row=1), ENTRIES).outcome is second


WHICH = Question(
    "which",
    "Which?",
    frozenset({"a/1", "a/2"}),
    (QuestionOption("One", "a/1", ""), QuestionOption("Another", "", "more")),
)
WITH_QUESTION = replace(ENTRIES, questions=(WHICH,))


@pytest.mark.parametrize(
    ("confidences", "ids", "offered", "is_asked"),
    [
        ((0.4, 0.3), ("a/1", "a/2"), (), True),
        ((0.4, 0.3, 0.2), ("a/2", "a/1", "b/1"), (), True),
        ((0.4, 0.3), ("a/1", "b/1"), (), False),
        ((0.4,), ("a/1",), (), False),
        ((0.9, 0.1), ("a/1", "a/2"), (), False),
        ((0.2, 0.1), ("a/1", "a/2"), (), False),
        ((0.4, 0.3), ("a/1", "a/2"), ("a/1", "question:more"), False),
    ],
)
def test_neighbours_get_their_written_question_once(confidences, ids, offered, is_asked):
    decision = decide(message(*confidences, ids=ids), History(offered=frozenset(offered)), WITH_QUESTION)

    assert (decision.question is WHICH) is is_asked
    assert ids_of(decision) == ["a/1"] or not is_asked


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("at log-in", "log-in"),
        ("Setting up", "set-up"),
        ("ordinary", "log-in"),
        ("when", None),
        ("the printer is jammed", None),
        ("while I am setting up it says something else", None),
        ("", None),
    ],
)
def test_an_option_is_meant_by_a_few_of_its_words(text, meant):
    options = [Option("set-up", "When I am setting up"), Option("log-in", "When at an ordinary log-in")]

    found = option_typed(text, options)

    assert (found.id if found else None) == meant


CLEAR, UNCLEAR = (0.9, 0.1), (0.5, 0.4)


@pytest.mark.parametrize(
    ("parts", "shown", "ids"),
    [
        ((("a/1", CLEAR), ("b/1", CLEAR)), (), ["a/1", "b/1"]),
        ((("b/1", CLEAR), ("a/2", CLEAR), ("a/3", CLEAR)), (), ["b/1", "a/2"]),
        ((("a/1", CLEAR), ("a/2", CLEAR), ("a/3", CLEAR)), (), ["a/1", "a/3"]),
        # One answer, as without parts: unclear, the same, a neighbour, shown before.
        ((("a/1", CLEAR), ("b/1", UNCLEAR)), (), ["b/1"]),
        ((("a/1", CLEAR), ("a/1", CLEAR)), (), ["b/1"]),
        ((("a/1", CLEAR), ("a/2", CLEAR)), (), ["b/1"]),
        ((("a/1", CLEAR), ("a/3", CLEAR)), ("a/3",), ["b/1"]),
        ((), (), ["b/1"]),
    ],
)
def test_two_problems_get_two_answers(parts, shown, ids):
    candidates = tuple((Candidate(id, best, best), Candidate("x/x", second, second)) for id, (best, second) in parts)
    both = replace(message(0.9, 0.1, ids=("b/1", "a/1")), parts=candidates)

    decision = decide(both, History(shown=frozenset(shown)), ENTRIES)

    assert (decision.outcome, ids_of(decision)) == (Outcome.ANSWER, ids)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Lost my phone. Also the password is refused", ("Lost my phone", "the password is refused")),
        ("Is my app right? Why is the code refused?", ("Is my app right", "Why is the code refused")),
        ("who resets it and how do I add a user", ("who resets it", "how do I add a user")),
        ("I opened the app and the code is refused", ()),
        ("code refused as well", ()),
        ("not working??", ()),
        ("", ()),
    ],
)
def test_parts_that_may_hold_two_problems(text, parts):
    assert parts_of(text) == parts


def test_not_understood_twice_in_a_row_offers_a_person():
    assert decide(message(), History(unknown_in_a_row=1), ENTRIES).outcome is Outcome.HANDOVER
    assert decide_none_of_these(NEW).outcome is Outcome.UNKNOWN
    assert decide_none_of_these(History(unknown_in_a_row=1)).outcome is Outcome.HANDOVER


def test_the_same_options_twice_count_as_not_understood():
    offered = History(offered=frozenset({"a/1", "a/2", "b/1"}))

    assert decide(message(0.4, 0.3), offered, ENTRIES).outcome is Outcome.UNKNOWN


def test_options_leave_out_what_was_shown():
    decision = decide(message(0.4, 0.3, 0.2), History(shown=frozenset({"a/1"})), ENTRIES)

    assert ids_of(decision) == ["a/2", "b/1"]


def test_a_question_whose_options_were_all_shown_goes_to_a_person():
    decision = decide(message(0.4, 0.3), History(shown=frozenset({"a/1", "a/2"})), ENTRIES)

    assert decision.outcome is Outcome.HANDOVER


def test_the_same_question_again_brings_the_next_step():
    decision = decide(message(0.9, 0.1), History(shown=frozenset({"a/1"})), ENTRIES)

    assert (decision.because, ids_of(decision)) == (Because.NEXT_STEP, ["a/2"])


@pytest.mark.parametrize(
    ("last", "confidences", "shown", "outcome", "because", "ids"),
    [
        ("a/1", (0.9, 0.1), {"a/1"}, Outcome.ANSWER, Because.NEXT_STEP, ["a/2"]),
        ("a/1", (0.9, 0.1, 0.3), {"a/1", "a/2"}, Outcome.ANSWER, Because.NEXT_BEST, ["b/1"]),
        ("a/1", (0.9, 0.1, 0.1), {"a/1", "a/2"}, Outcome.HANDOVER, Because.NOTHING_LEFT, []),
        ("a/2", (0.9, 0.1, 0.4), {"a/1", "a/2"}, Outcome.HANDOVER, Because.NOTHING_LEFT, []),
        (None, (), set(), Outcome.HANDOVER, Because.NOTHING_LEFT, []),
    ],
)
def test_what_follows_when_an_answer_did_not_help(last, confidences, shown, outcome, because, ids):
    history = History(shown=frozenset(shown))

    decision = decide_not_helped(last, message(*confidences).candidates, history, ENTRIES)

    assert (decision.outcome, decision.because, ids_of(decision)) == (outcome, because, ids)


def test_a_choice_is_shown_and_the_second_time_what_follows_it():
    assert ids_of(decide_choice("a/3", NEW, ENTRIES)) == ["a/3"]
    assert ids_of(decide_choice("a/3", History(shown=frozenset({"a/3"})), ENTRIES)) == ["a/1"]


@pytest.mark.parametrize(
    ("confidences", "shown", "ids", "outcome"),
    [
        ((), set(), ["s/wait"], Outcome.ANSWER),
        ((0.9, 0.1), set(), ["s/wait", "a/1"], Outcome.ANSWER),
        ((0.4, 0.3), set(), ["s/wait"], Outcome.ANSWER),
        ((0.9, 0.1), {"s/wait"}, ["a/1"], Outcome.ANSWER),
        ((0.4, 0.3), {"s/wait"}, [], Outcome.HANDOVER),
    ],
)
def test_care_comes_first_and_nobody_is_kept_busy_with_questions(confidences, shown, ids, outcome):
    history = History(shown=frozenset(shown))

    decision = decide(message(*confidences, wish=Wish.PATIENT_WAITING), history, ENTRIES)

    assert (decision.outcome, ids_of(decision)) == (outcome, ids)


def test_suspected_fraud_shows_how_to_stay_safe_and_then_a_person():
    fraud = message(0.9, wish=Wish.SUSPECTED_FRAUD)

    assert ids_of(decide(fraud, NEW, ENTRIES)) == ["s/fraud"]
    assert decide(fraud, History(shown=frozenset({"s/fraud"})), ENTRIES).outcome is Outcome.HANDOVER


def test_a_wish_for_a_person_comes_before_any_match():
    assert decide(message(0.99, wish=Wish.PERSON), NEW, ENTRIES).because is Because.ASKED_FOR_PERSON


def test_a_courtesy_counts_where_nothing_matches():
    assert decide(message(0.1, courtesy="hello"), NEW, ENTRIES).smalltalk_id == "hello"
    assert decide(message(0.9, courtesy="hello"), NEW, ENTRIES).outcome is Outcome.ANSWER
