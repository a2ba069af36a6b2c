"""Who a person is when they act: the roles they hold now, as plain values."""

from collections import defaultdict
from collections.abc import Iterable

from helpdesk.accounts.models import Membership, Person
from helpdesk.accounts.permissions import effective_role, permissions_of
from helpdesk.accounts.types.directory import PersonStatus, Role
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
        grants=_grants(current),
    )


def _grants(memberships: Iterable[Membership]) -> dict[str, tuple[str, ...]]:
    """For each permission the organisations in which a role brings it."""
    paths: dict[str, set[str]] = defaultdict(set)
    for membership in memberships:
        for permission in permissions_of([Role(membership.role)]):
            paths[permission].add(membership.organisation.path)
    return {permission: tuple(sorted(found)) for permission, found in paths.items()}
