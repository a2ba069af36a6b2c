"""The lists that an agent finds beside the queue by name: their own, and the team's."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.db import db
from helpdesk.tickets.models.lists import SavedView


def list_saved_views(actor: Actor) -> list[SavedView]:
    """The actor's own views, then the team's, each in the order they were put in."""
    views = select(SavedView).where(_shown_to(actor))
    return list(db.session.scalars(views.order_by(SavedView.is_shared, SavedView.place, SavedView.id)))


def saved_view_to_change(actor: Actor, view_id: UUID) -> SavedView:
    """The view, held until the end of the transaction. NotFound when there is none or it is somebody else's own."""
    view = db.session.scalar(select(SavedView).where(SavedView.id == view_id, _shown_to(actor)).with_for_update())
    if view is None:
        raise NotFound
    return view


def _shown_to(actor: Actor) -> ColumnElement[bool]:
    return or_(SavedView.maker_id == actor.person_id, SavedView.is_shared.is_(True))
