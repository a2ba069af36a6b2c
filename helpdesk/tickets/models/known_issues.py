"""What is broken for many."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base


class KnownIssue(Base):
    """Something that is broken for many, with what to do until it is mended."""

    __tablename__ = "known_issue"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
        Index("ix_known_issue_by_state", "closed_at", "opened_at", "id"),
    )

    title: Mapped[str] = mapped_column(String(100))
    what_to_do: Mapped[str] = mapped_column(Text)
    # Of the answers that it is about; empty when it is about all.
    topic: Mapped[str] = mapped_column(String(40), default="")
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
