"""Add what tickets are found by, filled for those that exist, with the index of each database."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from helpdesk.core.clock import now
from helpdesk.db import UTCDateTime, WordList
from helpdesk.tickets.search.document import TicketText, words_of_ticket

revision = "0030"
down_revision = "0026"

BATCH = 1_000
WRITTEN = "('opened', 'requester_wrote', 'replied', 'noted', 'resolved', 'call_back_tried')"
TICKETS = sa.text(
    "SELECT ticket.*, organisation.name AS site_name, organisation.ods_code, organisation.postcode FROM ticket "
    "LEFT JOIN organisation ON organisation.id = ticket.organisation_id WHERE ticket.reference > :last "
    "ORDER BY ticket.reference LIMIT :most"
).columns(id=sa.Uuid(), assignee_id=sa.Uuid(), opened_at=UTCDateTime(), transcript=sa.JSON())
SAID = sa.text(
    f"SELECT text FROM ticket_event WHERE ticket_id = :id AND kind IN {WRITTEN} ORDER BY number"  # noqa: S608  # ours
).bindparams(sa.bindparam("id", type_=sa.Uuid()))
ON_SQLITE = [
    "CREATE VIRTUAL TABLE ticket_words_index USING fts5("
    "words, content='ticket_words', content_rowid='place', tokenize='ascii', columnsize=0, prefix='2 3')",
    "CREATE TRIGGER ticket_words_added AFTER INSERT ON ticket_words BEGIN "
    "INSERT INTO ticket_words_index (rowid, words) VALUES (new.place, new.words); END",
    "CREATE TRIGGER ticket_words_changed AFTER UPDATE ON ticket_words BEGIN "
    "INSERT INTO ticket_words_index (ticket_words_index, rowid, words) VALUES ('delete', old.place, old.words); "
    "INSERT INTO ticket_words_index (rowid, words) VALUES (new.place, new.words); END",
    "CREATE TRIGGER ticket_words_taken AFTER DELETE ON ticket_words BEGIN "
    "INSERT INTO ticket_words_index (ticket_words_index, rowid, words) VALUES ('delete', old.place, old.words); END",
]


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "ticket_words",
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["ticket.id"], name=op.f("fk_ticket_words_id_ticket")),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_ticket_words")),
        sa.UniqueConstraint("id", name=op.f("uq_ticket_words_id")),
    )
    for statement in ON_SQLITE if is_sqlite else ():
        op.execute(statement)
    _fill()
    if not is_sqlite:
        op.create_index("ix_ticket_words_words", "ticket_words", ["words"], postgresql_using="gin")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE ticket_words_index")
    op.drop_table("ticket_words")


def _fill() -> None:
    words = sa.table(
        "ticket_words",
        *(sa.column(name, type_) for name, type_ in (("id", sa.Uuid()), ("words", WordList()))),
        sa.column("place", sa.BigInteger()),
        *(sa.column(name, UTCDateTime()) for name in ("created_at", "updated_at")),
    )
    used: set[int] = set()
    for tickets in _batches():
        rows = [{"id": one.id, "place": _free(one, used), "words": _words(one)} for one in tickets]
        moment = now()
        op.get_bind().execute(words.insert(), [row | {"created_at": moment, "updated_at": moment} for row in rows])


def _batches() -> Iterator[list[Any]]:  # Any: rows of the query above
    last = ""
    while found := op.get_bind().execute(TICKETS, {"last": last, "most": BATCH}).all():
        yield list(found)
        last = found[-1].reference


def _free(ticket: Any, used: set[int]) -> int:  # Any: as above
    place = int(ticket.opened_at.timestamp() * 1_000_000)
    while place in used:
        place += 1
    used.add(place)
    return place


def _words(ticket: Any) -> list[str]:  # Any: as above
    said = op.get_bind().execute(SAID, {"id": ticket.id}).scalars()
    before = [line["text"] for line in ticket.transcript if line["author"] == "Requester"]
    known = (ticket.site_name or "", ticket.ods_code or "", ticket.postcode or "")
    return words_of_ticket(
        TicketText(
            reference=ticket.reference,
            name=ticket.requester_name,
            email=ticket.requester_email,
            phone=ticket.requester_phone,
            site=(ticket.organisation_name, *known),
            texts=[*said, *before],
            status=ticket.status,
            priority=ticket.priority,
            topic=ticket.topic,
            assignee_id=str(ticket.assignee_id or ""),
            is_open=bool(ticket.is_open),
            is_escalated=ticket.escalation_level > 0,
        )
    )
