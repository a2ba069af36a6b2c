"""Add what editors did to the answers, and the messages that do not belong in the FAQ."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "faq_dismissal",
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_faq_dismissal_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_dismissal")),
        sa.UniqueConstraint("text_hash", name=op.f("uq_faq_dismissal_text_hash")),
    )
    op.create_table(
        "faq_revision",
        sa.Column("answer_id", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_faq_revision_number")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_faq_revision_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_revision")),
        sa.UniqueConstraint("answer_id", "number", name=op.f("uq_faq_revision_answer_id_number")),
    )


def downgrade() -> None:
    op.drop_table("faq_revision")
    op.drop_table("faq_dismissal")
