"""Add the places that a promised call-back takes, and forget working hours that nobody has set: only hours that
somebody chose may be promised to a pharmacy."""

from datetime import time

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

# What a new installation wrote down by itself before this.
UNCHOSEN = {(weekday, time(9), time(17, 30)) for weekday in range(5)}
working_span = sa.table(
    "working_span", sa.column("weekday", sa.Integer), sa.column("starts", sa.Time), sa.column("ends", sa.Time)
)


def upgrade() -> None:
    op.create_table(
        "call_back_slot",
        sa.Column("call_back_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 2", name=op.f("ck_call_back_slot_place")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_call_back_slot_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["call_back_id"], ["call_back.id"], name=op.f("fk_call_back_slot_call_back_id_call_back")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back_slot")),
        sa.UniqueConstraint("call_back_id", name=op.f("uq_call_back_slot_call_back_id")),
        sa.UniqueConstraint("starts_at", "place", name=op.f("uq_call_back_slot_starts_at_place")),
    )
    connection = op.get_bind()
    kept = {tuple(row) for row in connection.execute(sa.select(working_span))}
    if kept == UNCHOSEN:
        connection.execute(sa.delete(working_span))


def downgrade() -> None:
    op.drop_table("call_back_slot")
