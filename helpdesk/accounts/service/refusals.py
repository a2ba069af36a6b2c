"""What was refused to somebody: an investigation wants to know what they tried."""

from uuid import UUID

from helpdesk.audit.service import record
from helpdesk.core.actor import Actor
from helpdesk.db import write_transaction


def note_refusal(*, by: Actor, act: str, person_id: UUID | None, status: int) -> None:
    """Keep that somebody was refused an act, in a transaction of its own: that of the act itself was rolled back."""
    with write_transaction():
        record("person:act-refused", by=by, target=f"person:{person_id or by.person_id}", act=act, status=status)
