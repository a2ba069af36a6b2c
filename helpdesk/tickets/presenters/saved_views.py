"""The page on which saved views are put in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from helpdesk.core.actor import Actor
from helpdesk.tickets.service.saved_views import may_change

if TYPE_CHECKING:
    from helpdesk.tickets.models.lists import SavedView


@dataclass(frozen=True)
class SavedViewRow:
    """One saved view, and what may be done with it."""

    id: UUID
    name: str
    url: str
    may_remove: bool
    may_move_up: bool


def saved_view_rows(views: Sequence["SavedView"], actor: Actor) -> list[tuple[str, list[SavedViewRow]]]:
    """Own views and the team's, each with a heading; a group without any is left out."""
    groups = [("Your own", [view for view in views if not view.is_shared])]
    groups.append(("The team’s", [view for view in views if view.is_shared]))
    return [(title, _rows(group, actor)) for title, group in groups if group]


def _rows(views: Sequence["SavedView"], actor: Actor) -> list[SavedViewRow]:
    return [
        SavedViewRow(
            id=view.id,
            name=view.name,
            url=view.address,
            may_remove=may_change(view, actor),
            may_move_up=number > 0 and may_change(view, actor),
        )
        for number, view in enumerate(views)
    ]
