"""Add whether a ticket waits for somebody else: the queue has what waits for us first. Index both of its orders."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

FOLLOWS = "is_paused = (status IN ('pending', 'on_hold'))"
BY_DUE = {
    "ix_ticket_open_by_due": ["is_open"],
    "ix_ticket_by_assignee": ["assignee_id", "is_open"],
    "ix_ticket_by_topic": ["topic", "is_open"],
}


def upgrade() -> None:
    op.add_column("ticket", sa.Column("is_paused", sa.Boolean(), nullable=True))
    op.execute("UPDATE ticket SET is_paused = (status IN ('pending', 'on_hold'))")
    with op.batch_alter_table("ticket") as ticket:
        ticket.alter_column("is_paused", existing_type=sa.Boolean(), nullable=False)
        ticket.create_check_constraint(op.f("ck_ticket_is_paused_follows_status"), FOLLOWS)
    op.create_index("ix_ticket_by_opening", "ticket", ["is_open", "opened_at", "id"])
    _index_by_due("is_paused", "due_at", "id")


def downgrade() -> None:
    _index_by_due("due_at", "id")
    op.drop_index("ix_ticket_by_opening", "ticket")
    with op.batch_alter_table("ticket") as ticket:
        ticket.drop_constraint(op.f("ck_ticket_is_paused_follows_status"), type_="check")
        ticket.drop_column("is_paused")


def _index_by_due(*ending: str) -> None:
    for name, beginning in BY_DUE.items():
        op.drop_index(name, "ticket")
        op.create_index(name, "ticket", [*beginning, *ending])
