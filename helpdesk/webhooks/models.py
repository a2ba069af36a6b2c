"""Messages to other systems that were promised in the same transaction as the change they tell of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.core import clock
from helpdesk.db import Base, one_of
from helpdesk.webhooks.types import DeliveryState

# Letter by letter as the index has it: only then does SQLite use the index.
IS_OPEN = text("state IN ('waiting', 'sending')")


class WebhookDelivery(Base):
    """One event for one receiver, and how far it has come. `created_at` is the time of the event."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "url"),
        CheckConstraint(one_of("state", DeliveryState), name="state"),
        CheckConstraint("(state = 'done') = (taken_at IS NOT NULL)", name="taken_at_when_done"),
        CheckConstraint("(state = 'sending') = (lease IS NOT NULL)", name="lease_while_sending"),
        CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name="lease_has_an_end"),
        Index("ix_webhook_delivery_open", "next_attempt_at", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )

    # The same for every receiver, and at every attempt: who gets it twice can tell.
    event_id: Mapped[UUID]
    event: Mapped[str] = mapped_column(String(80))
    # What it is about, such as 'reset:…', for whoever looks for it here. It is not sent.
    about: Mapped[str] = mapped_column(String(80), index=True)
    url: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(Text)

    state: Mapped[str] = mapped_column(String(10), default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(default=clock.now)
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(200), default="")
    taken_at: Mapped[datetime | None]
