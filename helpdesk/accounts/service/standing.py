"""Whether somebody is still who they were when a slow act began.

Hashing lies between two transactions. In between their log-in may have been stopped, or the account frozen, because
it is somebody else who sits there: what they began then must not end well.
"""

from dataclasses import dataclass
from uuid import UUID

from helpdesk.accounts.models import Person
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotSignedIn
from helpdesk.db import db


@dataclass(frozen=True)
class Standing:
    """An account at one moment: every stop and every new authenticator raises one of the two numbers."""

    person_id: UUID
    epoch: int
    generation: int


def standing_of(actor: Actor) -> Standing:
    """How the actor's account stands now. NotSignedIn when it is not in use."""
    return _standing(db.session.get(Person, actor.person_id, populate_existing=True) if actor.person_id else None)


def hold_unchanged(standing: Standing) -> Person:
    """The person, held until the commit. NotSignedIn when anything was stopped or set up since."""
    person = db.session.get(Person, standing.person_id, with_for_update=True, populate_existing=True)
    if person is None or _standing(person) != standing:
        raise NotSignedIn
    return person


def _standing(person: Person | None) -> Standing:
    if person is None or person.status != PersonStatus.ACTIVE:
        raise NotSignedIn
    return Standing(person.id, person.session_epoch, person.mfa_generation)
