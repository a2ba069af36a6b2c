"""A reset as people do it, page by page: asked for, checked, approved, and used by the person themselves.

page = ask_for_reset(client, uma)                     the reset's own page, right after the request
page = confirm(client, page)                          "I saw them and their badge on video"
page = press(client, page, "Approve the reset")
"""

from urllib.parse import urlsplit

from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.db import db
from helpdesk.mail.models import OutboxMessage
from helpdesk.mfa.models.resets import MfaReset
from helpdesk.mfa.types.resets import EvidenceMethod, ResetReason
from tests.client import Page, PageClient


def ask_for_reset(client: PageClient, person: Person, reason: ResetReason = ResetReason.NEW_PHONE) -> Page:
    """The page of a reset that was asked for just now."""
    form = client.get(f"/admin/resets/new?person={person.id}")
    return client.follow(client.submit(form, button="Start the reset", reason=reason))


def confirm(client: PageClient, page: Page, method: EvidenceMethod = EvidenceMethod.VIDEO) -> Page:
    """Make sure who the person is."""
    if method is EvidenceMethod.CALL_BACK:
        press(client, page, "Show the number to ring")
    return client.follow(client.submit(client.get(page.request.path), button="It is them", method=method))


def refuse(client: PageClient, page: Page, method: EvidenceMethod = EvidenceMethod.VIDEO) -> Page:
    """Say that it could not be confirmed."""
    opened = client.get(page.request.path)
    return client.follow(client.submit(opened, button="I could not confirm it", method=method))


def press(client: PageClient, page: Page, button: str) -> Page:
    """Open the page of the reset anew and press a button on it."""
    return client.follow(client.submit(client.get(page.request.path), button=button))


def approved(client: PageClient, person: Person, reason: ResetReason = ResetReason.NEW_PHONE) -> Page:
    """The page of a reset that one administrator asked for, checked and approved."""
    page = confirm(client, ask_for_reset(client, person, reason))
    return press(client, page, "Approve the reset")


def latest_reset() -> MfaReset:
    """The newest reset, as it is in the database now."""
    db.session.rollback()
    return db.session.scalars(select(MfaReset).order_by(MfaReset.created_at.desc()).limit(1)).one()


def mails_to(address: str) -> list[OutboxMessage]:
    """What was promised to this mailbox, oldest first."""
    db.session.rollback()
    mails = select(OutboxMessage).where(OutboxMessage.to_address == address)
    return list(db.session.scalars(mails.order_by(OutboxMessage.sequence)))


def link_in_mail(address: str, path: str = "/enrol/") -> str:
    """The newest link of that kind that this mailbox got."""
    words = [word for mail in mails_to(address) for word in mail.text.split() if path in word]
    return words[-1]


def stop_by_link(client: PageClient, link: str) -> Page:
    """Press the button of a link 'This wasn't me', without JavaScript."""
    page = client.get(urlsplit(link).path)
    return client.submit(page, button="This wasn’t me: stop the reset", last_part=urlsplit(link).fragment)
