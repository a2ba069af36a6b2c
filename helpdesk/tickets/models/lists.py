"""Lists that agents keep, and what was done to many tickets at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, closed_set, json_column
from helpdesk.tickets.types import (
    BulkKind,
)


class SavedView(Base):
    """A list of tickets that somebody gave a name, for themselves or for everybody who works the queue."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_by_maker", "maker_id"),)

    maker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60))
    # The address of the list, filters and order included.
    address: Mapped[str] = mapped_column(String(500))
    is_shared: Mapped[bool]
    # Lower ones stand first.
    place: Mapped[int]


class BulkAct(Base):
    """Something that was done to several tickets at once, with what it needs to be undone."""

    __tablename__ = "bulk_act"

    maker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[BulkKind] = mapped_column(closed_set(BulkKind))
    # For each ticket that was changed: {reference, before, after}, both filings as {name: value}.
    changes: Mapped[list[dict[str, Any]]] = json_column()  # Any: JSON
    # For each that was not: {reference, why}; and the same for those that could not be put back.
    refused: Mapped[list[dict[str, str]]] = json_column()
    undone_at: Mapped[datetime | None]
    kept: Mapped[list[dict[str, str]]] = json_column()
