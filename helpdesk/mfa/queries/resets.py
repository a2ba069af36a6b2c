"""Resets that an actor may see, and what came before one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from helpdesk.accounts.models import Membership, Person
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.people import person_for_email
from helpdesk.accounts.queries.reach import find_reached, is_reached
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.db import db
from helpdesk.mfa.errors import ResetMovedOn
from helpdesk.mfa.models.resets import MfaReset, ResetEvidence
from helpdesk.mfa.queries.outward import has_open_steps
from helpdesk.mfa.rules.resets import OPEN, REQUEST_LASTS
from helpdesk.mfa.types.resets import ResetState


def get_reset(actor: Actor, reset_id: UUID) -> MfaReset:
    """A reset of somebody within reach, with all that its page shows. NotFound for every other."""
    reset = db.session.scalar(
        _of_actor(actor, reset_id).options(
            joinedload(MfaReset.person).selectinload(Person.memberships).joinedload(Membership.organisation),
            joinedload(MfaReset.requested_by),
            joinedload(MfaReset.approved_by),
            joinedload(MfaReset.second_by),
            selectinload(MfaReset.evidence).joinedload(ResetEvidence.by),
        )
    )
    if reset is None:
        raise NotFound
    return reset


def reset_to_change(actor: Actor, reset_id: UUID, *, seen: int) -> MfaReset:
    """The same to change. ResetMovedOn when the actor saw an older version."""
    if db.session.scalar(_of_actor(actor, reset_id).with_only_columns(MfaReset.id)) is None:
        raise NotFound
    reset = hold_reset(reset_id)
    if reset is None or reset.version != seen:
        raise ResetMovedOn
    return reset


def hold_reset(reset_id: UUID) -> MfaReset | None:
    """The row as it is in the database now, held until the commit; the person's before it, as wherever both are."""
    person_id = db.session.scalar(select(MfaReset.person_id).where(MfaReset.id == reset_id))
    if person_id is None:
        return None
    db.session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    return db.session.get_one(MfaReset, reset_id, with_for_update=True, populate_existing=True)


def resets_to_issue(limit: int) -> list[UUID]:
    """Approved resets whose link may be made now. Of a frozen account none is made until it is in use again."""
    is_due = (MfaReset.state == ResetState.APPROVED, MfaReset.not_before <= clock.now(), ~has_open_steps(MfaReset.id))
    waiting = select(MfaReset.id).join(MfaReset.person).where(*is_due, Person.status == PersonStatus.ACTIVE)
    return list(db.session.scalars(waiting.order_by(MfaReset.not_before).limit(limit)))


def resets_to_expire(limit: int) -> list[UUID]:
    """Those whose link was not used, or that nobody decided, in time."""
    now, was_sent = clock.now(), MfaReset.state == ResetState.ISSUED
    is_unused = was_sent & (MfaReset.expires_at <= now)
    is_undecided = MfaReset.state.in_(OPEN) & ~was_sent & (MfaReset.created_at <= now - REQUEST_LASTS)
    over = select(MfaReset.id).where(is_unused | is_undecided)
    return list(db.session.scalars(over.order_by(MfaReset.created_at).limit(limit)))


def person_to_reset(actor: Actor, person_id: UUID) -> Person:
    """Somebody within the actor's reach. NotFound both when there is nobody and otherwise."""
    person = find_reached(actor, Permission.RESET_REQUEST, person_id)
    if person is None:
        raise NotFound
    return person


def person_to_reset_held(actor: Actor, person_id: UUID) -> Person:
    """The same, held until the commit: a change of address that begins in this moment waits, and is then refused."""
    person = person_to_reset(actor, person_id)
    return db.session.get_one(Person, person.id, with_for_update=True, populate_existing=True)


def find_person_to_reset(actor: Actor, email: str) -> Person | None:
    """The same by the whole address, however it is typed."""
    person = person_for_email(email)
    return find_reached(actor, Permission.RESET_REQUEST, person.id) if person else None


def find_person_id(reset_id: UUID) -> UUID | None:
    """Whose log-in a reset is about, for the audit log."""
    return db.session.scalar(select(MfaReset.person_id).where(MfaReset.id == reset_id))


def find_open(person_id: UUID) -> MfaReset | None:
    """The reset of this person that is going on, if there is one."""
    return db.session.scalar(select(MfaReset).where(MfaReset.person_id == person_id, MfaReset.state.in_(OPEN)))


def find_latest(person_id: UUID) -> MfaReset | None:
    """The newest reset of this person, however it ended."""
    own = select(MfaReset).where(MfaReset.person_id == person_id)
    return db.session.scalar(own.order_by(MfaReset.created_at.desc()).limit(1))


def find_latest_of_ticket(reference: str) -> MfaReset | None:
    """The latest reset that belongs to this request for help."""
    of_ticket = select(MfaReset).where(MfaReset.ticket_reference == reference)
    return db.session.scalar(of_ticket.order_by(MfaReset.created_at.desc()).limit(1))


def find_latest_approved(person_id: UUID) -> MfaReset | None:
    """The last reset of this person that was set going."""
    approved = select(MfaReset).where(MfaReset.person_id == person_id, MfaReset.not_before.is_not(None))
    return db.session.scalar(approved.order_by(MfaReset.approved_at.desc()).limit(1))


def latest_approval(person_id: UUID, *, apart_from: UUID) -> datetime | None:
    """When another reset of this person was last approved."""
    others = (MfaReset.person_id == person_id, MfaReset.id != apart_from)
    return db.session.scalar(select(func.max(MfaReset.approved_at)).where(*others))


def latest_completion(person_id: UUID) -> datetime | None:
    """When a reset of this person last ended in a new authenticator."""
    return db.session.scalar(select(func.max(MfaReset.completed_at)).where(MfaReset.person_id == person_id))


def latest_dispute(person_id: UUID) -> datetime | None:
    """When somebody last said that a reset of this person was not theirs."""
    disputed = (MfaReset.person_id == person_id, MfaReset.state == ResetState.DISPUTED)
    return db.session.scalar(select(func.max(MfaReset.closed_at)).where(*disputed))


def _of_actor(actor: Actor, reset_id: UUID) -> Select[MfaReset]:
    return (
        select(MfaReset).join(MfaReset.person).where(MfaReset.id == reset_id, is_reached(actor, Permission.RESET_CHECK))
    )
