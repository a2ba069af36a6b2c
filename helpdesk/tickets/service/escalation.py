"""What the queue does not solve goes further: to the helpdesk's email, or to the phone queue. Nothing waits unseen."""

from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM, Actor
from helpdesk.core.redaction import without_secrets
from helpdesk.db import db, write_transaction
from helpdesk.tickets import emails
from helpdesk.tickets.errors import AlreadyEscalated, NoPhoneNumber, TicketClosed
from helpdesk.tickets.models import Escalation, Ticket
from helpdesk.tickets.queries.escalations import references_to_consider
from helpdesk.tickets.queries.tickets import ticket_to_change
from helpdesk.tickets.rules import HIGHEST_LEVEL, EscalationFacts, escalation_due
from helpdesk.tickets.service.call_backs import queue_call_back
from helpdesk.tickets.service.timeline import add_event
from helpdesk.tickets.types import REASON_NAMES, EscalationReason, EventKind, Route

BATCH = 200


def escalate(ticket: Ticket, *, by: Actor, route: Route, reason: EscalationReason, note: str = "") -> Escalation:
    """Take the ticket one level further, once for each level. Phone needs a number; email always works."""
    if ticket.is_done:
        raise TicketClosed("This ticket is solved. Reopen it before you escalate it.")
    if ticket.escalation_level >= HIGHEST_LEVEL:
        raise AlreadyEscalated
    if route is Route.PHONE and not ticket.requester_phone:
        raise NoPhoneNumber
    note = without_secrets(note)  # it is mailed, too
    ticket.escalation_level += 1
    escalation = _new_escalation(ticket, by, route, reason)
    db.session.add(escalation)
    add_event(ticket, EventKind.ESCALATED, by=by, text=_words(escalation, note))
    if route is Route.PHONE:
        queue_call_back(ticket)
    else:
        emails.escalate(ticket, escalation, note)
    return escalation


def ensure_level(ticket: Ticket, seen: int) -> None:
    """Refuse to escalate a ticket that went further since the agent saw it: one click too many, or a colleague."""
    if ticket.escalation_level != seen:
        raise AlreadyEscalated


def escalate_due_tickets() -> int:
    """Escalate every ticket that a rule says must go further now, each in a transaction of its own. How many went."""
    references = references_to_consider(clock.now(), BATCH)
    return sum(_escalate_if_due(reference) for reference in references)


def _escalate_if_due(reference: str) -> bool:
    with write_transaction():
        ticket = ticket_to_change(SYSTEM, reference)
        reason = escalation_due(_facts(ticket), clock.now())
        if reason is None:  # somebody answered meanwhile
            return False
        route = Route.PHONE if ticket.route is Route.PHONE and ticket.requester_phone else Route.EMAIL
        escalate(ticket, by=SYSTEM, route=route, reason=reason)
        return True


def _facts(ticket: Ticket) -> EscalationFacts:
    return EscalationFacts(
        status=ticket.status,
        priority=ticket.priority,
        patient_waiting=ticket.patient_waiting,
        level=ticket.escalation_level,
        first_response_due=ticket.first_response_due_at,
        first_responded=ticket.first_responded_at is not None,
        resolution_due=ticket.resolution_due_at,
    )


def _new_escalation(ticket: Ticket, by: Actor, route: Route, reason: EscalationReason) -> Escalation:
    return Escalation(
        ticket_id=ticket.id,
        level=ticket.escalation_level,
        route=route,
        reason=reason,
        at=clock.now(),
        actor_id=by.person_id,
        topic=ticket.topic,
        organisation_id=ticket.organisation_id,
    )


def _words(escalation: Escalation, note: str) -> str:
    where = "the phone queue" if escalation.route is Route.PHONE else "the helpdesk’s email"
    return f"Level {escalation.level}, to {where}. {REASON_NAMES[escalation.reason]}. {note}".strip()
