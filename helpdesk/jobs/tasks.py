"""The background work of the slices below this one, which know nothing of tasks. Slices above bring their own."""

from datetime import timedelta
from functools import partial

import structlog

from helpdesk.audit.queries import find_head
from helpdesk.core.throttle import forget_old_counts
from helpdesk.db import db, write_transaction
from helpdesk.jobs import emails
from helpdesk.jobs.types import Task
from helpdesk.mail.service import deliver_due
from helpdesk.settings import in_use
from helpdesk.webhooks.service import announce
from helpdesk.webhooks.service import deliver_due as deliver_webhooks_due

log = structlog.get_logger()

# Few, so that a worker that is asked to stop, or has other work, is not held up by a slow mail server.
MAILS_AT_ONCE = 5
# Each may take five seconds.
WEBHOOKS_AT_ONCE = 3


def forget_old_limits() -> int:
    """Drop the counts of limits that ended. Always 0: there is never more to do at once."""
    with write_transaction():
        forget_old_counts()
    return 0


def send_audit_head() -> int:
    """Log how far the audit log goes, and tell it outside. Always 0: there is never more to do at once."""
    with write_transaction():
        head = find_head()
        if head is not None:
            log.info("audit_head", head=str(head))
            announce("audit.head", about="audit", data={"head": str(head)})
            for address in in_use().audit_head_addresses:
                emails.audit_head(head, address)
    return 0


def empty_write_ahead_log() -> int:
    """What was erased from SQLite's tables still stands in its log of writes until that is emptied. Always 0."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return 0


TASKS = (
    Task("empty the log of writes", timedelta(minutes=1), empty_write_ahead_log),
    Task("deliver mail", timedelta(seconds=5), partial(deliver_due, MAILS_AT_ONCE)),
    Task("deliver webhooks", timedelta(seconds=5), partial(deliver_webhooks_due, WEBHOOKS_AT_ONCE)),
    Task("forget old limits", timedelta(hours=1), forget_old_limits),
    Task("send the audit head", timedelta(hours=1), send_audit_head),
)
