"""A ticket as its requester sees it: what was said, how it stands, what happens next."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk.faq.types import Library
from helpdesk.tickets.presenters.conversation import Line, lines_after, lines_of
from helpdesk.tickets.presenters.slots import promise_in_words, promised_call
from helpdesk.tickets.types import Status

if TYPE_CHECKING:
    from helpdesk.tickets.models.ticket import Ticket

STATUS_FOR_REQUESTER = {
    Status.NEW: "We have your request",
    Status.OPEN: "We are working on it",
    Status.WAITING_FOR_REQUESTER: "We have replied",
    Status.ON_HOLD: "On hold",
    Status.SOLVED: "Solved",
    Status.CLOSED: "Closed",
}


@dataclass(frozen=True)
class Places:
    """Where a page that shows the request sends what is written, asks for what is new, and is opened again."""

    write: str
    news: str
    again: str
    # Shows reference and PIN again, in the browser that asked; empty elsewhere.
    confirmation: str = ""


@dataclass(frozen=True)
class News:
    """How a request stands now, and the lines that its page does not have yet."""

    status: str
    what_next: str
    # When we promised to phone; empty where no call is to come.
    promise: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class RequesterPage(News):
    """The whole request: the same in every browser that opens it."""

    reference: str
    is_closed: bool
    last_number: int
    places: Places


def requester_page(ticket: "Ticket", library: Library, places: Places) -> RequesterPage:
    """What the requester reads: how it stands, what happens next, and everything that was said."""
    lines = lines_of(ticket, library)
    return RequesterPage(
        status=STATUS_FOR_REQUESTER[ticket.status],
        what_next=_what_next(ticket),
        promise=promise_in_words(promised_call(ticket)),
        lines=lines,
        reference=ticket.reference,
        is_closed=ticket.status is Status.CLOSED,
        last_number=lines[-1].number if lines else 0,
        places=places,
    )


def news_of(ticket: "Ticket", after: int) -> News:
    """What a page adds that has everything up to that event."""
    return News(
        status=STATUS_FOR_REQUESTER[ticket.status],
        what_next=_what_next(ticket),
        promise=promise_in_words(promised_call(ticket)),
        lines=lines_after(ticket, after),
    )


def _what_next(ticket: "Ticket") -> str:
    match ticket.status:
        case Status.NEW | Status.OPEN:
            return "Our next message shows here. If you have left this page, we email it to you."
        case Status.WAITING_FOR_REQUESTER:
            return "Write below if it is not solved."
        case Status.ON_HOLD:
            return "We are waiting for somebody else. We will write here when we know more."
        case Status.SOLVED:
            return "If it is not solved, write below and we open it again."
        case Status.CLOSED:
            return f"Ask again in the chat if you need more help, and quote {ticket.reference}."
