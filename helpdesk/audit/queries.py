"""Reading the audit log."""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select

from helpdesk.audit.models import AuditEvent
from helpdesk.audit.rules import examine
from helpdesk.audit.types import AuditEntry, AuditRow, Examination, Head, SealedRow
from helpdesk.db import db
from helpdesk.settings import in_use

ROWS_AT_ONCE = 1_000

_COLUMNS = [getattr(AuditEvent, field.name) for field in fields(AuditRow)]


def find_head() -> Head | None:
    """The last row and its seal, or None before the first."""
    newest = select(AuditEvent.sequence, AuditEvent.hash).order_by(AuditEvent.sequence.desc()).limit(1)
    row = db.session.execute(newest).one_or_none()
    return Head(row.sequence, row.hash.hex()) if row else None


def verify(expected: Head | None = None) -> Examination:
    """Whether every row is as it was sealed and where it was added, up to the first that is not."""
    every = select(*_COLUMNS, AuditEvent.previous_hash, AuditEvent.hash).order_by(AuditEvent.sequence)
    with closing(db.session.execute(every.execution_options(yield_per=ROWS_AT_ONCE))) as rows:
        sealed = (SealedRow(AuditRow(*values), previous, own) for *values, previous, own in rows)
        return examine(sealed, key=in_use().audit_chain_key, expected=expected)


def details_of(actions: Iterable[str]) -> list[AuditEntry]:
    """Every row of these actions, oldest first."""
    wanted = select(AuditEvent).where(AuditEvent.action.in_(list(actions))).order_by(AuditEvent.sequence)
    return [_entry(row) for row in db.session.scalars(wanted)]


def acts_of(actor_id: UUID | None, action: str, *, target: str, since: datetime) -> list[AuditEntry]:
    """Each time that somebody did this to one thing, oldest first."""
    is_it = (AuditEvent.target == target, AuditEvent.action == action, AuditEvent.actor_id == actor_id)
    rows = select(AuditEvent).where(*is_it, AuditEvent.at >= since)
    return [_entry(row) for row in db.session.scalars(rows.order_by(AuditEvent.sequence))]


def trail(target: str, *, places: Select[UUID], before: int | None, limit: int) -> list[AuditEntry]:
    """What was done to one thing, newest first; `places` are the organisations of which the reader may know."""
    is_seen = or_(AuditEvent.organisation_id.is_(None), AuditEvent.organisation_id.in_(places))
    rows = select(AuditEvent).where(AuditEvent.target == target, is_seen)
    if before:
        rows = rows.where(AuditEvent.sequence < before)
    return [_entry(row) for row in db.session.scalars(rows.order_by(AuditEvent.sequence.desc()).limit(limit))]


def _entry(row: AuditEvent) -> AuditEntry:
    return AuditEntry(
        sequence=row.sequence,
        at=row.at,
        actor_id=row.actor_id,
        actor_role=row.actor_role,
        action=row.action,
        organisation_id=row.organisation_id,
        target=row.target,
        detail=json.loads(row.detail),
    )
