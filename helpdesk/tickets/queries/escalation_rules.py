"""Rules by which tickets go further, and what they are decided by."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from helpdesk.core.errors import NotFound
from helpdesk.db import db
from helpdesk.tickets.deadlines.counting import Happening
from helpdesk.tickets.escalating import DEFAULT_RULES, EscalationRule, Standing
from helpdesk.tickets.models.policies import EscalationRuleRow
from helpdesk.tickets.models.ticket import Ticket, TicketEvent
from helpdesk.tickets.rules import CONTACTS_WITHIN
from helpdesk.tickets.types import EscalationReason, Priority, Status

# What a statement of SQLite takes, with room to spare.
IDS_AT_ONCE = 500
RUNNING = (Status.NEW, Status.OPEN)


def list_rules() -> list[EscalationRule]:
    """Every rule, those of the lowest level first: what was made or changed, and the defaults that nobody changed."""
    rows = db.session.scalars(select(EscalationRuleRow).order_by(EscalationRuleRow.name, EscalationRuleRow.key))
    rules = {rule.key: rule for rule in DEFAULT_RULES} | {row.key: as_values(row) for row in rows}
    return sorted(rules.values(), key=lambda rule: rule.level)


def get_rule(key: str) -> EscalationRule:
    """The rule with that key. NotFound when there is none."""
    found = next((rule for rule in list_rules() if rule.key == key), None)
    if found is None:
        raise NotFound
    return found


def find_row(key: str) -> EscalationRuleRow | None:
    """What somebody made or changed under that key, held until the commit."""
    return db.session.scalar(select(EscalationRuleRow).where(EscalationRuleRow.key == key).with_for_update())


def is_kept(key: str) -> bool:
    """Whether somebody made or changed the rule with that key."""
    return db.session.scalar(select(EscalationRuleRow.id).where(EscalationRuleRow.key == key)) is not None


def as_values(row: EscalationRuleRow) -> EscalationRule:
    """A rule as the decisions take it."""
    return EscalationRule(
        key=row.key,
        name=row.name,
        level=row.level,
        when=row.reason,
        after=timedelta(minutes=row.after_minutes),
        priority=row.priority,
        patient_waiting=row.patient_waiting,
        route=row.route,
        raises_to=Priority(row.raises_to) if row.raises_to else None,
        assigns_to=row.assigns_to_id,
        is_on=row.is_on,
    )


def standing_of(ticket: Ticket, rules: Sequence[EscalationRule]) -> Standing:
    """All of the ticket that decides; how often its requester asked is counted only where a rule wants to know."""
    asks = any(rule.when is EscalationReason.ASKED_AGAIN for rule in rules)
    return Standing(
        status=ticket.status,
        priority=ticket.priority,
        patient_waiting=ticket.patient_waiting,
        level=ticket.escalation_level,
        opened_at=ticket.opened_at,
        first_response_due=None if ticket.first_response_took is not None else ticket.first_response_due_at,
        next_response_due=ticket.next_response_due_at,
        resolution_due=ticket.resolution_due_at,
        contacts=_contacts(ticket) if asks else 1,
    )


def references_to_escalate(now: datetime, limit: int) -> Sequence[str]:
    """References of tickets that a rule takes further now, soonest first."""
    due = select(Ticket.reference).where(Ticket.escalates_at <= now).order_by(Ticket.escalates_at, Ticket.id)
    return db.session.scalars(due.limit(limit)).all()


def references_of_unassigned(*, below_level: int, opened_before: datetime, limit: int) -> Sequence[str]:
    """References of tickets that nobody has taken, soonest due first."""
    waiting = select(Ticket.reference).where(
        Ticket.is_open.is_(True),
        Ticket.assignee_id.is_(None),
        Ticket.status.in_(RUNNING),
        Ticket.escalation_level < below_level,
        Ticket.opened_at <= opened_before,
    )
    return db.session.scalars(waiting.order_by(Ticket.due_at, Ticket.id).limit(limit)).all()


def tickets_opened_since(since: datetime, limit: int) -> Sequence[Ticket]:
    """The newest tickets opened since then."""
    newest = select(Ticket).where(Ticket.opened_at >= since).order_by(Ticket.opened_at.desc(), Ticket.id)
    return db.session.scalars(newest.limit(limit)).all()


def happenings_of_many(tickets: Sequence[Ticket]) -> dict[UUID, list[Happening]]:
    """All that happened to each of these tickets, first things first."""
    stories: dict[UUID, list[Happening]] = {ticket.id: [] for ticket in tickets}
    ids = list(stories)
    for start in range(0, len(ids), IDS_AT_ONCE):
        events = select(TicketEvent.ticket_id, TicketEvent.at, TicketEvent.kind, TicketEvent.status_after)
        some = events.where(TicketEvent.ticket_id.in_(ids[start : start + IDS_AT_ONCE]))
        for row in db.session.execute(some.order_by(TicketEvent.ticket_id, TicketEvent.number)):
            stories[row.ticket_id].append(Happening(row.at, row.kind, row.status_after))
    return stories


def contacts_of(tickets: Sequence[Ticket]) -> dict[UUID, int]:
    """How often each ticket's requester asked within the week up to it, among these tickets."""
    opened: dict[str, list[datetime]] = defaultdict(list)
    for ticket in tickets:
        opened[ticket.requester_email].append(ticket.opened_at)
    return {
        ticket.id: sum(
            ticket.opened_at - CONTACTS_WITHIN <= at <= ticket.opened_at for at in opened[ticket.requester_email]
        )
        for ticket in tickets
    }


def _contacts(ticket: Ticket) -> int:
    same = (
        select(func.count())
        .select_from(Ticket)
        .where(
            Ticket.requester_email == ticket.requester_email,
            Ticket.opened_at.between(ticket.opened_at - CONTACTS_WITHIN, ticket.opened_at),
        )
    )
    return db.session.scalar(same) or 1
