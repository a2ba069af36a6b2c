"""What waits after and during a reset: who was let in anew lets nobody else in yet, and contacts stay as they are."""

from helpdesk.accounts.errors import BeingReset, Restricted
from helpdesk.accounts.models import Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db


def ensure_not_restricted(*, by: Actor) -> None:
    """Refuse an act that lets people in, or takes much away, to somebody whose own log-in was reset a moment ago."""
    person = db.session.get(Person, by.person_id) if by.person_id else None
    if person is not None:
        ensure_not_fresh(person)


def ensure_not_fresh(person: Person) -> None:
    """The same about a person who does not act here, such as the one that a token would act for."""
    if person.restricted_until is not None and person.restricted_until > clock.now():
        raise Restricted


def ensure_not_being_reset(person: Person) -> None:
    """Refuse to change how a person is reached while that decides who gets into the account."""
    if person.is_being_reset:
        raise BeingReset
