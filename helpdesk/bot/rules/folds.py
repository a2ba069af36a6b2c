"""Cross-validation: labelled messages are cut in parts, and each part is measured by what the others teach."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpdesk.faq.rules import is_for_us, is_not_for_us
from helpdesk.faq.search.normalise import words_of
from helpdesk.faq.types import Content, LabelledMessage

FOLDS = 5
# The same file is always cut in the same way.
SEED = 2026


@dataclass(frozen=True, slots=True)
class Fold:
    """Messages to measure, and those of all other folds to learn from."""

    held: tuple[LabelledMessage, ...]
    learnt: tuple[LabelledMessage, ...]


def folds_of(messages: Sequence[LabelledMessage], count: int = FOLDS) -> tuple[Fold, ...]:
    """The messages, shuffled and cut. Those with the same words stay together: none of them trains the other."""
    by_words: dict[tuple[str, ...], list[LabelledMessage]] = {}
    for message in messages:
        by_words.setdefault(words_of(message.text), []).append(message)
    groups = random.Random(SEED).sample(list(by_words.values()), len(by_words))  # noqa: S311  # no secret
    parts = [[message for group in groups[number::count] for message in group] for number in range(count)]
    return tuple(_fold(parts, number) for number, part in enumerate(parts) if part and len(by_words) > 1)


def taught(content: Content, messages: Sequence[LabelledMessage]) -> Content:
    """The content with the messages for us as phrasings of their best answer, and the others as none of these."""
    phrasings: dict[str, list[str]] = {}
    for message in filter(is_for_us, messages):
        phrasings.setdefault(message.ids[0], []).append(message.text)
    answers = {
        id: replace(answer, phrasings=(*answer.phrasings, *phrasings.get(id, ())))
        for id, answer in content.answers.items()
    }
    others = (message.text for message in filter(is_not_for_us, messages))
    return replace(content, answers=answers, none_of_these=(*content.none_of_these, *others))


def _fold(parts: Sequence[Sequence[LabelledMessage]], number: int) -> Fold:
    learnt = [message for at, part in enumerate(parts) if at != number for message in part]
    return Fold(tuple(parts[number]), tuple(learnt))
