"""The agents' queue, one view and one page at a time."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.plain_text import clean_line
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.forms.saved_views import SavedViewForm
from helpdesk.tickets.presenters.bulk import BulkResult, bulk_result
from helpdesk.tickets.presenters.queue import EMPTY_VIEWS, SORT_NAMES, VIEW_NAMES, news_in_words, queue_row
from helpdesk.tickets.queries.bulk import find_bulk_act
from helpdesk.tickets.queries.queue import count_new, queue_page
from helpdesk.tickets.queries.search import LONGEST_SEARCH
from helpdesk.tickets.routes.bulk import bulk_form
from helpdesk.tickets.routes.list_address import ticket_url
from helpdesk.tickets.routes.queue_address import asked_for, page_url, queue_url
from helpdesk.tickets.routes.rail import rail_for
from helpdesk.tickets.types import PRIORITY_NAMES
from helpdesk.web.access import current_actor, requires

blueprint = Blueprint("queue", __name__, url_prefix="/agent")


@blueprint.get("")
@requires(Permission.TICKET_SEE)
def start() -> ResponseReturnValue:
    return redirect(url_for("tickets.queue.show"), 303)


@blueprint.get("/queue")
@requires(Permission.TICKET_SEE)
def show() -> ResponseReturnValue:
    if words := clean_line(request.args.get("q", "")):  # from when the queue was searched itself
        return redirect(url_for("tickets.search.show", q=words), 303)
    actor, now, asked = current_actor(), clock.now(), asked_for()
    page, address = queue_page(actor, asked, now), queue_url(asked)
    return render_template(
        "tickets/queue.html",
        title=VIEW_NAMES[asked.view],
        longest_search=LONGEST_SEARCH,
        rail=rail_for(actor, now, asked.view, address),
        rows=[queue_row(ticket, now, ticket_url(ticket.reference)) for ticket in page.tickets],
        empty=EMPTY_VIEWS[asked.view],
        asked=asked,
        topics=_topics(),
        priorities=list(PRIORITY_NAMES.items()),
        sorts=list(SORT_NAMES.items()),
        address=address,
        bulk_form=bulk_form(address) if actor.may(Permission.TICKET_ASSIGN) else None,
        result=_result(actor, now),
        view_form=SavedViewForm(data={"address": address}),
        news_url=queue_url(asked, "tickets.queue.news", since=f"{now.timestamp():.6f}"),
        first_url=address if asked.after else None,
        next_url=page_url(asked, page.next) if page.next else None,
        all_url=queue_url(asked, topic=None, priority=None),
    )


@blueprint.get("/queue/news")
@requires(Permission.TICKET_SEE)
def news() -> ResponseReturnValue:
    """How many requests came into this list since it was shown, in words; 204 while there are none."""
    since = _since()
    count = count_new(current_actor(), asked_for(), since, clock.now()) if since else 0
    return (news_in_words(count), {"Content-Type": "text/plain; charset=utf-8"}) if count else ("", 204)


def _result(actor: Actor, now: datetime) -> BulkResult | None:
    """What came of the change that led back here."""
    act_id = request.args.get("act", type=UUID)
    act = find_bulk_act(actor, act_id) if act_id else None
    return bulk_result(act, now) if act else None


def _since() -> datetime | None:
    try:
        return datetime.fromtimestamp(float(request.args.get("since", "")), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _topics() -> list[tuple[str, str]]:
    return [(topic.id, topic.title) for topic in current_library().topics]
