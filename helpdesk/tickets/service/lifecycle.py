"""What agents do with a ticket: assign it, rank it, file it, end it, take it up again."""

from uuid import UUID

from sqlalchemy import select

from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM, Actor
from helpdesk.core.errors import ChangedMeanwhile, RuleRefused
from helpdesk.db import db
from helpdesk.tickets import emails
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.queries.tickets import find_agent
from helpdesk.tickets.rules import (
    DONE,
    PAUSED,
    SOLVED_BECOMES_CLOSED_AFTER,
    ensure_transition,
)
from helpdesk.tickets.service.deadlines import recount
from helpdesk.tickets.service.timeline import add_event
from helpdesk.tickets.service.unread import mail_unread
from helpdesk.tickets.types import (
    PRIORITY_NAMES,
    STATUS_NAMES,
    EventKind,
    Filing,
    Priority,
    Status,
)

NOBODY = "Nobody"


def file(ticket: Ticket, *, by: Actor, filing: Filing, seen: int) -> None:
    """Set all of a ticket's labels at once. ChangedMeanwhile when anything happened after event `seen`."""
    if ticket.last_event_number != seen:
        raise ChangedMeanwhile
    set_priority(ticket, by=by, priority=filing.priority)
    set_topic(ticket, by=by, topic=filing.topic)
    set_status(ticket, by=by, status=filing.status)
    assign(ticket, by=by, to=filing.assignee_id)


def assign(ticket: Ticket, *, by: Actor, to: UUID | None) -> None:
    """Give the ticket to an agent, or to nobody."""
    agent = find_agent(to) if to else None
    if to and agent is None:
        raise RuleRefused("That person cannot take tickets. Choose an agent.")
    if ticket.assignee_id == to:
        return
    ticket.assignee_id = to
    if ticket.status is Status.NEW and to:
        change_status(ticket, Status.OPEN)
    add_event(ticket, EventKind.ASSIGNED, by=by, text=agent.name if agent else NOBODY)
    if to and to == by.person_id:
        take_over(ticket, by=by)


def take_over(ticket: Ticket, *, by: Actor) -> None:
    """From now on an agent speaks with the requester: they are told so, and the assistant is silent.

    Once for each ticket, and decided on its held row: a message in the same moment comes either before or after.
    """
    if ticket.taken_over_at is None:
        ticket.taken_over_at = clock.now()
        add_event(ticket, EventKind.TAKEN_OVER, by=by)


def set_priority(ticket: Ticket, *, by: Actor, priority: Priority) -> None:
    """Rank the ticket anew; its deadlines are counted again from the opening."""
    if ticket.priority is priority:
        return
    before, ticket.priority = ticket.priority, priority
    change = f"{PRIORITY_NAMES[before]} to {PRIORITY_NAMES[priority]}"
    add_event(ticket, EventKind.PRIORITY_CHANGED, by=by, text=change)
    recount(ticket)


def set_topic(ticket: Ticket, *, by: Actor, topic: str) -> None:
    """File the ticket under another topic of the FAQ."""
    if ticket.topic != topic:
        ticket.topic = topic
        add_event(ticket, EventKind.TOPIC_CHANGED, by=by, text=topic)


def set_status(ticket: Ticket, *, by: Actor, status: Status) -> None:
    """Say how the ticket stands: open, waiting for the pharmacy, on hold."""
    if ticket.status is status:
        return
    ensure_transition(ticket.status, status)
    change = f"{STATUS_NAMES[ticket.status]} to {STATUS_NAMES[status]}"
    change_status(ticket, status)
    add_event(ticket, EventKind.STATUS_CHANGED, by=by, text=change)
    recount(ticket)


def resolve(ticket: Ticket, *, by: Actor, note: str = "") -> None:
    """End the ticket as solved, and tell the requester."""
    ensure_transition(ticket.status, Status.SOLVED)
    change_status(ticket, Status.SOLVED)
    mail_unread(ticket)
    event = add_event(ticket, EventKind.RESOLVED, by=by, text=note)
    recount(ticket)
    emails.tell_solved(ticket, event)


def reopen(ticket: Ticket, *, by: Actor) -> None:
    """Take up a solved ticket again."""
    ensure_transition(ticket.status, Status.OPEN)
    change_status(ticket, Status.OPEN)
    add_event(ticket, EventKind.REOPENED, by=by)
    recount(ticket)


def close_old_tickets(limit: int) -> int:
    """Close what has been solved for some days and was not taken up again. How many were closed."""
    old = clock.now() - SOLVED_BECOMES_CLOSED_AFTER
    solved = select(Ticket).where(Ticket.status == Status.SOLVED, Ticket.resolved_at < old).limit(limit)
    tickets = list(db.session.scalars(solved.with_for_update(skip_locked=True)))
    for ticket in tickets:
        set_status(ticket, by=SYSTEM, status=Status.CLOSED)
    return len(tickets)


def change_status(ticket: Ticket, status: Status) -> None:
    """Set the status and what follows from it, with no event: the caller writes the one that fits."""
    ticket.status = status
    ticket.is_open, ticket.is_paused = status not in DONE, status in PAUSED
    ticket.resolved_at = (ticket.resolved_at or clock.now()) if status in DONE else None
