"""Add what was done to several tickets at once, so that it can be told and undone."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "bulk_act",
        sa.Column("maker_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('assign', 'priority', 'topic', 'solve')", name=op.f("ck_bulk_act_bulk_kind")),
        sa.ForeignKeyConstraint(["maker_id"], ["person.id"], name=op.f("fk_bulk_act_maker_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_act")),
    )


def downgrade() -> None:
    op.drop_table("bulk_act")
