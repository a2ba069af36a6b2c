"""Fresh proof before a dangerous act: whoever sits at a screen that was left open must not do it."""

from datetime import timedelta

from helpdesk.accounts import passwords
from helpdesk.accounts.errors import ProofRefused
from helpdesk.accounts.models import Person
from helpdesk.audit.service import record
from helpdesk.core.actor import Actor
from helpdesk.core.throttle import Limit, charge, forgive
from helpdesk.db import db, write_transaction

PER_PERSON = Limit(
    "fresh-proof",
    most=5,
    per=timedelta(minutes=15),
    message="Too many wrong passwords. Wait a few minutes, then try again.",
)

# A refused address tells that somebody has it, so nobody tries many.
OWN_ADDRESS = Limit(
    "own-address",
    most=10,
    per=timedelta(days=1),
    message="You tried to change your address too often today. Try again tomorrow, or ask your administrator.",
)


def count_own_change(*, by: Actor) -> None:
    """Count a try to change the own address, or TooMany. Commits for itself: a refused try counts, too."""
    with write_transaction():
        charge(OWN_ADDRESS, str(by.person_id))


def ensure_fresh_proof(*, by: Actor, password: str) -> None:
    """Ask for the actor's own password again, or ProofRefused.

    Commits for itself: the try is counted first, and the password compared outside of any transaction.
    """
    person = db.session.get(Person, by.person_id)
    password_hash = person.password_hash if person else None
    key = str(by.person_id)
    with write_transaction():
        charge(PER_PERSON, key)
    is_right = passwords.matches(password_hash, password)
    with write_transaction():
        if is_right:
            forgive(PER_PERSON, key)
        else:
            record("person:proof-refused", by=by, target=f"person:{by.person_id}")
    if not is_right:
        raise ProofRefused
