"""Giving a list of tickets a name, putting the names in order, and taking one away."""

from uuid import uuid4

from sqlalchemy import func, select

from helpdesk.accounts.permissions import Permission
from helpdesk.audit.service import record
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotAllowed, RuleRefused
from helpdesk.db import db
from helpdesk.tickets.models.lists import SavedView
from helpdesk.tickets.queries.saved_views import list_saved_views
from helpdesk.tickets.rules import MOST_SAVED_VIEWS


def save_view(name: str, address: str, *, is_shared: bool, by: Actor) -> SavedView:
    """Keep the list under that name, below the others. Refused when there are as many as a rail can show."""
    alike = [view for view in list_saved_views(by) if view.is_shared is is_shared]
    if len(alike) >= MOST_SAVED_VIEWS:
        raise RuleRefused(f"There are {MOST_SAVED_VIEWS} saved views already. Remove one first.")
    place = (db.session.scalar(select(func.max(SavedView.place))) or 0) + 1
    view = SavedView(id=uuid4(), maker_id=by.person_id, name=name, address=address, is_shared=is_shared, place=place)
    db.session.add(view)
    record("view:saved", by=by, target=str(view.id), shared=is_shared)
    db.session.flush()
    return view


def remove_view(view: SavedView, *, by: Actor) -> None:
    """Take the name away; the tickets stay what they are."""
    ensure_may_change(view, by)
    record("view:removed", by=by, target=str(view.id), shared=view.is_shared)
    db.session.delete(view)
    db.session.flush()


def move_view_up(view: SavedView, *, by: Actor) -> None:
    """Put the view before the one above it; the first one stays where it is."""
    ensure_may_change(view, by)
    above = [one for one in list_saved_views(by) if one.is_shared is view.is_shared and one.place < view.place]
    if above:
        above[-1].place, view.place = view.place, above[-1].place
    db.session.flush()


def may_change(view: SavedView, actor: Actor) -> bool:
    """Whether the view is the actor's own; who leads the team also keeps the team's views."""
    return view.maker_id == actor.person_id or (view.is_shared and actor.may(Permission.CALENDAR_EDIT))


def ensure_may_change(view: SavedView, actor: Actor) -> None:
    """NotAllowed for a view of the team that somebody else made."""
    if not may_change(view, actor):
        raise NotAllowed
