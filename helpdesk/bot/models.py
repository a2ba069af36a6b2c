"""A conversation with the assistant, and its turns."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.bot.types import Author, ConversationState, Outcome
from helpdesk.core import clock
from helpdesk.db import Base, closed_set, json_column
from helpdesk.tickets.models.ticket import Ticket


class Conversation(Base):
    """What one requester wrote and was answered, from the first message until they close it."""

    __tablename__ = "conversation"
    __table_args__ = (
        CheckConstraint("unknown_in_a_row >= 0", name="unknown_in_a_row"),
        CheckConstraint("(state = 'handed_over') <= (ticket_id IS NOT NULL)", name="handed_over_has_ticket"),
        CheckConstraint("(ticket_id IS NOT NULL) = (turns_handed_over IS NOT NULL)", name="ticket_with_turns"),
        Index("ix_conversation_by_last", "last_at", "id"),
    )

    # Of the token in the requester's browser or program. A token opens one conversation, ever.
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    state: Mapped[ConversationState] = mapped_column(closed_set(ConversationState), default=ConversationState.OPEN)
    is_patient_waiting: Mapped[bool] = mapped_column(default=False)
    unknown_in_a_row: Mapped[int] = mapped_column(default=0)
    last_turn_number: Mapped[int] = mapped_column(default=0)
    # Of the answer that was shown or offered last; empty until then.
    topic: Mapped[str] = mapped_column(String(40), default="")
    last_at: Mapped[datetime] = mapped_column(default=clock.now)
    # From then on the token opens nothing.
    closed_at: Mapped[datetime | None]
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"), unique=True)
    # How many turns there were when a person took over; what is said later stands on the ticket.
    turns_handed_over: Mapped[int | None]

    turns: Mapped[list["Turn"]] = relationship(back_populates="conversation", order_by="Turn.number")
    ticket: Mapped[Ticket | None] = relationship()


class Turn(Base):
    """One thing said: by the requester, or by the assistant with the answers and options it showed."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("conversation_id", "number"),
        UniqueConstraint("conversation_id", "client_key"),
        CheckConstraint("(author = 'assistant') = (outcome IS NOT NULL)", name="assistant_has_outcome"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    # 1, 2, 3 … within the conversation.
    number: Mapped[int]
    author: Mapped[Author] = mapped_column(closed_set(Author))
    outcome: Mapped[Outcome | None] = mapped_column(closed_set(Outcome))
    text: Mapped[str] = mapped_column(Text)
    # What was shown in full: a list of {id, confidence}.
    answers: Mapped[list[dict[str, Any]]] = json_column()  # Any: JSON
    # What could be tapped: a list of {id, title, confidence}.
    options: Mapped[list[dict[str, Any]]] = json_column()  # Any: JSON
    at: Mapped[datetime] = mapped_column(default=clock.now)
    # Made by the page for each sending, so that the same message sent twice is kept once.
    client_key: Mapped[str | None] = mapped_column(String(64))

    conversation: Mapped[Conversation] = relationship(back_populates="turns")

    @property
    def answer_ids(self) -> list[str]:
        return [answer["id"] for answer in self.answers]
