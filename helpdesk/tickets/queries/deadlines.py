"""What deadlines are counted from, and how well they were kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from helpdesk.core.errors import NotFound
from helpdesk.db import db
from helpdesk.tickets.deadlines.counting import Happening
from helpdesk.tickets.deadlines.policies import Policy, Promise, Targets
from helpdesk.tickets.models.policies import DeadlinePolicy
from helpdesk.tickets.models.ticket import IS_TO_RECOUNT, Ticket, TicketEvent
from helpdesk.tickets.types import KeptShare, Priority

TOOK = {Promise.FIRST_RESPONSE: Ticket.first_response_took, Promise.RESOLUTION: Ticket.resolution_took}


def happenings_of(ticket: Ticket) -> list[Happening]:
    """All that happened to a ticket, first things first."""
    events = select(TicketEvent.at, TicketEvent.kind, TicketEvent.status_after)
    rows = db.session.execute(events.where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.number))
    return [Happening(row.at, row.kind, row.status_after) for row in rows]


def list_policies() -> Sequence[DeadlinePolicy]:
    """The policies that an administrator set, by name."""
    return db.session.scalars(select(DeadlinePolicy).order_by(DeadlinePolicy.name, DeadlinePolicy.id)).all()


def policies_in_force() -> list[Policy]:
    """The same as plain values."""
    return [as_values(row) for row in list_policies()]


def policy_to_change(policy_id: UUID) -> DeadlinePolicy:
    """One policy, held until the commit. NotFound when there is none."""
    row = db.session.scalar(select(DeadlinePolicy).where(DeadlinePolicy.id == policy_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def as_values(row: DeadlinePolicy) -> Policy:
    """A policy as the rules take it."""
    minutes = (row.first_response_minutes, row.next_response_minutes, row.resolution_minutes)
    targets = Targets(*(timedelta(minutes=value) for value in minutes))
    return Policy(row.name, targets, row.priority, row.route, row.patient_waiting)


def tickets_to_recount(limit: int) -> Sequence[Ticket]:
    """Open tickets whose deadlines were counted by a policy or in hours that have changed, held until the commit."""
    waiting = select(Ticket).where(IS_TO_RECOUNT).limit(limit)
    return db.session.scalars(waiting.with_for_update(skip_locked=True)).all()


def count_to_recount() -> int:
    """How many of them there are."""
    return db.session.scalar(select(func.count()).select_from(Ticket).where(IS_TO_RECOUNT)) or 0


def kept_within(promise: Promise, target: timedelta, *, since: datetime, priority: Priority | None = None) -> KeptShare:
    """Of the tickets opened since then whose promise was kept at all: how many kept it within so much working time."""
    took = TOOK[promise]
    is_kept = took <= int(target.total_seconds())
    ended = select(func.count(), func.count().filter(is_kept)).where(Ticket.opened_at >= since, took.is_not(None))
    if priority is not None:
        ended = ended.where(Ticket.priority == priority)
    every, kept = db.session.execute(ended).one()
    return KeptShare(kept=kept, of=every)
