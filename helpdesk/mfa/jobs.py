"""What must happen to authenticators by itself."""

from datetime import timedelta

from helpdesk.db import write_transaction
from helpdesk.jobs.types import Task
from helpdesk.mfa.service.keeping import forget_what_is_over


def forget() -> int:
    """Erase what is of no more use. Always 0: there is never more to do at once."""
    with write_transaction():
        forget_what_is_over()
    return 0


TASKS = (Task("forget old authenticators", timedelta(minutes=10), forget),)
