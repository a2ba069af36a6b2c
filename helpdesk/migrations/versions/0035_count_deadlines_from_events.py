"""Add what deadlines are counted from: how a ticket stood after each event, and policies. Deadlines are recounted."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0033"

STATUSES = ("new", "open", "pending", "on_hold", "solved", "closed")
PRIORITIES = ("urgent", "high", "normal", "low")
ROUTES = ("email", "phone")
IS_TO_RECOUNT = sa.text("deadlines_counted_at IS NULL AND is_open")
NEW_COLUMNS = (
    ("next_response_due_at", sa.DateTime(timezone=True)),
    ("first_response_took", sa.Integer()),
    ("resolution_took", sa.Integer()),
    ("deadlines_counted_at", sa.DateTime(timezone=True)),
)
# What an event says of the status; '' where it says nothing, and the status is that of the event before.
FILL_WHAT_IS_SAID = """UPDATE ticket_event SET status_after = CASE kind
    WHEN 'opened' THEN 'new'
    WHEN 'replied' THEN 'pending'
    WHEN 'requester_wrote' THEN 'open'
    WHEN 'resolved' THEN 'solved'
    WHEN 'reopened' THEN 'open'
    WHEN 'status_changed' THEN CASE
        WHEN text LIKE '% to Waiting for pharmacy' THEN 'pending'
        WHEN text LIKE '% to On hold' THEN 'on_hold'
        WHEN text LIKE '% to Solved' THEN 'solved'
        WHEN text LIKE '% to Closed' THEN 'closed'
        ELSE 'open' END
    END"""


def upgrade() -> None:
    _add_policies()
    op.add_column("ticket_event", sa.Column("status_after", sa.String(40), nullable=True))
    op.execute(FILL_WHAT_IS_SAID)
    op.execute(
        "UPDATE ticket_event SET status_after = COALESCE((SELECT earlier.status_after FROM ticket_event AS earlier "
        "WHERE earlier.ticket_id = ticket_event.ticket_id AND earlier.number < ticket_event.number "
        "AND earlier.status_after IS NOT NULL ORDER BY earlier.number DESC LIMIT 1), 'open') "
        "WHERE status_after IS NULL"
    )
    with op.batch_alter_table("ticket_event") as events:
        events.alter_column("status_after", nullable=False)
        events.create_check_constraint(op.f("ck_ticket_event_status"), _one_of("status_after", STATUSES))
    for name, kind in NEW_COLUMNS:
        op.add_column("ticket", sa.Column(name, kind, nullable=True))
    op.create_index(
        "ix_ticket_to_recount", "ticket", ["id"], sqlite_where=IS_TO_RECOUNT, postgresql_where=IS_TO_RECOUNT
    )


def downgrade() -> None:
    op.drop_index("ix_ticket_to_recount", table_name="ticket")
    for name, _kind in reversed(NEW_COLUMNS):
        op.drop_column("ticket", name)
    with op.batch_alter_table("ticket_event") as events:
        events.drop_constraint(op.f("ck_ticket_event_status"), type_="check")
        events.drop_column("status_after")
    op.drop_table("deadline_policy")


def _add_policies() -> None:
    op.create_table(
        "deadline_policy",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("priority", sa.String(40), nullable=True),
        sa.Column("route", sa.String(40), nullable=True),
        sa.Column("patient_waiting", sa.Boolean(), nullable=True),
        sa.Column("first_response_minutes", sa.Integer(), nullable=False),
        sa.Column("next_response_minutes", sa.Integer(), nullable=False),
        sa.Column("resolution_minutes", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_one_of("priority", PRIORITIES), name=op.f("ck_deadline_policy_priority")),
        sa.CheckConstraint(_one_of("route", ROUTES), name=op.f("ck_deadline_policy_route")),
        sa.CheckConstraint("first_response_minutes > 0", name=op.f("ck_deadline_policy_first_response_minutes")),
        sa.CheckConstraint("next_response_minutes > 0", name=op.f("ck_deadline_policy_next_response_minutes")),
        sa.CheckConstraint(
            "resolution_minutes >= first_response_minutes", name=op.f("ck_deadline_policy_resolution_minutes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_policy")),
    )


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
