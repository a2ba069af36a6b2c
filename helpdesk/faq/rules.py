"""Which labelled messages are for us, and how a change to the answers is judged by them."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from helpdesk.faq.types import Content, Effect, LabelledMessage, Shift

# Recognised before any matching, so they say nothing about the engine.
NOT_MATCHED = {"chitchat", "escalate"}
APPROVED = "approved"
LONGEST_SLUG = 60


def slug_of(title: str) -> str:
    """The name of an answer's file, made of its question: plain letters and digits, with hyphens between words."""
    decomposed = unicodedata.normalize("NFKD", title.lower().replace("’", "").replace("'", ""))
    return re.sub(r"[^a-z0-9]+", "-", decomposed.encode("ascii", "ignore").decode())[:LONGEST_SLUG].strip("-")


def is_for_us(message: LabelledMessage) -> bool:
    """Whether an answer of ours should be found for the message."""
    return bool(message.ids) and message.kind not in NOT_MATCHED


def is_not_for_us(message: LabelledMessage) -> bool:
    """Whether the message belongs elsewhere, so that nothing should be answered."""
    return not message.ids and message.kind not in NOT_MATCHED


def messages_to_hold(
    published: Content, edited: Content, labelled: Iterable[LabelledMessage]
) -> tuple[LabelledMessage, ...]:
    """Every message whose answer is agreed: labelled ones, then approved phrasings.

    A phrasing that is published stays its answer's own, so that moving it elsewhere has to be explained.
    """
    phrasings = [
        LabelledMessage(phrasing, (answer.id,), APPROVED)
        for content in (published, edited)
        for answer in content.answers.values()
        for phrasing in answer.phrasings
    ]
    first: dict[str, LabelledMessage] = {}
    for message in (*labelled, *phrasings):
        first.setdefault(message.text, message)
    return tuple(filter(is_for_us, first.values()))


def compare(messages: Sequence[LabelledMessage], before: Sequence[str], after: Sequence[str]) -> Effect:
    """What changes for messages of which the first answers before and after a change are known."""
    moved = list(zip(messages, before, after, strict=True))
    return Effect(
        better=tuple(Shift(m.text, was, now) for m, was, now in moved if was not in m.ids and now in m.ids),
        worse=tuple(Shift(m.text, was, now) for m, was, now in moved if was in m.ids and now not in m.ids),
        total=len(moved),
    )


def unexplained(losses: Sequence[Shift], explained: Collection[Shift]) -> tuple[Shift, ...]:
    """The losses for which nobody has given a reason."""
    return tuple(loss for loss in losses if loss not in explained)
