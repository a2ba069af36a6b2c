"""What the assistant could not answer, grouped so that an editor can teach it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import cdist

from helpdesk.bot.models import Conversation, Turn
from helpdesk.bot.queries import conversations_left_unanswered
from helpdesk.bot.rules.asking import is_by_button
from helpdesk.bot.types import NOT_HELPED, Author, Outcome
from helpdesk.core.actor import Actor
from helpdesk.faq.queries import dismissed_hashes
from helpdesk.faq.search.normalise import words_of
from helpdesk.faq.service.dismissals import message_hash
from helpdesk.faq.service.library import current_library
from helpdesk.faq.types import Answer, Library
from helpdesk.tickets.types import EventKind

# So many messages at most, newest first: with more, nobody reads the rest.
MOST_MESSAGES = 2_000
GROUPS_SHOWN = 30
TEXTS_SHOWN = 20
# Two messages this much alike, whatever the order of their words, are about the same thing.
ALIKE_AT = 75
GUESSES = 3


@dataclass(frozen=True)
class Missed:
    """One message that was not answered, who wrote it, and what a person answered later."""

    text: str
    # The address of a person who asked for help; of others only the conversation is known.
    who: str
    human_answer: str = ""


@dataclass(frozen=True)
class Group:
    """Messages that are alike, how many people wrote them, and the answers that come nearest."""

    texts: tuple[str, ...]
    people: int
    human_answers: tuple[str, ...]
    guesses: tuple[Answer, ...]


def groups_to_learn(actor: Actor) -> list[Group]:
    """What people asked in vain, the most frequent first, without what was taught or dismissed since."""
    library = current_library()
    known = _known(library)
    missed = [one for talk in conversations_left_unanswered(actor, MOST_MESSAGES) for one in _missed_in(talk)]
    left = [one for one in missed if _is_to_learn(one.text, known)][:MOST_MESSAGES]
    groups = sorted(group_alike(left), key=_people, reverse=True)[:GROUPS_SHOWN]
    return [_described(group, library) for group in groups]


def group_alike(missed: Sequence[Missed]) -> list[list[Missed]]:
    """Put messages that are alike together; each joins the first group whose first message it is like."""
    texts = [" ".join(words_of(one.text)) for one in missed]
    distinct = list(dict.fromkeys(texts))
    alike = cdist(distinct, distinct, scorer=token_sort_ratio, score_cutoff=ALIKE_AT, dtype=np.uint8)
    leaders: list[int] = []
    leader_of: dict[str, int] = {}
    for at, text in enumerate(distinct):
        leader_of[text] = next((leader for leader in leaders if alike[at, leader]), at)
        if leader_of[text] == at:
            leaders.append(at)
    groups: dict[int, list[Missed]] = {leader: [] for leader in leaders}
    for one, text in zip(missed, texts, strict=True):
        groups[leader_of[text]].append(one)
    return list(groups.values())


def _known(library: Library) -> frozenset[str]:
    """What the FAQ has as a phrasing or title already, and what does not belong in it."""
    taught = (text for answer in library.answers.values() for text in (answer.title, *answer.phrasings))
    return dismissed_hashes() | frozenset(map(message_hash, taught))


def _is_to_learn(text: str, known: frozenset[str]) -> bool:
    return bool(words_of(text)) and message_hash(text) not in known


def _missed_in(talk: Conversation) -> Iterable[Missed]:
    """The requester's words before each reply that did not help, or was corrected; the same words once."""
    human, who = _human_answer(talk), _who(talk)
    corrected = _corrected_turn(talk)
    asked, found = "", {}
    for turn in talk.turns:
        if asked and (_did_not_help(turn) or turn is corrected):
            found[asked] = Missed(asked, who, human)
        if turn.author is Author.REQUESTER and not is_by_button(turn.text):
            asked = " ".join(turn.text.split())
    return found.values()


def _did_not_help(turn: Turn) -> bool:
    return turn.outcome is Outcome.UNKNOWN or (turn.author is Author.REQUESTER and turn.text == NOT_HELPED)


def _corrected_turn(talk: Conversation) -> Turn | None:
    """The last answer, where an agent filed the ticket under another topic than that answer's."""
    if not (talk.ticket and talk.topic and talk.ticket.topic) or talk.ticket.topic == talk.topic:
        return None
    return next((turn for turn in reversed(talk.turns) if turn.outcome is Outcome.ANSWER), None)


def _who(talk: Conversation) -> str:
    return talk.ticket.requester_email.casefold() if talk.ticket else str(talk.id)


def _human_answer(talk: Conversation) -> str:
    events = talk.ticket.events if talk.ticket else []
    return next((event.text for event in events if event.kind is EventKind.REPLIED and event.is_public), "")


def _people(group: Sequence[Missed]) -> int:
    return len({one.who for one in group})


def _described(group: Sequence[Missed], library: Library) -> Group:
    texts = tuple(dict.fromkeys(one.text for one in group))
    candidates = library.engine.match(texts[0], limit=GUESSES).candidates
    return Group(
        texts=texts[:TEXTS_SHOWN],
        people=_people(group),
        human_answers=tuple(dict.fromkeys(one.human_answer for one in group if one.human_answer))[:GUESSES],
        guesses=tuple(library.answers[one.id] for one in candidates),
    )
