"""What was said on a request, as its requester reads it: with the assistant first, then with the helpdesk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from markupsafe import Markup

from helpdesk.core.redaction import notice_to_writer
from helpdesk.faq.presenters.pages import answer_link, checked_on
from helpdesk.faq.types import Answer, Library
from helpdesk.tickets.types import ASSISTANT_SPEAKS, EventKind
from helpdesk.web.filters import moment

if TYPE_CHECKING:
    from helpdesk.tickets.models.ticket import Ticket, TicketEvent

CHANGES = {
    EventKind.RESOLVED: "We marked this as solved.",
    EventKind.REOPENED: "We opened this again.",
    EventKind.ESCALATED: "We passed this on, because it needs more help.",
}
ASKED = "You asked a person for help."
MINE = frozenset({EventKind.OPENED, EventKind.REQUESTER_WROTE})


@dataclass(frozen=True)
class ShownAnswer:
    """An answer that the assistant gave, folded under its title."""

    title: str
    html: Markup
    checked: str
    url: str


@dataclass(frozen=True)
class Line:
    """One thing said, or one change that concerns the requester."""

    id: str
    # mine, helpdesk, assistant or change
    kind: str
    text: str
    time: str
    datetime: str
    author: str = ""
    answers: tuple[ShownAnswer, ...] = ()
    # Says what was taken out of what the requester wrote.
    notice: str = ""
    # Of the event on the ticket; 0 for what was said before.
    number: int = 0


def lines_of(ticket: "Ticket", library: Library) -> tuple[Line, ...]:
    """The whole conversation, from the first word to the assistant on."""
    before = [_transcript_line(f"m-{number}", said, library) for number, said in enumerate(ticket.transcript, start=1)]
    after = lines_after(ticket, 0)
    return (*before, *_asked(before, after), *after[1:]) if before else after


def lines_after(ticket: "Ticket", number: int) -> tuple[Line, ...]:
    """What came after that event and concerns the requester."""
    return tuple(_line(event) for event in ticket.events if event.is_public and event.number > number)


def change_in_words(event: "TicketEvent") -> str:
    """What a change means for the requester, or nothing for what was said. Of an agent they learn the first name."""
    if event.kind is EventKind.TAKEN_OVER:
        return f"{_first_name(event)} from the helpdesk has joined."
    return CHANGES.get(event.kind, "")


def _line(event: "TicketEvent") -> Line:
    time, iso = _times(event.at)
    change = change_in_words(event)
    line = Line(f"e-{event.number}", "change", change or event.text, time, iso, number=event.number)
    if change:
        return line
    kind, author, notice = _said_by(event)
    return Line(line.id, kind, event.text, time, iso, author, notice=notice, number=event.number)


def _said_by(event: "TicketEvent") -> tuple[str, str, str]:
    if event.kind in MINE:
        return "mine", "You", notice_to_writer(event.text)
    if event.kind is EventKind.ACKNOWLEDGED:
        return "assistant", "Helpdesk", ""
    return "helpdesk", f"{_first_name(event)} at the helpdesk", ""


def _first_name(event: "TicketEvent") -> str:
    return event.actor_name.split()[0]


def _asked(before: Sequence[Line], after: Sequence[Line]) -> list[Line]:
    """That a person was asked, and with which words unless they stand above already."""
    opened = after[0]
    asked = Line("asked", "change", ASKED, opened.time, opened.datetime)
    if opened.text in {line.text for line in before if line.kind == "mine"}:
        return [replace(asked, id=opened.id, number=opened.number)]
    return [asked, opened]


def _transcript_line(line_id: str, said: Mapping[str, object], library: Library) -> Line:
    """A line of the chat before the request, with the id that it had there."""
    time, iso = _times(datetime.fromisoformat(str(said["at"])))
    text = str(said["text"])
    if said["author"] != ASSISTANT_SPEAKS:
        return Line(line_id, "mine", text, time, iso, "You", notice=notice_to_writer(text))
    answers = [library.answers[id] for id in _answer_ids(said) if id in library.answers]
    words = [part for part in text.split("\n") if part not in {answer.title for answer in answers}]
    shown = tuple(_shown(answer) for answer in answers)
    return Line(line_id, "assistant", "\n".join(words), time, iso, "Helpdesk", answers=shown)


def _answer_ids(said: Mapping[str, object]) -> list[str]:
    ids = said["answer_ids"]
    return [str(one) for one in ids] if isinstance(ids, list) else []


def _shown(answer: Answer) -> ShownAnswer:
    return ShownAnswer(answer.title, answer.html, checked_on(answer.reviewed), answer_link(answer).url)


def _times(at: datetime) -> tuple[str, str]:
    return moment(at), at.isoformat()
