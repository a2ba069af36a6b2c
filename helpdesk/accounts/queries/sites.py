"""Pharmacies of the reader's own area, with what a commissioner asks about each."""

from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.orm import aliased

from helpdesk.accounts.models import Membership, Organisation, Person
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.organisations import within_reach
from helpdesk.accounts.types.directory import OrganisationKind, PersonStatus, Role, SiteEntry, SiteOrder, SitesPage
from helpdesk.core.actor import Actor
from helpdesk.db import db

SITES_ON_A_PAGE = 50


def sites_page(actor: Actor, order: SiteOrder, page: int) -> SitesPage:
    """The sites in that order; `page` counts from 1."""
    people, not_set_up, administrators = _people(), _people(Person.mfa_generation == 0), _administrators()
    orders: dict[SiteOrder, tuple[ColumnElement[int], ...]] = {
        SiteOrder.NAME: (),
        SiteOrder.NOT_SET_UP: (not_set_up.desc(),),
        SiteOrder.ADMINISTRATORS: (administrators,),
    }
    rows = db.session.execute(
        select(Organisation.name, Organisation.ods_code, people, not_set_up, administrators)
        .where(*_is_own_site(actor))
        .order_by(*orders[order], Organisation.name, Organisation.id)
        .offset((page - 1) * SITES_ON_A_PAGE)
        .limit(SITES_ON_A_PAGE)
    )
    sites = tuple(SiteEntry(name, code or "", *counts) for name, code, *counts in rows)
    return SitesPage(sites, _count(actor), _count(actor, administrators == 0), page, SITES_ON_A_PAGE)


def _is_own_site(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return Organisation.kind == OrganisationKind.SITE, within_reach(actor, Permission.PEOPLE_SEE)


def _count(actor: Actor, *conditions: ColumnElement[bool]) -> int:
    sites: Select[int] = select(func.count()).select_from(Organisation).where(*_is_own_site(actor), *conditions)
    return db.session.scalar(sites) or 0


def _people(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """How many people hold a role at the site now."""
    held = select(func.count(distinct(Person.id))).join(Membership, Membership.person_id == Person.id)
    here = held.where(Membership.organisation_id == Organisation.id, *_holds_now(), *conditions)
    return here.correlate(Organisation).scalar_subquery()


def _administrators() -> ColumnElement[int]:
    """How many administer the site: at the site itself, or at the company that it belongs to."""
    place = aliased(Organisation)
    held = (
        select(func.count(distinct(Person.id)))
        .join(Membership, Membership.person_id == Person.id)
        .join(place, place.id == Membership.organisation_id)
    )
    above = held.where(Membership.role == Role.SITE_ADMINISTRATOR, Organisation.path.startswith(place.path))
    return above.where(*_holds_now()).correlate(Organisation).scalar_subquery()


def _holds_now() -> tuple[ColumnElement[bool], ...]:
    return Membership.ended_at.is_(None), Person.status.in_((PersonStatus.INVITED, PersonStatus.ACTIVE))
