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
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.queries.tickets import visible_to
from helpdesk.tickets.types import Priority, Status

PAGE_SIZE = 25
# A count on the rail stops here: "99+" says enough, and counting on would cost more with every ticket.
COUNT_UP_TO = 99
DUE_SOON = timedelta(hours=1)


class View(StrEnum):
    """The lists that agents switch between."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    DUE_SOON = "due-soon"
    WAITING = "waiting"
    ESCALATED = "escalated"
    ALL_OPEN = "all-open"
    SOLVED = "solved"


class Sort(StrEnum):
    """In which order a view is read."""

    DUE = "due"
    NEWEST = "newest"


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: the next page starts after it."""

    is_paused: bool
    at: datetime
    id: UUID


@dataclass(frozen=True)
class QueueFilter:
    """What the address of a queue page asks for."""

    view: View = View.ALL_OPEN
    topic: str = ""
    priority: Priority | None = None
    # As asked for; each view has one of its own.
    sort: Sort | None = None
    after: Cursor | None = None

    @property
    def order(self) -> Sort:
        """Of what is solved nothing is due."""
        return self.sort or (Sort.NEWEST if self.view is View.SOLVED else Sort.DUE)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.topic or self.priority)


@dataclass(frozen=True)
class QueuePage:
    """One page of tickets, and where the next page starts."""

    tickets: list[Ticket]
    next: Cursor | None


def queue_page(actor: Actor, asked: QueueFilter, now: datetime) -> QueuePage:
    """The tickets of one view that this actor may see.

    Soonest due first, and what waits for somebody else after what waits for us; or the newest first.
    """
    statement = (
        select(Ticket)
        .where(visible_to(actor), *_view(asked.view, actor, now), *_filters(asked))
        .limit(PAGE_SIZE + 1)
        .options(joinedload(Ticket.assignee), joinedload(Ticket.organisation))
    )
    found = list(db.session.scalars(_in_order(statement, asked)))
    page = found[:PAGE_SIZE]
    return QueuePage(page, _cursor(page[-1], asked.order) if len(found) > PAGE_SIZE else None)


def count_new(actor: Actor, asked: QueueFilter, since: datetime, now: datetime) -> int:
    """How many tickets of this list were opened since then, counted no further than one past COUNT_UP_TO."""
    wanted = (visible_to(actor), *_view(asked.view, actor, now), *_filters(asked), Ticket.opened_at > since)
    return _count(select(Ticket.id).where(*wanted))


def view_counts(actor: Actor, now: datetime) -> dict[View, int]:
    """How many tickets each view holds, counted no further than one past COUNT_UP_TO."""
    counted = [view for view in View if view is not View.SOLVED]
    tickets = select(Ticket.id).where(visible_to(actor))
    return {view: _count(tickets.where(*_view(view, actor, now))) for view in counted}


def _count(tickets: Select[UUID]) -> int:
    some = tickets.limit(COUNT_UP_TO + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _view(view: View, actor: Actor, now: datetime) -> list[ColumnElement[bool]]:
    is_open = Ticket.is_open.is_(True)
    match view:
        case View.MINE:
            return [is_open, Ticket.assignee_id == actor.person_id]
        case View.UNASSIGNED:
            return [is_open, Ticket.assignee_id.is_(None)]
        case View.DUE_SOON:
            return [is_open, Ticket.is_paused.is_(False), Ticket.due_at <= now + DUE_SOON]
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


def _in_order(statement: Select[Ticket], asked: QueueFilter) -> Select[Ticket]:
    cursor = asked.after
    if asked.order is Sort.NEWEST:
        place: Any = tuple_(Ticket.opened_at, Ticket.id)  # Any: SQLAlchemy types tuples of columns loosely
        statement = statement.order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        return statement.where(place < (cursor.at, cursor.id)) if cursor else statement
    if asked.view is View.WAITING:  # all of these wait, and their index has no place for it
        place = tuple_(Ticket.due_at, Ticket.id)
        statement = statement.order_by(Ticket.due_at, Ticket.id)
        return statement.where(place > (cursor.at, cursor.id)) if cursor else statement
    place = tuple_(Ticket.is_paused, Ticket.due_at, Ticket.id)
    statement = statement.order_by(Ticket.is_paused, Ticket.due_at, Ticket.id)
    return statement.where(place > (cursor.is_paused, cursor.at, cursor.id)) if cursor else statement


def _cursor(last: Ticket, order: Sort) -> Cursor:
    return Cursor(last.is_paused, last.opened_at if order is Sort.NEWEST else last.due_at, last.id)
