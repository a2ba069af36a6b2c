"""Add whether a mail is erased once it has left: one that holds a set-up link is worth something to a thief."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("outbox_message", sa.Column("is_secret", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("outbox_message") as outbox:
        outbox.alter_column("is_secret", server_default=None)


def downgrade() -> None:
    op.drop_column("outbox_message", "is_secret")
