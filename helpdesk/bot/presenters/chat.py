"""The chat as words, answers and things to tap."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import url_for
from markupsafe import Markup

from helpdesk.bot.rules.diagnosis import is_clock_asked, is_measuring
from helpdesk.bot.service.turns import options_of
from helpdesk.bot.types import HELPED, NONE_OF_THESE, NOT_HELPED, Author, ConversationState, Outcome
from helpdesk.core import clock
from helpdesk.core.redaction import notice_to_writer
from helpdesk.faq.presenters.pages import Link, answer_link, checked_on
from helpdesk.faq.types import Answer, Library
from helpdesk.tickets.presenters.known_issues import ShownIssue, banner_of
from helpdesk.web.filters import time_of_day, time_with_seconds

if TYPE_CHECKING:
    from helpdesk.bot.models import Conversation, Turn
    from helpdesk.tickets.models.known_issues import KnownIssue

# What most people come with; each is sent as a message of theirs.
COMMON_PROBLEMS = (
    "A patient is waiting",
    "My code is refused",
    "The QR code will not scan",
    "I have lost my phone",
    "I have changed my phone",
    "I cannot get a code any more",
    "I am setting up for the first time",
    "I am a locum at a new pharmacy",
)
PERSON_BUTTON = "Speak to a person"
# What stands above the things to tap.
LEGENDS = {
    Outcome.CLARIFY: "Your choices",
    Outcome.ANSWER: "Not sure? Find the cause in a few taps",
    Outcome.HANDOVER: "Or ask somebody yourself",
}
HELPED_CHOICES = (("yes", HELPED), ("no", NOT_HELPED), ("person", PERSON_BUTTON))


@dataclass(frozen=True)
class ShownAnswer:
    """An answer as the chat shows it."""

    title: str
    html: Markup
    checked: str
    url: str
    related: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ClockQuestion:
    """What the clock of a device is compared with, and the tap with which a browser sends what it measured."""

    now: str
    now_datetime: str
    # Empty when it could not be measured before.
    measure: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Line:
    """One thing said. What can be tapped stands under the last one only."""

    id: str
    is_mine: bool
    text: str
    time: str
    datetime: str
    answers: tuple[ShownAnswer, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    options_legend: str = ""
    # The choices under "Did this fix it?".
    helped: tuple[tuple[str, str], ...] = ()
    offers_person: bool = False
    person_button: str = PERSON_BUTTON
    # Asked with the options, where they are about a clock.
    clock: ClockQuestion | None = None
    # Says what was taken out of what the requester wrote.
    notice: str = ""
    # What is known to be broken about the topic of this line; it is said first.
    known_issue: ShownIssue | None = None


@dataclass(frozen=True)
class ChatPage:
    """The whole chat."""

    lines: tuple[Line, ...]
    now: str
    now_datetime: str
    common_problems: tuple[tuple[str, str], ...]
    topics: tuple[Link, ...]
    is_solved: bool = False

    @property
    def has_begun(self) -> bool:
        return bool(self.lines)


def chat_page(library: Library, conversation: "Conversation | None", issue: "KnownIssue | None" = None) -> ChatPage:
    """The page of this conversation until a person takes over; without one, the start.

    What is broken now is said first where it belongs.
    """
    now = clock.now()
    lines = _lines(library, conversation, issue) if conversation else ()
    return ChatPage(
        lines=lines,
        now=time_of_day(now),
        now_datetime=now.isoformat(),
        common_problems=tuple((problem, problem) for problem in COMMON_PROBLEMS),
        topics=tuple(Link(topic.title, url_for("faq.topic", topic_id=topic.id)) for topic in library.topics),
        is_solved=conversation is not None and conversation.state is ConversationState.SOLVED,
    )


def _lines(library: Library, conversation: "Conversation", issue: "KnownIssue | None") -> tuple[Line, ...]:
    last = len(conversation.turns)
    return tuple(
        replace(
            _line(library, turn, is_last=at == last, state=conversation.state),
            known_issue=banner_of(issue) if issue and _is_about(turn, issue) else None,
        )
        for at, turn in enumerate(conversation.turns, start=1)
    )


def _is_about(turn: "Turn", issue: "KnownIssue") -> bool:
    """Whether an answer that the turn shows or offers is about what was already broken then."""
    ids = [one["id"] for one in (*turn.answers, *turn.options)]
    return turn.at >= issue.opened_at and any(id.split("/")[0] == issue.topic for id in ids)


def _line(library: Library, turn: "Turn", *, is_last: bool, state: ConversationState) -> Line:
    answers = [library.answers[answer_id] for answer_id in turn.answer_ids if answer_id in library.answers]
    is_open = is_last and state is ConversationState.OPEN
    return Line(
        id=f"m-{turn.number}",
        is_mine=turn.author is Author.REQUESTER,
        text=turn.text,
        time=time_of_day(turn.at),
        datetime=turn.at.isoformat(),
        answers=tuple(_shown(library, answer) for answer in answers),
        options=_choices(turn) if is_open else (),
        options_legend=LEGENDS.get(turn.outcome, "") if turn.outcome else "",
        clock=_clock_question(turn) if is_open else None,
        helped=HELPED_CHOICES if is_open and answers else (),
        offers_person=is_open and turn.outcome in {Outcome.HANDOVER, Outcome.UNKNOWN},
        person_button="Open the reset request" if turn.outcome is Outcome.HANDOVER and turn.options else PERSON_BUTTON,
        notice=notice_to_writer(turn.text) if turn.author is Author.REQUESTER else "",
    )


def _choices(turn: "Turn") -> tuple[tuple[str, str], ...]:
    """What can be tapped, apart from what has a place of its own: judging an answer, and measuring a clock."""
    options = [one for one in options_of(turn) if one.title != NOT_HELPED and not is_measuring(one.id)]
    refuses_all = [NONE_OF_THESE] if options and turn.outcome is Outcome.CLARIFY else []
    return tuple((one.id, one.title) for one in (*options, *refuses_all))


def _clock_question(turn: "Turn") -> ClockQuestion | None:
    options = options_of(turn)
    if turn.outcome is not Outcome.CLARIFY or not is_clock_asked(one.id for one in options):
        return None
    now = clock.now()
    measure = tuple((one.id, one.title) for one in options if is_measuring(one.id))
    return ClockQuestion(time_with_seconds(now), now.isoformat(), measure)


def _shown(library: Library, answer: Answer) -> ShownAnswer:
    link = answer_link(answer)
    related = [answer_link(library.answers[id]) for id in answer.related if id in library.answers]
    return ShownAnswer(
        title=answer.title,
        html=answer.html,
        checked=checked_on(answer.reviewed),
        url=link.url,
        related=tuple((one.text, one.url) for one in related),
    )
