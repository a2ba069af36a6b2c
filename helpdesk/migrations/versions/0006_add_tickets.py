"""Add tickets, their timeline, escalations, call-backs and the working calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "day_off",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_off")),
        sa.UniqueConstraint("day", name=op.f("uq_day_off_day")),
    )
    op.create_table(
        "working_span",
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts < ends", name=op.f("ck_working_span_ends_after_start")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_working_span_weekday")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_span")),
        sa.UniqueConstraint("weekday", "starts", name=op.f("uq_working_span_weekday_starts")),
    )
    op.create_table(
        "ticket",
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("requester_name", sa.String(length=120), nullable=False),
        sa.Column("requester_email", sa.String(length=254), nullable=False),
        sa.Column("requester_phone", sa.String(length=40), nullable=False),
        sa.Column("organisation_name", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "route",
            sa.Enum("email", "phone", name="route", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column(
            "priority",
            sa.Enum(
                "urgent", "high", "normal", "low", name="priority", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("patient_waiting", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "open",
                "pending",
                "on_hold",
                "solved",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("transcript", sa.JSON(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_response_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalation_level", sa.Integer(), nullable=False),
        sa.Column("last_event_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(resolved_at IS NOT NULL) = (status IN ('solved', 'closed'))", name=op.f("ck_ticket_resolved_when_done")
        ),
        sa.CheckConstraint(
            "is_open = (status NOT IN ('solved', 'closed'))", name=op.f("ck_ticket_is_open_follows_status")
        ),
        sa.CheckConstraint("escalation_level BETWEEN 0 AND 3", name=op.f("ck_ticket_escalation_level")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_ticket_assignee_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_ticket_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_ticket_idempotency_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_ticket_reference")),
    )
    op.create_index("ix_ticket_by_assignee", "ticket", ["assignee_id", "is_open", "due_at", "id"], unique=False)
    op.create_index("ix_ticket_by_status", "ticket", ["status", "due_at", "id"], unique=False)
    op.create_index("ix_ticket_by_topic", "ticket", ["topic", "is_open", "due_at", "id"], unique=False)
    op.create_index("ix_ticket_escalated", "ticket", ["escalation_level", "is_open", "due_at", "id"], unique=False)
    op.create_index("ix_ticket_of_organisation", "ticket", ["organisation_id", "is_open"], unique=False)
    op.create_index("ix_ticket_open_by_due", "ticket", ["is_open", "due_at", "id"], unique=False)
    op.create_table(
        "call_back",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "claimed",
                "done",
                name="call_back_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "spoke_solved",
                "spoke_not_solved",
                "no_answer",
                "wrong_number",
                name="call_back_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'claimed') = (claimed_by_id IS NOT NULL)", name=op.f("ck_call_back_claimed_by_somebody")
        ),
        sa.CheckConstraint("(state = 'done') = (outcome IS NOT NULL)", name=op.f("ck_call_back_done_with_outcome")),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["person.id"], name=op.f("fk_call_back_claimed_by_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_call_back_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
    )
    op.create_index("ix_call_back_by_due", "call_back", ["state", "due_at", "id"], unique=False)
    op.create_index(op.f("ix_call_back_ticket_id"), "call_back", ["ticket_id"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column(
            "route",
            sa.Enum("email", "phone", name="route", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "agent",
                "patient_waiting",
                "urgent",
                "not_answered",
                "not_resolved",
                name="escalation_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_escalation_actor_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_escalation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_escalation_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("ticket_id", "level", name=op.f("uq_escalation_ticket_id_level")),
    )
    op.create_index("ix_escalation_at", "escalation", ["at"], unique=False)
    op.create_index(op.f("ix_escalation_organisation_id"), "escalation", ["organisation_id"], unique=False)
    op.create_table(
        "ticket_event",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opened",
                "requester_wrote",
                "replied",
                "noted",
                "assigned",
                "priority_changed",
                "topic_changed",
                "status_changed",
                "resolved",
                "reopened",
                "escalated",
                "call_back_claimed",
                "call_back_tried",
                "call_back_put_back",
                name="event_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_ticket_event_actor_id_person")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_event_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_event")),
        sa.UniqueConstraint("ticket_id", "number", name=op.f("uq_ticket_event_ticket_id_number")),
    )


def downgrade() -> None:
    op.drop_table("ticket_event")
    op.drop_index(op.f("ix_escalation_organisation_id"), table_name="escalation")
    op.drop_index("ix_escalation_at", table_name="escalation")
    op.drop_table("escalation")
    op.drop_index(op.f("ix_call_back_ticket_id"), table_name="call_back")
    op.drop_index("ix_call_back_by_due", table_name="call_back")
    op.drop_table("call_back")
    op.drop_index("ix_ticket_open_by_due", table_name="ticket")
    op.drop_index("ix_ticket_of_organisation", table_name="ticket")
    op.drop_index("ix_ticket_escalated", table_name="ticket")
    op.drop_index("ix_ticket_by_topic", table_name="ticket")
    op.drop_index("ix_ticket_by_status", table_name="ticket")
    op.drop_index("ix_ticket_by_assignee", table_name="ticket")
    op.drop_table("ticket")
    op.drop_table("working_span")
    op.drop_table("day_off")
