"""Giving and ending roles: a locum's several sites are several roles."""

from uuid import UUID

from sqlalchemy import select

from helpdesk.accounts.errors import RoleDoesNotFit, RoleHeldAlready, StateDoesNotFit
from helpdesk.accounts.models import Membership, Person
from helpdesk.accounts.permissions import Permission, may_be_held_at
from helpdesk.accounts.queries.organisations import within_reach
from helpdesk.accounts.service.authority import ensure_may_give, ensure_not_own
from helpdesk.accounts.service.cool_down import ensure_not_being_reset, ensure_not_restricted
from helpdesk.accounts.service.directory import get_organisation
from helpdesk.accounts.types.directory import OrganisationKind, PersonStatus, Role
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.db import db


def add_role(person: Person, *, role: Role, organisation_code: str, by: Actor) -> None:
    """One more role for a person: a locum's second site."""
    ensure_not_own(person, by=by)
    ensure_not_restricted(by=by)
    ensure_not_being_reset(person)
    organisation = get_organisation(organisation_code, by=by)
    if not may_be_held_at(role, OrganisationKind(organisation.kind)):
        raise RoleDoesNotFit
    ensure_may_give(role, organisation, by=by)
    if person.status == PersonStatus.LEFT:
        raise StateDoesNotFit("This person has left. Invite them again with another address")
    held = next((m for m in person.memberships if m.organisation_id == organisation.id and m.role == role), None)
    if held and held.ended_at is None:
        raise RoleHeldAlready
    if held:
        held.ended_at = None
    else:
        person.memberships.append(Membership(organisation=organisation, role=role))
    db.session.flush()
    record("person:role-added", by=by, target=f"person:{person.id}", organisation_id=organisation.id, role=role)


def end_role(person: Person, *, role: Role, organisation_code: str, by: Actor) -> None:
    """Take a role away; it counts from the next request on."""
    organisation = get_organisation(organisation_code, by=by)
    for membership in person.memberships:
        if membership.organisation_id == organisation.id and membership.role == role and membership.ended_at is None:
            end_membership(person, membership, by=by)
            return
    raise NotFound("This person does not have that role there")


def end_membership(person: Person, membership: Membership, *, by: Actor) -> None:
    """The same for a role that is at hand."""
    ensure_not_own(person, by=by)
    ensure_may_give(Role(membership.role), membership.organisation, by=by)
    membership.ended_at = clock.now()
    db.session.flush()
    record(
        "person:role-ended",
        by=by,
        target=f"person:{person.id}",
        organisation_id=membership.organisation_id,
        role=membership.role,
    )


def membership_to_end(person: Person, membership_id: UUID, *, by: Actor) -> Membership:
    """A role that the person holds now at one of the actor's organisations, or NotFound."""
    mine = within_reach(by, Permission.PEOPLE_EDIT)
    asked = select(Membership).join(Membership.organisation).where(mine, Membership.id == membership_id)
    found = db.session.scalar(asked.where(Membership.person_id == person.id, Membership.ended_at.is_(None)))
    if found is None:
        raise NotFound
    return found
