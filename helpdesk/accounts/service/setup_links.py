"""Single-use links with which people set up their account: a password, if there is none yet, and an authenticator.

A link is an address with a public half, the selector, and a secret half behind a '#', which browsers send to nobody.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Update, delete, select, update
from sqlalchemy.orm import joinedload

from helpdesk.accounts import emails, passwords
from helpdesk.accounts.errors import AlreadySetUp, LinkNotUsable, PasswordWrong, SpokenCodeWrong
from helpdesk.accounts.models import AccountLink, PasswordProof, Person, SetupLink
from helpdesk.accounts.rules import MAY_SET_UP, MOST_OPENINGS_OF_A_LINK, MOST_WRONG_TRIES_OF_A_LINK, SETUP_LINK_LASTS
from helpdesk.accounts.service.actors import NOBODY
from helpdesk.accounts.service.password_proofs import make_proof
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.accounts.types.log_ins import LinkHolder
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.secret_text import derive_key, make_token
from helpdesk.db import db, write_transaction
from helpdesk.mail.links import absolute
from helpdesk.settings import in_use

SELECTOR_BYTES = 8


@dataclass(frozen=True)
class MadeLink:
    """A link that was made just now: the address goes into a mail and nowhere else."""

    id: UUID
    address: str
    expires_at: datetime


def make_link(person: Person, *, by: Actor) -> str:
    """The address with which a person sets up their account; an earlier one is dead from now on."""
    if person.mfa_generation or person.status not in MAY_SET_UP:
        raise AlreadySetUp
    made = _make(person, lasts=SETUP_LINK_LASTS)
    record("person:set-up-link-made", by=by, target=f"person:{person.id}")
    return made.address


def make_reset_link(person: Person, *, lasts: timedelta, spoken_code: str = "") -> MadeLink:
    """The link for somebody who is set up already, at the end of a reset; whoever calls has checked that it may be."""
    return _make(person, lasts=min(lasts, SETUP_LINK_LASTS), spoken_code=spoken_code)


def send_link(person: Person, *, by: Actor) -> None:
    """Mail a new link to the person, at the address we hold."""
    emails.invite(person, make_link(person, by=by))


def try_link(selector: str, verifier: str) -> LinkHolder:
    """Whom the link is for. A wrong secret half counts, and enough of them end the link. LinkNotUsable when it is dead.

    Commits for itself, because a refusal is what must be kept.
    """
    holder = find_holder(selector, verifier)
    if holder is None:
        with write_transaction():
            _count_wrong_try(selector)
        raise LinkNotUsable
    return holder


def find_holder(selector: str, verifier: str) -> LinkHolder | None:
    """Whom the link is for, or None when it is dead. Looking changes nothing."""
    link = db.session.scalar(
        select(SetupLink)
        .join(SetupLink.person)
        .where(
            SetupLink.selector == selector.replace("\x00", ""),
            *_is_alive(),
            Person.status.in_(MAY_SET_UP),
        )
        .options(joinedload(SetupLink.person))
    )
    if link is None or not hmac.compare_digest(link.verifier_hash, _hashed(verifier)):
        return None
    return LinkHolder(
        link_id=link.id,
        person_id=link.person_id,
        email=link.person.email,
        has_password=link.person.password_hash is not None,
        asks_spoken_code=link.spoken_hash is not None,
    )


def choose_password(selector: str, verifier: str, *, password: str) -> str:
    """Give the account its first password. The answer is the secret of a proof that opens the set-up.

    Hashing takes 30 ms, so it is done before the transaction that keeps the result; no writer waits for it.
    """
    holder = try_link(selector, verifier)
    person = db.session.get(Person, holder.person_id)
    if person is None or holder.has_password:
        raise LinkNotUsable
    ensure_acceptable(person, password)
    db.session.rollback()
    password_hash = passwords.hash_password(password)
    with write_transaction():
        locked = db.session.get(Person, holder.person_id, with_for_update=True, populate_existing=True)
        if locked is None or locked.password_hash is not None or find_holder(selector, verifier) is None:
            raise LinkNotUsable
        keep_password(locked, password_hash, by=NOBODY)
        return make_proof(locked, may_enrol=True, setup_link_id=holder.link_id)


def prove_password(selector: str, verifier: str, *, password: str, spoken_code: str = "") -> str:
    """The same for an account that has a password already.

    SpokenCodeWrong and PasswordWrong count against the link alike: ten of them end it.
    """
    holder = try_link(selector, verifier)
    with write_transaction():
        _charge(holder.link_id)  # before they are compared; taken back when they are right
        spoken_hash = db.session.scalar(select(SetupLink.spoken_hash).where(SetupLink.id == holder.link_id))
    person = db.session.get(Person, holder.person_id)
    password_hash = person.password_hash if person else None
    db.session.rollback()
    if spoken_hash is not None and not hmac.compare_digest(spoken_hash, _hashed_spoken(spoken_code)):
        _note_refusal(holder.person_id, "spoken_code")
        raise SpokenCodeWrong
    if not passwords.matches(password_hash, password):
        _note_refusal(holder.person_id, "password")
        raise PasswordWrong
    with write_transaction():
        person = db.session.get(Person, holder.person_id)
        if person is None or person.password_hash != password_hash or person.status not in MAY_SET_UP:
            raise LinkNotUsable
        _take_charge_back(holder.link_id)
        return make_proof(person, may_enrol=True, setup_link_id=holder.link_id)


def count_opening(link_id: UUID) -> None:
    """Note that the link led to a new key for an authenticator. LinkNotUsable when it did so often enough."""
    is_left = (SetupLink.id == link_id, *_is_alive(), SetupLink.openings < MOST_OPENINGS_OF_A_LINK)
    _change_one(update(SetupLink).where(*is_left).values(openings=SetupLink.openings + 1))


def use_up(link_id: UUID) -> None:
    """The link did its work. Of two who use it at once, one gets LinkNotUsable."""
    _change_one(update(SetupLink).where(SetupLink.id == link_id, *_is_alive()).values(used_at=clock.now()))


def keep_password(person: Person, password_hash: str, *, by: Actor) -> None:
    """Make this the person's password. Every session from before is over."""
    person.password_hash = password_hash
    if person.status == PersonStatus.INVITED:
        person.status = PersonStatus.ACTIVE
    person.session_epoch = Person.session_epoch + 1
    db.session.flush()
    record("person:password-set", by=by, target=f"person:{person.id}")


