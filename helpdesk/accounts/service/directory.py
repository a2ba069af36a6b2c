"""The tree of organisations."""

from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from helpdesk.accounts import rules
from helpdesk.accounts.errors import OrganisationCodeTaken, OrganisationRefused, OrganisationUnknown
from helpdesk.accounts.models import Organisation
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.organisations import organisation_for_code
from helpdesk.accounts.service.constraints import broken_constraint
from helpdesk.accounts.types.directory import OrganisationKind
from helpdesk.audit.service import record
from helpdesk.core.actor import Actor
from helpdesk.core.plain_text import clean_line
from helpdesk.db import db

PLATFORM_CODE = "HELPDESK"
PLATFORM_NAME = "Helpdesk"
LONGEST_NAME = 120
LONGEST_ADDRESS = 200


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
