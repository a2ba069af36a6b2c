"""What was refused to somebody: an investigation wants to know what they tried."""

from datetime import timedelta
from uuid import UUID

from helpdesk.audit.service import record
from helpdesk.core.actor import Actor
from helpdesk.core.throttle import Limit, is_allowed
from helpdesk.db import write_transaction

# Enough to see what somebody tries; not so many that a loop fills the log.
NOTED = Limit("refusals-noted", most=100, per=timedelta(minutes=10), message="")


def note_refusal(*, by: Actor, act: str, person_id: UUID | None, status: int) -> None:
    """Keep that somebody was refused an act, in a transaction of its own: that of the act itself was rolled back."""
    with write_transaction():
        if not is_allowed(NOTED, str(by.person_id)):
            return
        record("person:act-refused", by=by, target=f"person:{person_id or by.person_id}", act=act, status=status)
