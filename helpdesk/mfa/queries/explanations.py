"""Whether the audit log explains which authenticator of each person counts: a number that was set by hand has no row.

A session epoch leaves no row of its own: set back by hand it would revive sessions of the last eight hours.
"""

from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.audit.queries import details_of
from helpdesk.db import db

SET_UP = "totp:set-up"


def unexplained_generations() -> list[str]:
    """A sentence for each person whose authenticator is not the one that was set up last by the log."""
    logged = {event.target: int(str(event.detail.get("generation", 0))) for event in details_of((SET_UP,))}
    people = db.session.execute(select(Person.id, Person.mfa_generation).order_by(Person.id))
    return [
        f"person:{person_id} has authenticator number {held}, and the log says {logged.get(f'person:{person_id}', 0)}"
        for person_id, held in people
        if held != logged.get(f"person:{person_id}", 0)
    ]
