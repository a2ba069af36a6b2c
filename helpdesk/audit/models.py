"""The audit log: rows are added and never changed. Each is sealed together with the seal of the row before it."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import DDL, BigInteger, CheckConstraint, Index, Integer, LargeBinary, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base

# On SQLite the number is then the row's own place, without an index beside it.
SEQUENCE = BigInteger().with_variant(Integer, "sqlite")


class AuditEvent(Base):
    """One thing that somebody did, for an investigation. It names things by id and outlives them: no foreign keys."""

    __tablename__ = "audit_event"
    __table_args__ = (
        CheckConstraint("action LIKE '%_:_%'", name="action_names_thing_and_act"),
        Index("ix_audit_event_target", "target"),
    )

    # One more than the row before; whoever adds a row holds the end of the log.
    sequence: Mapped[int] = mapped_column(SEQUENCE, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(default=uuid4, unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    # None for the service itself and for requesters, who have no account.
    actor_id: Mapped[UUID | None]
    actor_role: Mapped[str] = mapped_column(String(30))
    action: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(80))
    organisation_id: Mapped[UUID | None]
    detail: Mapped[str] = mapped_column(Text, default="{}")
    # Two rows cannot follow the same one, so the log cannot fork.
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)


# The database itself refuses to change or delete a row, whoever asks by whatever way.
_ON_SQLITE = [
    f"CREATE TRIGGER audit_event_refuses_{act} BEFORE {act.upper()} ON audit_event "
    "BEGIN SELECT RAISE(ABORT, 'audit rows are final'); END"
    for act in ("update", "delete")
]
_ON_POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION audit_event_is_final() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'audit rows are final' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER audit_event_refuses_change BEFORE UPDATE OR DELETE ON audit_event "
    "FOR EACH ROW EXECUTE FUNCTION audit_event_is_final()",
    "CREATE TRIGGER audit_event_refuses_truncate BEFORE TRUNCATE ON audit_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_final()",
]
for _dialect, _statements in (("sqlite", _ON_SQLITE), ("postgresql", _ON_POSTGRESQL)):
    for _statement in _statements:
        _trigger = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(AuditEvent.__table__, "after_create", _trigger)
