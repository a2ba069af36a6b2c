"""Signing in: the password first, in the same words and about the same time for known and unknown people.

What proves it beyond the password is the concern of a slice above, which then starts the session here.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from helpdesk.accounts import passwords
from helpdesk.accounts.email_rules import MAX_LENGTH, normalise_email
from helpdesk.accounts.errors import EmailRefused, SignInRefused
from helpdesk.accounts.models import Person
from helpdesk.accounts.queries.people import person_for_key
from helpdesk.accounts.rules import browser_name
from helpdesk.accounts.service.actors import NOBODY, actor_for
from helpdesk.accounts.service.known_places import is_known_place, place_token
from helpdesk.accounts.service.password_proofs import make_proof
from helpdesk.accounts.service.sessions import end_session, start_session
from helpdesk.audit.service import record
from helpdesk.core.actor import Actor
from helpdesk.core.throttle import Limit, charge, forgive
from helpdesk.db import db, write_transaction
from helpdesk.settings import in_use

_WAIT = "Too many tries to log in. Wait a few minutes, then try again."
PER_ACCOUNT = Limit("sign-in-account", most=10, per=timedelta(minutes=15), message=_WAIT)
# From a browser in which the person signed in before; strangers cannot use this one up.
PER_KNOWN_PLACE = Limit("sign-in-known-place", most=10, per=timedelta(minutes=15), message=_WAIT)
# A pharmacy group or an office shares one address, so this is far above what one person needs.
PER_NETWORK = Limit("sign-in-network", most=100, per=timedelta(minutes=10), message=_WAIT)


@dataclass(frozen=True)
class SignedIn:
    """What the browser is given to keep, and who is signed in now."""

    actor: Actor
    session_secret: str
    place_token: str


@dataclass(frozen=True)
class _Attempt:
    """What is known about a try before the password is compared, as plain values."""

    key: str
    person_id: UUID | None
    password_hash: str | None
    is_from_known_place: bool


def prove_password(*, email: str, password: str, network: str, place: str = "") -> str:
    """The secret of a proof that the password is right, or SignInRefused. Nobody is signed in yet.

    Three steps, each with its own transaction or none, because the comparison takes 19 MiB and 30 ms and no writer may
    wait for it: the try is counted, the password compared, and the outcome kept.
    """
    attempt = _attempt(email, place)
    with write_transaction():
        _charge(attempt, network)
    is_right = passwords.matches(attempt.password_hash, password)
    with write_transaction():
        proof_secret = _prove(attempt) if is_right else None
        if proof_secret is None:
            record("person:sign-in-refused", by=NOBODY, target=f"sign-in:{_pseudonym(attempt.key)}")
    if proof_secret is None:
        raise SignInRefused
    return proof_secret


def let_in(
    person_id: UUID, *, epoch: int, browser: str, old_secret: str = "", proved_at: datetime | None = None
) -> SignedIn:
    """Start the session of somebody who proved who they are. The one that this browser had until now ends.

    SignInRefused when the account was frozen or its sessions were ended since the proof began.
    """
    person = db.session.get(Person, person_id)
    actor = actor_for(person) if person else None
    if person is None or actor is None or person.session_epoch != epoch:
        raise SignInRefused
    end_session(old_secret)
    secret = start_session(person, browser=browser_name(browser), proved_at=proved_at)
    record("person:signed-in", by=actor, target=f"person:{person.id}")
    return SignedIn(actor, secret, place_token(person))


def _attempt(email: str, place: str) -> _Attempt:
    key = _find_key(email)
    person = person_for_key(key) if key else None
    return _Attempt(
        key=key or f"unreadable:{email[:MAX_LENGTH]}",
        person_id=person.id if person else None,
        password_hash=person.password_hash if person else None,
        is_from_known_place=is_known_place(person, place),
    )


def _charge(attempt: _Attempt, network: str) -> None:
    """Count the try before it is made, so that a thousand at once cannot slip through."""
    if attempt.is_from_known_place:
        charge(PER_KNOWN_PLACE, attempt.key)
        return
    charge(PER_NETWORK, network)
    charge(PER_ACCOUNT, attempt.key)


def _prove(attempt: _Attempt) -> str | None:
    """Keep the proof, unless the person or the password changed while it was compared."""
    person = db.session.get(Person, attempt.person_id)
    if person is None or actor_for(person) is None or person.password_hash != attempt.password_hash:
        return None
    forgive(PER_KNOWN_PLACE if attempt.is_from_known_place else PER_ACCOUNT, attempt.key)
    return make_proof(person, is_from_known_place=attempt.is_from_known_place)


def _find_key(email: str) -> str | None:
    """What is the same for every way to type one address, or None for what is no address."""
    try:
        return normalise_email(email).key
    except EmailRefused:
        return None


def _pseudonym(key: str) -> str:
    """Stands for an address in the audit trail: equal tries look equal, and nobody can turn it back without our key."""
    secret = in_use().secret_key.get_secret_value().encode()
    return hmac.new(secret, f"sign-in:{key}".encode(), hashlib.sha256).hexdigest()[:32]
