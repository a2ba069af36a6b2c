"""Add known issues, so that everybody who asks is told what is broken."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "known_issue",
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("what_to_do", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_known_issue_closed_by_somebody")
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_known_issue_closed_by_id_person")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_known_issue_opened_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_issue")),
    )
    op.create_index("ix_known_issue_by_state", "known_issue", ["closed_at", "opened_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_known_issue_by_state", table_name="known_issue")
    op.drop_table("known_issue")
