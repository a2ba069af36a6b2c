"""Sessions kept on the server: started at sign-in, renewed by use, and ended at any time by a change of one row."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from helpdesk.accounts import rules
from helpdesk.accounts.models import Membership, Person, SignInSession
from helpdesk.accounts.service import password_proofs
from helpdesk.accounts.service.actors import actor_for
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotSignedIn
from helpdesk.core.secret_text import hash_token, make_token
from helpdesk.db import db, write_transaction


@dataclass(frozen=True)
class _Use:
    """A session that is still good, as plain values: they outlive the transaction that read them."""

    session_id: UUID
    idle_until: datetime
    actor: Actor


def start_session(person: Person, *, browser: str = "", proved_at: datetime | None = None) -> str:
    """A new session; the secret it returns is the browser's to keep, and is nowhere else."""
    secret, now = make_token(), clock.now()
    db.session.add(
        SignInSession(
            secret_hash=hash_token(secret),
            person_id=person.id,
            epoch=person.session_epoch,
            proved_at=proved_at,
            browser=browser,
            idle_until=now + rules.SESSION_IDLE_FOR,
            ends_at=now + rules.SESSION_LASTS,
        )
    )
    db.session.flush()
    return secret


def find_actor(secret: str) -> Actor | None:
    """The person whose session this is, or None when it has ended. Using a session keeps it alive."""
    use = _find_use(secret) if secret else None
    if use is None:
        return None
    if rules.session_should_be_renewed(idle_until=use.idle_until, now=clock.now()):
        _renew(use.session_id)
    return use.actor


def renew_proof(secret: str) -> str:
    """Note that a code was given just now. The session goes on under a new secret, which is returned."""
    new_secret = make_token()
    is_it = SignInSession.secret_hash == hash_token(secret)
    values = {"secret_hash": hash_token(new_secret), "proved_at": clock.now()}
    renewed = db.session.execute(
        update(SignInSession)
        .where(is_it, SignInSession.revoked_at.is_(None))
        .values(values)
        .returning(SignInSession.id)
    )
    if renewed.scalar_one_or_none() is None:
        raise NotSignedIn
    return new_secret


def sign_out(secret: str, *, by: Actor) -> None:
    """End this session and what was proved to set up an authenticator; elsewhere the person stays signed in."""
    password_proofs.end_all_of(by.person_id)
    if end_session(secret):
        record("person:signed-out", by=by, target=f"person:{by.person_id}")


def end_session(secret: str) -> bool:
    """End the session with that secret, if there is one that had not ended."""
    ended = db.session.execute(
        update(SignInSession)
        .where(SignInSession.secret_hash == hash_token(secret), SignInSession.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(SignInSession.id)
    )
    return ended.scalar_one_or_none() is not None


def sign_out_everywhere(person: Person, *, by: Actor) -> None:
    """End every session and API token of this person at once, and forget the browsers they used."""
    password_proofs.end_all_of(person.id)
    person.session_epoch = Person.session_epoch + 1
    db.session.flush()
    record("person:sessions-ended", by=by, target=f"person:{person.id}")


def _find_use(secret: str) -> _Use | None:
    now = clock.now()
    session = db.session.scalar(
        select(SignInSession)
        .join(SignInSession.person)
        .where(
            SignInSession.secret_hash == hash_token(secret),
            SignInSession.epoch == Person.session_epoch,
            SignInSession.revoked_at.is_(None),
            SignInSession.idle_until > now,
            SignInSession.ends_at > now,
        )
        .options(joinedload(SignInSession.person).selectinload(Person.memberships).joinedload(Membership.organisation))
    )
    actor = actor_for(session.person) if session else None
    if session is None or actor is None:
        return None
    return _Use(session.id, session.idle_until, replace(actor, proved_at=session.proved_at))


def _renew(session_id: UUID) -> None:
    """Mark the session as used. In a transaction of its own: most requests only read."""
    with write_transaction():
        db.session.execute(
            update(SignInSession)
            .where(SignInSession.id == session_id, SignInSession.revoked_at.is_(None))
            .values(idle_until=clock.now() + rules.SESSION_IDLE_FOR)
        )
