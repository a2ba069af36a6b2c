"""Whether the audit log explains what people may do now: a role that was put into the database by hand has no row."""

from uuid import UUID

from sqlalchemy import select

from helpdesk.accounts.models import Membership
from helpdesk.audit.queries import details_of
from helpdesk.db import db

ADDED, ENDED, LEFT = ("person:added", "person:role-added"), "person:role-ended", "person:left"

# A person, an organisation and a role.
Held = tuple[str, UUID | None, str]


def unexplained_roles() -> list[str]:
    """A sentence for each role that is held, or has ended, without a row in the audit log that says so."""
    logged, held = _roles_by_the_log(), _roles_held()
    return [
        *(f"{person} holds {role} at organisation {place}" for person, place, role in sorted(held - logged, key=str)),
        *(f"{person} lost {role} at organisation {place}" for person, place, role in sorted(logged - held, key=str)),
    ]


def _roles_by_the_log() -> set[Held]:
    held: set[Held] = set()
    for event in details_of((*ADDED, ENDED, LEFT)):
        role = (event.target, event.organisation_id, str(event.detail.get("role")))
        if event.action in ADDED:
            held.add(role)
        elif event.action == ENDED:
            held.discard(role)
        else:
            held = {one for one in held if one[0] != event.target}
    return held


def _roles_held() -> set[Held]:
    current = select(Membership.person_id, Membership.organisation_id, Membership.role)
    rows = db.session.execute(current.where(Membership.ended_at.is_(None)))
    return {(f"person:{person_id}", organisation_id, role) for person_id, organisation_id, role in rows}
