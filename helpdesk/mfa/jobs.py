"""What must happen to authenticators by itself."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from helpdesk.db import db, write_transaction
from helpdesk.jobs.types import Task
from helpdesk.mfa.queries.bulk_resets import people_to_reset
from helpdesk.mfa.queries.resets import resets_to_expire, resets_to_issue
from helpdesk.mfa.service.keeping import forget_what_is_over
from helpdesk.mfa.service.outward import do_due_steps
from helpdesk.mfa.service.resets.bulk import start_one
from helpdesk.mfa.service.resets.issuing import expire, issue

# Few, so that nobody waits long for the database.
RESETS_AT_ONCE = 20
# Each is a handful of calls of another system.
STEPS_AT_ONCE = 2


def forget() -> int:
    """Erase what is of no more use. Always 0: there is never more to do at once."""
    with write_transaction():
        forget_what_is_over()
    return 0


def issue_resets() -> int:
    """Send the links of approved resets whose time has come."""
    return _each(resets_to_issue(RESETS_AT_ONCE), issue)


def expire_resets() -> int:
    """Close resets that were not used or not decided in time."""
    return _each(resets_to_expire(RESETS_AT_ONCE), expire)


def start_bulk_resets() -> int:
    """Set going the resets of an approved list, a few at a time."""
    return _each(people_to_reset(RESETS_AT_ONCE), start_one)


def _each(ids: list[UUID], act: Callable[[UUID], None]) -> int:
    """One transaction for each: the next one waits for none of them."""
    db.session.rollback()
    for reset_id in ids:
        with write_transaction():
            act(reset_id)
    return len(ids)


TASKS = (
    Task("forget old authenticators", timedelta(minutes=10), forget),
    Task("take provider steps", timedelta(seconds=5), partial(do_due_steps, STEPS_AT_ONCE)),
    Task("issue resets", timedelta(seconds=20), issue_resets),
    Task("start bulk resets", timedelta(seconds=30), start_bulk_resets),
    Task("expire resets", timedelta(minutes=1), expire_resets),
)
