"""The audit log: rows are added and never changed."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base

# SQLite counts up by itself only in a column of exactly this type.
SEQUENCE = BigInteger().with_variant(Integer, "sqlite")


class AuditEvent(Base):
    """One thing that somebody did, for an investigation. It names things by id and outlives them: no foreign keys."""

    __tablename__ = "audit_event"
    __table_args__ = (
        CheckConstraint("action LIKE '%_:_%'", name="action_names_thing_and_act"),
        Index("ix_audit_event_target", "target"),
        {"sqlite_autoincrement": True},  # a number is never given twice, even after a restore
    )

    sequence: Mapped[int] = mapped_column(SEQUENCE, primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    # None for the service itself and for requesters, who have no account.
    actor_id: Mapped[UUID | None]
    actor_role: Mapped[str] = mapped_column(String(30))
    action: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(80))
    organisation_id: Mapped[UUID | None]
    detail: Mapped[str] = mapped_column(Text, default="{}")
