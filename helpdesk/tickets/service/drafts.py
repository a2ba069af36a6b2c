"""Keeping what an agent has begun to write, until it is sent, emptied or forgotten.

A draft is nothing that happened: it has no event and no audit row, and no search finds it.
"""

from sqlalchemy import delete, select

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.redaction import without_secrets
from helpdesk.db import db
from helpdesk.tickets.models.drafts import TicketDraft
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.queries.drafts import find_draft
from helpdesk.tickets.rules import DRAFT_FORGOTTEN_AFTER
from helpdesk.tickets.service.messages import LONGEST_MESSAGE
from helpdesk.tickets.types import AnswerKind


def keep_draft(ticket: Ticket, *, by: Actor, kind: AnswerKind, text: str, seen: int) -> None:
    """Keep the text in place of what was kept before; an empty one keeps nothing. Whoever asks holds the ticket.

    `seen` is the last event on the page that it was written on.
    """
    kept = without_secrets(text, LONGEST_MESSAGE)
    if not kept:
        drop_draft(ticket, by=by)
        return
    if _was_sent(ticket, by, kept, seen):
        return
    draft = find_draft(ticket, by) or TicketDraft(ticket_id=ticket.id, person_id=by.person_id)
    draft.kind, draft.text = kind, kept
    db.session.add(draft)
    db.session.flush()


def drop_draft(ticket: Ticket, *, by: Actor) -> None:
    """Nothing is begun any more: it was sent, or emptied."""
    draft = find_draft(ticket, by)
    if draft:
        db.session.delete(draft)
        db.session.flush()


def forget_old_drafts(most: int) -> int:
    """Delete so many at most of the drafts that nobody came back to; how many were deleted."""
    old = select(TicketDraft.id).where(TicketDraft.updated_at < clock.now() - DRAFT_FORGOTTEN_AFTER)
    ids = list(db.session.scalars(old.limit(most).with_for_update(skip_locked=True)))
    db.session.execute(delete(TicketDraft).where(TicketDraft.id.in_(ids)))
    return len(ids)


def _was_sent(ticket: Ticket, by: Actor, text: str, seen: int) -> bool:
    """Whether it comes late: a page may still be saving the beginning of what was sent a moment ago."""
    own = (event for event in ticket.events if event.number > seen and event.actor_id == by.person_id)
    return any(event.text.startswith(text) for event in own)
