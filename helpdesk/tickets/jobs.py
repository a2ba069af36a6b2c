"""What must happen to tickets by itself."""

from datetime import timedelta
from functools import partial

from helpdesk.db import write_transaction
from helpdesk.jobs.types import Task
from helpdesk.tickets.service.deadlines import recount_some
from helpdesk.tickets.service.drafts import forget_old_drafts
from helpdesk.tickets.service.escalation import escalate_due_tickets
from helpdesk.tickets.service.lifecycle import close_old_tickets
from helpdesk.tickets.service.unread import mail_due_replies

BATCH = 100


def close_solved() -> int:
    """Close tickets that were solved some days ago."""
    with write_transaction():
        return close_old_tickets(BATCH)


def forget_drafts() -> int:
    """Delete answers that were begun long ago and never sent."""
    with write_transaction():
        return forget_old_drafts(BATCH)


TASKS = (
    Task("recount deadlines", timedelta(seconds=10), partial(recount_some, BATCH)),
    Task("mail unread replies", timedelta(seconds=10), mail_due_replies),
    Task("escalate tickets", timedelta(seconds=20), escalate_due_tickets),
    Task("close solved tickets", timedelta(minutes=10), close_solved),
    Task("forget old drafts", timedelta(hours=1), forget_drafts),
)
