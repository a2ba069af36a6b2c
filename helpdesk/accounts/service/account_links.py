"""Single-use links that help somebody to log in again, mailed to the address on record and to no other.

As with set-up links, the secret half stands behind a '#', which browsers send to nobody, and only its hash is kept.
"""

import hmac
import secrets
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update

from helpdesk.accounts.errors import MailedLinkNotUsable
from helpdesk.accounts.models import AccountLink, Person
from helpdesk.accounts.rules import ACCOUNT_LINK_LASTS, MOST_WRONG_TRIES_OF_A_LINK
from helpdesk.accounts.service.actors import NOBODY
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.accounts.types.log_ins import LinkPurpose, OpenLink
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.secret_text import derive_key, make_token
from helpdesk.db import db, write_transaction
from helpdesk.mail.links import absolute
from helpdesk.settings import in_use

SELECTOR_BYTES = 8
ADDRESSES = {LinkPurpose.FORGOTTEN: "new-password", LinkPurpose.RELEASE: "release"}


def make_link(person: Person, purpose: LinkPurpose) -> str:
    """The address to mail; an earlier one for the same purpose is dead from now on."""
    _forget(person.id, purpose)
    selector, verifier = secrets.token_urlsafe(SELECTOR_BYTES), make_token()
    db.session.add(
        AccountLink(
            purpose=purpose,
            selector=selector,
            verifier_hash=_hashed(verifier),
            person_id=person.id,
            expires_at=clock.now() + ACCOUNT_LINK_LASTS,
        )
    )
    db.session.flush()
    return absolute(f"/{ADDRESSES[purpose]}/{selector}#{verifier}")


def charge_link(selector: str, verifier: str, purpose: LinkPurpose) -> OpenLink:
    """Count a try with the link before anything else is looked at. MailedLinkNotUsable when it is dead.

    Ten tries kill it, with a wrong secret half or with something else that is wrong. Commits for itself.
    """
    with write_transaction():
        is_it = (AccountLink.selector == selector.replace("\x00", ""), AccountLink.purpose == purpose)
        counted = update(AccountLink).where(*is_it, *_is_alive()).values(wrong_tries=AccountLink.wrong_tries + 1)
        found = db.session.execute(counted.returning(AccountLink.id, AccountLink.person_id, AccountLink.verifier_hash))
        link = found.one_or_none()
        is_right = link is not None and hmac.compare_digest(link.verifier_hash, _hashed(verifier))
        if link is not None and not is_right:
            record("person:link-refused", by=NOBODY, target=f"person:{link.person_id}", what="secret_half")
    if link is None or not is_right:
        raise MailedLinkNotUsable
    return OpenLink(link.id, link.person_id)


def give_back(link: OpenLink) -> None:
    """Take back one try: nothing was guessed with it."""
    is_it = AccountLink.id == link.id
    db.session.execute(update(AccountLink).where(is_it).values(wrong_tries=AccountLink.wrong_tries - 1))


def use_up(link: OpenLink) -> Person:
    """The link did its work; whose it was, held until the commit. Of two who use it at once, one is refused."""
    used = db.session.execute(
        update(AccountLink)
        .where(AccountLink.id == link.id, AccountLink.used_at.is_(None), AccountLink.expires_at > clock.now())
        .values(used_at=clock.now())
        .returning(AccountLink.id)
    )
    person = db.session.get(Person, link.person_id, with_for_update=True, populate_existing=True)
    if used.scalar_one_or_none() is None or person is None or person.status != PersonStatus.ACTIVE:
        raise MailedLinkNotUsable
    return person


def forget_old_links() -> None:
    """Drop what was used or ran out."""
    db.session.execute(delete(AccountLink).where(AccountLink.expires_at <= clock.now()))


def _forget(person_id: UUID, purpose: LinkPurpose) -> None:
    mine = (AccountLink.person_id == person_id, AccountLink.purpose == purpose)
    db.session.execute(delete(AccountLink).where(*mine))


def _is_alive() -> tuple[ColumnElement[bool], ...]:
    is_active = AccountLink.person_id.in_(select(Person.id).where(Person.status == PersonStatus.ACTIVE))
    is_open = (AccountLink.used_at.is_(None), AccountLink.wrong_tries < MOST_WRONG_TRIES_OF_A_LINK)
    return *is_open, AccountLink.expires_at > clock.now(), is_active


def _hashed(verifier: str) -> bytes:
    key = derive_key(in_use().secret_key.get_secret_value(), "account links")
    return hmac.digest(key, verifier.encode("utf-8", "replace"), "sha256")
