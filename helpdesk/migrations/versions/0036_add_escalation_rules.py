"""Add rules by which tickets go further, when the next one does so, and more reasons. Open tickets are counted anew."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

REASONS = ("agent", "patient_waiting", "urgent", "not_answered", "not_resolved")
MORE_REASONS = (*REASONS, "next_not_answered", "open_too_long", "asked_again", "nobody_on_shift")
PRIORITIES = ("urgent", "high", "normal", "low")


def upgrade() -> None:
    op.create_table(
        "escalation_rule",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("after_minutes", sa.Integer(), nullable=False),
        sa.Column("priority", sa.String(40), nullable=True),
        sa.Column("patient_waiting", sa.Boolean(), nullable=True),
        sa.Column("route", sa.String(40), nullable=True),
        sa.Column("raises_to", sa.String(40), nullable=True),
        sa.Column("assigns_to_id", sa.Uuid(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_escalation_rule_level")),
        sa.CheckConstraint("after_minutes >= 0", name=op.f("ck_escalation_rule_after_minutes")),
        sa.CheckConstraint(_one_of("reason", MORE_REASONS), name=op.f("ck_escalation_rule_escalation_reason")),
        sa.CheckConstraint(_one_of("priority", PRIORITIES), name=op.f("ck_escalation_rule_priority")),
        sa.CheckConstraint(_one_of("raises_to", PRIORITIES), name=op.f("ck_escalation_rule_raises_to")),
        sa.CheckConstraint("route IN ('email', 'phone')", name=op.f("ck_escalation_rule_route")),
        sa.ForeignKeyConstraint(["assigns_to_id"], ["person.id"], name=op.f("fk_escalation_rule_assigns_to_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_rule")),
        sa.UniqueConstraint("key", name=op.f("uq_escalation_rule_key")),
    )
    op.add_column("ticket", sa.Column("escalates_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_ticket_escalates_at"), "ticket", ["escalates_at"])
    op.create_index("ix_ticket_by_requester", "ticket", ["requester_email", "opened_at"])
    op.execute("UPDATE ticket SET deadlines_counted_at = NULL WHERE is_open")
    _allow(MORE_REASONS)


def downgrade() -> None:
    op.execute(f"UPDATE escalation SET reason = 'not_resolved' WHERE reason NOT IN {REASONS!r}")  # noqa: S608
    _allow(REASONS)
    op.drop_index("ix_ticket_by_requester", table_name="ticket")
    op.drop_index(op.f("ix_ticket_escalates_at"), table_name="ticket")
    op.drop_column("ticket", "escalates_at")
    op.drop_table("escalation_rule")


def _allow(reasons: tuple[str, ...]) -> None:
    with op.batch_alter_table("escalation") as escalation:
        escalation.drop_constraint(op.f("ck_escalation_escalation_reason"), type_="check")
        escalation.create_check_constraint(op.f("ck_escalation_escalation_reason"), _one_of("reason", reasons))


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
