"""The background work of the slices below this one, which know nothing of tasks. Slices above bring their own."""

from datetime import timedelta
from functools import partial

from helpdesk.core.throttle import forget_old_counts
from helpdesk.db import write_transaction
from helpdesk.jobs.types import Task
from helpdesk.mail.service import deliver_due

# Few, so that a worker that is asked to stop, or has other work, is not held up by a slow mail server.
MAILS_AT_ONCE = 5


def forget_old_limits() -> int:
    """Drop the counts of limits that ended. Always 0: there is never more to do at once."""
    with write_transaction():
        forget_old_counts()
    return 0


TASKS = (
    Task("deliver mail", timedelta(seconds=5), partial(deliver_due, MAILS_AT_ONCE)),
    Task("forget old limits", timedelta(hours=1), forget_old_limits),
)
