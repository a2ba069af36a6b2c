"""What comes before any matching: a wish for a person, small talk, a patient who waits, a suspected fraud.

Two ways lead to each: the message is nearly one of the phrasings in `faq_data`, or it puts words together that mean
nothing else (`data/wishes.toml`). The cut-offs are high: a question that is taken for small talk is lost.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

from rapidfuzz import fuzz

from helpdesk.bot.rules.word_rules import put_right, rules_of
from helpdesk.bot.types import Recognised, Wish
from helpdesk.core.redaction import without_markers
from helpdesk.faq.search.normalise import words_of
from helpdesk.faq.types import Content, Smalltalk

# Of 100. Of the FAQ's 1,910 phrasings none is so near to a wish's; at 75 there are two (24 November 2026).
NEARLY_THE_SAME = 88
# Small talk is short; a longer message carries a question.
MOST_WORDS_OF_SMALLTALK = 8
# Where one thing that is said ends and another begins.
PARTS = re.compile(r"[.,;!?\n]+|\b(?:and|but|because|while|as|with)\b", re.IGNORECASE)
# Words that hand a secret over, and ask nothing.
NAMES_A_SECRET = frozenset(
    "a activation an and are card code codes hello here here's hi is it it's key link login mfa my nhs number passcode "
    "password pharmoutcomes pin secret security set setup that that's the these this up".split()
)


def recognise(text: str, content: Content) -> Recognised:
    """What the message asks for apart from an answer, or nothing. Danger comes before the wish for a person."""
    said = without_markers(text)
    words = words_of(said)
    if said != text and NAMES_A_SECRET.issuperset(words):
        return Recognised(Wish.ONLY_SECRETS)
    right = put_right(words)
    safety = {entry.id: entry.phrasings for entry in content.safety}
    for wish, phrasings in (
        (Wish.EMERGENCY, safety.get(Wish.EMERGENCY, ())),
        (Wish.SUSPECTED_FRAUD, safety.get(Wish.SUSPECTED_FRAUD, ())),
        (Wish.PATIENT_WAITING, safety.get(Wish.PATIENT_WAITING, ())),
        (Wish.PERSON, content.person_phrasings),
    ):
        if _is_nearly_one_of(words, phrasings) or _meets_a_rule(right, wish):
            return Recognised(wish)
    talk = next((talk for talk in content.smalltalk if _is_smalltalk(words, talk, content)), None)
    if talk:
        return Recognised(Wish.SMALLTALK, talk.id)
    # As they stand: put right, a word of another language would be taken for one of ours.
    unclear = (wish for wish in (Wish.OTHER_LANGUAGE, Wish.TOO_VAGUE) if _meets_a_rule(words, wish))
    return Recognised(next(unclear, Wish.NOTHING))


def courtesy_at_start(text: str, content: Content) -> str:
    """The small talk with which a short message begins, or nothing: it counts where no answer fits."""
    words = words_of(text)
    if len(words) > MOST_WORDS_OF_SMALLTALK:
        return ""
    plain = " ".join(words) + " "
    begins = ((talk.id, _plain(phrasing)) for talk in content.smalltalk for phrasing in talk.phrasings)
    fitting = [(len(start), talk_id) for talk_id, start in begins if start and plain.startswith(f"{start} ")]
    return max(fitting)[1] if fitting else ""


def without_the_wait(text: str, content: Content) -> str:
    """The parts of a message that do not say that somebody waits; nothing when all of it does."""
    parts = [part for part in PARTS.split(text) if words_of(part)]
    return ". ".join(part for part in parts if recognise(part, content).wish is not Wish.PATIENT_WAITING)


def _meets_a_rule(words: Sequence[str], wish: Wish) -> bool:
    return any(rule.is_met_by(words) for rule in rules_of(wish))


def _is_nearly_one_of(words: Sequence[str], phrasings: Iterable[str]) -> bool:
    plain = " ".join(words)
    return any(fuzz.ratio(plain, _plain(one), score_cutoff=NEARLY_THE_SAME) for one in phrasings)


def _is_smalltalk(words: Sequence[str], talk: Smalltalk, content: Content) -> bool:
    """Short, and one of the phrasings, or one of them with nothing around it but other courtesies."""
    if not words or len(words) > MOST_WORDS_OF_SMALLTALK:
        return False
    if _is_nearly_one_of(words, talk.phrasings):
        return True
    plain = f" {' '.join(words)} "
    holds_one = any(f" {_plain(phrasing)} " in plain for phrasing in talk.phrasings)
    return holds_one and _courtesies(content.smalltalk).issuperset(words)


@lru_cache(maxsize=8)
def _courtesies(smalltalk: tuple[Smalltalk, ...]) -> frozenset[str]:
    return frozenset(chain.from_iterable(_plain(one).split() for talk in smalltalk for one in talk.phrasings))


@lru_cache(maxsize=4096)
def _plain(phrasing: str) -> str:
    return " ".join(words_of(phrasing))
