"""Add authenticators, recovery codes and the step between password and code.

Set-up links from before lead to a page that is no more, and their hashes were made without a key: they are dropped.
Sessions from before were started with a password alone: they are ended.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

ACTIVE = sa.text("state IN ('active', 'suspended')")
PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    op.execute("DELETE FROM setup_link")
    op.execute("DELETE FROM sign_in_session")
    _add_number("person", "mfa_generation")
    _add_number("setup_link", "wrong_tries")
    _add_number("setup_link", "openings")
    op.add_column("sign_in_session", sa.Column("browser", sa.String(length=60), nullable=False, server_default=""))
    with op.batch_alter_table("sign_in_session") as session:
        session.alter_column("browser", server_default=None)
        session.alter_column("proved_at", existing_type=sa.DateTime(timezone=True), nullable=True)
    _make_password_proof()
    _make_totp_factor()
    _make_recovery_code()
    _make_code_count()


def downgrade() -> None:
    for table in ("code_count", "recovery_code", "totp_factor", "password_proof"):
        op.drop_table(table)
    op.execute("DELETE FROM setup_link")
    op.execute("DELETE FROM sign_in_session")
    with op.batch_alter_table("sign_in_session") as session:
        session.alter_column("proved_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        session.drop_column("browser")
    op.drop_column("setup_link", "openings")
    op.drop_column("setup_link", "wrong_tries")
    op.drop_column("person", "mfa_generation")


def _add_number(table: str, column: str) -> None:
    op.add_column(table, sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table(table) as changed:
        changed.alter_column(column, server_default=None)


def _of_every_table() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _person_of(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person"))


def _make_password_proof() -> None:
    op.create_table(
        "password_proof",
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("is_from_known_place", sa.Boolean(), nullable=False),
        sa.Column("may_enrol", sa.Boolean(), nullable=False),
        sa.Column("setup_link_id", sa.Uuid(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_of_every_table(),
        _person_of("password_proof"),
        sa.ForeignKeyConstraint(
            ["setup_link_id"], ["setup_link.id"], name=op.f("fk_password_proof_setup_link_id_setup_link")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_proof")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_password_proof_secret_hash")),
    )
    op.create_index(op.f("ix_password_proof_person_id"), "password_proof", ["person_id"])
    op.create_index(op.f("ix_password_proof_expires_at"), "password_proof", ["expires_at"])


def _make_totp_factor() -> None:
    op.create_table(
        "totp_factor",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=True),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        *_of_every_table(),
        sa.CheckConstraint("state IN ('pending', 'active', 'suspended', 'retired')", name=op.f("ck_totp_factor_state")),
        sa.CheckConstraint("period IN (30, 60)", name=op.f("ck_totp_factor_period")),
        sa.CheckConstraint(
            "(state = 'retired') = (retired_at IS NOT NULL)", name=op.f("ck_totp_factor_retired_at_when_retired")
        ),
        sa.CheckConstraint(
            "(state = 'pending') = (confirmed_at IS NULL)", name=op.f("ck_totp_factor_confirmed_at_unless_pending")
        ),
        sa.CheckConstraint(
            "state = 'retired' OR sealed_secret IS NOT NULL", name=op.f("ck_totp_factor_secret_until_retired")
        ),
        _person_of("totp_factor"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_totp_factor")),
    )
    op.create_index(op.f("ix_totp_factor_person_id"), "totp_factor", ["person_id"])
    for name, rows in (("uq_totp_factor_in_force", ACTIVE), ("uq_totp_factor_pending", PENDING)):
        op.create_index(name, "totp_factor", ["person_id"], unique=True, sqlite_where=rows, postgresql_where=rows)


def _make_recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("tag", sa.LargeBinary(length=2), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        *_of_every_table(),
        _person_of("recovery_code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])


def _make_code_count() -> None:
    op.create_table(
        "code_count",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.String(length=20), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_of_every_table(),
        sa.CheckConstraint("lane IN ('known_place', 'unknown_place', 'recovery')", name=op.f("ck_code_count_lane")),
        _person_of("code_count"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_count")),
        sa.UniqueConstraint("person_id", "lane", "epoch", name=op.f("uq_code_count_person_id_lane_epoch")),
    )
