"""Conversations, each opened by the token that its requester holds."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from helpdesk.accounts.permissions import Permission
from helpdesk.bot.models import Conversation, Turn
from helpdesk.bot.rules.keeping import FORGOTTEN_AFTER
from helpdesk.bot.types import NOT_HELPED, Author, Outcome
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.secret_text import hash_token
from helpdesk.db import db
from helpdesk.tickets.models.ticket import Ticket, TicketEvent
from helpdesk.tickets.queries.requester import PROGRESS, Progress, has_news


class Marks(NamedTuple):
    """How far a conversation has come: all that most polls of programs need."""

    id: UUID
    # Turns up to the hand-over; the ticket's events count on from there.
    before_ticket: int
    progress: Progress | None


def find_conversation(token: str) -> Conversation | None:
    """The open conversation of this token with all that its page shows, or None."""
    if not token:
        return None
    return db.session.scalar(
        select(Conversation)
        .where(Conversation.token_hash == hash_token(token), Conversation.closed_at.is_(None))
        .options(selectinload(Conversation.turns), joinedload(Conversation.ticket))
    )


def find_conversation_to_change(token: str) -> Conversation | None:
    """The same, held so that a second sending waits until the first is done."""
    if not token:
        return None
    return db.session.scalar(
        select(Conversation)
        .where(Conversation.token_hash == hash_token(token), Conversation.closed_at.is_(None))
        .options(selectinload(Conversation.turns))
        .with_for_update(of=Conversation)
        .execution_options(populate_existing=True)
    )


def find_progress(token: str) -> Progress | None:
    """How far the request has come that this token's open conversation became, or None while there is none."""
    if not token:
        return None
    own = select(*PROGRESS).join(Conversation, Conversation.ticket_id == Ticket.id)
    row = db.session.execute(
        own.where(Conversation.token_hash == hash_token(token), Conversation.closed_at.is_(None))
    ).one_or_none()
    return Progress(*row) if row else None


def find_marks(token: str) -> Marks | None:
    """How far the open conversation of this token has come, or None."""
    if not token:
        return None
    turns = func.coalesce(Conversation.turns_handed_over, Conversation.last_turn_number)
    row = db.session.execute(
        select(Conversation.id, turns, *PROGRESS)
        .outerjoin(Conversation.ticket)
        .where(Conversation.token_hash == hash_token(token), Conversation.closed_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    ticket_id: UUID | None = row[2]  # of an outer join
    progress = Progress(ticket_id, row[3], row[4]) if ticket_id else None
    return Marks(row[0], row[1], progress)


def has_anything_after(marks: Marks, number: int) -> bool:
    """Whether a turn, or an event that concerns the requester, came after that number."""
    if marks.before_ticket > number:
        return True
    return marks.progress is not None and has_news(marks.progress, number - marks.before_ticket)


def is_used_up(token: str) -> bool:
    """Whether the conversation of this token was closed, so that the token opens nothing any more."""
    used = select(Conversation.id).where(
        Conversation.token_hash == hash_token(token), Conversation.closed_at.is_not(None)
    )
    return db.session.scalar(used) is not None


def turns_after(conversation: Conversation, number: int) -> list[Turn]:
    """What was said after that turn, until a person took over."""
    last = conversation.turns_handed_over
    return [turn for turn in conversation.turns if turn.number > number and (last is None or turn.number <= last)]


def ticket_events_after(conversation: Conversation, number: int) -> list[TicketEvent]:
    """What came since a person took over and the requester may see. The ticket's events count on from the turns."""
    if conversation.ticket_id is None:
        return []
    seen = number - (conversation.turns_handed_over or 0)
    public = select(TicketEvent).where(
        TicketEvent.ticket_id == conversation.ticket_id, TicketEvent.is_public.is_(True), TicketEvent.number > seen
    )
    return list(db.session.scalars(public.order_by(TicketEvent.number)))


def ticket_to_change(conversation: Conversation) -> Ticket:
    """The ticket that the conversation became, held so that nobody else changes it meanwhile."""
    held = select(Ticket).where(Ticket.id == conversation.ticket_id).with_for_update(of=Ticket)
    return db.session.execute(held.execution_options(populate_existing=True)).scalar_one()


def conversations_left_unanswered(actor: Actor, limit: int) -> list[Conversation]:
    """The newest conversations in which a message was not understood, an answer did not help, or an agent saw that
    the answer was about another topic.

    Only for those who edit the answers for everybody: they see what people wrote.
    """
    if "" not in actor.reach(Permission.FAQ_EDIT):
        return []
    since = clock.now() - FORGOTTEN_AFTER
    still_stuck = and_(Turn.author == Author.REQUESTER, Turn.text == NOT_HELPED)
    missed = select(Turn.conversation_id).where(Turn.at >= since, or_(Turn.outcome == Outcome.UNKNOWN, still_stuck))
    return list(
        db.session.scalars(
            select(Conversation)
            .outerjoin(Conversation.ticket)
            .where(or_(Conversation.id.in_(missed), and_(Conversation.last_at >= since, _was_filed_elsewhere())))
            .options(selectinload(Conversation.turns), joinedload(Conversation.ticket).selectinload(Ticket.events))
            .order_by(Conversation.last_at.desc(), Conversation.id)
            .limit(limit)
        )
    )


def _was_filed_elsewhere() -> ColumnElement[bool]:
    """A ticket begins with the topic of the last answer; only an agent moves it."""
    return and_(Conversation.topic != "", Ticket.topic != "", Ticket.topic != Conversation.topic)
