"""How the address of a queue page says what it asks for."""

from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from flask import request, url_for

from helpdesk.core.plain_text import clean_line
from helpdesk.tickets.presenters.queue import address_of
from helpdesk.tickets.queries.queue import Cursor, QueueFilter, Sort, View
from helpdesk.tickets.types import Priority


def asked_for() -> QueueFilter:
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


def queue_url(asked: QueueFilter, endpoint: str = "tickets.queue.show", **changes: str | None) -> str:
    """The address of this list from its beginning, with something changed."""
    return f"{url_for(endpoint)}?{urlencode(address_of(asked, **changes))}"


def page_url(asked: QueueFilter, cursor: Cursor) -> str:
    """The address of the page that starts after that row."""
    return queue_url(asked, after=f"{int(cursor.is_paused)}~{cursor.at.timestamp():.6f}~{cursor.id}")


def _read(text: str) -> Cursor | None:
    try:
        is_paused, at, ticket_id = text.split("~")
        return Cursor(is_paused == "1", datetime.fromtimestamp(float(at), UTC), UUID(ticket_id))
    except (ValueError, OverflowError, OSError):
        return None
