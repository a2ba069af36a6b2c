"""Add what resets do at a provider of sign-in, and which account there is whose."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "identity_link",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=300), nullable=False),
        *_of_every_table(),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_link")),
        sa.UniqueConstraint("provider", "external_id", name=op.f("uq_identity_link_provider_external_id")),
        sa.UniqueConstraint("person_id", "provider", name=op.f("uq_identity_link_person_id_provider")),
    )
    op.create_table(
        "provider_step",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reset_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        *_of_every_table(),
        sa.CheckConstraint(
            "step IN ('suspend', 'remove', 'start_set_up', 'end_sessions', 'hand_over', 'take_back')",
            name=op.f("ck_provider_step_step"),
        ),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f("ck_provider_step_state")),
        sa.CheckConstraint("(lease IS NULL) = (leased_until IS NULL)", name=op.f("ck_provider_step_lease_has_an_end")),
        sa.CheckConstraint("state = 'waiting' OR lease IS NULL", name=op.f("ck_provider_step_lease_while_waiting")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_provider_step_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_step")),
        sa.UniqueConstraint("reset_id", "step", name=op.f("uq_provider_step_reset_id_step")),
    )
    op.create_index(op.f("ix_provider_step_person_id"), "provider_step", ["person_id"])
    op.create_index(
        "ix_provider_step_waiting",
        "provider_step",
        ["next_attempt_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_table("provider_step")
    op.drop_table("identity_link")


def _of_every_table() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]
