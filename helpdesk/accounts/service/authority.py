"""Whom an actor may change: people of the own organisations who rank below, and never oneself."""

from uuid import UUID

from helpdesk.accounts.errors import AlsoElsewhere, NotYourself, RoleAboveYours
from helpdesk.accounts.models import Membership, Organisation, Person
from helpdesk.accounts.permissions import Permission, may_manage
from helpdesk.accounts.rules import may_reach
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotAllowed
from helpdesk.db import db


def ensure_may_give(role: Role, organisation: Organisation, *, by: Actor) -> None:
    """Refuse to give or end a role that does not rank below the actor's own there."""
    if not may_manage(by, role, organisation.path):
        raise RoleAboveYours


def ensure_not_own(person: Person, *, by: Actor) -> None:
    """Nobody changes what they may do themselves."""
    if person.id == by.person_id:
        raise NotYourself


def ensure_may_change(person: Person, *, by: Actor) -> None:
    """Refuse to change an account of which any part, at any organisation, is not the actor's to manage."""
    ensure_not_own(person, by=by)
    counted = [membership for membership in person.memberships if _counts(membership, person)]
    for membership in counted:
        if not may_reach(by.reach(Permission.PEOPLE_EDIT), membership.organisation.path):
            raise AlsoElsewhere
        ensure_may_give(Role(membership.role), membership.organisation, by=by)
    if not counted and "" not in by.reach(Permission.PEOPLE_EDIT):
        raise AlsoElsewhere


def may_change(person_id: UUID, *, by: Actor) -> bool:
    """Whether the whole account is the actor's to manage, for a page that offers it or not."""
    person = db.session.get(Person, person_id)
    try:
        if person is not None and by.may(Permission.PEOPLE_EDIT):
            ensure_may_change(person, by=by)
            return True
    except NotAllowed:
        return False
    return False


def _counts(membership: Membership, person: Person) -> bool:
    """Roles held now; of somebody who left, those held until then."""
    if person.status == PersonStatus.LEFT:
        return membership.ended_at == person.left_at
    return membership.ended_at is None
