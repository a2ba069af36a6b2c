"""Changes of email addresses."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from helpdesk.accounts.models import EmailChange
from helpdesk.accounts.types.contacts import ChangeState, PendingChange
from helpdesk.accounts.types.directory import EmailAddress
from helpdesk.core import clock
from helpdesk.db import db


def find_pending(person_id: UUID) -> PendingChange | None:
    """The change that waits for its confirmation, if there is one."""
    found = pending_row(person_id)
    return PendingChange(found.email, found.created_at, found.expires_at) if found else None


def pending_row(person_id: UUID) -> EmailChange | None:
    """The same as a row. One that was not confirmed in time counts no longer."""
    waiting = select(EmailChange).where(EmailChange.person_id == person_id, EmailChange.state == ChangeState.PENDING)
    return db.session.scalar(waiting.where(EmailChange.expires_at > clock.now()))


def undo_open_until(person_id: UUID) -> datetime | None:
    """Until when the person's last change can be taken back, or None."""
    return db.session.scalar(
        select(EmailChange.undo_until)
        .where(EmailChange.person_id == person_id, EmailChange.state == ChangeState.CONFIRMED)
        .where(EmailChange.undo_until > clock.now())
    )


def find_reservation(address: EmailAddress, person_id: UUID | None = None) -> UUID | None:
    """Who had this address until lately and may still take it back, apart from this person."""
    kept = select(EmailChange.person_id).where(
        EmailChange.state == ChangeState.CONFIRMED,
        EmailChange.undo_until > clock.now(),
        or_(EmailChange.old_key == address.key, EmailChange.old_collision == address.collision),
    )
    return db.session.scalar(kept.where(EmailChange.person_id != person_id) if person_id else kept)
