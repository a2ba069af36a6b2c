"""Whom somebody reaches with a permission: people with a role within the organisations for which they hold it."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, true

from helpdesk.accounts.models import Membership, Organisation, Person
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.organisations import within_reach
from helpdesk.accounts.types.directory import Role
from helpdesk.core.actor import Actor
from helpdesk.db import db


def is_reached(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """People of the actor's organisations; who holds the permission everywhere reaches everybody."""
    if "" in actor.reach(permission):
        return true()
    held = exists().where(
        Membership.person_id == Person.id,
        Membership.organisation_id == Organisation.id,
        Membership.ended_at.is_(None),
    )
    return held.where(within_reach(actor, permission))


def find_reached(actor: Actor, permission: Permission, person_id: UUID) -> Person | None:
    """One of them, or None both when there is no such person and when not within reach."""
    return db.session.scalar(select(Person).where(Person.id == person_id, is_reached(actor, permission)))


def holders_above(person: Person, role: Role) -> list[Person]:
    """Everybody else who holds the role for an organisation of this person, or for one above it."""
    own = [membership.organisation.path for membership in person.memberships if membership.ended_at is None]
    paths = {path[: end + 1] for path in own for end, letter in enumerate(path) if letter == "/"} | {""}
    holders = select(Person).join(Person.memberships).join(Membership.organisation)
    current = (Membership.role == role, Membership.ended_at.is_(None), Organisation.path.in_(paths))
    return list(db.session.scalars(holders.where(*current, Person.id != person.id).order_by(Person.id)).unique())
