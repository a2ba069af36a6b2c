"""In cross-validation nothing is measured that was learnt."""

from collections import Counter
from pathlib import Path

from helpdesk.bot.rules.folds import folds_of, taught
from helpdesk.faq.loader.folder import load_folder
from helpdesk.faq.types import Content
from tests.unit.bot.labelled import labelled
from tests.unit.faq.faq_files import small_faq

MESSAGES = [labelled(f"message {number}", "codes/clock") for number in range(23)]


def content(folder: Path) -> Content:
    return load_folder(small_faq(folder)).content


def test_every_message_is_held_once_and_never_trains_its_own_fold() -> None:
    folds = folds_of(MESSAGES)

    assert Counter(message.text for fold in folds for message in fold.held) == Counter(m.text for m in MESSAGES)
    for fold in folds:
        assert not set(fold.held) & set(fold.learnt)
        assert len(fold.held) + len(fold.learnt) == len(MESSAGES)


def test_folds_are_shuffled_alike_in_size_and_the_same_each_time() -> None:
    folds = folds_of(MESSAGES)

    assert [len(fold.held) for fold in folds] == [5, 5, 5, 4, 4]
    assert folds[0].held != tuple(MESSAGES[:5])
    assert folds == folds_of(MESSAGES)


def test_messages_of_the_same_words_are_held_together() -> None:
    twins = [labelled("My code is wrong!", "codes/clock"), labelled("my code  is wrong", "codes/rejected")]

    holding = [fold for fold in folds_of([*MESSAGES, *twins]) if set(twins) & set(fold.held)]

    assert len(holding) == 1
    assert set(twins) <= set(holding[0].held)


def test_fewer_messages_than_folds_give_fewer_folds_and_one_none() -> None:
    assert [len(fold.held) for fold in folds_of(MESSAGES[:3])] == [1, 1, 1]
    assert folds_of(MESSAGES[:1]) == ()
    assert folds_of([]) == ()


def test_messages_teach_their_first_answer_and_none_of_these(tmp_path: Path) -> None:
    before = content(tmp_path)

    after = taught(
        before,
        [
            labelled("the hour is off", "codes/clock", "codes/rejected"),
            labelled("sell me shoes", kind="oos"),
            labelled("get me a human", "codes/clock", kind="escalate"),
            labelled("hiya", kind="chitchat"),
            labelled("of an answer that is gone", "codes/gone"),
        ],
    )

    assert after.answers["codes/clock"].phrasings == (*before.answers["codes/clock"].phrasings, "the hour is off")
    assert after.answers["codes/rejected"] == before.answers["codes/rejected"]
    assert after.none_of_these == (*before.none_of_these, "sell me shoes")
    assert after.phrasing_count == before.phrasing_count + 1
