"""Telling other systems what happened. It is promised with the change it tells of, and leaves afterwards.

A message leaves at least once: it is claimed, posted outside of any transaction, and recorded. Whoever dies in between
leaves a claim that ends by itself; the copy that then follows has the same `webhook-id`.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, update

from helpdesk.core import clock
from helpdesk.core.errors import NotFound
from helpdesk.db import db, write_transaction
from helpdesk.settings import in_use
from helpdesk.webhooks.errors import NeverTaken, NotTaken
from helpdesk.webhooks.models import IS_OPEN, WebhookDelivery
from helpdesk.webhooks.rules import LEASE, REST, next_attempt_at, signed_headers, write_body
from helpdesk.webhooks.senders import post
from helpdesk.webhooks.types import DeliveryState, Message, Value

log = structlog.get_logger()


def announce(event: str, *, about: str, data: Mapping[str, Value]) -> None:
    """Promise every configured receiver this event; it leaves once the change that it tells of is kept."""
    event_id, now = uuid4(), clock.now()
    body = write_body(event, event_id=event_id, at=now, data=data)
    for url in in_use().webhook_urls:
        delivery = WebhookDelivery(event_id=event_id, event=event, about=about, url=url, body=body, created_at=now)
        db.session.add(delivery)
    db.session.flush()


def deliver_due(limit: int) -> int:
    """Offer at most so many of the messages that are due, oldest first; how many were taken."""
    taken = 0
    for _ in range(limit):
        delivery = _claim(now=clock.now())
        if delivery is None:
            break
        taken += _deliver(delivery)
    return taken


def offer_again(delivery_id: UUID) -> None:
    """Offer a message again that was given up. NotFound where there is none."""
    is_dead = (WebhookDelivery.id == delivery_id, WebhookDelivery.state == DeliveryState.DEAD)
    values = {"state": DeliveryState.WAITING, "attempts": 0, "next_attempt_at": clock.now()}
    statement = update(WebhookDelivery).where(*is_dead).values(values).returning(WebhookDelivery.id)
    if db.session.execute(statement).one_or_none() is None:
        raise NotFound("There is no message with that number that was given up.")


def _deliver(delivery: WebhookDelivery) -> int:
    try:
        _post(delivery)
    except NotTaken as trouble:
        _try_later(delivery, str(trouble))
        return 0
    except NeverTaken as trouble:
        _give_up(delivery, str(trouble))
        return 0
    _record_taken(delivery)
    return 1


def _post(delivery: WebhookDelivery) -> None:
    settings, body = in_use(), delivery.body.encode()
    if delivery.url not in settings.webhook_urls:
        raise NeverTaken("Its receiver is not in the settings any more.")
    keys = settings.webhook_keys
    headers = signed_headers(body, event_id=delivery.event_id, at=clock.now(), keys=keys)
    post(Message(delivery.url, headers, body), to_loopback=settings.webhook_to_loopback)


def _claim(*, now: datetime) -> WebhookDelivery | None:
    """Take the oldest message that is due, for a while: two who claim at once get two different ones."""
    due = select(WebhookDelivery).where(IS_OPEN, _is_due(now))
    oldest = due.order_by(WebhookDelivery.created_at, WebhookDelivery.id).limit(1)
    with write_transaction():
        delivery = db.session.scalars(oldest.with_for_update(skip_locked=True)).one_or_none()
        if delivery is None:
            return None
        delivery.state, delivery.lease, delivery.leased_until = DeliveryState.SENDING, uuid4(), now + LEASE
        delivery.attempts += 1
        db.session.flush()
        db.session.expunge(delivery)  # it is read on while it is posted, outside of any transaction
    return delivery


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(WebhookDelivery.state == DeliveryState.WAITING, WebhookDelivery.next_attempt_at <= now),
        and_(WebhookDelivery.state == DeliveryState.SENDING, WebhookDelivery.leased_until <= now),
    )


def _record_taken(delivery: WebhookDelivery) -> None:
    """Whoever holds the claim by now: the receiver has it."""
    is_new = (WebhookDelivery.id == delivery.id, WebhookDelivery.state != DeliveryState.DONE)
    values = {"state": DeliveryState.DONE, "taken_at": clock.now(), "last_error": "", "lease": None}
    with write_transaction():
        db.session.execute(update(WebhookDelivery).where(*is_new).values(leased_until=None, **values))


def _try_later(delivery: WebhookDelivery, reason: str) -> None:
    now = clock.now()
    again_at = next_attempt_at(delivery.attempts, now=now)
    if again_at is None:
        _give_up(delivery, reason)
        return
    with write_transaction():
        _release(delivery, state=DeliveryState.WAITING, next_attempt_at=again_at, last_error=reason)
        _let_rest(delivery.url, until=now + REST)


def _give_up(delivery: WebhookDelivery, reason: str) -> None:
    with write_transaction():
        _release(delivery, state=DeliveryState.DEAD, last_error=reason)
    log.error("webhook_dead", delivery=str(delivery.id), about=delivery.about, attempts=delivery.attempts)


def _release(delivery: WebhookDelivery, **values: object) -> None:
    is_ours = WebhookDelivery.lease == delivery.lease
    db.session.execute(update(WebhookDelivery).where(is_ours).values(lease=None, leased_until=None, **values))


def _let_rest(url: str, *, until: datetime) -> None:
    """What else waits for this receiver waits a little, too, so that one that hangs costs five seconds a minute."""
    waits_for_it = (WebhookDelivery.url == url, WebhookDelivery.state == DeliveryState.WAITING)
    is_sooner = WebhookDelivery.next_attempt_at < until
    db.session.execute(update(WebhookDelivery).where(*waits_for_it, is_sooner).values(next_attempt_at=until))
