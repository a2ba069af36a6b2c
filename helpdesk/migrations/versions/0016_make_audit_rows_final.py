"""Require the seals, number rows by the log's own end, and let the database refuse every change of a row."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

ON_SQLITE = [
    f"CREATE TRIGGER audit_event_refuses_{act} BEFORE {act.upper()} ON audit_event "
    "BEGIN SELECT RAISE(ABORT, 'audit rows are final'); END"
    for act in ("update", "delete")
]
ON_POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION audit_event_is_final() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'audit rows are final' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER audit_event_refuses_change BEFORE UPDATE OR DELETE ON audit_event "
    "FOR EACH ROW EXECUTE FUNCTION audit_event_is_final()",
    "CREATE TRIGGER audit_event_refuses_truncate BEFORE TRUNCATE ON audit_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_final()",
]


def upgrade() -> None:
    with op.batch_alter_table("audit_event", table_kwargs={"sqlite_autoincrement": False}) as events:
        events.alter_column("previous_hash", existing_type=sa.LargeBinary(), nullable=False)
        events.alter_column("hash", existing_type=sa.LargeBinary(), nullable=False)
        events.create_unique_constraint(op.f("uq_audit_event_previous_hash"), ["previous_hash"])
        events.create_unique_constraint(op.f("uq_audit_event_hash"), ["hash"])
        if op.get_bind().dialect.name == "sqlite":  # which gives the key of a table that counts by itself no name
            events.create_primary_key(op.f("pk_audit_event"), ["sequence"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE audit_event ALTER COLUMN sequence DROP DEFAULT")
        op.execute("DROP SEQUENCE audit_event_sequence_seq")
    for statement in _triggers():
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_event_refuses_change ON audit_event")
        op.execute("DROP TRIGGER audit_event_refuses_truncate ON audit_event")
        op.execute("DROP FUNCTION audit_event_is_final()")
        op.execute("CREATE SEQUENCE audit_event_sequence_seq OWNED BY audit_event.sequence")
        op.execute(
            "SELECT setval('audit_event_sequence_seq', (SELECT COALESCE(MAX(sequence), 0) + 1 FROM audit_event), false)"
        )
        op.execute("ALTER TABLE audit_event ALTER COLUMN sequence SET DEFAULT nextval('audit_event_sequence_seq')")
    else:
        op.execute("DROP TRIGGER audit_event_refuses_update")
        op.execute("DROP TRIGGER audit_event_refuses_delete")
    with op.batch_alter_table("audit_event", table_kwargs={"sqlite_autoincrement": True}) as events:
        events.drop_constraint(op.f("uq_audit_event_hash"), type_="unique")
        events.drop_constraint(op.f("uq_audit_event_previous_hash"), type_="unique")
        events.alter_column("hash", existing_type=sa.LargeBinary(), nullable=True)
        events.alter_column("previous_hash", existing_type=sa.LargeBinary(), nullable=True)


def _triggers() -> list[str]:
    return ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL
