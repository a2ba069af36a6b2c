"""A ticket, what happened to it, its escalations and call-backs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Organisation, Person
from helpdesk.db import Base, closed_set, json_column
from helpdesk.tickets.rules import CALL_BACKS_PER_SLOT, DONE
from helpdesk.tickets.types import (
    CallBackOutcome,
    CallBackState,
    EscalationReason,
    EventKind,
    Priority,
    Route,
    Status,
)

# In words of the database, letter by letter as the index has it: only then does SQLite use the index.
IS_TO_RECOUNT = text("deadlines_counted_at IS NULL AND is_open")


class Ticket(Base):
    """One problem of one requester, from hand-over to the end."""

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint("is_open = (status NOT IN ('solved', 'closed'))", name="is_open_follows_status"),
        CheckConstraint("is_paused = (status IN ('pending', 'on_hold'))", name="is_paused_follows_status"),
        CheckConstraint("(resolved_at IS NOT NULL) = (status IN ('solved', 'closed'))", name="resolved_when_done"),
        CheckConstraint("escalation_level BETWEEN 0 AND 3", name="escalation_level"),
        Index("ix_ticket_open_by_due", "is_open", "is_paused", "due_at", "id"),
        Index("ix_ticket_by_opening", "is_open", "opened_at", "id"),
        Index("ix_ticket_by_assignee", "assignee_id", "is_open", "is_paused", "due_at", "id"),
        Index("ix_ticket_by_status", "status", "due_at", "id"),
        Index("ix_ticket_by_topic", "topic", "is_open", "is_paused", "due_at", "id"),
        Index("ix_ticket_escalated", "escalation_level", "is_open", "due_at", "id"),
        Index("ix_ticket_of_organisation", "organisation_id", "is_open"),
        Index("ix_ticket_by_requester", "requester_email", "opened_at"),
        Index("ix_ticket_to_recount", "id", sqlite_where=IS_TO_RECOUNT, postgresql_where=IS_TO_RECOUNT),
    )

    reference: Mapped[str] = mapped_column(String(12), unique=True)
    pin_hash: Mapped[str] = mapped_column(String(200))
    # Equal for two sendings of one hand-over.
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

    requester_name: Mapped[str] = mapped_column(String(120))
    requester_email: Mapped[str] = mapped_column(String(254))
    requester_phone: Mapped[str] = mapped_column(String(40), default="")
    # As typed; the row it means, where we know it.
    organisation_name: Mapped[str] = mapped_column(String(120), default="")
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))

    route: Mapped[Route] = mapped_column(closed_set(Route))
    topic: Mapped[str] = mapped_column(String(40), default="")
    priority: Mapped[Priority] = mapped_column(closed_set(Priority))
    patient_waiting: Mapped[bool]
    status: Mapped[Status] = mapped_column(closed_set(Status), default=Status.NEW)
    is_open: Mapped[bool] = mapped_column(default=True)
    # Waits for somebody else, and so comes after what waits for us.
    is_paused: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[str] = mapped_column(String(200))
    # The conversation with the assistant: a list of {author, text, at, answer_ids}.
    transcript: Mapped[list[dict[str, Any]]] = json_column()  # Any: JSON

    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    # From then on an agent speaks with the requester, and the assistant is silent.
    taken_over_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    first_response_due_at: Mapped[datetime]
    first_responded_at: Mapped[datetime | None]
    # While a message of the requester waits for an answer that is not the first.
    next_response_due_at: Mapped[datetime | None]
    resolution_due_at: Mapped[datetime]
    # Working time in seconds, without pauses, until the first answer and until the end.
    first_response_took: Mapped[int | None]
    resolution_took: Mapped[int | None]
    # None when a policy or the working hours changed since.
    deadlines_counted_at: Mapped[datetime | None]
    # The deadline that counts now, for sorting; the events are the truth.
    due_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    escalation_level: Mapped[int] = mapped_column(default=0)
    last_event_number: Mapped[int] = mapped_column(default=0)
    # The last event that the requester had before them on a page, or was mailed.
    last_told_number: Mapped[int] = mapped_column(default=0)
    # When replies that were not read by then are mailed.
    reply_mail_due_at: Mapped[datetime | None] = mapped_column(index=True)
    # When a rule takes the ticket further, if nothing happens before; None when none will.
    escalates_at: Mapped[datetime | None] = mapped_column(index=True)

    organisation: Mapped[Organisation | None] = relationship()
    assignee: Mapped[Person | None] = relationship()
    events: Mapped[list["TicketEvent"]] = relationship(back_populates="ticket", order_by="TicketEvent.number")
    escalations: Mapped[list["Escalation"]] = relationship(back_populates="ticket", order_by="Escalation.level")
    call_backs: Mapped[list["CallBack"]] = relationship(back_populates="ticket", order_by="CallBack.created_at")

    @property
    def is_done(self) -> bool:
        return self.status in DONE


class TicketEvent(Base):
    """One thing that happened to a ticket: a message, a note or a change. Together they are its timeline."""

    __tablename__ = "ticket_event"
    __table_args__ = (UniqueConstraint("ticket_id", "number"), UniqueConstraint("ticket_id", "client_key"))

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    # 1, 2, 3 … within the ticket.
    number: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(closed_set(EventKind))
    at: Mapped[datetime]
    # How the ticket stood from then on: deadlines are counted from it.
    status_after: Mapped[Status] = mapped_column(closed_set(Status))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    actor_name: Mapped[str] = mapped_column(String(120))
    # Whether the requester sees it.
    is_public: Mapped[bool]
    # What was written, or what changed from what to what.
    text: Mapped[str] = mapped_column(Text, default="")
    # Made by the page for each sending, so that the same message sent twice is kept once.
    client_key: Mapped[str | None] = mapped_column(String(64))

    ticket: Mapped[Ticket] = relationship(back_populates="events")


class Escalation(Base):
    """A ticket went beyond the queue: to the helpdesk's email or to the phone queue. Once for each level."""

    __tablename__ = "escalation"
    __table_args__ = (UniqueConstraint("ticket_id", "level"), Index("ix_escalation_at", "at"))

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    level: Mapped[int]
    route: Mapped[Route] = mapped_column(closed_set(Route))
    reason: Mapped[EscalationReason] = mapped_column(closed_set(EscalationReason))
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    # Where the ticket stood then, so that figures do not change when a ticket moves later.
    topic: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)

    ticket: Mapped[Ticket] = relationship(back_populates="escalations")


class CallBack(Base):
    """A promise that an agent rings the requester."""

    __tablename__ = "call_back"
    __table_args__ = (
        CheckConstraint("(state = 'claimed') = (claimed_by_id IS NOT NULL)", name="claimed_by_somebody"),
        CheckConstraint("(state = 'done') = (outcome IS NOT NULL)", name="done_with_outcome"),
        Index("ix_call_back_by_due", "state", "due_at", "id"),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"), index=True)
    phone: Mapped[str] = mapped_column(String(40))
    state: Mapped[CallBackState] = mapped_column(closed_set(CallBackState), default=CallBackState.WAITING)
    due_at: Mapped[datetime]
    claimed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    tries: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[CallBackOutcome | None] = mapped_column(closed_set(CallBackOutcome))

    ticket: Mapped[Ticket] = relationship(back_populates="call_backs")
    claimed_by: Mapped[Person | None] = relationship()
    slot: Mapped["CallBackSlot | None"] = relationship(back_populates="call_back")


class CallBackSlot(Base):
    """One of the places on the phone in a stretch of time, promised to one call-back.

    The numbered places keep a slot from being promised too often, however many people ask in the same moment.
    """

    __tablename__ = "call_back_slot"
    __table_args__ = (
        UniqueConstraint("starts_at", "place"),
        CheckConstraint(f"place BETWEEN 1 AND {CALL_BACKS_PER_SLOT}", name="place"),
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
    )

    call_back_id: Mapped[UUID] = mapped_column(ForeignKey("call_back.id"), unique=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[int]

    call_back: Mapped[CallBack] = relationship(back_populates="slot")
