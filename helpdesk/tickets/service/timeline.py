"""How something gets onto a ticket's timeline."""

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.redaction import without_secrets
from helpdesk.db import db
from helpdesk.tickets.models.ticket import Ticket, TicketEvent
from helpdesk.tickets.service.indexing import index_ticket
from helpdesk.tickets.types import EventKind

# The requester sees what was said to them and how their ticket stands, never how we work.
PUBLIC_KINDS = frozenset(
    {
        EventKind.OPENED,
        EventKind.REQUESTER_WROTE,
        EventKind.ACKNOWLEDGED,
        EventKind.TAKEN_OVER,
        EventKind.REPLIED,
        EventKind.RESOLVED,
        EventKind.REOPENED,
        EventKind.ESCALATED,
    }
)


def add_event(
    ticket: Ticket, kind: EventKind, *, by: Actor, text: str = "", client_key: str | None = None
) -> TicketEvent:
    """Write the next line of the ticket's timeline, without secrets, and the audit row that goes with it.

    Whoever changes the ticket does so first: from this moment it is found as it is now.
    """
    event = TicketEvent(
        ticket_id=ticket.id,
        number=_next_number(ticket),
        kind=kind,
        at=clock.now(),
        status_after=ticket.status,
        actor_id=by.person_id,
        actor_name=by.name,
        is_public=kind in PUBLIC_KINDS,
        text=without_secrets(text),
        client_key=client_key,
    )
    db.session.add(event)
    record(f"ticket:{kind}", by=by, target=ticket.reference, organisation_id=ticket.organisation_id)
    db.session.flush()
    index_ticket(ticket)
    return event


def _next_number(ticket: Ticket) -> int:
    """Counted by the database: who counts holds the ticket's row until the commit.

    So numbers come to light in order, and whoever asks for what came after one misses nothing.
    """
    count = update(Ticket).where(Ticket.id == ticket.id).values(last_event_number=Ticket.last_event_number + 1)
    counted = count.returning(Ticket.last_event_number).execution_options(synchronize_session=False)
    number = db.session.execute(counted).scalar_one()
    set_committed_value(ticket, "last_event_number", number)
    return number
