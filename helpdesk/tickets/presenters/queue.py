"""The queue: the names of its views, and a line for each ticket."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk.tickets.presenters.words import (
    STATUS_COLOURS,
    due_in_words,
    is_overdue,
    site_of,
)
from helpdesk.tickets.queries.queue import COUNT_UP_TO, QueueFilter, Sort, View
from helpdesk.tickets.types import PRIORITY_NAMES, STATUS_NAMES, Priority

if TYPE_CHECKING:
    from helpdesk.tickets.models.ticket import Ticket


VIEW_NAMES = {
    View.MINE: "Mine",
    View.UNASSIGNED: "Unassigned",
    View.DUE_SOON: "Due in 1 hour",
    View.WAITING: "Waiting for pharmacy",
    View.ESCALATED: "Escalated",
    View.ALL_OPEN: "All open",
    View.SOLVED: "Solved",
}

SORT_NAMES = {Sort.DUE: "Soonest due first", Sort.NEWEST: "Newest first"}

EMPTY_VIEWS = {
    View.MINE: ("Nothing is assigned to you", "Take one from the unassigned requests."),
    View.UNASSIGNED: ("Every request has somebody", "New requests show here as they come in."),
    View.DUE_SOON: ("Nothing is due within the hour", "Look at all open requests to work ahead."),
    View.WAITING: ("We are not waiting for anybody", "Requests show here after you have replied."),
    View.ESCALATED: ("Nothing is escalated", "Requests show here when they go to the helpdesk’s email or phone queue."),
    View.ALL_OPEN: ("Nothing is waiting", "New requests show here as they come in."),
    View.SOLVED: ("Nothing has been solved yet", "Requests show here once they are solved."),
}


@dataclass(frozen=True)
class QueueRow:
    """A ticket as one line of the queue."""

    reference: str
    # The reference with the last event on it: what a tick sends.
    pick: str
    url: str
    summary: str
    who: str
    site: str
    due: str
    is_overdue: bool
    status: str
    colour: str
    priority: str
    is_urgent: bool
    assignee: str


def queue_row(ticket: "Ticket", now: datetime, url: str) -> QueueRow:
    """One line of a list of tickets, which leads to that address."""
    return QueueRow(
        reference=ticket.reference,
        pick=f"{ticket.reference}.{ticket.last_event_number}",
        url=url,
        summary=ticket.summary,
        who=ticket.requester_name,
        site=site_of(ticket),
        due=due_in_words(ticket),
        is_overdue=is_overdue(ticket, now),
        status=STATUS_NAMES[ticket.status],
        colour=STATUS_COLOURS[ticket.status],
        priority=PRIORITY_NAMES[ticket.priority],
        is_urgent=ticket.priority is Priority.URGENT,
        assignee=ticket.assignee.name if ticket.assignee else "Nobody",
    )


def address_of(asked: QueueFilter, **changes: str | None) -> dict[str, str]:
    """The parameters of a queue address with some of them changed; paging starts anew."""
    values: dict[str, str | None] = {
        "view": asked.view,
        "topic": asked.topic,
        "priority": asked.priority,
        "sort": asked.sort,
    }
    return {name: value for name, value in (values | changes).items() if value}


def news_in_words(count: int) -> str:
    """2 new requests."""
    if count > COUNT_UP_TO:
        return f"More than {COUNT_UP_TO} new requests."
    return "1 new request." if count == 1 else f"{count} new requests."
