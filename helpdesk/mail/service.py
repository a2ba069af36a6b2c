"""Mail that is promised and mail that leaves. It is promised with the change it tells of, and leaves afterwards.

A mail leaves at least once: it is claimed, sent outside of any transaction, and recorded. Whoever dies in between
leaves a claim that ends by itself; the copy that then follows has the same Message-ID.
"""

from datetime import datetime
from uuid import UUID, uuid4

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, update

from helpdesk.core import clock
from helpdesk.core.errors import NotFound
from helpdesk.db import db, write_transaction
from helpdesk.mail.errors import RefusedForGood, RefusedForNow, ServerUnavailable
from helpdesk.mail.models import IS_WAITING, OutboxMessage
from helpdesk.mail.rendering import write_letter
from helpdesk.mail.rules import lease_ends_at, next_attempt_at
from helpdesk.mail.senders import Sender, sender_for
from helpdesk.mail.types import Mail, MailState, domain_of
from helpdesk.settings import in_use

log = structlog.get_logger()


def queue_mail(mail: Mail, *, about: str) -> OutboxMessage:
    """Promise this mail about a ticket; it leaves once the change that it tells of is kept."""
    identity = uuid4()
    message = OutboxMessage(
        id=identity,
        about=about,
        to_address=mail.to,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        reply_to=mail.reply_to,
        message_id=f"<{identity}@{domain_of(in_use().mail_address)}>",
        in_reply_to=mail.in_reply_to,
        references=" ".join(mail.references),
        is_automatic=mail.is_automatic,
        is_secret=mail.is_secret,
    )
    db.session.add(message)
    db.session.flush()
    return message


def deliver_due(limit: int) -> int:
    """Send at most so many of the mails that are due, oldest first; how many a server took."""
    sender, sent = sender_for(in_use()), 0
    for _ in range(limit):
        message = _claim(now=clock.now())
        if message is None:
            break
        try:
            sent += _deliver(message, sender)
        except ServerUnavailable as trouble:
            _give_back(message, str(trouble))
            log.warning("mail_server_unavailable", mail=str(message.id))
            break
    return sent


def retry(mail_id: UUID) -> None:
    """Try a mail again that was given up, or that waits for its next try. NotFound where there is none."""
    is_resting = and_(OutboxMessage.state.in_((MailState.FAILED, MailState.QUEUED)), OutboxMessage.text != "")
    statement = update(OutboxMessage).where(OutboxMessage.id == mail_id, is_resting)
    values = {"state": MailState.QUEUED, "attempts": 0, "next_attempt_at": clock.now()}
    done = db.session.execute(statement.values(values).returning(OutboxMessage.id)).one_or_none()
    if done is None:
        raise NotFound("There is no mail with that number that can be tried again.")


def _deliver(message: OutboxMessage, sender: Sender) -> int:
    try:
        sender.send(write_letter(message, in_use()))
    except RefusedForNow as refusal:
        _try_later(message, str(refusal))
        return 0
    except RefusedForGood as refusal:
        _give_up(message, str(refusal))
        return 0
    _record_sent(message)
    return 1


def _claim(*, now: datetime) -> OutboxMessage | None:
    """Take the oldest mail that is due, for a while: two who claim at once get two different ones."""
    oldest = select(OutboxMessage).where(IS_WAITING, _is_due(now)).order_by(OutboxMessage.sequence).limit(1)
    with write_transaction():
        message = db.session.scalars(oldest.with_for_update(skip_locked=True)).one_or_none()
        if message is None:
            return None
        message.state, message.lease = MailState.SENDING, uuid4()
        message.attempts += 1
        message.leased_until = lease_ends_at(message.attempts, now=now)
        db.session.flush()
        db.session.expunge(message)  # it is read on while it is sent, outside of any transaction
    return message


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(OutboxMessage.state == MailState.QUEUED, OutboxMessage.next_attempt_at <= now),
        and_(OutboxMessage.state == MailState.SENDING, OutboxMessage.leased_until <= now),
    )


def _record_sent(message: OutboxMessage) -> None:
    """Whoever holds the claim by now: the mail has left."""
    is_new = OutboxMessage.state != MailState.SENT
    statement = update(OutboxMessage).where(OutboxMessage.id == message.id, is_new)
    values = {"state": MailState.SENT, "sent_at": clock.now(), "last_error": "", "lease": None, "leased_until": None}
    with write_transaction():
        db.session.execute(statement.values(values | _erased(message)))


def _try_later(message: OutboxMessage, reason: str) -> None:
    again_at = next_attempt_at(message.attempts, now=clock.now())
    if again_at is None:
        _give_up(message, reason)
    else:
        _release(message, state=MailState.QUEUED, next_attempt_at=again_at, last_error=reason)


def _give_up(message: OutboxMessage, reason: str) -> None:
    _release(message, state=MailState.FAILED, last_error=reason, **_erased(message))
    log.error("mail_failed", mail=str(message.id), about=message.about, attempts=message.attempts)


def _erased(message: OutboxMessage) -> dict[str, object]:
    """A secret mail that was given up cannot be tried again: whoever needs it is sent a new one."""
    return {"text": "", "html": ""} if message.is_secret else {}


def _give_back(message: OutboxMessage, reason: str) -> None:
    """As if it had not been tried: it stays first in the queue, however long the server is away."""
    _release(message, state=MailState.QUEUED, attempts=message.attempts - 1, last_error=reason)


def _release(message: OutboxMessage, **values: object) -> None:
    is_ours = OutboxMessage.lease == message.lease
    statement = update(OutboxMessage).where(OutboxMessage.id == message.id, is_ours)
    with write_transaction():
        db.session.execute(statement.values(lease=None, leased_until=None, **values))
