"""Who writes on a ticket: the agent to the requester, the requester to the agent, agents among themselves."""

from datetime import timedelta

from helpdesk.core import clock
from helpdesk.core.actor import BOT, Actor, requester
from helpdesk.core.errors import ChangedMeanwhile
from helpdesk.core.redaction import without_secrets
from helpdesk.core.throttle import Limit, charge
from helpdesk.tickets.models.ticket import Ticket, TicketEvent
from helpdesk.tickets.queries.requester import find_sent, was_acknowledged
from helpdesk.tickets.rules import (
    ensure_may_be_answered,
    status_after_requester_wrote,
)
from helpdesk.tickets.service.deadlines import recount
from helpdesk.tickets.service.lifecycle import change_status, take_over
from helpdesk.tickets.service.timeline import add_event
from helpdesk.tickets.service.unread import expect_mail
from helpdesk.tickets.types import EventKind, Status

LONGEST_MESSAGE = 10_000
# Far more than anybody types; an agent's page must stay readable.
MESSAGES = Limit(
    "ticket:messages",
    20,
    timedelta(minutes=10),
    "You have sent many messages. Wait a few minutes, or phone the helpdesk.",
)
ACKNOWLEDGEMENT = "We added this to your request. A person will answer you here."
# Whoever has not seen these has missed nothing that was said.
SILENT = frozenset({EventKind.ACKNOWLEDGED, EventKind.TAKEN_OVER})


def reply(ticket: Ticket, *, by: Actor, text: str, seen: int) -> TicketEvent:
    """Answer the requester: on their page, and by mail if they do not read it there.

    ChangedMeanwhile when something came after event `seen`.
    """
    ensure_may_be_answered(ticket.status)
    ensure_seen(ticket, seen)
    take_over(ticket, by=by)
    ticket.first_responded_at = ticket.first_responded_at or clock.now()
    ticket.assignee_id = ticket.assignee_id or by.person_id
    if not ticket.is_done:
        change_status(ticket, Status.WAITING_FOR_REQUESTER)
    event = add_event(ticket, EventKind.REPLIED, by=by, text=text)
    recount(ticket)
    expect_mail(ticket)
    return event


def note(ticket: Ticket, *, by: Actor, text: str) -> TicketEvent:
    """Leave an internal note; the requester never sees it."""
    return add_event(ticket, EventKind.NOTED, by=by, text=text)


def requester_sends(ticket: Ticket, *, text: str, client_key: str | None) -> TicketEvent:
    """Take what the requester sends, once for each key, and let the assistant say that it is here. TooMany in a flood.

    The assistant says so once, and only while no agent has taken over.
    Other words with the same key come from a page that was gone back to: they are a message of their own.
    """
    text = without_secrets(text, LONGEST_MESSAGE)
    sent = find_sent(ticket, client_key)
    if sent and sent.text == text:
        return sent
    charge(MESSAGES, ticket.reference)
    by = requester(ticket.requester_name)
    event = requester_writes(ticket, by=by, text=text, client_key=None if sent else client_key)
    if ticket.taken_over_at is None and not was_acknowledged(ticket):
        add_event(ticket, EventKind.ACKNOWLEDGED, by=BOT, text=ACKNOWLEDGEMENT)
    return event


def requester_writes(ticket: Ticket, *, by: Actor, text: str, client_key: str | None = None) -> TicketEvent:
    """Add what the requester says; it brings the ticket back to the agents, also when it was solved."""
    status = status_after_requester_wrote(ticket.status)
    change_status(ticket, status)
    event = add_event(ticket, EventKind.REQUESTER_WROTE, by=by, text=text, client_key=client_key)
    recount(ticket)
    return event


def ensure_seen(ticket: Ticket, seen: int) -> None:
    """Refuse an answer by somebody who has not seen what was said last: a reply, or the requester's own words."""
    missed = [event for event in ticket.events if event.number > seen and event.is_public and event.kind not in SILENT]
    if missed:
        raise ChangedMeanwhile(f"{missed[-1].actor_name} wrote meanwhile. Read it below, then send again or change it.")
