"""The sites of an area in words."""

from dataclasses import dataclass

from flask import url_for

from helpdesk.accounts.types.directory import SiteEntry, SiteOrder, SitesPage
from helpdesk.web.filters import number

ORDER_NAMES = {
    SiteOrder.NAME: "Name",
    SiteOrder.NOT_SET_UP: "Most people not set up",
    SiteOrder.ADMINISTRATORS: "Fewest administrators",
}


@dataclass(frozen=True)
class SiteRow:
    """One site, and where its people are."""

    name: str
    code: str
    people: str
    people_url: str
    not_set_up: str
    not_set_up_url: str
    # '' where nobody administers it.
    administrators: str


@dataclass(frozen=True)
class SiteList:
    """A page of sites."""

    summary: str
    rows: list[SiteRow]
    # Each order: its name, its address, and whether it is this one.
    orders: list[tuple[str, str, bool]]
    previous_url: str
    next_url: str


def site_list(page: SitesPage, order: SiteOrder) -> SiteList:
    """The sites, and where to go from there."""
    last = page.number * page.size >= page.total
    return SiteList(
        summary=_summary(page),
        rows=[_row(site) for site in page.sites],
        orders=[(name, _url(one, 1), one == order) for one, name in ORDER_NAMES.items()],
        previous_url=_url(order, page.number - 1) if page.number > 1 else "",
        next_url="" if last else _url(order, page.number + 1),
    )


def _summary(page: SitesPage) -> str:
    sites = "1 site" if page.total == 1 else f"{number(page.total)} sites"
    if not page.without_administrator:
        return f"{sites}. Each has an administrator."
    verb = "has" if page.without_administrator == 1 else "have"
    return f"{sites}. {number(page.without_administrator)} {verb} no administrator."


def _row(site: SiteEntry) -> SiteRow:
    people_url = url_for("people.listing.show", organisation=site.code) if site.code else ""
    waiting_url = url_for("people.listing.show", organisation=site.code, log_in="not_set_up") if site.code else ""
    return SiteRow(
        name=site.name,
        code=site.code or "–",
        people=number(site.people),
        people_url=people_url if site.people else "",
        not_set_up=number(site.not_set_up),
        not_set_up_url=waiting_url if site.not_set_up else "",
        administrators=number(site.administrators) if site.administrators else "",
    )


def _url(order: SiteOrder, page: int) -> str:
    return url_for("sites.show", sort=None if order is SiteOrder.NAME else order, page=page if page > 1 else None)
