"""Where the keyboard leads: the same places as the links beside the queue."""

from dataclasses import dataclass, field

from helpdesk.tickets.presenters.queue import VIEW_NAMES
from helpdesk.tickets.queries.queue import View

KEYS = {
    View.MINE: "m",
    View.UNASSIGNED: "u",
    View.DUE_SOON: "d",
    View.WAITING: "w",
    View.ESCALATED: "e",
    View.ALL_OPEN: "a",
    View.SOLVED: "s",
}


@dataclass(frozen=True)
class Place:
    """A page, and the key that leads there after g."""

    text: str
    key: str
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)


def places() -> list[Place]:
    """Every view, the call-backs and the search."""
    views = [Place(VIEW_NAMES[view], key, "tickets.queue.show", {"view": view}) for view, key in KEYS.items()]
    return [
        *views,
        Place("Call-backs", "c", "tickets.call_backs.show"),
        Place("Search", "f", "tickets.search.show"),
        Place("Saved views", "v", "tickets.saved_views.show"),
    ]
