"""What agents have begun to write."""

from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, closed_set
from helpdesk.tickets.types import (
    AnswerKind,
)


class TicketDraft(Base):
    """What one person has begun to write on a ticket and not sent. `updated_at` says when."""

    __tablename__ = "ticket_draft"
    __table_args__ = (UniqueConstraint("ticket_id", "person_id"), Index("ix_ticket_draft_updated_at", "updated_at"))

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[AnswerKind] = mapped_column(closed_set(AnswerKind))
    text: Mapped[str] = mapped_column(Text)
