"""What must happen to accounts by itself."""

from datetime import timedelta

from helpdesk.accounts.service.forgotten_passwords import send_waiting
from helpdesk.accounts.service.invitations import invite_waiting
from helpdesk.db import write_transaction
from helpdesk.jobs.types import Task

# Few, so that nobody waits long for the database.
INVITED_AT_ONCE = 20
LINKED_AT_ONCE = 100


def send_invitations() -> int:
    """Invite people who were imported from a file."""
    with write_transaction():
        return invite_waiting(INVITED_AT_ONCE)


def send_password_links() -> int:
    """Mail a link to those who forgot their password."""
    with write_transaction():
        return send_waiting(LINKED_AT_ONCE)


TASKS = (
    Task("send invitations", timedelta(seconds=20), send_invitations),
    Task("send password links", timedelta(seconds=20), send_password_links),
)
