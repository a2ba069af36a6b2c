"""Authenticators, recovery codes, and how many codes were wrong."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, one_of
from helpdesk.mfa.types.factors import FactorState, Lane

IN_FORCE = text("state IN ('active', 'suspended')")


IS_PENDING = text("state = 'pending'")


class TotpFactor(Base):
    """One entry in a person's authenticator app. Every one is SHA-1 with six digits: some apps know no other."""

    __tablename__ = "totp_factor"
    __table_args__ = (
        CheckConstraint(one_of("state", FactorState), name="state"),
        CheckConstraint("period IN (30, 60)", name="period"),
        CheckConstraint("(state = 'retired') = (retired_at IS NOT NULL)", name="retired_at_when_retired"),
        CheckConstraint("(state = 'pending') = (confirmed_at IS NULL)", name="confirmed_at_unless_pending"),
        CheckConstraint("state = 'retired' OR sealed_secret IS NOT NULL", name="secret_until_retired"),
        Index("uq_totp_factor_in_force", "person_id", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE),
        Index("uq_totp_factor_pending", "person_id", unique=True, sqlite_where=IS_PENDING, postgresql_where=IS_PENDING),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    generation: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    # Encrypted together with whose it is; None once it is of no more use.
    sealed_secret: Mapped[str | None] = mapped_column(Text)
    period: Mapped[int]
    # The latest period whose code was accepted: neither that code nor an older one is accepted again.
    last_step: Mapped[int] = mapped_column(BigInteger, default=-1)
    # While it is pending: codes that were tried to confirm it.
    tries: Mapped[int] = mapped_column(default=0)
    # What the entry is called in the app.
    label: Mapped[str] = mapped_column(String(60))
    confirmed_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of the codes on paper that stand in for a lost phone, once. Only a hash is kept."""

    __tablename__ = "recovery_code"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    generation: Mapped[int]
    # Sixteen bits under our key, so that a try costs one slow comparison and not ten.
    tag: Mapped[bytes] = mapped_column(LargeBinary(2))
    code_hash: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime | None]


class CodeCount(Base):
    """How many codes of one person were wrong in a row, for each kind of place they are tried from.

    An epoch ends with all sessions of the person, and the next one starts from nought.
    """

    __tablename__ = "code_count"
    __table_args__ = (
        UniqueConstraint("person_id", "lane", "epoch"),
        CheckConstraint(one_of("lane", Lane), name="lane"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    lane: Mapped[str] = mapped_column(String(20))
    epoch: Mapped[int]
    failures: Mapped[int]
    # None while nobody has to wait: not even a clock that goes back makes one out of it.
    blocked_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
