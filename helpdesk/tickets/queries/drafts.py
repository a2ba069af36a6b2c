"""What somebody has begun to write on a ticket."""

from sqlalchemy import select

from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.tickets.models import Ticket, TicketDraft


def find_draft(ticket: Ticket, actor: Actor) -> TicketDraft | None:
    """The actor's own answer that is not sent yet. Nobody sees somebody else's."""
    own = select(TicketDraft).where(TicketDraft.ticket_id == ticket.id, TicketDraft.person_id == actor.person_id)
    return db.session.scalar(own)
