"""The sites of an area, for those who look after more than one."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.presenters.sites import site_list
from helpdesk.accounts.queries.sites import sites_page
from helpdesk.accounts.types.directory import SiteOrder
from helpdesk.core.errors import NotFound
from helpdesk.web.access import current_actor, requires

blueprint = Blueprint("sites", __name__, url_prefix="/admin/sites")

LONGEST_PAGE_NUMBER = 5


@blueprint.get("")
@requires(Permission.PEOPLE_SEE)
def show() -> ResponseReturnValue:
    order = _order(request.args.get("sort", ""))
    page = sites_page(current_actor(), order, _page_number(request.args.get("page", "1")))
    return render_template("accounts/sites.html", sites=site_list(page, order))


def _order(text: str) -> SiteOrder:
    return SiteOrder(text) if text in set(SiteOrder) else SiteOrder.NAME


def _page_number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_PAGE_NUMBER
    if not is_number or int(text) < 1:
        raise NotFound
    return int(text)
