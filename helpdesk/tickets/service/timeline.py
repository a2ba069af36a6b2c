"""How something gets onto a ticket's timeline."""

from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.redaction import without_secrets
from helpdesk.db import db
from helpdesk.tickets.models import Ticket, TicketEvent
from helpdesk.tickets.types import EventKind

# The requester sees what was said to them and how their ticket stands, never how we work.
PUBLIC_KINDS = frozenset(
    {
        EventKind.OPENED,
        EventKind.REQUESTER_WROTE,
        EventKind.REPLIED,
        EventKind.RESOLVED,
        EventKind.REOPENED,
        EventKind.ESCALATED,
    }
)


def add_event(ticket: Ticket, kind: EventKind, *, by: Actor, text: str = "") -> TicketEvent:
    """Write the next line of the ticket's timeline, without secrets, and the audit row that goes with it."""
    ticket.last_event_number += 1
    event = TicketEvent(
        ticket_id=ticket.id,
        number=ticket.last_event_number,
        kind=kind,
        at=clock.now(),
        actor_id=by.person_id,
        actor_name=by.name,
        is_public=kind in PUBLIC_KINDS,
        text=without_secrets(text),
    )
    db.session.add(event)
    record(f"ticket:{kind}", by=by, target=ticket.reference, organisation_id=ticket.organisation_id)
    db.session.flush()
    return event
