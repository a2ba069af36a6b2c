"""Who runs a task now, and what came of it. Each function is one transaction of its own."""

from uuid import UUID, uuid4

from sqlalchemy import or_, update
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk.core import clock
from helpdesk.db import db, write_transaction
from helpdesk.jobs.models import JobRun
from helpdesk.jobs.rules import TASK_LEASE
from helpdesk.jobs.types import Outcome, Task


def claim(task: Task) -> UUID | None:
    """Take the task for this worker, or None while another worker has it. A task that is new gets its row."""
    now, lease = clock.now(), uuid4()
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    values = {"lease": lease, "leased_until": now + TASK_LEASE, "last_started_at": now, "updated_at": now}
    statement = (
        insert(JobRun)
        .values(task=task.name, due_at=now, **values)
        .on_conflict_do_update(
            index_elements=["task"],
            set_=values,
            where=or_(JobRun.lease.is_(None), JobRun.leased_until <= now),
        )
        .returning(JobRun.id)
    )
    with write_transaction():
        taken = db.session.execute(statement).one_or_none()
    return lease if taken else None


def finish(task: Task, *, lease: UUID, outcome: Outcome) -> None:
    """Note what came of the task and when it is due again: at once when it did something."""
    now = clock.now()
    values: dict[str, object] = {
        "lease": None,
        "leased_until": None,
        "last_ended_at": now,
        "due_at": now if outcome.done else now + task.every,
    }
    if outcome.faults:
        values |= {"last_fault": outcome.faults[-1], "last_fault_at": now}
    with write_transaction():
        db.session.execute(update(JobRun).where(JobRun.task == task.name, JobRun.lease == lease).values(values))
