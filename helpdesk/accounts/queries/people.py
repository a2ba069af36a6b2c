"""People that an actor may see."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import joinedload

from helpdesk.accounts.email_rules import normalise_email
from helpdesk.accounts.errors import EmailRefused
from helpdesk.accounts.models import Membership, Organisation, Person, SignInSession
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.organisations import organisation_for_code, within_reach
from helpdesk.accounts.types.directory import HeldRole, PeopleFilter, PeoplePage, PersonEntry, PersonStatus, Role
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.db import db

PEOPLE_ON_A_PAGE = 25

# Roles held now; of somebody who left, those held until then.
COUNTS = or_(Membership.ended_at.is_(None), Membership.ended_at == Person.left_at)


def people_page(actor: Actor, wanted: PeopleFilter, after: UUID | None = None) -> PeoplePage:
    """People of the actor's own organisations by name; those who left only when asked for."""
    people = select(Person).where(_is_own(actor), *_conditions(wanted))
    if after:
        last_name = select(Person.name).where(Person.id == after).scalar_subquery()
        people = people.where(or_(Person.name > last_name, (Person.name == last_name) & (Person.id > after)))
    page = list(db.session.scalars(people.order_by(Person.name, Person.id).limit(PEOPLE_ON_A_PAGE + 1)))
    shown = page[:PEOPLE_ON_A_PAGE]
    return PeoplePage(_entries(actor, shown), shown[-1].id if len(page) > PEOPLE_ON_A_PAGE else None)


def get_person(actor: Actor, person_id: UUID) -> PersonEntry:
    """One person of the actor's own organisations. NotFound both when there is none and when not the actor's."""
    return _entries(actor, [_one(_of_actor(actor, person_id))])[0]


def person_of(actor: Actor, person_id: UUID) -> Person:
    """The same person as a row. NotFound as above."""
    return _one(_of_actor(actor, person_id))


def person_to_change(actor: Actor, person_id: UUID) -> Person:
    """The same to change, held until the commit. NotFound as above."""
    return _one(_of_actor(actor, person_id).with_for_update())


def own_entry(actor: Actor) -> PersonEntry:
    """The actor's own account, with every role."""
    everywhere = Actor(name=actor.name, person_id=actor.person_id, is_service=True)
    return _entries(everywhere, [_one(select(Person).where(Person.id == actor.person_id))])[0]


def own_person(actor: Actor) -> Person:
    """The same as a row."""
    return _one(select(Person).where(Person.id == actor.person_id))


def own_person_to_change(actor: Actor) -> Person:
    """The actor's own account as a row to change."""
    return _one(select(Person).where(Person.id == actor.person_id).with_for_update())


def person_for_email(email: str) -> Person | None:
    """The person with that address, however it is typed."""
    try:
        return person_for_key(normalise_email(email).key)
    except EmailRefused:
        return None


def person_for_key(key: str) -> Person | None:
    """The person with that normalised address."""
    return db.session.scalar(select(Person).where(Person.email_key == key))


def addresses_at(organisation: Organisation) -> list[str]:
    """Addresses of an organisation's people, with whom a new address is compared."""
    people = select(Person.email).join(Person.memberships).where(Person.status != PersonStatus.LEFT)
    here = people.where(Membership.organisation_id == organisation.id, Membership.ended_at.is_(None))
    return list(db.session.scalars(here.distinct()))


def names_seen_by(actor: Actor) -> list[tuple[str, str]]:
    """Name and address of everybody whom the actor can see, to notice a second account of one person."""
    people = select(Person.name, Person.email).where(_is_own(actor), Person.status != PersonStatus.LEFT)
    return list(db.session.execute(people))


def last_log_in(person_id: UUID) -> datetime | None:
    """When the person last logged in; whoever calls has checked that the reader may know."""
    return db.session.scalar(select(func.max(SignInSession.created_at)).where(SignInSession.person_id == person_id))


def seen_names(actor: Actor, ids: set[UUID]) -> dict[UUID, str]:
    """Names of those among these people whom the actor can see."""
    people = select(Person.id, Person.name).where(_is_own(actor), Person.id.in_(ids))
    return dict(db.session.execute(people).all())


def _one(people: Select[Person]) -> Person:
    person = db.session.scalar(people)
    if person is None:
        raise NotFound
    return person


def _of_actor(actor: Actor, person_id: UUID) -> Select[Person]:
    return select(Person).where(Person.id == person_id, _is_own(actor))


def _is_own(actor: Actor) -> ColumnElement[bool]:
    """People with a role within the actor's organisations; who reaches all of them sees people without a role, too."""
    if "" in actor.reach(Permission.PEOPLE_SEE):
        return true()
    held = exists().where(Membership.person_id == Person.id, Membership.organisation_id == Organisation.id, COUNTS)
    return held.where(within_reach(actor, Permission.PEOPLE_SEE))


def _conditions(wanted: PeopleFilter) -> list[ColumnElement[bool]]:
    conditions = [Person.status == wanted.status if wanted.status else Person.status != PersonStatus.LEFT]
    if wanted.search:
        by_name, by_address = Person.name, Person.email_key
        conditions.append(
            or_(by_name.icontains(wanted.search, autoescape=True), by_address.icontains(wanted.search, autoescape=True))
        )
    if wanted.is_not_set_up:
        conditions.append(Person.mfa_generation == 0)
    if wanted.role or wanted.organisation_code:
        conditions.append(_holds(wanted))
    return conditions


def _holds(wanted: PeopleFilter) -> ColumnElement[bool]:
    held = exists().where(Membership.person_id == Person.id, Membership.organisation_id == Organisation.id, COUNTS)
    if wanted.role:
        held = held.where(Membership.role == wanted.role)
    if wanted.organisation_code:
        place = organisation_for_code(wanted.organisation_code)
        held = held.where(Organisation.path.startswith(place.path, autoescape=True) if place else ~true())
    return held


def _entries(actor: Actor, people: list[Person]) -> tuple[PersonEntry, ...]:
    """The people with those of their roles that lie within the actor's organisations."""
    memberships = db.session.scalars(
        select(Membership)
        .join(Membership.organisation)
        .join(Membership.person)
        .where(Membership.person_id.in_([person.id for person in people]), COUNTS)
        .where(within_reach(actor, Permission.PEOPLE_SEE))
        .options(joinedload(Membership.organisation))
        .order_by(Membership.created_at, Membership.id)
    )
    roles = defaultdict(list)
    for membership in memberships:
        roles[membership.person_id].append(_held(membership))
    return tuple(
        PersonEntry(
            id=person.id,
            name=person.name,
            email=person.email,
            status=PersonStatus(person.status),
            roles=tuple(roles[person.id]),
            is_set_up=person.mfa_generation > 0,
            created_at=person.created_at,
            left_at=person.left_at,
        )
        for person in people
    )


def _held(membership: Membership) -> HeldRole:
    place = membership.organisation
    return HeldRole(
        membership.id, Role(membership.role), place.name, place.ods_code or "", place.path, membership.created_at
    )
