"""Reading the audit log."""

from contextlib import closing
from dataclasses import fields

from sqlalchemy import select

from helpdesk.audit.models import AuditEvent
from helpdesk.audit.rules import examine
from helpdesk.audit.types import AuditRow, Examination, Head, SealedRow
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
