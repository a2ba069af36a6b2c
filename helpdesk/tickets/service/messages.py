"""Who writes on a ticket: the agent to the requester, the requester to the agent, agents among themselves."""

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import ChangedMeanwhile
from helpdesk.tickets import emails
from helpdesk.tickets.models import Ticket, TicketEvent
from helpdesk.tickets.rules import (
    ensure_may_be_answered,
    next_due,
    status_after_requester_wrote,
)
from helpdesk.tickets.service.lifecycle import change_status
from helpdesk.tickets.service.timeline import add_event
from helpdesk.tickets.types import EventKind, Status


def reply(ticket: Ticket, *, by: Actor, text: str, seen: int) -> TicketEvent:
    """Answer the requester: on their page and by mail. ChangedMeanwhile when something came after event `seen`."""
    ensure_may_be_answered(ticket.status)
    ensure_seen(ticket, seen)
    event = add_event(ticket, EventKind.REPLIED, by=by, text=text)
    if ticket.first_responded_at is None:
        ticket.first_responded_at = clock.now()
        ticket.due_at = next_due(ticket.deadlines, first_responded=True)
    if ticket.assignee_id is None:
        ticket.assignee_id = by.person_id
    if not ticket.is_done:
        change_status(ticket, Status.WAITING_FOR_REQUESTER)
    emails.tell_requester(ticket, event)
    return event


def note(ticket: Ticket, *, by: Actor, text: str) -> TicketEvent:
    """Leave an internal note; the requester never sees it."""
    return add_event(ticket, EventKind.NOTED, by=by, text=text)


def requester_writes(ticket: Ticket, *, by: Actor, text: str) -> TicketEvent:
    """Add what the requester says; it brings the ticket back to the agents, also when it was solved."""
    status = status_after_requester_wrote(ticket.status)
    event = add_event(ticket, EventKind.REQUESTER_WROTE, by=by, text=text)
    change_status(ticket, status)
    return event


def ensure_seen(ticket: Ticket, seen: int) -> None:
    """Refuse an answer by somebody who has not seen what was said last: a reply, or the requester's own words."""
    missed = [event for event in ticket.events if event.number > seen and event.is_public]
    if missed:
        raise ChangedMeanwhile(f"{missed[-1].actor_name} wrote meanwhile. Read it below, then send again or change it.")
