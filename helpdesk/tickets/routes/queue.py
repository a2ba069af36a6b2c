"""The agents' queue, one view and one page at a time."""

from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.core import clock
from helpdesk.core.plain_text import clean_line
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.presenters.queue import (
    EMPTY_VIEWS,
    SORT_NAMES,
    VIEW_NAMES,
    address_of,
    queue_row,
    rail,
)
from helpdesk.tickets.queries.queue import (
    Cursor,
    QueueFilter,
    Sort,
    View,
    queue_page,
    view_counts,
)
from helpdesk.tickets.routes.list_address import ticket_url
from helpdesk.tickets.types import PRIORITY_NAMES, Priority
from helpdesk.web.access import current_actor, requires

blueprint = Blueprint("queue", __name__, url_prefix="/agent")


@blueprint.get("")
@requires(Permission.TICKET_SEE)
def start() -> ResponseReturnValue:
    return redirect(url_for("tickets.queue.show"), 303)


@blueprint.get("/queue")
@requires(Permission.TICKET_SEE)
def show() -> ResponseReturnValue:
    if request.args.get("q"):  # from when the queue was searched itself
        return redirect(url_for("tickets.search.show", q=request.args["q"]), 303)
    actor, now, asked = current_actor(), clock.now(), _asked_for()
    page = queue_page(actor, asked, now)
    later = {"after": _written(page.next)} if page.next else None
    return render_template(
        "tickets/queue.html",
        title=VIEW_NAMES[asked.view],
        rail=rail(view_counts(actor, now), asked.view),
        rows=[queue_row(ticket, now, ticket_url(ticket.reference)) for ticket in page.tickets],
        empty=EMPTY_VIEWS[asked.view],
        asked=asked,
        topics=[(topic.id, topic.title) for topic in current_library().topics],
        priorities=list(PRIORITY_NAMES.items()),
        sorts=list(SORT_NAMES.items()),
        first_url=_address(address_of(asked)) if asked.after else None,
        next_url=_address(address_of(asked, **later)) if later else None,
        all_url=_address(address_of(asked, topic=None, priority=None)),
    )


def _address(parameters: dict[str, str]) -> str:
    return f"{url_for('tickets.queue.show')}?{urlencode(parameters)}"


def _asked_for() -> QueueFilter:
    """What the address asks for; what cannot be read is as if it were not there."""
    asked = request.args
    priority = asked.get("priority", "")
    return QueueFilter(
        view=View(asked["view"]) if asked.get("view") in set(View) else View.ALL_OPEN,
        topic=clean_line(asked.get("topic", ""))[:40],
        priority=Priority(priority) if priority in set(Priority) else None,
        sort=Sort(asked["sort"]) if asked.get("sort") in set(Sort) else None,
        after=_read(asked.get("after", "")),
    )


def _written(cursor: Cursor) -> str:
    return f"{int(cursor.is_paused)}~{cursor.at.timestamp():.6f}~{cursor.id}"


def _read(text: str) -> Cursor | None:
    try:
        is_paused, at, ticket_id = text.split("~")
        return Cursor(is_paused == "1", datetime.fromtimestamp(float(at), UTC), UUID(ticket_id))
    except (ValueError, OverflowError, OSError):
        return None
