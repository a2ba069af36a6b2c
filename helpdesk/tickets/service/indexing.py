"""Keeping a ticket to be found by what it says now, in the transaction that changes it."""

from datetime import datetime
from secrets import randbelow
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk.core import clock
from helpdesk.db import db
from helpdesk.tickets.models.ticket import Ticket, TicketEvent
from helpdesk.tickets.models.words import TicketWords
from helpdesk.tickets.search.document import TicketText, words_of_ticket
from helpdesk.tickets.types import REQUESTER_SPEAKS, EventKind

# What somebody wrote; the other lines of a timeline say what was changed.
WRITTEN = frozenset(
    {
        EventKind.OPENED,
        EventKind.REQUESTER_WROTE,
        EventKind.REPLIED,
        EventKind.NOTED,
        EventKind.RESOLVED,
        EventKind.CALL_BACK_TRIED,
    }
)


def index_ticket(ticket: Ticket) -> None:
    """Take the ticket's words and labels anew, as they are at this moment."""
    words = words_of_ticket(_text_of(ticket))
    known = update(TicketWords).where(TicketWords.id == ticket.id).values(words=words, updated_at=clock.now())
    if not db.session.execute(known.returning(TicketWords.place)).first():
        _add(ticket.id, ticket.opened_at, words)


def place_of(opened_at: datetime) -> int:
    """Where a ticket stands among all, the newest last. The last digits are drawn: two may come in one moment."""
    return int(opened_at.timestamp() * 1_000) * 1_000 + randbelow(1_000)


def _add(ticket_id: UUID, opened_at: datetime, words: list[str]) -> None:
    """The place is taken by the first who asks; the other draws another one."""
    insert: Any = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert  # Any: of two kinds
    added = None
    while added is None:
        new = insert(TicketWords).values(id=ticket_id, place=place_of(opened_at), words=words)
        statement = new.on_conflict_do_nothing(index_elements=["place"]).returning(TicketWords.place)
        added = db.session.scalar(statement)


def _text_of(ticket: Ticket) -> TicketText:
    written = select(TicketEvent.text).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind.in_(WRITTEN))
    said_before = [line["text"] for line in ticket.transcript if line["author"] == REQUESTER_SPEAKS]
    site = ticket.organisation
    return TicketText(
        reference=ticket.reference,
        name=ticket.requester_name,
        email=ticket.requester_email,
        phone=ticket.requester_phone,
        site=(ticket.organisation_name, *((site.name, site.ods_code or "", site.postcode) if site else ())),
        texts=[*db.session.scalars(written.order_by(TicketEvent.number)), *said_before],
        status=ticket.status,
        priority=ticket.priority,
        topic=ticket.topic,
        assignee_id=str(ticket.assignee_id or ""),
        is_open=ticket.is_open,
        is_escalated=ticket.escalation_level > 0,
    )
