"""What stands beside the queue: views with counts, and the lists that people gave a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk.tickets.presenters.queue import VIEW_NAMES
from helpdesk.tickets.queries.queue import COUNT_UP_TO, View

if TYPE_CHECKING:
    from helpdesk.tickets.models.lists import SavedView


@dataclass(frozen=True)
class RailItem:
    """A view with how much is in it."""

    text: str
    view: str
    count: str
    is_current: bool
    is_alert: bool


@dataclass(frozen=True)
class SavedItem:
    """A list that somebody gave a name."""

    text: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Rail:
    """All that stands beside the queue."""

    views: list[RailItem]
    saved: list[SavedItem]


def rail(counts: Mapping[View, int], current: View | None, saved: Sequence["SavedView"], address: str) -> Rail:
    """The views with their counts, and the saved ones; a saved one that is shown is current instead of its view."""
    named = [SavedItem(view.name, view.address, view.address == address) for view in saved]
    is_named = any(item.is_current for item in named)
    return Rail([_item(view, counts, None if is_named else current) for view in VIEW_NAMES], named)


def _item(view: View, counts: Mapping[View, int], current: View | None) -> RailItem:
    return RailItem(
        text=VIEW_NAMES[view],
        view=view,
        count=_count(counts[view]) if view in counts else "",
        is_current=view is current,
        is_alert=view is View.DUE_SOON and counts[view] > 0,
    )


def _count(count: int) -> str:
    return str(count) if count <= COUNT_UP_TO else f"{COUNT_UP_TO}+"
