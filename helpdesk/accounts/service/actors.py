"""Who a person is when they act: the roles they hold now, as plain values."""

from helpdesk.accounts.models import Person
from helpdesk.accounts.permissions import effective_role, permissions_of
from helpdesk.accounts.types import PersonStatus, Role
from helpdesk.core.actor import Actor

# Stands in the audit trail for somebody who could not sign in.
NOBODY = Actor(name="Somebody not signed in", role="anybody")


def actor_for(person: Person) -> Actor | None:
    """The actor that this person is now, or None: only active people with a current role can act."""
    current = [membership for membership in person.memberships if membership.ended_at is None]
    if person.status != PersonStatus.ACTIVE or not current:
        return None
    roles = {Role(membership.role) for membership in current}
    return Actor(
        name=person.name,
        person_id=person.id,
        role=effective_role(roles),
        permissions=frozenset(str(permission) for permission in permissions_of(roles)),
        scopes=tuple(sorted({membership.organisation.path for membership in current})),
    )
