"""Labelled messages, and what the assistant made of them, in the fewest words."""

from helpdesk.bot.rules.evaluation import Measured
from helpdesk.bot.types import Because, Decision, Outcome, Pick
from helpdesk.faq.types import LabelledMessage


def labelled(text: str = "text", *ids: str, kind: str = "plain") -> LabelledMessage:
    return LabelledMessage(text, ids, kind)


def answered(*shown: str) -> Decision:
    return Decision(Outcome.ANSWER, Because.MATCHED, tuple(Pick(id, 0.9) for id in shown))


def asked(*offered: str) -> Decision:
    return Decision(Outcome.CLARIFY, Because.SIMILAR, tuple(Pick(id, 0.3) for id in offered))


def decided(outcome: Outcome, because: Because) -> Decision:
    return Decision(outcome, because)


def measured(message: LabelledMessage, found: str, decision: Decision, confidence: float = 0.5) -> Measured:
    """`found` are the ids of answers, best first, with spaces between."""
    return Measured(message, tuple(found.split()), confidence, decision)
