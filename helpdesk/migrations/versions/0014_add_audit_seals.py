"""Add the seal of each audit row and of the row before it; still empty for rows that are there."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("audit_event", sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=True))
    op.add_column("audit_event", sa.Column("hash", sa.LargeBinary(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("audit_event", "hash")
    op.drop_column("audit_event", "previous_hash")
