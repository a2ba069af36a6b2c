"""The agents' queue: views with counts, filters, and one page at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import joinedload

from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries.tickets import visible_to
from helpdesk.tickets.rules import DONE, PAUSED
from helpdesk.tickets.types import Priority, Status

PAGE_SIZE = 25
# A count on the rail stops here: "99+" says enough, and counting on would cost more with every ticket.
COUNT_UP_TO = 99
DUE_SOON = timedelta(hours=1)
RUNNING = sorted(set(Status) - DONE - PAUSED)


class View(StrEnum):
    """The lists that agents switch between."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    DUE_SOON = "due-soon"
    WAITING = "waiting"
    ESCALATED = "escalated"
    ALL_OPEN = "all-open"
    SOLVED = "solved"


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: the next page starts after it."""

    due_at: datetime
    id: UUID


@dataclass(frozen=True)
class QueueFilter:
    """What the address of a queue page asks for."""

    view: View = View.ALL_OPEN
    topic: str = ""
    priority: Priority | None = None
    after: Cursor | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.topic or self.priority)


@dataclass(frozen=True)
class QueuePage:
    """One page of tickets, soonest due first, and where the next page starts."""

    tickets: list[Ticket]
    next: Cursor | None


def queue_page(actor: Actor, asked: QueueFilter, now: datetime) -> QueuePage:
    """The tickets of one view that this actor may see, soonest due first."""
    statement = (
        select(Ticket)
        .where(visible_to(actor), *_view(asked.view, actor, now), *_filters(asked))
        .order_by(Ticket.due_at, Ticket.id)
        .limit(PAGE_SIZE + 1)
        .options(joinedload(Ticket.assignee), joinedload(Ticket.organisation))
    )
    found = list(db.session.scalars(_after(statement, asked.after)))
    page = found[:PAGE_SIZE]
    more = len(found) > PAGE_SIZE
    return QueuePage(page, Cursor(page[-1].due_at, page[-1].id) if more else None)


def view_counts(actor: Actor, now: datetime) -> dict[View, int]:
    """How many tickets each view holds, counted no further than one past COUNT_UP_TO."""
    return {view: _count(actor, view, now) for view in View if view is not View.SOLVED}


def _count(actor: Actor, view: View, now: datetime) -> int:
    some = select(Ticket.id).where(visible_to(actor), *_view(view, actor, now)).limit(COUNT_UP_TO + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _view(view: View, actor: Actor, now: datetime) -> list[ColumnElement[bool]]:
    is_open = Ticket.is_open.is_(True)
    match view:
        case View.MINE:
            return [is_open, Ticket.assignee_id == actor.person_id]
        case View.UNASSIGNED:
            return [is_open, Ticket.assignee_id.is_(None)]
        case View.DUE_SOON:
            return [is_open, Ticket.status.in_(RUNNING), Ticket.due_at <= now + DUE_SOON]
        case View.WAITING:
            return [Ticket.status == Status.WAITING_FOR_REQUESTER]
        case View.ESCALATED:
            return [is_open, Ticket.escalation_level.in_([1, 2, 3])]
        case View.ALL_OPEN:
            return [is_open]
        case View.SOLVED:
            return [Ticket.is_open.is_(False)]


def _filters(asked: QueueFilter) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if asked.topic:
        filters.append(Ticket.topic == asked.topic)
    if asked.priority:
        filters.append(Ticket.priority == asked.priority)
    return filters


def _after(statement: Select[Ticket], cursor: Cursor | None) -> Select[Ticket]:
    if cursor is None:
        return statement
    place: Any = tuple_(Ticket.due_at, Ticket.id)  # Any: SQLAlchemy types tuples of columns loosely
    return statement.where(place > (cursor.due_at, cursor.id))
