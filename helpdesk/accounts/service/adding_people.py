"""Adding people: who is invited cannot log in yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from helpdesk.accounts.errors import EmailTaken, MailboxTaken
from helpdesk.accounts.models import Membership, Person
from helpdesk.accounts.service.constraints import broken_constraint
from helpdesk.accounts.service.contacts import put_phone
from helpdesk.accounts.service.cool_down import ensure_not_restricted
from helpdesk.accounts.service.newcomers import Neighbours, Newcomer, check
from helpdesk.accounts.types.directory import EmailAddress, NewPerson, PersonStatus
from helpdesk.audit.service import record
from helpdesk.core.actor import Actor
from helpdesk.db import db

ONE_ADDRESS_EACH = {"uq_person_email_key", "uq_person_email_collision"}


def add_person(new: NewPerson, *, by: Actor) -> Person:
    """A person who is invited and cannot sign in yet."""
    ensure_not_restricted(by=by)
    newcomer = check(new, by=by, among=Neighbours(by))
    person = make_person(new, newcomer)
    with one_address_each(newcomer.address):
        db.session.add(person)
    note_added(person, new, newcomer, by=by)
    return person


def make_person(new: NewPerson, newcomer: Newcomer) -> Person:
    """The row of somebody who passed every check."""
    person = Person(
        id=uuid4(),
        name=newcomer.name,
        email=newcomer.address.display,
        email_key=newcomer.address.key,
        email_collision=newcomer.address.collision,
        personal_because=newcomer.personal_because,
        status=PersonStatus.INVITED,
        memberships=[Membership(organisation=newcomer.organisation, role=new.role)],
    )
    put_phone(person, newcomer.phone)
    return person


@contextmanager
def one_address_each(address: EmailAddress) -> Iterator[None]:
    """The database decides who is first, so that two who want an address at the same moment cannot both get it."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        if broken_constraint(error) not in ONE_ADDRESS_EACH:
            raise
        # The same address breaks both, and each database tells only one, not the same.
        is_same = db.session.scalar(select(exists().where(Person.email_key == address.key)))
        raise (EmailTaken if is_same else MailboxTaken) from error


def note_added(person: Person, new: NewPerson, newcomer: Newcomer, *, by: Actor) -> None:
    """Tell the audit log who came, and what somebody looked at twice."""
    record(
        "person:added",
        by=by,
        target=f"person:{person.id}",
        organisation_id=newcomer.organisation.id,
        role=new.role,
        looks_shared=bool(newcomer.personal_because),
        email_is_right=new.email_is_right,
        is_another_person=new.is_another_person,
        has_phone=bool(newcomer.phone),
    )
