"""Add conversations with the assistant."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "solved",
                "handed_over",
                "closed",
                name="conversation_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_patient_waiting", sa.Boolean(), nullable=False),
        sa.Column("unknown_in_a_row", sa.Integer(), nullable=False),
        sa.Column("last_turn_number", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("turns_handed_over", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'handed_over') <= (ticket_id IS NOT NULL)", name=op.f("ck_conversation_handed_over_has_ticket")
        ),
        sa.CheckConstraint(
            "(ticket_id IS NOT NULL) = (turns_handed_over IS NOT NULL)", name=op.f("ck_conversation_ticket_with_turns")
        ),
        sa.CheckConstraint("unknown_in_a_row >= 0", name=op.f("ck_conversation_unknown_in_a_row")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_conversation_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_conversation_ticket_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_conversation_token_hash")),
    )
    op.create_index("ix_conversation_by_last", "conversation", ["last_at", "id"], unique=False)
    op.create_table(
        "turn",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "author",
            sa.Enum("requester", "assistant", name="author", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "answer",
                "clarify",
                "unknown",
                "handover",
                "smalltalk",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_key", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(author = 'assistant') = (outcome IS NOT NULL)", name=op.f("ck_turn_assistant_has_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_turn_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint("conversation_id", "client_key", name=op.f("uq_turn_conversation_id_client_key")),
        sa.UniqueConstraint("conversation_id", "number", name=op.f("uq_turn_conversation_id_number")),
    )


def downgrade() -> None:
    op.drop_table("turn")
    op.drop_index("ix_conversation_by_last", table_name="conversation")
    op.drop_table("conversation")
