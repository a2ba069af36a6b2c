"""What editors did to the answers. The files themselves stay the truth."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base


class FaqRevision(Base):
    """One state of an answer's whole file: as an editor published it, or as it was found on disk before that."""

    __tablename__ = "faq_revision"
    __table_args__ = (UniqueConstraint("answer_id", "number"), CheckConstraint("number >= 1", name="number"))

    answer_id: Mapped[str] = mapped_column(String(120))
    # 1, 2, 3 … of this answer.
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    # None for what was changed on disk, by whom nobody knows.
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    # What changed, or why it is right that messages go elsewhere now.
    reason: Mapped[str] = mapped_column(String(300), default="")


class FaqDismissal(Base):
    """A message that does not belong in the FAQ, so that nobody is asked about it again. Its words are not kept."""

    __tablename__ = "faq_dismissal"

    text_hash: Mapped[str] = mapped_column(String(64), unique=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
