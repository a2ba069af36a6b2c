"""Add how far a requester has read, and when replies that were not read are mailed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("last_told_number", sa.Integer(), nullable=True))
    op.add_column("ticket", sa.Column("reply_mail_due_at", sa.DateTime(timezone=True), nullable=True))
    # Until now every reply was mailed at once.
    op.execute("UPDATE ticket SET last_told_number = last_event_number")
    with op.batch_alter_table("ticket") as ticket:
        ticket.alter_column("last_told_number", nullable=False)
        ticket.create_index(op.f("ix_ticket_reply_mail_due_at"), ["reply_mail_due_at"])


def downgrade() -> None:
    with op.batch_alter_table("ticket") as ticket:
        ticket.drop_index(op.f("ix_ticket_reply_mail_due_at"))
        ticket.drop_column("reply_mail_due_at")
        ticket.drop_column("last_told_number")
