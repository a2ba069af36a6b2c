"""When the assistant answers, when it asks, and when it offers a person. Pure decisions on plain values.

Measured on 24 November 2026 with `helpdesk faq eval` on 989 labelled messages, 717 of them ours and 168 not. The engine
learns from none of them in the first two rows, and from the other four fifths in the last. The thresholds below were
chosen with these messages in view, and `data/wishes.toml` was written by somebody who had read them: expect less of new
messages, least of the wishes.

                             right first   in three   answered   of these right   not ours, yet answered
words alone                        0.770      0.922      0.488            0.946                    0.048
with sentence vectors              0.854      0.962      0.586            0.974                    0.042
… and learning, in five folds      0.830      0.947      0.605            0.961                    0.048
"""

from collections.abc import Iterable, Sequence

from helpdesk.bot.types import (
    Because,
    Decision,
    Entries,
    History,
    Outcome,
    Pick,
    Understood,
    Wish,
)
from helpdesk.faq.search.types import Candidate
from helpdesk.faq.types import Question

# From this confidence on, an answer is shown without asking: found by words alone, and with sentence vectors too.
ANSWER_FROM = 0.55
ANSWER_FROM_SEMANTIC = 0.7
# … if it is so much surer than the runner-up.
CLEAR_MARGIN = 0.2
# From this confidence on, it is worth asking which of a few is meant.
ASK_FROM = 0.25
# An option below this would look like a joke; the first two are shown anyhow.
OFFER_FROM = 0.05
FEWEST_OPTIONS, MOST_OPTIONS = 2, 3
# One try in other words, then a person: nobody is asked the same thing for ever.
MOST_UNKNOWN_IN_A_ROW = 1
CERTAIN = 1.0
# Messages in which there is no trouble to match: what is said to each before it is asked again.
UNCLEAR = {
    Wish.OTHER_LANGUAGE: Because.OTHER_LANGUAGE,
    Wish.TOO_VAGUE: Because.TOO_VAGUE,
    Wish.ONLY_SECRETS: Because.ONLY_SECRETS,
}


def decide(message: Understood, history: History, entries: Entries) -> Decision:
    """What to do with a message. No answer is shown twice in one conversation, and nothing is asked for ever."""
    match message.recognised.wish:
        case Wish.EMERGENCY:
            return Decision(Outcome.HANDOVER, Because.EMERGENCY)
        case Wish.SUSPECTED_FRAUD:
            return _stay_safe(history, entries)
        case Wish.PATIENT_WAITING:
            return _care_first(message, history, entries)
        case Wish.PERSON:
            return Decision(Outcome.HANDOVER, Because.ASKED_FOR_PERSON)
        case Wish.SMALLTALK:
            return _courtesy(message.recognised.smalltalk_id)
        case (Wish.OTHER_LANGUAGE | Wish.TOO_VAGUE | Wish.ONLY_SECRETS) as unclear:
            return _not_understood(UNCLEAR[unclear], history)
    return _match(message, history, entries)


def decide_choice(answer_id: str, history: History, entries: Entries) -> Decision:
    """What to do when an option was tapped: show it, or what follows it when it was shown before."""
    if answer_id not in history.shown:
        return Decision(Outcome.ANSWER, Because.CHOSEN, (Pick(answer_id, CERTAIN),))
    return _after(answer_id, (), history, entries)


def decide_none_of_these(history: History) -> Decision:
    """What to do when no option fits: other words once, then a person."""
    return _not_understood(Because.NOT_UNDERSTOOD, history)


def decide_not_helped(
    last_shown: str | None, candidates: Sequence[Candidate], history: History, entries: Entries
) -> Decision:
    """What to do when an answer did not help: its next step, else the next best answer, else a person."""
    if last_shown is None:
        return Decision(Outcome.HANDOVER, Because.NOTHING_LEFT)
    return _after(last_shown, candidates, history, entries)


def _not_understood(because: Because, history: History) -> Decision:
    if history.unknown_in_a_row >= MOST_UNKNOWN_IN_A_ROW:
        return Decision(Outcome.HANDOVER, Because.STILL_NOT_UNDERSTOOD)
    return Decision(Outcome.UNKNOWN, because)


def _match(message: Understood, history: History, entries: Entries) -> Decision:
    candidates = message.candidates
    best = candidates[0].confidence if candidates else 0.0
    if best < ASK_FROM and message.courtesy_id:
        return _courtesy(message.courtesy_id)
    two = _two_problems(message, history, entries)
    if two:
        return Decision(Outcome.ANSWER, Because.TWO_PROBLEMS, two)
    if best < ASK_FROM:
        return decide_none_of_these(history)
    if _is_clear(candidates, _answer_from(message)):
        if candidates[0].id in history.shown:
            return _after(candidates[0].id, candidates[1:], history, entries)
        return Decision(Outcome.ANSWER, Because.MATCHED, (_pick(candidates[0]),))
    return _ask(candidates, history, entries)


