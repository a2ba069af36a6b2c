"""What the requester has not read is mailed to them: after a short while, all in one mail, once."""

from uuid import UUID

from sqlalchemy import update

from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.tickets import emails
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.queries.requester import (
    Progress,
    references_with_mail_due,
    unread_replies,
)
from helpdesk.tickets.queries.tickets import ticket_to_change
from helpdesk.tickets.rules import reply_mail_due

BATCH = 50


def note_seen(progress: Progress, number: int) -> None:
    """Keep how far the requester has read. It writes only when that has moved: most polls only read."""
    number = min(number, progress.last_event_number)
    if number > progress.last_told_number:
        with write_transaction():
            _mark_told(progress.ticket_id, number)


def note_all_seen(progress: Progress) -> None:
    """The same for a page that shows everything up to this progress."""
    note_seen(progress, progress.last_event_number)


def expect_mail(ticket: Ticket) -> None:
    """Promise to mail the newest reply, unless it is read before. Others that follow soon go with it."""
    ticket.reply_mail_due_at = reply_mail_due(unread_replies(ticket)[0].at, clock.now())


def mail_unread(ticket: Ticket) -> bool:
    """Mail all that the requester has not read, if there is something. Nothing is mailed a second time."""
    unread = unread_replies(ticket)
    ticket.reply_mail_due_at = None
    if unread:
        emails.tell_replies(ticket, unread)
        ticket.last_told_number = unread[-1].number
    db.session.flush()
    return bool(unread)


def mail_due_replies() -> int:
    """Send what was promised and is due, each ticket in a transaction of its own with its mail. How many mails."""
    return sum(_mail_if_due(reference) for reference in references_with_mail_due(clock.now(), BATCH))


def _mark_told(ticket_id: UUID, number: int) -> None:
    """Never back: two pages of one request may be open."""
    is_behind = Ticket.last_told_number < number
    db.session.execute(update(Ticket).where(Ticket.id == ticket_id, is_behind).values(last_told_number=number))


def _mail_if_due(reference: str) -> bool:
    with write_transaction():
        ticket = ticket_to_change(SYSTEM, reference)
        if ticket.reply_mail_due_at is None or ticket.reply_mail_due_at > clock.now():  # another worker was first
            return False
        return mail_unread(ticket)
