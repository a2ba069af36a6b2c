"""The words by which a ticket is found."""

from uuid import UUID

from sqlalchemy import (
    DDL,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, WordList


class TicketWords(Base):
    """What a ticket is found by: its words, and labels for its status and the like. Its id is the ticket's."""

    __tablename__ = "ticket_words"
    __table_args__ = (Index("ix_ticket_words_words", "words", postgresql_using="gin").ddl_if(dialect="postgresql"),)

    # When the ticket was opened, in microseconds, so that the newest come first without sorting.
    place: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"), unique=True)
    words: Mapped[list[str]] = mapped_column(WordList)


# SQLite keeps the index in a table of its own, which these triggers keep equal to the words.
_ADD = "INSERT INTO ticket_words_index (rowid, words) VALUES (new.place, new.words);"


_TAKE = "INSERT INTO ticket_words_index (ticket_words_index, rowid, words) VALUES ('delete', old.place, old.words);"


_INDEX = [
    "CREATE VIRTUAL TABLE ticket_words_index USING fts5("
    "words, content='ticket_words', content_rowid='place', tokenize='ascii', columnsize=0, prefix='2 3')",
    f"CREATE TRIGGER ticket_words_added AFTER INSERT ON ticket_words BEGIN {_ADD} END",
    f"CREATE TRIGGER ticket_words_changed AFTER UPDATE ON ticket_words BEGIN {_TAKE} {_ADD} END",
    f"CREATE TRIGGER ticket_words_taken AFTER DELETE ON ticket_words BEGIN {_TAKE} END",
]


for _statement in _INDEX:
    event.listen(
        TicketWords.__table__,
        "after_create",
        DDL(_statement).execute_if(dialect="sqlite"),  # type: ignore[no-untyped-call]
    )
