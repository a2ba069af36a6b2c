"""People's accounts at a provider of sign-in, and what is to be done there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, one_of
from helpdesk.mfa.types.outward import OutwardStep, StepState

WAITS = text("state = 'waiting'")


class IdentityLink(Base):
    """Which account at a provider is a person's. Found by email once, and by this id ever after."""

    __tablename__ = "identity_link"
    __table_args__ = (UniqueConstraint("provider", "external_id"), UniqueConstraint("person_id", "provider"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    provider: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(300))


class ProviderStep(Base):
    """One thing to do at the provider for one reset, and how far it has come. Each is done once, whoever asks twice."""

    __tablename__ = "provider_step"
    __table_args__ = (
        UniqueConstraint("reset_id", "step"),
        CheckConstraint(one_of("step", OutwardStep), name="step"),
        CheckConstraint(one_of("state", StepState), name="state"),
        CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name="lease_has_an_end"),
        CheckConstraint("state = 'waiting' OR lease IS NULL", name="lease_while_waiting"),
        Index("ix_provider_step_waiting", "next_attempt_at", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    reset_id: Mapped[UUID]
    step: Mapped[str] = mapped_column(String(20))
    # A step begins when all with a lower number are done.
    position: Mapped[int]
    provider: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default=StepState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    # A sentence for staff.
    last_error: Mapped[str] = mapped_column(String(200), default="")