def _two_problems(message: Understood, history: History, entries: Entries) -> tuple[Pick, ...]:
    """The answers to the first two parts that are each clear, unless they are about nearly the same thing."""
    clear = [part[0] for part in message.parts if _is_clear(part, _answer_from(message))]
    if not clear:
        return ()
    near = {clear[0].id, *entries.neighbours.get(clear[0].id, ())}
    others = [candidate for candidate in clear if candidate.id not in near]
    if not others or history.shown.intersection({clear[0].id, others[0].id}):
        return ()
    return (_pick(clear[0]), _pick(others[0]))


def decide_question(question: Question, candidates: Sequence[Candidate] = ()) -> Decision:
    """Ask a written question. An answer that it offers without having been found has no confidence."""
    sure = {candidate.id: candidate.confidence for candidate in candidates}
    picks = tuple(Pick(one.answer_id, sure.get(one.answer_id, 0.0)) for one in question.options if one.answer_id)
    return Decision(Outcome.CLARIFY, Because.NEIGHBOURS, picks, question=question)


def _question_between(candidates: Sequence[Candidate], history: History, entries: Entries) -> Question | None:
    """The written question about the two best answers, unless it was asked before."""
    best = {candidate.id for candidate in candidates[:FEWEST_OPTIONS]}
    if len(best) < FEWEST_OPTIONS:
        return None
    about = (one for one in entries.questions if one.about.issuperset(best))
    return next((one for one in about if not history.offered.issuperset(option.id for option in one.options)), None)


def _ask(candidates: Sequence[Candidate], history: History, entries: Entries) -> Decision:
    """Ask which is meant, without what was shown before; the same question twice would be a loop."""
    fresh = _fresh(candidates, history)
    question = _question_between(fresh, history, entries)
    if question:
        return decide_question(question, fresh)
    options = _options(fresh)
    if not options:
        return Decision(Outcome.HANDOVER, Because.NOTHING_LEFT)
    if history.offered.issuperset(pick.answer_id for pick in options):
        return decide_none_of_these(history)
    return Decision(Outcome.CLARIFY, Because.SIMILAR, options)


def _after(answer_id: str, candidates: Sequence[Candidate], history: History, entries: Entries) -> Decision:
    """What follows an answer that did not help."""
    next_id = entries.next_answers.get(answer_id)
    if next_id and next_id not in history.shown:
        return Decision(Outcome.ANSWER, Because.NEXT_STEP, (Pick(next_id, CERTAIN),))
    fresh = [candidate for candidate in _fresh(candidates, history) if candidate.confidence >= ASK_FROM]
    if next_id and fresh:
        return Decision(Outcome.ANSWER, Because.NEXT_BEST, (_pick(fresh[0]),))
    return Decision(Outcome.HANDOVER, Because.NOTHING_LEFT)


def _care_first(message: Understood, history: History, entries: Entries) -> Decision:
    """A patient waits: how to go on without the system, then the fix. Nobody is kept busy with questions."""
    first = entries.safety_answers.get(Wish.PATIENT_WAITING)
    rest = [candidate for candidate in _fresh(message.candidates, history) if candidate.id != first]
    care = [Pick(first, CERTAIN)] if first and first not in history.shown else []
    fix = [_pick(rest[0])] if _is_clear(rest, _answer_from(message)) else []
    if care or fix:
        return Decision(Outcome.ANSWER, Because.PATIENT_WAITING, (*care, *fix))
    return Decision(Outcome.HANDOVER, Because.PATIENT_WAITING)


def _stay_safe(history: History, entries: Entries) -> Decision:
    """Somebody may be trying it on: how to stay safe, then a person."""
    answer_id = entries.safety_answers.get(Wish.SUSPECTED_FRAUD)
    if answer_id is None or answer_id in history.shown:
        return Decision(Outcome.HANDOVER, Because.SUSPECTED_FRAUD)
    return Decision(Outcome.ANSWER, Because.SUSPECTED_FRAUD, (Pick(answer_id, CERTAIN),))


def _courtesy(smalltalk_id: str) -> Decision:
    return Decision(Outcome.SMALLTALK, Because.COURTESY, smalltalk_id=smalltalk_id)


def _answer_from(message: Understood) -> float:
    return ANSWER_FROM_SEMANTIC if message.is_semantic else ANSWER_FROM


def _is_clear(candidates: Sequence[Candidate], answer_from: float) -> bool:
    if not candidates or candidates[0].confidence < answer_from:
        return False
    return len(candidates) == 1 or candidates[0].confidence - candidates[1].confidence >= CLEAR_MARGIN


def _fresh(candidates: Iterable[Candidate], history: History) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.id not in history.shown]


def _options(candidates: Sequence[Candidate]) -> tuple[Pick, ...]:
    worth = [one for at, one in enumerate(candidates) if at < FEWEST_OPTIONS or one.confidence >= OFFER_FROM]
    return tuple(map(_pick, worth[:MOST_OPTIONS]))


def _pick(candidate: Candidate) -> Pick:
    return Pick(candidate.id, candidate.confidence)