def ensure_acceptable(person: Person, password: str) -> None:
    """Refuse a password that could be guessed by those who know the person."""
    passwords.ensure_acceptable(password, about=_what_others_know(person))


def _what_others_know(person: Person) -> list[str]:
    return [person.name, person.email, in_use().service_name]


def _is_alive() -> tuple[ColumnElement[bool], ...]:
    is_in_time = SetupLink.expires_at > clock.now()
    return SetupLink.used_at.is_(None), is_in_time, SetupLink.wrong_tries < MOST_WRONG_TRIES_OF_A_LINK


def _count_wrong_try(selector: str) -> None:
    is_it = (SetupLink.selector == selector.replace("\x00", ""), *_is_alive())
    counted = update(SetupLink).where(*is_it).values(wrong_tries=SetupLink.wrong_tries + 1)
    person_id = db.session.execute(counted.returning(SetupLink.person_id)).scalar_one_or_none()
    if person_id is not None:
        _record_refusal(person_id, "secret_half")


def _note_refusal(person_id: UUID, what: str) -> None:
    with write_transaction():
        _record_refusal(person_id, what)


def _record_refusal(person_id: UUID, what: str) -> None:
    record("person:link-refused", by=NOBODY, target=f"person:{person_id}", what=what)


def _charge(link_id: UUID) -> None:
    """Count a try while there is one left: of a thousand at once, no more are looked at. LinkNotUsable otherwise."""
    is_left = (SetupLink.id == link_id, *_is_alive())
    _change_one(update(SetupLink).where(*is_left).values(wrong_tries=SetupLink.wrong_tries + 1))


def _take_charge_back(link_id: UUID) -> None:
    """The try was right. LinkNotUsable when the link was used or revoked, or ran out, meanwhile."""
    is_good = (SetupLink.id == link_id, SetupLink.used_at.is_(None), SetupLink.expires_at > clock.now())
    _change_one(update(SetupLink).where(*is_good).values(wrong_tries=SetupLink.wrong_tries - 1))


def _change_one(statement: Update) -> None:
    if db.session.execute(statement.returning(SetupLink.id)).scalar_one_or_none() is None:
        raise LinkNotUsable


def _make(person: Person, *, lasts: timedelta, spoken_code: str = "") -> MadeLink:
    """In place of any earlier one."""
    revoke_links(person)
    selector, verifier = secrets.token_urlsafe(SELECTOR_BYTES), make_token()
    link = SetupLink(
        selector=selector,
        verifier_hash=_hashed(verifier),
        person_id=person.id,
        expires_at=clock.now() + lasts,
        spoken_hash=_hashed_spoken(spoken_code) if spoken_code else None,
    )
    db.session.add(link)
    db.session.flush()
    return MadeLink(link.id, absolute(f"/enrol/{selector}#{verifier}"), link.expires_at)


def revoke_links(person: Person) -> None:
    """No link that was sent, and no password that was given a moment ago, leads anywhere any more."""
    db.session.execute(delete(PasswordProof).where(PasswordProof.person_id == person.id))
    for link in (SetupLink, AccountLink):
        db.session.execute(delete(link).where(link.person_id == person.id, link.used_at.is_(None)))


def _hashed(verifier: str) -> bytes:
    """What is kept of the secret half; worth nothing without our key."""
    return _keyed("set-up links", verifier)


def _hashed_spoken(code: str) -> bytes:
    """The same of a spoken code, however it is typed."""
    return _keyed("spoken codes", "".join(code.upper().replace("-", "").split()))


def _keyed(purpose: str, text: str) -> bytes:
    key = derive_key(in_use().secret_key.get_secret_value(), purpose)
    return hmac.digest(key, text.encode("utf-8", "replace"), "sha256")
