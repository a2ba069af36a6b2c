"""People that an actor may see."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from helpdesk.accounts.email_rules import normalise_email
from helpdesk.accounts.errors import EmailRefused
from helpdesk.accounts.models import Membership, Organisation, Person
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.organisations import within_reach
from helpdesk.accounts.types import (
    HeldRole,
    PeoplePage,
    PersonEntry,
    PersonStatus,
    Role,
)
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.db import db

PEOPLE_ON_A_PAGE = 25
MOST_ORGANISATIONS = 500


def people_page(actor: Actor, search: str = "", after: UUID | None = None) -> PeoplePage:
    """People of the actor's own organisations by name, those who left excepted."""
    people = select(Person).where(_is_own(actor), Person.status != PersonStatus.LEFT)
    if search:
        people = people.where(
            or_(Person.name.icontains(search, autoescape=True), Person.email_key.icontains(search, autoescape=True))
        )
    if after:
        last_name = select(Person.name).where(Person.id == after).scalar_subquery()
        people = people.where(or_(Person.name > last_name, (Person.name == last_name) & (Person.id > after)))
    page = list(db.session.scalars(people.order_by(Person.name, Person.id).limit(PEOPLE_ON_A_PAGE + 1)))
    shown = page[:PEOPLE_ON_A_PAGE]
    return PeoplePage(_entries(actor, shown), shown[-1].id if len(page) > PEOPLE_ON_A_PAGE else None)


def get_person(actor: Actor, person_id: UUID) -> PersonEntry:
    """One person of the actor's own organisations. NotFound both when there is none and when not the actor's."""
    return _entries(actor, [person_to_change(actor, person_id)])[0]


def person_to_change(actor: Actor, person_id: UUID) -> Person:
    """The same person as a row to change. NotFound as above."""
    person = db.session.scalar(select(Person).where(Person.id == person_id, _is_own(actor)))
    if person is None:
        raise NotFound
    return person


def person_for_email(email: str) -> Person | None:
    """The person with that address, however it is typed."""
    try:
        return person_for_key(normalise_email(email).key)
    except EmailRefused:
        return None


def person_for_key(key: str) -> Person | None:
    """The person with that normalised address."""
    return db.session.scalar(select(Person).where(Person.email_key == key))


def known_domains(organisation: Organisation) -> set[str]:
    """Domains of the addresses of an organisation's people, to notice a mistyped one."""
    keys = db.session.scalars(
        select(Person.email_key)
        .join(Person.memberships)
        .where(Membership.organisation_id == organisation.id, Person.status != PersonStatus.LEFT)
        .limit(MOST_ORGANISATIONS)
    )
    return {key.rpartition("@")[2] for key in keys}


def _is_own(actor: Actor) -> ColumnElement[bool]:
    """People with a current role within the actor's organisations."""
    current = select(Membership.person_id).join(Membership.organisation).where(Membership.ended_at.is_(None))
    return Person.id.in_(current.where(within_reach(actor, Permission.PEOPLE_SEE)))


def _entries(actor: Actor, people: list[Person]) -> tuple[PersonEntry, ...]:
    """The people with those of their roles that lie within the actor's organisations."""
    memberships = db.session.scalars(
        select(Membership)
        .join(Membership.organisation)
        .where(Membership.person_id.in_([person.id for person in people]), Membership.ended_at.is_(None))
        .where(within_reach(actor, Permission.PEOPLE_SEE))
        .options(joinedload(Membership.organisation))
        .order_by(Membership.created_at, Membership.id)
    )
    roles = defaultdict(list)
    for membership in memberships:
        roles[membership.person_id].append(HeldRole(Role(membership.role), membership.organisation.name))
    return tuple(
        PersonEntry(person.id, person.name, person.email, PersonStatus(person.status), tuple(roles[person.id]))
        for person in people
    )
