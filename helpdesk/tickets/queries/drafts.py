"""What somebody has begun to write on a ticket."""

from sqlalchemy import select

from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.tickets.models.drafts import TicketDraft
from helpdesk.tickets.models.ticket import Ticket


def find_draft(ticket: Ticket, actor: Actor) -> TicketDraft | None:
    """The actor's own answer that is not sent yet. Nobody sees somebody else's."""
    own = select(TicketDraft).where(TicketDraft.ticket_id == ticket.id, TicketDraft.person_id == actor.person_id)
    return db.session.scalar(own)
