"""How the quality of matching is counted, and how a change to the answers is judged: plain sums."""

from collections.abc import Collection, Iterable, Sequence
from math import sqrt

from helpdesk.faq.types import Content, Effect, Evaluation, Figures, LabelledMessage, Outcome, Share, Shift

# 95 % of a normal distribution lie within so many standard deviations.
NINETY_FIVE_PERCENT = 1.959964

# Recognised before any matching, so they say nothing about the engine.
NOT_MATCHED = {"chitchat", "escalate"}
ALL = "all"
APPROVED = "approved"


def evaluate(outcomes: Sequence[Outcome]) -> Evaluation:
    """The figures for a labelled file: a message counts as right when any of its answers is found."""
    matched = [outcome for outcome in outcomes if outcome.message.kind not in NOT_MATCHED]
    ours = [outcome for outcome in matched if outcome.message.ids]
    others = [outcome for outcome in matched if not outcome.message.ids]
    kinds = dict.fromkeys(outcome.message.kind for outcome in ours)
    return Evaluation(
        overall=_figures(ALL, ours),
        by_kind=tuple(_figures(kind, [one for one in ours if one.message.kind == kind]) for kind in kinds),
        out_of_scope=len(others),
        separation=separation([one.confidence for one in ours], [one.confidence for one in others]),
    )


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
    return tuple(message for message in first.values() if message.ids and message.kind not in NOT_MATCHED)


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


def share_of(count: int, total: int) -> Share:
    """A share with its 95 % interval by Wilson, which holds for few messages and near 0 and 1."""
    if not total:
        return Share(0, 0, 0.0, 1.0)
    z2 = NINETY_FIVE_PERCENT**2
    share = count / total
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = NINETY_FIVE_PERCENT / (1 + z2 / total) * sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    return Share(count, total, max(0.0, middle - half), min(1.0, middle + half))


def separation(ours: Sequence[float], others: Sequence[float]) -> float | None:
    """The area under the ROC curve: how often one of ours beats one of the others, ties counting half."""
    if not ours or not others:
        return None
    wins = sum((one > other) + (one == other) / 2 for one in ours for other in others)
    return wins / (len(ours) * len(others))


def _figures(kind: str, outcomes: Sequence[Outcome]) -> Figures:
    first = sum(_is_right(outcome, 1) for outcome in outcomes)
    in_three = sum(_is_right(outcome, 3) for outcome in outcomes)
    return Figures(kind, share_of(first, len(outcomes)), share_of(in_three, len(outcomes)))


def _is_right(outcome: Outcome, within: int) -> bool:
    return any(id in outcome.message.ids for id in outcome.found[:within])
