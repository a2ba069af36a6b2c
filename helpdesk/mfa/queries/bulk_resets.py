"""Resets of many people at once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from helpdesk.accounts.models import Membership, Organisation, Person
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.db import db
from helpdesk.mfa.models.resets import BulkReset, BulkResetPerson, MfaReset
from helpdesk.mfa.types.resets import BulkState

MOST_SHOWN = 20


def list_bulk_resets() -> Sequence[BulkReset]:
    """The latest, the newest first."""
    newest = select(BulkReset).options(joinedload(BulkReset.requested_by))
    return db.session.scalars(newest.order_by(BulkReset.created_at.desc()).limit(MOST_SHOWN)).all()


def get_bulk(bulk_id: UUID) -> BulkReset:
    """One of them, or NotFound."""
    bulk = db.session.get(BulkReset, bulk_id)
    if bulk is None:
        raise NotFound
    return bulk


def bulk_to_change(bulk_id: UUID) -> BulkReset:
    """The same, held until the commit."""
    get_bulk(bulk_id)
    return db.session.get_one(BulkReset, bulk_id, with_for_update=True, populate_existing=True)


def people_of(bulk: BulkReset) -> Sequence[BulkResetPerson]:
    """Everybody on the list by name."""
    listed = select(BulkResetPerson).join(BulkResetPerson.person).where(BulkResetPerson.bulk_id == bulk.id)
    people = listed.options(joinedload(BulkResetPerson.person)).order_by(Person.name, Person.id)
    return db.session.scalars(people).all()


def resets_of(bulk: BulkReset) -> dict[UUID, MfaReset]:
    """The reset of each person whose own was set going."""
    own = select(MfaReset).where(MfaReset.bulk_id == bulk.id)
    return {reset.person_id: reset for reset in db.session.scalars(own)}


def privileged_on(bulk: BulkReset) -> set[UUID]:
    """Those on the list who hold a role over others: the link alone does not let them in."""
    held = select(Membership.person_id).join(BulkResetPerson, BulkResetPerson.person_id == Membership.person_id)
    above = (Membership.role != Role.USER, Membership.ended_at.is_(None))
    return set(db.session.scalars(held.where(BulkResetPerson.bulk_id == bulk.id, *above)))


def bulk_resets_waiting(actor: Actor) -> Sequence[BulkReset]:
    """Lists that this actor could approve: those that somebody else made."""
    if not actor.may(Permission.RESET_BULK):
        return []
    waiting = select(BulkReset).options(joinedload(BulkReset.requested_by))
    is_anothers = (BulkReset.state == BulkState.REQUESTED, BulkReset.requested_by_id != actor.person_id)
    return db.session.scalars(waiting.where(*is_anothers).order_by(BulkReset.created_at)).all()


def people_at(organisation: Organisation) -> Sequence[Person]:
    """People with an authenticator who hold a role at an organisation or below it."""
    held = exists().where(
        Membership.person_id == Person.id,
        Membership.organisation_id == Organisation.id,
        Membership.ended_at.is_(None),
        Organisation.path.startswith(organisation.path, autoescape=True),
    )
    people = select(Person).where(held, Person.status == PersonStatus.ACTIVE, Person.mfa_generation > 0)
    return db.session.scalars(people.order_by(Person.id)).all()


def platform_administrators() -> Sequence[Person]:
    """Those who are left out, so that nobody locks the house from inside."""
    holds = exists().where(
        Membership.person_id == Person.id,
        Membership.role == Role.PLATFORM_ADMINISTRATOR,
        Membership.ended_at.is_(None),
    )
    return db.session.scalars(select(Person).where(holds).order_by(Person.name, Person.id)).all()


def others_of(administrators: Sequence[Person], person_id: UUID | None) -> list[Person]:
    """Those who can approve what this one of them asked for."""
    return [one for one in administrators if one.id != person_id and one.status == PersonStatus.ACTIVE]


def people_to_reset(limit: int) -> list[UUID]:
    """Lines of approved lists whose resets were not set going yet, the oldest list first."""
    waiting = select(BulkResetPerson.id).join(BulkReset, BulkReset.id == BulkResetPerson.bulk_id)
    waiting = waiting.where(BulkReset.state == BulkState.APPROVED, BulkResetPerson.handled_at.is_(None))
    return list(db.session.scalars(waiting.order_by(BulkReset.approved_at, BulkResetPerson.id).limit(limit)))
