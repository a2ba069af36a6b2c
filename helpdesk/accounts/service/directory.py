"""Adding people and organisations, and what becomes of them."""

from uuid import uuid4

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from helpdesk.accounts import rules
from helpdesk.accounts.email_rules import is_surely_shared, normalise_email, shared_mailbox_reason
from helpdesk.accounts.errors import (
    EmailTaken,
    MailboxTaken,
    NameRefused,
    OrganisationCodeTaken,
    OrganisationRefused,
    OrganisationUnknown,
    RoleDoesNotFit,
    RoleHeldAlready,
    SharedMailbox,
)
from helpdesk.accounts.models import Membership, Organisation, Person
from helpdesk.accounts.permissions import Permission, may_be_held_at
from helpdesk.accounts.queries.organisations import organisation_for_code
from helpdesk.accounts.service.constraints import broken_constraint
from helpdesk.accounts.types import EmailAddress, NewPerson, OrganisationKind, PersonStatus, Role
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.core.plain_text import clean_line
from helpdesk.db import db

PLATFORM_CODE = "HELPDESK"
PLATFORM_NAME = "Helpdesk"
LONGEST_NAME = 120
LONGEST_ADDRESS = 200
LONGEST_REASON = 200


def ensure_platform(*, by: Actor) -> Organisation:
    """The organisation at the top of the tree, made when it is not there yet."""
    known = db.session.scalar(select(Organisation).where(Organisation.kind == OrganisationKind.PLATFORM))
    return known or _add(OrganisationKind.PLATFORM, PLATFORM_NAME, PLATFORM_CODE, parent=None, postcode="", by=by)


def add_organisation(
    *,
    kind: OrganisationKind,
    name: str,
    by: Actor,
    code: str = "",
    parent_code: str = PLATFORM_CODE,
    postcode: str = "",
    address: str = "",
) -> Organisation:
    """A commissioner, company or site, in its place in the tree."""
    parent = get_organisation(parent_code, by=by)
    if not rules.may_be_under(kind, OrganisationKind(parent.kind)):
        raise OrganisationRefused(f"A {kind} cannot belong to a {parent.kind}")
    kept_code = rules.organisation_code(code) if code else None
    if code and not kept_code:
        raise OrganisationRefused("The code must be 3 to 8 letters and digits, like FA123")
    kept_postcode = rules.postcode(postcode) if postcode else ""
    if kept_postcode is None:
        raise OrganisationRefused("Enter a full UK postcode, like AN1 2CD")
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise OrganisationRefused(f"The name must be between 1 and {LONGEST_NAME} characters")
    organisation = _add(kind, name.strip(), kept_code, parent=parent, postcode=kept_postcode, by=by)
    organisation.address = clean_line(address, LONGEST_ADDRESS)
    return organisation


def get_organisation(code: str, *, by: Actor) -> Organisation:
    """The organisation with that code, if it is one of the actor's own."""
    organisation = organisation_for_code(code)
    if organisation is None or not rules.may_reach(by.reach(Permission.PEOPLE_EDIT), organisation.path):
        raise OrganisationUnknown
    return organisation


def add_person(new: NewPerson, *, by: Actor) -> Person:
    """A person who is invited and cannot sign in yet."""
    address = normalise_email(new.email)
    name = new.name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise NameRefused
    looks_shared = _ensure_personal(address, new.personal_because)
    organisation = get_organisation(new.organisation_code, by=by)
    _ensure_fits(new.role, organisation)
    person = Person(
        name=name,
        email=address.display,
        email_key=address.key,
        email_collision=address.collision,
        personal_because=new.personal_because[:LONGEST_REASON] if looks_shared else "",
        status=PersonStatus.INVITED,
        memberships=[Membership(organisation=organisation, role=new.role)],
    )
    _insert_person(person, address)
    record(
        "person:added",
        by=by,
        target=f"person:{person.id}",
        organisation_id=organisation.id,
        role=new.role,
        looks_shared=looks_shared,
    )
    return person


def add_role(person: Person, *, role: Role, organisation_code: str, by: Actor) -> None:
    """One more role for a person: a locum's second site."""
    organisation = get_organisation(organisation_code, by=by)
    _ensure_fits(role, organisation)
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
            membership.ended_at = clock.now()
            db.session.flush()
            record("person:role-ended", by=by, target=f"person:{person.id}", organisation_id=organisation.id, role=role)
            return
    raise NotFound("This person does not have that role there")


def let_go(person: Person, *, by: Actor) -> None:
    """The person left: no role, no session and no token is good any longer. The address stays taken."""
    person.status = PersonStatus.LEFT
    person.session_epoch = Person.session_epoch + 1
    db.session.flush()
    record("person:left", by=by, target=f"person:{person.id}")


def _add(
    kind: OrganisationKind, name: str, code: str | None, *, parent: Organisation | None, postcode: str, by: Actor
) -> Organisation:
    organisation_id = uuid4()
    organisation = Organisation(
        id=organisation_id,
        parent_id=parent.id if parent else None,
        kind=kind,
        name=name,
        ods_code=code,
        postcode=postcode,
        path=f"{parent.path}{organisation_id}/" if parent else "",
    )
    try:
        with db.session.begin_nested():
            db.session.add(organisation)
    except IntegrityError as error:
        if broken_constraint(error) == "uq_organisation_ods_code":
            raise OrganisationCodeTaken from error
        raise
    record(
        "organisation:added",
        by=by,
        target=f"organisation:{organisation_id}",
        organisation_id=organisation_id,
        kind=kind,
    )
    return organisation


def _ensure_personal(address: EmailAddress, personal_because: str) -> bool:
    """Whether the address looks like a team's although somebody says why it is not; without a reason it is refused."""
    reason = shared_mailbox_reason(address)
    if reason and (is_surely_shared(address) or not personal_because):
        raise SharedMailbox(reason, may_be_explained=not is_surely_shared(address))
    return reason is not None


def _ensure_fits(role: Role, organisation: Organisation) -> None:
    if not may_be_held_at(role, OrganisationKind(organisation.kind)):
        raise RoleDoesNotFit


def _insert_person(person: Person, address: EmailAddress) -> None:
    """The database decides who is first, so that two invitations at the same moment cannot both pass."""
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError as error:
        if broken_constraint(error) not in {"uq_person_email_key", "uq_person_email_collision"}:
            raise
        # The same address breaks both, and each database tells only one, not the same.
        is_same = db.session.scalar(select(exists().where(Person.email_key == address.key)))
        raise (EmailTaken if is_same else MailboxTaken) from error
