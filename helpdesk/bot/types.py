"""Plain values of a conversation with the assistant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from helpdesk.faq.search.types import Candidate
from helpdesk.faq.types import Question
from helpdesk.tickets.types import Route


class Outcome(StrEnum):
    """What the assistant did with a message."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    UNKNOWN = "unknown"
    HANDOVER = "handover"
    SMALLTALK = "smalltalk"


class Wish(StrEnum):
    """What a message asks for apart from an answer."""

    NOTHING = "nothing"
    PERSON = "person"
    SMALLTALK = "smalltalk"
    PATIENT_WAITING = "patient_waiting"
    SUSPECTED_FRAUD = "suspected_fraud"
    EMERGENCY = "emergency"
    OTHER_LANGUAGE = "other_language"
    # Trouble, but not a word of what it is.
    TOO_VAGUE = "too_vague"
    # Nothing but what was taken out of it.
    ONLY_SECRETS = "only_secrets"


class Author(StrEnum):
    REQUESTER = "requester"
    ASSISTANT = "assistant"


class ConversationState(StrEnum):
    OPEN = "open"
    # The requester said that an answer helped.
    SOLVED = "solved"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"


class Because(StrEnum):
    """Why the assistant replies as it does; each has its own words."""

    MATCHED = "matched"
    TWO_PROBLEMS = "two_problems"
    CHOSEN = "chosen"
    SIMILAR = "similar"
    NEIGHBOURS = "neighbours"
    NEXT_STEP = "next_step"
    NEXT_BEST = "next_best"
    PATIENT_WAITING = "patient_waiting"
    SUSPECTED_FRAUD = "suspected_fraud"
    EMERGENCY = "emergency"
    COURTESY = "courtesy"
    OTHER_LANGUAGE = "other_language"
    TOO_VAGUE = "too_vague"
    ONLY_SECRETS = "only_secrets"
    NOT_UNDERSTOOD = "not_understood"
    STILL_NOT_UNDERSTOOD = "still_not_understood"
    ASKED_FOR_PERSON = "asked_for_person"
    NOTHING_LEFT = "nothing_left"
    HELPED = "helped"


@dataclass(frozen=True)
class Recognised:
    """A wish, and for small talk which kind it is."""

    wish: Wish
    smalltalk_id: str = ""


NO_WISH = Recognised(Wish.NOTHING)


@dataclass(frozen=True)
class Understood:
    """What was made of a message before anything is known of the conversation."""

    text: str
    recognised: Recognised
    candidates: tuple[Candidate, ...]
    # The small talk with which a message begins that may be nothing else.
    courtesy_id: str = ""
    # Whether the candidates were found by sentence vectors too: their confidence has another threshold.
    is_semantic: bool = False
    # The same for each part of a message that may hold two problems.
    parts: tuple[tuple[Candidate, ...], ...] = ()


@dataclass(frozen=True)
class History:
    """What has already happened in this conversation."""

    shown: frozenset[str] = frozenset()
    offered: frozenset[str] = frozenset()
    unknown_in_a_row: int = 0


@dataclass(frozen=True)
class Entries:
    """What the rules need to know of the FAQ: where each answer leads, and which come first in danger."""

    next_answers: Mapping[str, str | None]
    safety_answers: Mapping[str, str] = field(default_factory=dict)
    # The answers that are about nearly the same thing as this one.
    neighbours: Mapping[str, frozenset[str]] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Pick:
    """An answer that is shown or offered, and how sure we are that it fits."""

    answer_id: str
    confidence: float


@dataclass(frozen=True)
class Decision:
    """What to do with a message."""

    outcome: Outcome
    because: Because
    picks: tuple[Pick, ...] = ()
    smalltalk_id: str = ""
    # The written question that is asked instead of offering titles.
    question: Question | None = None


@dataclass(frozen=True)
class Option:
    """One thing to tap: an answer's id and title, or the words of a written question."""

    id: str
    title: str


@dataclass(frozen=True)
class Reply:
    """What the assistant says: its words, the answers it shows, and what can be tapped next."""

    outcome: Outcome
    text: str
    picks: tuple[Pick, ...] = ()
    options: tuple[Option, ...] = ()

    @property
    def answer_ids(self) -> tuple[str, ...]:
        """The answers that are shown in full."""
        return tuple(pick.answer_id for pick in self.picks) if self.outcome is Outcome.ANSWER else ()


@dataclass(frozen=True)
class AboutRequester:
    """What a requester said about themselves in the chat; empty where they did not, or not plainly."""

    name: str = ""
    email: str = ""
    phone: str = ""
    pharmacy: str = ""


@dataclass(frozen=True)
class HandOverStart:
    """What the hand-over form holds when it is opened."""

    name: str = ""
    email: str = ""
    phone: str = ""
    pharmacy: str = ""
    summary: str = ""
    patient_waiting: bool = False


@dataclass(frozen=True)
class HandOverDetails:
    """What the hand-over form asks for; all of it was checked."""

    name: str
    email: str
    pharmacy: str
    phone: str
    route: Route
    summary: str
    patient_waiting: bool
    # Chosen among those that were offered; None when the words stand for themselves.
    site_id: UUID | None = None
    # Of the route phone: they ring us, or we ring them when that time comes; else as soon as we can.
    rings_us: bool = False
    call_back_at: datetime | None = None


# The id of the option that refuses all others.
NONE_OF_THESE = Option("none", "None of these")

# What the two buttons below an answer send.
HELPED, NOT_HELPED = "Yes", "No, still stuck"
