"""How well the assistant does on labelled messages: what was found, and what was done with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpdesk.bot.rules.estimates import Bin, Estimate, Share, bins_of, calibration_error, separation, share_of
from helpdesk.bot.types import Because, Decision, Outcome
from helpdesk.faq.rules import is_for_us, is_not_for_us
from helpdesk.faq.types import LabelledMessage

CHITCHAT, ESCALATE = "chitchat", "escalate"
ALL = "all"
# These show an answer first, and a person with it.
DANGER = {Because.PATIENT_WAITING, Because.SUSPECTED_FRAUD}


@dataclass(frozen=True, slots=True)
class Measured:
    """What the assistant made of one labelled message, as the first of a conversation."""

    message: LabelledMessage
    # Answers, best first, and how sure the engine was of the first.
    found: tuple[str, ...]
    confidence: float
    decision: Decision

    @property
    def is_right(self) -> bool:
        """Whether the first answer found would do."""
        return self.is_right_within(1)

    @property
    def is_answered(self) -> bool:
        return self.decision.outcome is Outcome.ANSWER

    @property
    def is_answered_rightly(self) -> bool:
        """Whether any of the answers shown would do."""
        return self.is_answered and any(pick.answer_id in self.message.ids for pick in self.decision.picks)

    @property
    def is_answered_wrongly(self) -> bool:
        return self.is_answered and not self.is_answered_rightly

    @property
    def leads_to_person(self) -> bool:
        return self.decision.outcome is Outcome.HANDOVER or self.decision.because in DANGER

    def is_right_within(self, first: int) -> bool:
        """Whether one of the first answers found would do."""
        return any(id in self.message.ids for id in self.found[:first])


@dataclass(frozen=True, slots=True)
class Figures:
    """How well one group of the messages for us is answered."""

    name: str
    right_first: Share
    right_in_three: Share
    # Answered at once, without a question back.
    coverage: Share
    # Of those, answered rightly.
    precision: Share
    # Of all of the group, answered wrongly.
    wrong: Share
    # Told apart from all messages that are not for us; None where there are none.
    separation: Estimate | None
    calibration: Estimate | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well the assistant does on a labelled file."""

    ours: Figures
    by_kind: tuple[Figures, ...]
    by_topic: tuple[Figures, ...]
    # Of all that is answered, whether for us or not, answered rightly; and of all messages, answered wrongly.
    precision: Share
    wrong: Share
    # Not for us, and not answered.
    out_of_scope_recall: Share
    led_to_person: Share
    courtesies: Share
    # Over all messages, those that are not for us counting as wrong.
    calibration: Estimate | None
    bins: tuple[Bin, ...]


def evaluate(measured: Sequence[Measured]) -> Evaluation:
    """The figures over all, by kind, and by the topic of the best answer."""
    ours = [one for one in measured if is_for_us(one.message)]
    others = [one for one in measured if is_not_for_us(one.message)]
    everything = [*ours, *others]
    sure, right = [one.confidence for one in everything], [one.is_right for one in everything]
    return Evaluation(
        ours=_figures(ALL, ours, others),
        by_kind=_grouped(ours, others, lambda one: one.message.kind),
        by_topic=_grouped(ours, others, lambda one: one.message.ids[0].partition("/")[0]),
        precision=_share([one.is_answered_rightly for one in everything if one.is_answered]),
        wrong=_share([one.is_answered_wrongly for one in everything]),
        out_of_scope_recall=_share([not one.is_answered for one in others]),
        led_to_person=_share([one.leads_to_person for one in measured if one.message.kind == ESCALATE]),
        courtesies=_share(
            [one.decision.outcome is Outcome.SMALLTALK for one in measured if one.message.kind == CHITCHAT]
        ),
        calibration=calibration_error(sure, right),
        bins=bins_of(sure, right),
    )


def _grouped(
    ours: Sequence[Measured], others: Sequence[Measured], group_of: Callable[[Measured], str]
) -> tuple[Figures, ...]:
    groups: dict[str, list[Measured]] = {}
    for one in ours:
        groups.setdefault(group_of(one), []).append(one)
    return tuple(_figures(name, group, others) for name, group in sorted(groups.items()))


def _figures(name: str, group: Sequence[Measured], others: Sequence[Measured]) -> Figures:
    sure = [one.confidence for one in group]
    return Figures(
        name=name,
        right_first=_share([one.is_right for one in group]),
        right_in_three=_share([one.is_right_within(3) for one in group]),
        coverage=_share([one.is_answered for one in group]),
        precision=_share([one.is_answered_rightly for one in group if one.is_answered]),
        wrong=_share([one.is_answered_wrongly for one in group]),
        separation=separation(sure, [one.confidence for one in others]),
        calibration=calibration_error(sure, [one.is_right for one in group]),
    )


def _share(facts: Sequence[bool]) -> Share:
    return share_of(sum(facts), len(facts))
