"""Looking into the outbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from helpdesk.core import clock
from helpdesk.db import db
from helpdesk.mail.models import IS_WAITING, OutboxMessage
from helpdesk.mail.types import MailState

# The alarm must come within ten minutes, and whoever watches asks every minute.
LATE_AFTER = timedelta(minutes=9)
# One full mailbox is no alarm. That nothing at all left for so long while mail waits is one.
STUCK_AFTER = timedelta(hours=1)


def late_mail() -> str | None:
    """A sentence when mail should have been tried some minutes ago, or when all of it has been put off for an hour."""
    now = clock.now()
    due = db.session.scalar(select(func.min(OutboxMessage.next_attempt_at)).where(IS_WAITING))
    if due is not None and due < now - LATE_AFTER:
        return _sentence(now - due)
    promised = db.session.scalar(select(func.min(OutboxMessage.created_at)).where(IS_WAITING))
    if promised is not None and promised < now - STUCK_AFTER and not _has_left_since(promised):
        return _sentence(now - promised)
    return None


def count_by_state() -> dict[MailState, int]:
    """How many mails there are in each state, none left out."""
    rows = db.session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
    counts = {MailState(state): number for state, number in rows}
    return {state: counts.get(state, 0) for state in MailState}


def list_troubled(most: int) -> Sequence[OutboxMessage]:
    """The newest mails that were given up or not taken at the last try."""
    has_error = OutboxMessage.last_error != ""
    return db.session.scalars(
        select(OutboxMessage).where(has_error).order_by(OutboxMessage.sequence.desc()).limit(most)
    ).all()


def _has_left_since(moment: datetime) -> bool:
    latest = db.session.scalar(select(func.max(OutboxMessage.sent_at)))
    return latest is not None and latest >= moment


def _sentence(waited: timedelta) -> str:
    return f"Mail has been waiting for {waited // timedelta(minutes=1)} minutes to leave."


def find_state(mail_id: UUID) -> MailState | None:
    """How far one mail has come, or None where there is none."""
    state = db.session.scalar(select(OutboxMessage.state).where(OutboxMessage.id == mail_id))
    return MailState(state) if state else None
