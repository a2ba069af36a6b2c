"""What must happen to accounts by itself."""

from datetime import timedelta

from helpdesk.accounts.service.invitations import invite_waiting
from helpdesk.db import write_transaction
from helpdesk.jobs.types import Task

# Few, so that nobody waits long for the database.
INVITED_AT_ONCE = 20


def send_invitations() -> int:
    """Invite people who were imported from a file."""
    with write_transaction():
        return invite_waiting(INVITED_AT_ONCE)


TASKS = (Task("send invitations", timedelta(seconds=20), send_invitations),)
