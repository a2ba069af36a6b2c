"""Add drafts, so that an answer that somebody has begun is still there after another change or another log-in."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.create_table(
        "ticket_draft",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('reply', 'note')", name=op.f("ck_ticket_draft_answer_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ticket_draft_person_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_draft_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_draft")),
        sa.UniqueConstraint("ticket_id", "person_id", name=op.f("uq_ticket_draft_ticket_id_person_id")),
    )
    op.create_index(op.f("ix_ticket_draft_updated_at"), "ticket_draft", ["updated_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_ticket_draft_updated_at"), "ticket_draft")
    op.drop_table("ticket_draft")
