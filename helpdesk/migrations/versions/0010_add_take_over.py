"""Add that an agent took over a ticket, and the key with which a requester's message is kept once."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

KINDS = (
    "opened",
    "requester_wrote",
    "replied",
    "noted",
    "assigned",
    "priority_changed",
    "topic_changed",
    "status_changed",
    "resolved",
    "reopened",
    "escalated",
    "call_back_claimed",
    "call_back_tried",
    "call_back_put_back",
)
NEW_KINDS = ("acknowledged", "taken_over")


def upgrade() -> None:
    op.add_column("ticket", sa.Column("taken_over_at", sa.DateTime(timezone=True), nullable=True))
    # Whoever has an agent already is not spoken to by the assistant any more.
    op.execute(
        "UPDATE ticket SET taken_over_at = COALESCE(first_responded_at, opened_at)"
        " WHERE first_responded_at IS NOT NULL OR assignee_id IS NOT NULL"
    )
    with op.batch_alter_table("ticket_event") as event:
        event.add_column(sa.Column("client_key", sa.String(length=64), nullable=True))
        event.create_unique_constraint(op.f("uq_ticket_event_ticket_id_client_key"), ["ticket_id", "client_key"])
        event.drop_constraint(op.f("ck_ticket_event_event_kind"), type_="check")
        event.create_check_constraint(op.f("ck_ticket_event_event_kind"), _one_of(*KINDS, *NEW_KINDS))


def downgrade() -> None:
    # They say nothing that the other events do not say to agents; without them the old rule holds again.
    op.execute("DELETE FROM ticket_event WHERE kind IN ('acknowledged', 'taken_over')")
    with op.batch_alter_table("ticket_event") as event:
        event.drop_constraint(op.f("ck_ticket_event_event_kind"), type_="check")
        event.create_check_constraint(op.f("ck_ticket_event_event_kind"), _one_of(*KINDS))
        event.drop_constraint(op.f("uq_ticket_event_ticket_id_client_key"), type_="unique")
        event.drop_column("client_key")
    op.drop_column("ticket", "taken_over_at")


def _one_of(*kinds: str) -> str:
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
