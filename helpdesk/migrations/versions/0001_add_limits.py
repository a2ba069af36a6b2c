"""Add the counts behind every limit: what can be guessed or flooded is counted in the database."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "throttle_count",
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("window", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_throttle_count")),
        sa.UniqueConstraint("scope", "key_hash", "window", name=op.f("uq_throttle_count_scope_key_hash_window")),
    )
    op.create_index(op.f("ix_throttle_count_window"), "throttle_count", ["window"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_throttle_count_window"), table_name="throttle_count")
    op.drop_table("throttle_count")
