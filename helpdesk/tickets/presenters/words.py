"""The words and colours in which every page shows a ticket's site, status and deadline."""

from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk.tickets.rules import PAUSED
from helpdesk.tickets.types import EventKind, Status
from helpdesk.web.filters import moment, time_left

if TYPE_CHECKING:
    from helpdesk.tickets.models.ticket import Ticket


STATUS_COLOURS = {
    Status.NEW: "yellow",
    Status.OPEN: "blue",
    Status.WAITING_FOR_REQUESTER: "purple",
    Status.ON_HOLD: "grey",
    Status.SOLVED: "green",
    Status.CLOSED: "grey",
}


def site_of(ticket: "Ticket") -> str:
    """The pharmacy: by its row where we know it, as it was typed otherwise."""
    if ticket.organisation is None:
        return ticket.organisation_name
    code = f" ({ticket.organisation.ods_code})" if ticket.organisation.ods_code else ""
    return f"{ticket.organisation.name}{code}"


def words_of_requester(ticket: "Ticket") -> str:
    """Everything that the requester wrote of their own, on the form and since."""
    said = (event.text for event in ticket.events if event.kind in {EventKind.OPENED, EventKind.REQUESTER_WROTE})
    return "\n".join([ticket.requester_name, ticket.organisation_name, *said])


def due_in_words(ticket: "Ticket") -> str:
    if ticket.resolved_at:
        return f"Solved {moment(ticket.resolved_at)}"
    return "Paused" if ticket.status in PAUSED else time_left(ticket.due_at)


def is_overdue(ticket: "Ticket", now: datetime) -> bool:
    return not ticket.is_done and ticket.status not in PAUSED and ticket.due_at < now


def amount_in_words(minutes: int) -> str:
    """24 hours, 1 hour 30 minutes, 45 minutes: working time as people type it."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' if hours != 1 else ''}"] if hours else []
    return " ".join(parts + ([f"{rest} minute{'s' if rest != 1 else ''}"] if rest else []))
