"""Resets, what they rest on, and resets of many people at once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Person
from helpdesk.db import Base, one_of
from helpdesk.mfa.types.resets import BulkState, EvidenceMethod, EvidenceOutcome, ResetReason, ResetState

IS_OPEN = text("state IN ('requested', 'checked', 'approved', 'issued')")


class MfaReset(Base):
    """One reset of a person's log-in, from the request to the new authenticator.

    `created_at` is when it was requested. The database itself holds that nobody decides about themselves, and that a
    second person is another one.
    """

    __tablename__ = "mfa_reset"
    __table_args__ = (
        CheckConstraint(one_of("state", ResetState), name="state"),
        CheckConstraint(one_of("reason", ResetReason), name="reason"),
        CheckConstraint("requested_by_id <> person_id", name="not_requested_by_target"),
        CheckConstraint("checked_by_id <> person_id", name="not_checked_by_target"),
        CheckConstraint("approved_by_id <> person_id", name="not_approved_by_target"),
        CheckConstraint("second_by_id <> person_id", name="second_is_not_target"),
        CheckConstraint("second_by_id <> approved_by_id", name="second_is_not_first"),
        CheckConstraint("second_by_id <> requested_by_id", name="second_is_not_requester"),
        CheckConstraint("(checked_by_id IS NULL) = (checked_at IS NULL)", name="checked_by_and_at"),
        CheckConstraint("(approved_by_id IS NULL) = (approved_at IS NULL)", name="approved_by_and_at"),
        CheckConstraint("(second_by_id IS NULL) = (second_at IS NULL)", name="second_by_and_at"),
        CheckConstraint(
            "state NOT IN ('approved', 'issued', 'completed') OR "
            "(approved_by_id IS NOT NULL AND (second_because = '' OR second_by_id IS NOT NULL))",
            name="approved_by_all",
        ),
        CheckConstraint(
            "(state IN ('requested', 'checked', 'approved', 'issued')) = (closed_at IS NULL)",
            name="closed_at_when_closed",
        ),
        Index("uq_mfa_reset_open", "person_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=ResetState.REQUESTED)
    # Raised by every move: who looked at an older one moves nothing.
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(String(20))
    # The request for help that it belongs to, or ''.
    ticket_reference: Mapped[str] = mapped_column(String(20), default="", index=True)
    requested_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    checked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    approved_at: Mapped[datetime | None]
    # Why a second person must approve: names of SecondReason with spaces between, '' when one is enough.
    second_because: Mapped[str] = mapped_column(String(120), default="")
    second_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    second_at: Mapped[datetime | None]
    # From then on the link may be made.
    not_before: Mapped[datetime | None]
    issued_at: Mapped[datetime | None]
    # Of the link.
    expires_at: Mapped[datetime | None]
    # None once it was revoked.
    setup_link_id: Mapped[UUID | None] = mapped_column(ForeignKey("setup_link.id", ondelete="SET NULL"))
    # The mail with the latest link, by which a page says whether it has left.
    link_mail_id: Mapped[UUID | None]
    # When the code was shown that is said over the phone; it is shown once.
    spoken_code_shown_at: Mapped[datetime | None]
    # When the new authenticator was set up; it stays when the person says later that the reset was not theirs.
    completed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    # The reset of many people that this one is part of.
    bulk_id: Mapped[UUID | None] = mapped_column(ForeignKey("bulk_reset.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    requested_by: Mapped[Person] = relationship(foreign_keys=[requested_by_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])
    second_by: Mapped[Person | None] = relationship(foreign_keys=[second_by_id])
    evidence: Mapped[list["ResetEvidence"]] = relationship(order_by="ResetEvidence.created_at")


class ResetEvidence(Base):
    """That somebody made sure who a person is, or tried to. Neither answers nor documents are kept."""

    __tablename__ = "reset_evidence"
    __table_args__ = (
        CheckConstraint(one_of("method", EvidenceMethod), name="method"),
        CheckConstraint(one_of("outcome", EvidenceOutcome), name="outcome"),
    )

    reset_id: Mapped[UUID] = mapped_column(ForeignKey("mfa_reset.id"), index=True)
    method: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    # Under our key, the number that was rung; '' for all other methods.
    contact_fingerprint: Mapped[str] = mapped_column(String(64), default="")

    by: Mapped[Person] = relationship()


class BulkReset(Base):
    """A reset of many people after an incident: a list that one person froze and another approved as it was."""

    __tablename__ = "bulk_reset"
    __table_args__ = (
        CheckConstraint(one_of("state", BulkState), name="state"),
        CheckConstraint("approved_by_id <> requested_by_id", name="approved_by_another"),
        CheckConstraint("(approved_by_id IS NULL) = (approved_at IS NULL)", name="approved_by_and_at"),
        CheckConstraint("state <> 'approved' OR approved_by_id IS NOT NULL", name="approved_by_somebody"),
    )

    state: Mapped[str] = mapped_column(String(10), default=BulkState.REQUESTED)
    # Of the ids of everybody on the list: who approves says which list was seen.
    list_hash: Mapped[str] = mapped_column(String(64))
    requested_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]

    requested_by: Mapped[Person] = relationship(foreign_keys=[requested_by_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])


class BulkResetPerson(Base):
    """Somebody on the list, and when their own reset was set going."""

    __tablename__ = "bulk_reset_person"
    __table_args__ = (UniqueConstraint("bulk_id", "person_id"),)

    bulk_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_reset.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    handled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
