"""Inviting people by mail."""

from uuid import UUID

from sqlalchemy import exists, select

from helpdesk.accounts.models import Person, SetupLink
from helpdesk.accounts.queries.people import person_to_change
from helpdesk.accounts.service.adding_people import add_person
from helpdesk.accounts.service.authority import ensure_may_change
from helpdesk.accounts.service.cool_down import ensure_not_restricted
from helpdesk.accounts.service.email_changes import set_address
from helpdesk.accounts.service.newcomers import check_wish
from helpdesk.accounts.service.setup_links import send_link
from helpdesk.accounts.types.directory import EmailWish, NewPerson, PersonStatus
from helpdesk.audit.service import record
from helpdesk.core.actor import SYSTEM, Actor
from helpdesk.db import db


def invite(new: NewPerson, *, by: Actor) -> UUID:
    """Add a person and mail them the link with which they choose a password."""
    person = add_person(new, by=by)
    send_link(person, by=by)
    return person.id


def invite_again(person_id: UUID, *, by: Actor) -> None:
    """Mail a new link to somebody who did not use the first in time."""
    person = person_to_change(by, person_id)
    ensure_not_restricted(by=by)
    ensure_may_change(person, by=by)
    send_link(person, by=by)


def invite_waiting(limit: int) -> int:
    """Invite at most so many of those who were imported and have no link yet; how many."""
    has_link = exists().where(SetupLink.person_id == Person.id)
    waiting = select(Person).where(Person.status == PersonStatus.INVITED, ~has_link).order_by(Person.created_at)
    people = list(db.session.scalars(waiting.limit(limit).with_for_update(skip_locked=True)))
    for person in people:
        send_link(person, by=SYSTEM)
    return len(people)


def correct_address(person: Person, wish: EmailWish, *, by: Actor) -> None:
    """Invite somebody at another address: the first was mistyped, and nobody has used its link."""
    ensure_not_restricted(by=by)
    ensure_may_change(person, by=by)
    new = check_wish(person, wish, by=by)
    set_address(person, new.address, new.personal_because)
    record("person:invitation-corrected", by=by, target=f"person:{person.id}")
    send_link(person, by=by)
