"""What is due, and whether anybody does it."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, inspect, or_, select

from helpdesk.core import clock
from helpdesk.db import db
from helpdesk.jobs.models import JobRun
from helpdesk.jobs.rules import SILENT_AFTER


def names_of_resting_tasks() -> frozenset[str]:
    """The tasks that are not due yet, or that a worker has now. A task without a row was never run and is due."""
    now = clock.now()
    is_resting = or_(JobRun.due_at > now, JobRun.leased_until > now)
    return frozenset(db.session.scalars(select(JobRun.task).where(is_resting)))


def is_set_up() -> bool:
    """Whether the database is there, with its tables. Asking makes no empty file where there is none."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return False
    return inspect(db.engine).has_table(JobRun.__tablename__)


def silent_worker() -> str | None:
    """A sentence when there was a worker once and no task has been started lately."""
    latest = db.session.scalar(select(func.max(JobRun.last_started_at)))
    if latest is None or latest > clock.now() - SILENT_AFTER:
        return None
    return f"No background work has run for {(clock.now() - latest) // timedelta(minutes=1)} minutes."
