"""Organisations: which one is meant, and which an actor reaches."""

from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true

from helpdesk.accounts import rules
from helpdesk.accounts.models import Organisation
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.search import index_of, likely_sites
from helpdesk.accounts.types.directory import OrganisationEntry, OrganisationKind
from helpdesk.core.actor import Actor
from helpdesk.db import db


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


def only_code(actor: Actor) -> str:
    """The code of the one organisation in which the actor manages people; '' where there are several."""
    mine = select(Organisation.ods_code).where(within_reach(actor, Permission.PEOPLE_EDIT)).limit(2)
    codes = list(db.session.scalars(mine))
    return codes[0] or "" if len(codes) == 1 else ""


def seen_organisations(actor: Actor, ids: set[UUID]) -> dict[UUID, str]:
    """Names of those among these organisations that the actor reaches."""
    mine = select(Organisation.id, Organisation.name).where(within_reach(actor, Permission.PEOPLE_SEE))
    return dict(db.session.execute(mine.where(Organisation.id.in_(ids))).all())


def suggest_organisations(text: str, limit: int = 3) -> list[OrganisationEntry]:
    """Pharmacies that may be meant by a name, a postcode or an ODS code, the likeliest first."""
    typed = " ".join(text.replace("\x00", " ").split())[:120]
    exact = _sites_by_code_or_postcode(typed, limit)
    if exact or not typed:
        return [_organisation_entry(site) for site in exact]
    near = likely_sites(typed, index_of(_all_sites()), limit)
    return _organisations_in_order([one.id for one in near])


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


def _all_sites() -> tuple[tuple[UUID, str], ...]:
    """What is known of each pharmacy, in a line. They are some thousands, and few people ask."""
    columns = (Organisation.name, Organisation.address, Organisation.postcode, Organisation.ods_code)
    sites = select(Organisation.id, *columns).where(Organisation.kind == OrganisationKind.SITE)
    rows = db.session.execute(sites.order_by(Organisation.id))
    return tuple((site_id, " ".join(part for part in parts if part)) for site_id, *parts in rows)


def _organisations_in_order(ids: list[UUID]) -> list[OrganisationEntry]:
    found = {one.id: one for one in db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}
    return [_organisation_entry(found[one_id]) for one_id in ids]
