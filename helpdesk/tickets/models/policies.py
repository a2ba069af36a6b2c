"""The hours in which we work, what is allowed in them, and what takes tickets further."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, closed_set, one_of
from helpdesk.tickets.types import (
    EscalationReason,
    Priority,
    Route,
)


class WorkingSpan(Base):
    """A stretch of a weekday in which the helpdesk works, in local time."""

    __tablename__ = "working_span"
    __table_args__ = (
        UniqueConstraint("weekday", "starts"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("starts < ends", name="ends_after_start"),
    )

    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]


class DeadlinePolicy(Base):
    """How much working time is allowed for the tickets that fit. A condition that is None fits all."""

    __tablename__ = "deadline_policy"
    __table_args__ = (
        CheckConstraint("first_response_minutes > 0", name="first_response_minutes"),
        CheckConstraint("next_response_minutes > 0", name="next_response_minutes"),
        CheckConstraint("resolution_minutes >= first_response_minutes", name="resolution_minutes"),
    )

    name: Mapped[str] = mapped_column(String(80))
    priority: Mapped[Priority | None] = mapped_column(closed_set(Priority))
    route: Mapped[Route | None] = mapped_column(closed_set(Route))
    patient_waiting: Mapped[bool | None]
    first_response_minutes: Mapped[int]
    next_response_minutes: Mapped[int]
    resolution_minutes: Mapped[int]


class EscalationRuleRow(Base):
    """A rule that somebody made or changed. One with the key of a default stands in its place."""

    __tablename__ = "escalation_rule"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        CheckConstraint("after_minutes >= 0", name="after_minutes"),
        CheckConstraint(one_of("raises_to", Priority), name="raises_to"),
    )

    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    level: Mapped[int]
    reason: Mapped[EscalationReason] = mapped_column(closed_set(EscalationReason))
    after_minutes: Mapped[int] = mapped_column(default=0)
    priority: Mapped[Priority | None] = mapped_column(closed_set(Priority))
    patient_waiting: Mapped[bool | None]
    route: Mapped[Route | None] = mapped_column(closed_set(Route))
    raises_to: Mapped[str | None] = mapped_column(String(40))
    assigns_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    is_on: Mapped[bool] = mapped_column(default=True)


class DayOff(Base):
    """A bank holiday, or another day on which the helpdesk does not work."""

    __tablename__ = "day_off"

    day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(80))
