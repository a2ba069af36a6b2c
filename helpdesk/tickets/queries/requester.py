"""What a requester's own page asks of their ticket."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from helpdesk.core.errors import NotFound
from helpdesk.core.secret_text import read_reference
from helpdesk.db import db
from helpdesk.tickets.models.ticket import Ticket, TicketEvent
from helpdesk.tickets.types import EventKind


class Progress(NamedTuple):
    """How far a ticket has come and how far its requester knows: all that most polls need."""

    ticket_id: UUID
    last_event_number: int
    last_told_number: int


def progress_of(reference: str) -> Progress:
    """The progress of a requester's ticket. NotFound when it is gone."""
    row = db.session.execute(select(*PROGRESS).where(Ticket.reference == read_reference(reference))).one_or_none()
    if row is None:
        raise NotFound
    return Progress(*row)


def has_news(progress: Progress, number: int) -> bool:
    """Whether anything that concerns the requester came after that event."""
    if progress.last_event_number <= number:
        return False
    return db.session.scalar(_public(progress.ticket_id, number).limit(1)) is not None


def ticket_with_news(progress: Progress) -> Ticket:
    """The ticket with its events."""
    return db.session.execute(
        select(Ticket).where(Ticket.id == progress.ticket_id).options(selectinload(Ticket.events))
    ).scalar_one()


def unread_replies(ticket: Ticket) -> Sequence[TicketEvent]:
    """Replies that the requester has neither seen nor was mailed, oldest first."""
    replies = select(TicketEvent).where(
        TicketEvent.ticket_id == ticket.id,
        TicketEvent.kind == EventKind.REPLIED,
        TicketEvent.number > ticket.last_told_number,
    )
    return db.session.scalars(replies.order_by(TicketEvent.number)).all()


def references_with_mail_due(now: datetime, limit: int) -> Sequence[str]:
    """Tickets with replies that it is time to mail, longest due first."""
    due = select(Ticket.reference).where(Ticket.reply_mail_due_at <= now)
    return db.session.scalars(due.order_by(Ticket.reply_mail_due_at).limit(limit)).all()


def find_sent(ticket: Ticket, client_key: str | None) -> TicketEvent | None:
    """What the requester already sent with this key, or None."""
    if client_key is None:
        return None
    return db.session.scalar(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.client_key == client_key)
    )


def was_acknowledged(ticket: Ticket) -> bool:
    """Whether the assistant has already said on this ticket that a message is here."""
    return db.session.scalar(_acknowledgements(ticket.id).limit(1)) is not None


def acknowledgement_of(message: TicketEvent) -> str:
    """What the assistant said to this very message, or nothing."""
    after = _acknowledgements(message.ticket_id).where(TicketEvent.number == message.number + 1)
    return db.session.scalar(after) or ""


PROGRESS = (Ticket.id, Ticket.last_event_number, Ticket.last_told_number)


def _public(ticket_id: UUID, number: int) -> Select[int]:
    return select(TicketEvent.number).where(
        TicketEvent.ticket_id == ticket_id, TicketEvent.is_public.is_(True), TicketEvent.number > number
    )


def _acknowledgements(ticket_id: UUID) -> Select[str]:
    said = TicketEvent.kind == EventKind.ACKNOWLEDGED
    return select(TicketEvent.text).where(TicketEvent.ticket_id == ticket_id, said)
