"""What every page of the queue has beside it."""

from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.tickets.presenters.rail import Rail, rail
from helpdesk.tickets.queries.queue import View, view_counts
from helpdesk.tickets.queries.saved_views import list_saved_views


def rail_for(actor: Actor, now: datetime, current: View | None = None, address: str = "") -> Rail:
    """The views and saved views of this actor; `address` is the list that is shown now."""
    return rail(view_counts(actor, now), current, list_saved_views(actor), address)
