"""People and organisations that an actor may see."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import joinedload

from helpdesk.accounts import rules
from helpdesk.accounts.email_rules import normalise_email
from helpdesk.accounts.errors import EmailRefused
from helpdesk.accounts.models import Membership, Organisation, Person
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.search import likely_sites
from helpdesk.accounts.types import (
    HeldRole,
    OrganisationEntry,
    OrganisationKind,
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


def organisation_for_code(code: str) -> Organisation | None:
    """The organisation with that ODS code, in capitals or not."""
    kept = rules.organisation_code(code)
    return db.session.scalar(select(Organisation).where(Organisation.ods_code == kept)) if kept else None


def within_reach(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Organisations in which the actor has the permission, with everything below them."""
    paths = actor.reach(permission)
    if "" in paths:
        return true()
    return or_(false(), *(Organisation.path.startswith(path, autoescape=True) for path in paths))


def suggest_organisations(text: str, limit: int = 3) -> list[OrganisationEntry]:
    """Pharmacies that may be meant by a name, a postcode or an ODS code, the likeliest first."""
    typed = " ".join(text.replace("\x00", " ").split())[:120]
    exact = _sites_by_code_or_postcode(typed, limit)
    if exact or not typed:
        return [_organisation_entry(site) for site in exact]
    near = likely_sites(typed, _all_sites(), limit)
    return _organisations_in_order([one.id for one in near])


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
        PersonEntry(
            id=person.id,
            name=person.name,
            email=person.email,
            status=PersonStatus(person.status),
            roles=tuple(roles[person.id]),
            is_set_up=person.mfa_generation > 0,
        )
        for person in people
    )


def _organisation_entry(organisation: Organisation) -> OrganisationEntry:
    return OrganisationEntry(
        organisation.id,
        OrganisationKind(organisation.kind),
        organisation.name,
        organisation.ods_code,
        organisation.postcode,
        organisation.address,
    )


def _sites_by_code_or_postcode(typed: str, limit: int) -> list[Organisation]:
    code, postcode = rules.organisation_code(typed), rules.postcode(typed)
    if not code and not postcode:
        return []
    sites = select(Organisation).where(Organisation.kind == OrganisationKind.SITE)
    meant = or_(Organisation.ods_code == code, Organisation.postcode == postcode)
    return list(db.session.scalars(sites.where(meant).order_by(Organisation.name, Organisation.id).limit(limit)))


def _all_sites() -> dict[UUID, str]:
    """What is known of each pharmacy, in a line. They are some thousands, and few people ask."""
    columns = (Organisation.name, Organisation.address, Organisation.postcode, Organisation.ods_code)
    rows = db.session.execute(select(Organisation.id, *columns).where(Organisation.kind == OrganisationKind.SITE))
    return {site_id: " ".join(part for part in parts if part) for site_id, *parts in rows}


def _organisations_in_order(ids: list[UUID]) -> list[OrganisationEntry]:
    found = {one.id: one for one in db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
    return [_organisation_entry(found[one_id]) for one_id in ids]
