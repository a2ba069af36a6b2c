"""Single-use links with which invited people choose a password."""

import hmac
import secrets

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from helpdesk.accounts import emails, passwords
from helpdesk.accounts.errors import AlreadySetUp, LinkNotUsable
from helpdesk.accounts.models import Person, SetupLink
from helpdesk.accounts.rules import SETUP_LINK_LASTS
from helpdesk.accounts.service.actors import NOBODY
from helpdesk.accounts.types import PersonStatus
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.secret_text import hash_token, make_token
from helpdesk.db import db, write_transaction
from helpdesk.mail.links import absolute
from helpdesk.settings import in_use

SELECTOR_BYTES = 8


def make_link(person: Person, *, by: Actor) -> str:
    """The address with which an invited person chooses a password; an earlier one is dead from now on."""
    if person.status != PersonStatus.INVITED:
        raise AlreadySetUp
    db.session.execute(delete(SetupLink).where(SetupLink.person_id == person.id, SetupLink.used_at.is_(None)))
    selector, verifier = secrets.token_urlsafe(SELECTOR_BYTES), make_token()
    db.session.add(
        SetupLink(
            selector=selector,
            verifier_hash=hash_token(verifier),
            person_id=person.id,
            expires_at=clock.now() + SETUP_LINK_LASTS,
        )
    )
    db.session.flush()
    record("person:set-up-link-made", by=by, target=f"person:{person.id}")
    return absolute(f"/set-up/{selector}.{verifier}")


def send_link(person: Person, *, by: Actor) -> None:
    """Mail a new link to the person, at the address we hold."""
    emails.invite(person, make_link(person, by=by))


def open_link(text: str) -> Person:
    """Whom the link is for. Looking changes nothing: mail scanners open links, too. LinkNotUsable when it is dead."""
    return _get_link(text).person


def set_password(text: str, *, password: str) -> None:
    """Use the link up: the person can sign in with this password from now on.

    Hashing takes 30 ms, so it is done before the transaction that keeps the result; no writer waits for it.
    """
    link = _get_link(text)
    link_id, person_id = link.id, link.person_id
    passwords.ensure_acceptable(password, about=_what_others_know(link.person))
    db.session.rollback()
    password_hash = passwords.hash_password(password)
    with write_transaction():
        used = db.session.execute(
            update(SetupLink)
            .where(SetupLink.id == link_id, SetupLink.used_at.is_(None), SetupLink.expires_at > clock.now())
            .values(used_at=clock.now())
            .returning(SetupLink.id)
        )
        person = db.session.get(Person, person_id)
        if used.scalar_one_or_none() is None or person is None or person.status != PersonStatus.INVITED:
            raise LinkNotUsable
        keep_password(person, password_hash, by=NOBODY)


def keep_password(person: Person, password_hash: str, *, by: Actor) -> None:
    """Make this the person's password. Every session from before is over."""
    person.password_hash = password_hash
    person.status = PersonStatus.ACTIVE
    person.session_epoch = Person.session_epoch + 1
    db.session.flush()
    record("person:password-set", by=by, target=f"person:{person.id}")


def ensure_acceptable(person: Person, password: str) -> None:
    """Refuse a password that could be guessed by those who know the person."""
    passwords.ensure_acceptable(password, about=_what_others_know(person))


def _what_others_know(person: Person) -> list[str]:
    return [person.name, person.email, in_use().service_name]


def _get_link(text: str) -> SetupLink:
    """256 bits cannot be guessed, so wrong links need no limit."""
    selector, _, verifier = text.partition(".")
    link = db.session.scalar(
        select(SetupLink)
        .join(SetupLink.person)
        .where(
            SetupLink.selector == selector.replace("\x00", ""),
            SetupLink.used_at.is_(None),
            SetupLink.expires_at > clock.now(),
            Person.status == PersonStatus.INVITED,
        )
        .options(joinedload(SetupLink.person))
    )
    if link is None or not hmac.compare_digest(link.verifier_hash, hash_token(verifier)):
        raise LinkNotUsable
    return link
