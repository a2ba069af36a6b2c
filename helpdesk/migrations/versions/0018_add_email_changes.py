"""Add changes of email addresses: one pending for each person at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    op.create_table(
        "email_change",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("email_collision", sa.String(length=254), nullable=False),
        sa.Column("personal_because", sa.String(length=200), nullable=False),
        sa.Column("old_email", sa.String(length=254), nullable=False),
        sa.Column("old_key", sa.String(length=254), nullable=False),
        sa.Column("old_collision", sa.String(length=254), nullable=False),
        sa.Column("old_personal_because", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'confirmed', 'withdrawn', 'undone')", name=op.f("ck_email_change_state")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (undo_until IS NULL)", name=op.f("ck_email_change_confirmed_can_be_undone")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_email_change_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_change")),
    )
    op.create_index(op.f("ix_email_change_person_id"), "email_change", ["person_id"], unique=False)
    op.create_index(
        "uq_email_change_pending",
        "email_change",
        ["person_id"],
        unique=True,
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )


def downgrade() -> None:
    op.drop_index("uq_email_change_pending", table_name="email_change")
    op.drop_index(op.f("ix_email_change_person_id"), table_name="email_change")
    op.drop_table("email_change")
