"""Add resets of people's log-ins, one by one and many at once, what showed who a person is, and a spoken code."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

OPEN = sa.text("state IN ('requested', 'checked', 'approved', 'issued')")
PEOPLE = ("person_id", "requested_by_id", "checked_by_id", "approved_by_id", "second_by_id")
CHECKS = {
    "state": "state IN ('requested', 'checked', 'approved', 'issued', 'completed', 'expired', 'rejected', "
    "'cancelled', 'disputed')",
    "reason": "reason IN ('lost', 'stolen', 'new_phone', 'app_broken', 'compromise', 'leaver_return')",
    "not_requested_by_target": "requested_by_id <> person_id",
    "not_checked_by_target": "checked_by_id <> person_id",
    "not_approved_by_target": "approved_by_id <> person_id",
    "second_is_not_target": "second_by_id <> person_id",
    "second_is_not_first": "second_by_id <> approved_by_id",
    "second_is_not_requester": "second_by_id <> requested_by_id",
    "checked_by_and_at": "(checked_by_id IS NULL) = (checked_at IS NULL)",
    "approved_by_and_at": "(approved_by_id IS NULL) = (approved_at IS NULL)",
    "second_by_and_at": "(second_by_id IS NULL) = (second_at IS NULL)",
    "approved_by_all": "state NOT IN ('approved', 'issued', 'completed') OR "
    "(approved_by_id IS NOT NULL AND (second_because = '' OR second_by_id IS NOT NULL))",
    "closed_at_when_closed": "(state IN ('requested', 'checked', 'approved', 'issued')) = (closed_at IS NULL)",
}


def upgrade() -> None:
    op.add_column("person", sa.Column("is_being_reset", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person") as person:
        person.alter_column("is_being_reset", server_default=None)
    op.add_column("setup_link", sa.Column("spoken_hash", sa.LargeBinary(length=32), nullable=True))
    _make_bulk()
    _make_reset()
    _make_evidence()


def downgrade() -> None:
    op.drop_table("reset_evidence")
    op.drop_table("mfa_reset")
    op.drop_table("bulk_reset_person")
    op.drop_table("bulk_reset")
    op.drop_column("setup_link", "spoken_hash")
    op.drop_column("person", "is_being_reset")


def _of_every_table() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _make_reset() -> None:
    op.create_table(
        "mfa_reset",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("ticket_reference", sa.String(length=20), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        _moment("checked_at"),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        _moment("approved_at"),
        sa.Column("second_because", sa.String(length=120), nullable=False),
        sa.Column("second_by_id", sa.Uuid(), nullable=True),
        _moment("second_at"),
        _moment("not_before"),
        _moment("issued_at"),
        _moment("expires_at"),
        sa.Column("setup_link_id", sa.Uuid(), nullable=True),
        sa.Column("link_mail_id", sa.Uuid(), nullable=True),
        _moment("spoken_code_shown_at"),
        _moment("completed_at"),
        _moment("closed_at"),
        sa.Column("bulk_id", sa.Uuid(), nullable=True),
        *_of_every_table(),
        *(sa.CheckConstraint(check, name=op.f(f"ck_mfa_reset_{name}")) for name, check in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_mfa_reset_{column}_person"))
            for column in PEOPLE
        ),
        sa.ForeignKeyConstraint(
            ["setup_link_id"],
            ["setup_link.id"],
            name=op.f("fk_mfa_reset_setup_link_id_setup_link"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_reset.id"], name=op.f("fk_mfa_reset_bulk_id_bulk_reset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mfa_reset")),
    )
    for column in ("person_id", "ticket_reference", "approved_by_id"):
        op.create_index(op.f(f"ix_mfa_reset_{column}"), "mfa_reset", [column])
    op.create_index(
        "uq_mfa_reset_open", "mfa_reset", ["person_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )


def _make_bulk() -> None:
    op.create_table(
        "bulk_reset",
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("list_hash", sa.String(length=64), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        _moment("approved_at"),
        *_of_every_table(),
        sa.CheckConstraint("state IN ('requested', 'approved', 'stopped')", name=op.f("ck_bulk_reset_state")),
        sa.CheckConstraint("approved_by_id <> requested_by_id", name=op.f("ck_bulk_reset_approved_by_another")),
        sa.CheckConstraint(
            "(approved_by_id IS NULL) = (approved_at IS NULL)", name=op.f("ck_bulk_reset_approved_by_and_at")
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR approved_by_id IS NOT NULL", name=op.f("ck_bulk_reset_approved_by_somebody")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_bulk_reset_{column}_person"))
            for column in ("requested_by_id", "approved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_reset")),
    )
    op.create_table(
        "bulk_reset_person",
        sa.Column("bulk_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        _moment("handled_at"),
        *_of_every_table(),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_reset.id"], name=op.f("fk_bulk_reset_person_bulk_id_bulk_reset")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bulk_reset_person_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_reset_person")),
        sa.UniqueConstraint("bulk_id", "person_id", name=op.f("uq_bulk_reset_person_bulk_id_person_id")),
    )


def _make_evidence() -> None:
    op.create_table(
        "reset_evidence",
        sa.Column("reset_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("contact_fingerprint", sa.String(length=64), nullable=False),
        *_of_every_table(),
        sa.CheckConstraint(
            "method IN ('call_back', 'in_person', 'video', 'manager')", name=op.f("ck_reset_evidence_method")
        ),
        sa.CheckConstraint("outcome IN ('confirmed', 'refused')", name=op.f("ck_reset_evidence_outcome")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_reset_evidence_by_id_person")),
        sa.ForeignKeyConstraint(["reset_id"], ["mfa_reset.id"], name=op.f("fk_reset_evidence_reset_id_mfa_reset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reset_evidence")),
    )
    op.create_index(op.f("ix_reset_evidence_reset_id"), "reset_evidence", ["reset_id"])
