"""Chats that no person took over are deleted after a while, so that neither words nor the disk pile up."""

from sqlalchemy import and_, delete, or_, select

from helpdesk.bot.models import Conversation, Turn
from helpdesk.bot.rules.keeping import EMPTY_FORGOTTEN_AFTER, FORGOTTEN_AFTER
from helpdesk.core import clock
from helpdesk.db import db


def forget_old_conversations(most: int) -> int:
    """Delete so many at most of the chats that ended long ago; how many were deleted."""
    now = clock.now()
    is_old = Conversation.last_at < now - FORGOTTEN_AFTER
    is_empty = and_(Conversation.last_turn_number == 0, Conversation.last_at < now - EMPTY_FORGOTTEN_AFTER)
    old = select(Conversation.id).where(Conversation.ticket_id.is_(None), or_(is_old, is_empty))
    # The row itself decides: one that goes on meanwhile is held by its sender, and no longer old.
    ids = list(db.session.scalars(old.order_by(Conversation.last_at).limit(most).with_for_update(skip_locked=True)))
    db.session.execute(delete(Turn).where(Turn.conversation_id.in_(ids)))
    db.session.execute(delete(Conversation).where(Conversation.id.in_(ids)))
    return len(ids)
