"""How the quality of matching is counted: plain sums over what the engine found."""

from collections.abc import Sequence
from math import sqrt

from helpdesk.faq.types import Evaluation, Figures, Outcome, Share

# 95 % of a normal distribution lie within so many standard deviations.
NINETY_FIVE_PERCENT = 1.959964

# Recognised before any matching, so they say nothing about the engine.
NOT_MATCHED = {"chitchat", "escalate"}
ALL = "all"


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
