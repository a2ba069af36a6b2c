"""What the workers did, task by task."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base


class JobRun(Base):
    """One task: who runs it now, when it last ran, when it is due, and what last went wrong."""

    __tablename__ = "job_run"
    __table_args__ = (
        CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name="lease_has_an_end"),
        CheckConstraint("(last_fault IS NULL) = (last_fault_at IS NULL)", name="fault_has_a_time"),
    )

    task: Mapped[str] = mapped_column(String(60), unique=True)
    due_at: Mapped[datetime]
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    last_started_at: Mapped[datetime | None]
    last_ended_at: Mapped[datetime | None]
    # The kind of fault and its place, never its text: that may hold what people typed.
    last_fault: Mapped[str | None] = mapped_column(String(200))
    last_fault_at: Mapped[datetime | None]
