"""The outbox: mails that were promised in the same transaction as the change they tell of."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.core import clock
from helpdesk.db import Base, one_of
from helpdesk.mail.types import MailState

# In words of the database, letter by letter as the index has it: only then does SQLite use the index.
IS_WAITING = text("state IN ('queued', 'sending')")
# SQLite counts up by itself only in a column of exactly this type.
SEQUENCE = BigInteger().with_variant(Integer, "sqlite")


class OutboxMessage(Base):
    """One mail to one person, and how far it has come. `created_at` is the time in its Date header."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint(one_of("state", MailState), name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at_when_sent"),
        CheckConstraint("(state = 'sending') = (lease IS NOT NULL)", name="lease_while_sending"),
        CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name="lease_has_an_end"),
        Index("ix_outbox_message_waiting", "sequence", sqlite_where=IS_WAITING, postgresql_where=IS_WAITING),
        Index("ix_outbox_message_sent_at", "sent_at"),
        {"sqlite_autoincrement": True},
    )

    # The order in which mails were promised, and are sent.
    sequence: Mapped[int] = mapped_column(SEQUENCE, primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    # The reference of the ticket, or another name of the thing the mail is about.
    about: Mapped[str] = mapped_column(String(80), index=True)
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    reply_to: Mapped[str] = mapped_column(String(254), default="")
    # Made once, when the mail is promised: a second copy has the same and mail programs can tell.
    message_id: Mapped[str] = mapped_column(String(300), unique=True)
    in_reply_to: Mapped[str] = mapped_column(String(252), default="")
    # Message ids with a space between.
    references: Mapped[str] = mapped_column(Text, default="")
    is_automatic: Mapped[bool]
    # Its text is erased as soon as it has left or was given up.
    is_secret: Mapped[bool] = mapped_column(default=False)

    state: Mapped[str] = mapped_column(String(10), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(default=clock.now)
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(200), default="")
    sent_at: Mapped[datetime | None]
