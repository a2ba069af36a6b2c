"""Searching all requests, newest first."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.core import clock
from helpdesk.core.plain_text import clean_line
from helpdesk.core.secret_text import read_reference
from helpdesk.tickets.forms.saved_views import SavedViewForm
from helpdesk.tickets.presenters.queue import queue_row
from helpdesk.tickets.queries.search import LAST_PLACE, LONGEST_SEARCH, search_page
from helpdesk.tickets.routes.list_address import ticket_url
from helpdesk.tickets.routes.rail import rail_for
from helpdesk.web.access import current_actor, requires

blueprint = Blueprint("search", __name__, url_prefix="/agent")


@blueprint.get("/search")
@requires(Permission.TICKET_SEE)
def show() -> ResponseReturnValue:
    actor, now = current_actor(), clock.now()
    typed, after = clean_line(request.args.get("q", ""))[:LONGEST_SEARCH], _read_place()
    page = search_page(actor, typed, after=after)
    if len(page.tickets) == 1 and page.tickets[0].reference == read_reference(typed):
        return redirect(url_for("tickets.agent.ticket", reference=page.tickets[0].reference), 303)
    return render_template(
        "tickets/search.html",
        title=f"Search for {typed}" if typed else "Search",
        typed=typed,
        longest_search=LONGEST_SEARCH,
        rail=rail_for(actor, now, address=_address(typed)),
        rows=[queue_row(ticket, now, ticket_url(ticket.reference)) for ticket in page.tickets],
        view_form=SavedViewForm(data={"address": _address(typed)}),
        first_url=_address(typed) if after else None,
        next_url=_address(typed, page.next) if page.next else None,
    )


def _address(typed: str, after: int | None = None) -> str:
    parameters = {"q": typed} | ({"after": str(after)} if after else {})
    return f"{url_for('tickets.search.show')}?{urlencode(parameters)}"


def _read_place() -> int | None:
    """Where the last page ended; what cannot be read is as if it were not there."""
    after = request.args.get("after", type=int)
    return after if after is not None and 0 < after <= LAST_PLACE else None
