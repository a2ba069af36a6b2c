"""Tickets that may have to escalate, call-backs, and the calendar that deadlines are counted in."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.core.working_time import Span, WorkingCalendar
from helpdesk.db import db
from helpdesk.tickets.models.policies import DayOff, WorkingSpan
from helpdesk.tickets.models.ticket import CallBack, Ticket
from helpdesk.tickets.queries.tickets import visible_to
from helpdesk.tickets.rules import DEFAULT_HOURS
from helpdesk.tickets.types import CallBackState

CALL_BACK_PAGE_SIZE = 50


def call_backs_page(actor: Actor) -> list[CallBack]:
    """Everybody who still must be rung, soonest due first."""
    waiting = (
        select(CallBack)
        .join(CallBack.ticket)
        .where(visible_to(actor), CallBack.state != CallBackState.DONE)
        .order_by(CallBack.due_at, CallBack.id)
        .limit(CALL_BACK_PAGE_SIZE)
        .options(joinedload(CallBack.ticket), joinedload(CallBack.claimed_by), joinedload(CallBack.slot))
    )
    return list(db.session.scalars(waiting))


def call_back_to_change(actor: Actor, call_back_id: UUID) -> CallBack:
    """The call-back and its ticket, held until the end of the transaction. NotFound when none is theirs."""
    call_back = db.session.scalar(
        select(CallBack)
        .join(CallBack.ticket)
        .where(CallBack.id == call_back_id, visible_to(actor))
        .options(contains_eager(CallBack.ticket))
        .with_for_update(of=(CallBack, Ticket))
    )
    if call_back is None:
        raise NotFound
    return call_back


def find_open_call_back(ticket: Ticket) -> CallBack | None:
    """The call-back of this ticket that still must be made."""
    return db.session.scalar(
        select(CallBack).where(CallBack.ticket_id == ticket.id, CallBack.state != CallBackState.DONE)
    )


def open_call_back_to_change(ticket: Ticket) -> CallBack | None:
    """The same, held until the end of the transaction, as it is once nobody else is changing it.

    An agent who takes the call holds it first, then the ticket. Who holds the ticket already may meet them crosswise:
    PostgreSQL then ends one of the two, which is asked to try again.
    """
    return db.session.scalar(
        select(CallBack)
        .where(CallBack.ticket_id == ticket.id, CallBack.state != CallBackState.DONE)
        .with_for_update(of=CallBack)
        .execution_options(populate_existing=True)
    )


def working_calendar() -> WorkingCalendar:
    """The hours and days off in which deadlines are counted."""
    return opening_calendar() or WorkingCalendar(DEFAULT_HOURS, _days_off())


def opening_calendar() -> WorkingCalendar | None:
    """The hours that somebody has set, in which a promise may be made; None while nobody has."""
    hours: dict[int, list[Span]] = defaultdict(list)
    for span in list_working_spans():
        hours[span.weekday].append(Span(span.starts, span.ends))
    if not hours:
        return None
    return WorkingCalendar({weekday: tuple(spans) for weekday, spans in hours.items()}, _days_off())


def list_working_spans() -> Sequence[WorkingSpan]:
    """Every stretch of every weekday, in order."""
    return db.session.scalars(select(WorkingSpan).order_by(WorkingSpan.weekday, WorkingSpan.starts)).all()


def _days_off() -> frozenset[date]:
    return frozenset(db.session.scalars(select(DayOff.day)))


def list_days_off(since: date) -> Sequence[DayOff]:
    """Days off from a day on, in order."""
    return db.session.scalars(select(DayOff).where(DayOff.day >= since).order_by(DayOff.day)).all()
