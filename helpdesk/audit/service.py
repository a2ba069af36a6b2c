"""Writing the audit log.

What is recorded waits until the transaction is about to commit, and is then added to the end of the log in one go.
Whoever adds to the end holds it until the commit, so that is done last, when nothing else is left to wait for.
"""

import json
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, event, func, insert, select
from sqlalchemy.orm import Session, SessionTransaction

from helpdesk.audit.models import AuditEvent
from helpdesk.audit.queries import find_head
from helpdesk.audit.rules import seal
from helpdesk.audit.types import NOTHING_BEFORE, AuditRow, DetailValue
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.settings import in_use

# Any number that no other lock of this database has.
CHAIN_LOCK = 7_301_846
_WAITING = "audit rows that wait for the commit"


@dataclass(frozen=True)
class _Waiting:
    """What a row will say, all but its number; and the savepoint with which it would be taken back."""

    values: dict[str, Any]  # Any: of several columns
    savepoint: SessionTransaction | None


def record(action: str, *, by: Actor, target: str, organisation_id: UUID | None = None, **detail: DetailValue) -> None:
    """Note who did what to which thing, in the transaction of the change itself: both are kept, or neither."""
    values = {
        "id": uuid4(),
        "at": clock.now(),
        "actor_id": by.person_id,
        "actor_role": str(by.role),
        "action": action,
        "target": target,
        "organisation_id": organisation_id,
        "detail": json.dumps(detail, sort_keys=True, ensure_ascii=False),
    }
    session = db.session()
    if not session.in_transaction():
        session.begin()  # so that there is something to roll back, and the row with it
    _waiting(session).append(_Waiting(values, session.get_nested_transaction()))


def has_unkept_rows() -> bool:
    """Whether something was recorded that no commit has kept yet."""
    return bool(_waiting(db.session()))


@event.listens_for(db.session, "before_commit")
def _add_to_the_end(session: Session) -> None:
    """Seal what waits and add it. When that fails the commit fails, and with it the change that was recorded."""
    waiting = _waiting(session)
    if not waiting or session.in_nested_transaction():
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":  # on SQLite there is one writer anyway
        session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    session.execute(insert(cast(Table, AuditEvent.__table__)), _sealed([one.values for one in waiting]))
    waiting.clear()


@event.listens_for(db.session, "after_soft_rollback")
def _forget_what_was_taken_back(session: Session, ended: SessionTransaction) -> None:
    if ended.nested:
        _waiting(session)[:] = [one for one in _waiting(session) if not _is_within(one.savepoint, ended)]


@event.listens_for(db.session, "after_transaction_end")
def _forget_what_was_not_kept(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        _waiting(session).clear()


def _waiting(session: Session) -> list[_Waiting]:
    found: list[_Waiting] = session.info.setdefault(_WAITING, [])
    return found


def _is_within(savepoint: SessionTransaction | None, ended: SessionTransaction) -> bool:
    while savepoint is not None and savepoint is not ended:
        savepoint = savepoint.parent
    return savepoint is ended


def _sealed(waiting: list[dict[str, Any]]) -> list[dict[str, Any]]:
    head, key = find_head(), in_use().audit_chain_key
    last, follows = (head.sequence, bytes.fromhex(head.hash)) if head else (0, NOTHING_BEFORE)
    rows = []
    for number, values in enumerate(waiting, last + 1):
        row = AuditRow(sequence=number, **values)
        sealed = seal(row, follows=follows, key=key)
        rows.append(vars(row) | {"previous_hash": follows, "hash": sealed})
        follows = sealed
    return rows
