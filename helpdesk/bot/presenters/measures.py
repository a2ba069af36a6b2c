"""The figures of `faq eval` in words and columns."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from helpdesk.bot.rules.comparison import Compared
from helpdesk.bot.rules.estimates import Bin, Estimate, Share
from helpdesk.bot.rules.evaluation import CHITCHAT, ESCALATE, Evaluation, Figures
from helpdesk.faq.rules import is_for_us, is_not_for_us
from helpdesk.faq.types import LabelledMessage, Library

AS_THEY_ARE = "The answers as they are"
IN_FOLDS = "Cross-validated"
MEANING = {
    AS_THEY_ARE: "Nothing is learnt from these messages.",
    IN_FOLDS: "Each fifth is measured with what the other four fifths teach; none of its messages trains it.",
}
LEGEND = (
    "In brackets: where the true figure lies 95 times in 100 (shares: Wilson; AUROC: DeLong; ECE: bootstrap).",
    "Answered: an answer is shown at once, without a question back. It is right when any answer shown would do.",
    "By kind and topic, AUROC is against all messages that are not for us.",
)


def message_lines(messages: Sequence[LabelledMessage], library: Library) -> Iterator[str]:
    """What is in the file."""
    kinds = Counter(message.kind for message in messages)
    ours, others = sum(map(is_for_us, messages)), sum(map(is_not_for_us, messages))
    matched = f"{ours:,} messages for us, {others:,} not for us"
    yield f"{matched}, {kinds[ESCALATE]:,} for a person, {kinds[CHITCHAT]:,} courtesies"
    missing = sorted({id for message in messages for id in message.ids if id not in library.answers})
    if missing:
        yield f"The FAQ does not have these answers, so nothing is right for them: {', '.join(missing)}"


def run_title(title: str) -> tuple[str, str]:
    """The heading of a run, and what it means."""
    return title, MEANING[title]


def evaluation_lines(evaluation: Evaluation) -> Iterator[str]:
    """Everything measured in one run."""
    yield from _summary(evaluation)
    yield ""
    yield from _tables("kind", (evaluation.ours, *evaluation.by_kind))
    yield ""
    yield from _tables("topic", evaluation.by_topic)
    yield ""
    yield from _bins(evaluation.bins)


def comparison_lines(rows: Iterable[Compared]) -> Iterator[str]:
    """Matchers side by side."""
    heads = ("right first", "right in three", "AUROC", "answered rightly at 10 % out of scope")
    yield _row("matcher", heads)
    for row in rows:
        answered = _share(row.answered_rightly) if row.answered_rightly else "not known"
        yield _row(
            row.matcher, (_share(row.right_first), _share(row.right_in_three), _estimate(row.separation), answered)
        )


def _summary(evaluation: Evaluation) -> list[str]:
    ours = evaluation.ours
    shares = (
        ("right first", ours.right_first, "messages for us"),
        ("right in three", ours.right_in_three, "messages for us"),
        ("coverage", ours.coverage, "messages for us are answered"),
        ("precision, for us", ours.precision, "messages for us that are answered"),
        ("precision, all", evaluation.precision, "answered messages, for us or not"),
        ("wrong-answer rate", evaluation.wrong, "messages, for us or not, are answered wrongly"),
        ("out-of-scope recall", evaluation.out_of_scope_recall, "messages not for us are not answered"),
        ("led to a person", evaluation.led_to_person, "messages for a person"),
        ("small talk", evaluation.courtesies, "courtesies are answered as such"),
    )
    return [
        *(_row(name, (_share(share), f"{share.count:,} of {share.total:,} {of}")) for name, share, of in shares),
        _row("AUROC", (_estimate(ours.separation), "for us told apart from not for us")),
        _row("calibration (ECE)", (_estimate(evaluation.calibration), "over all messages, for us or not")),
    ]


def _tables(group: str, rows: Sequence[Figures]) -> Iterator[str]:
    yield _row(group, ("right first", "right in three", "AUROC", "calibration (ECE)"), "messages")
    for row in rows:
        found = (_share(row.right_first), _share(row.right_in_three))
        counted = f"{row.right_first.total:,}"
        yield _row(row.name, (*found, _estimate(row.separation), _estimate(row.calibration)), counted)
    yield ""
    yield _row(group, ("coverage", "precision", "wrong-answer rate"), "messages")
    for row in rows:
        yield _row(row.name, map(_share, (row.coverage, row.precision, row.wrong)), f"{row.coverage.total:,}")


def _bins(bins: Iterable[Bin]) -> Iterator[str]:
    yield _row("confidence", ("right first", "mean confidence"), "messages")
    for one in bins:
        mean = f"{one.mean_confidence:.3f}" if one.right.total else ""
        yield _row(f"{one.low:.1f} to {one.high:.1f}", (_share(one.right), mean), f"{one.right.total:,}")


def _row(name: str, cells: Iterable[str], counted: str = "") -> str:
    return f"{name:<20} {counted:>8}  {''.join(f'{cell:<23}' for cell in cells)}".rstrip()


def _share(share: Share) -> str:
    return f"{share.value:.3f} ({share.low:.3f} to {share.high:.3f})" if share.total else "no messages"


def _estimate(estimate: Estimate | None) -> str:
    if estimate is None:
        return "not known"
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"
