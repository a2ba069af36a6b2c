"""What waits after and during a reset: who was let in anew lets nobody else in yet, and contacts stay as they are."""

from datetime import datetime

from helpdesk.accounts.errors import BeingReset, Restricted
from helpdesk.accounts.models import Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.web.filters import moment


def ensure_not_restricted(*, by: Actor) -> None:
    """Refuse an act that lets people in, or takes much away, to somebody whose own log-in was reset a moment ago."""
    until = restricted_until(by=by)
    if until is not None:
        raise Restricted(moment(until))


def ensure_not_fresh(person: Person) -> None:
    """The same about a person who does not act here, such as the one that a token would act for."""
    until = _until(person)
    if until is not None:
        raise Restricted(moment(until))


def restricted_until(*, by: Actor) -> datetime | None:
    """When this person's restriction ends, or None where there is none."""
    person = db.session.get(Person, by.person_id) if by.person_id else None
    return _until(person) if person else None


def ensure_not_being_reset(person: Person) -> None:
    """Refuse to change how a person is reached while that decides who gets into the account."""
    if person.is_being_reset:
        raise BeingReset


def _until(person: Person) -> datetime | None:
    until = person.restricted_until
    return until if until is not None and until > clock.now() else None
