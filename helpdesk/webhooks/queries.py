"""Looking at what other systems have not taken yet."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from helpdesk.core import clock
from helpdesk.db import db
from helpdesk.webhooks.models import IS_OPEN, WebhookDelivery
from helpdesk.webhooks.types import DeliveryState

# As for mail: the alarm must come within ten minutes, and whoever watches asks every minute.
LATE_AFTER = timedelta(minutes=9)


def late_webhooks() -> str | None:
    """A sentence when messages should have been offered some minutes ago.

    That a receiver refuses them is no alarm: it is another system's trouble, and this service must not go down with it.
    """
    now = clock.now()
    due = db.session.scalar(select(func.min(WebhookDelivery.next_attempt_at)).where(IS_OPEN))
    if due is None or due >= now - LATE_AFTER:
        return None
    return f"Webhooks have been waiting for {(now - due) // timedelta(minutes=1)} minutes to leave."


def list_not_taken(most: int) -> Sequence[WebhookDelivery]:
    """The newest messages that wait or were given up."""
    is_not_taken = WebhookDelivery.state != DeliveryState.DONE
    newest = WebhookDelivery.created_at.desc()
    return db.session.scalars(
        select(WebhookDelivery).where(is_not_taken).order_by(newest, WebhookDelivery.id).limit(most)
    ).all()
