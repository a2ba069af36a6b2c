"""Add mailed links for a new password and for closed lanes, and a count of codes for sessions that are open already."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

LANE = op.f("ck_code_count_lane")


def upgrade() -> None:
    op.create_table(
        "account_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("selector", sa.String(24), nullable=False),
        sa.Column("verifier_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('forgotten', 'release')", name=op.f("ck_account_link_purpose")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint("selector", name=op.f("uq_account_link_selector")),
    )
    op.create_index(op.f("ix_account_link_person_id"), "account_link", ["person_id"])
    op.create_table(
        "forgotten_password",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email_key", sa.String(254), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgotten_password")),
        sa.UniqueConstraint("email_key", name=op.f("uq_forgotten_password_email_key")),
    )
    _allow_lanes("'known_place', 'unknown_place', 'recovery', 'step_up'")


def downgrade() -> None:
    op.execute("DELETE FROM code_count WHERE lane = 'step_up'")
    _allow_lanes("'known_place', 'unknown_place', 'recovery'")
    op.drop_table("forgotten_password")
    op.drop_table("account_link")


def _allow_lanes(lanes: str) -> None:
    with op.batch_alter_table("code_count") as count:
        count.drop_constraint(LANE, type_="check")
        count.create_check_constraint(LANE, f"lane IN ({lanes})")
