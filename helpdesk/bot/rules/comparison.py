"""How matchers are compared that know nothing of each other's confidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpdesk.bot.rules.estimates import Estimate, Share, separation, share_of
from helpdesk.faq.rules import is_for_us, is_not_for_us
from helpdesk.faq.types import LabelledMessage

# Each matcher gets the threshold at which it lets through this share of the messages that are not for us.
OUT_OF_SCOPE_LET_THROUGH = 0.10


@dataclass(frozen=True, slots=True)
class Found:
    """The best entries for a message, and how sure a matcher is of the first, on a scale of its own."""

    ids: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Compared:
    """How well one matcher does."""

    matcher: str
    right_first: Share
    right_in_three: Share
    separation: Estimate | None
    # Of the messages for us, at the threshold; None where none is not for us.
    answered_rightly: Share | None


def compared(matcher: str, messages: Sequence[LabelledMessage], founds: Sequence[Found]) -> Compared:
    """What a matcher made of labelled messages."""
    pairs = list(zip(messages, founds, strict=True))
    ours = [(message, found) for message, found in pairs if is_for_us(message)]
    outside = [found.confidence for message, found in pairs if is_not_for_us(message)]
    right = [_is_right(message, found, 1) for message, found in ours]
    sure = [found.confidence for _, found in ours]
    return Compared(
        matcher=matcher,
        right_first=share_of(sum(right), len(right)),
        right_in_three=share_of(sum(_is_right(message, found, 3) for message, found in ours), len(ours)),
        separation=separation(sure, outside),
        answered_rightly=_answered_rightly(sure, right, outside),
    )


def _is_right(message: LabelledMessage, found: Found, within: int) -> bool:
    return any(id in message.ids for id in found.ids[:within])


def _answered_rightly(sure: Sequence[float], right: Sequence[bool], outside: Sequence[float]) -> Share | None:
    if not outside:
        return None
    bar = float(np.quantile(outside, 1 - OUT_OF_SCOPE_LET_THROUGH))
    return share_of(sum(is_right and one > bar for one, is_right in zip(sure, right, strict=True)), len(sure))
