"""What the queue does not solve goes further: to the helpdesk's email, or to the phone queue. Nothing waits unseen."""

from datetime import datetime

from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.log_ins import is_anybody_logged_in
from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM, Actor
from helpdesk.core.redaction import without_secrets
from helpdesk.core.working_time import is_working_time
from helpdesk.db import db, write_transaction
from helpdesk.tickets import emails
from helpdesk.tickets.errors import AlreadyEscalated, NoPhoneNumber, TicketClosed
from helpdesk.tickets.escalating import EscalationRule, due_rule, fits_when_nobody_is_there
from helpdesk.tickets.models.ticket import Escalation, Ticket
from helpdesk.tickets.queries.escalation_rules import (
    list_rules,
    references_of_unassigned,
    references_to_escalate,
    standing_of,
)
from helpdesk.tickets.queries.escalations import working_calendar
from helpdesk.tickets.queries.tickets import find_agent, ticket_to_change
from helpdesk.tickets.rules import HIGHEST_LEVEL, is_more_urgent
from helpdesk.tickets.service.call_backs import queue_call_back
from helpdesk.tickets.service.deadlines import schedule
from helpdesk.tickets.service.lifecycle import assign, set_priority
from helpdesk.tickets.service.timeline import add_event
from helpdesk.tickets.types import REASON_NAMES, EscalationReason, EventKind, Route

BATCH = 200


def escalate(
    ticket: Ticket,
    *,
    by: Actor,
    route: Route,
    reason: EscalationReason,
    note: str = "",
    level: int | None = None,
) -> Escalation:
    """Take the ticket to a level, else one further, once for each. Phone needs a number; email always works."""
    if ticket.is_done:
        raise TicketClosed("This ticket is solved. Reopen it before you escalate it.")
    if ticket.escalation_level >= HIGHEST_LEVEL:
        raise AlreadyEscalated
    if route is Route.PHONE and not ticket.requester_phone:
        raise NoPhoneNumber
    note = without_secrets(note)  # it is mailed, too
    ticket.escalation_level = level or ticket.escalation_level + 1
    escalation = _new_escalation(ticket, by, route, reason)
    db.session.add(escalation)
    add_event(ticket, EventKind.ESCALATED, by=by, text=_words(escalation, note))
    if route is Route.PHONE:
        queue_call_back(ticket)
    else:
        emails.escalate(ticket, escalation, note)
    schedule(ticket)
    return escalation


def ensure_level(ticket: Ticket, seen: int) -> None:
    """Refuse to escalate a ticket that went further since the agent saw it: one click too many, or a colleague."""
    if ticket.escalation_level != seen:
        raise AlreadyEscalated


def escalate_due_tickets() -> int:
    """Take further every ticket that a rule says must go now, each in a transaction of its own. How many went."""
    references = references_to_escalate(clock.now(), BATCH)
    return sum(_escalate_if_due(reference) for reference in references) + _escalate_when_nobody_is_there()


def _escalate_if_due(reference: str) -> bool:
    with write_transaction():
        ticket, rules = ticket_to_change(SYSTEM, reference), list_rules()
        rule = due_rule(rules, standing_of(ticket, rules), working_calendar(), clock.now())
        if rule is None:  # somebody answered meanwhile
            schedule(ticket)
            return False
        _apply(rule, ticket)
        return True


def _escalate_when_nobody_is_there() -> int:
    """In working hours in which no agent is logged in, a new request would wait unseen."""
    rules = [rule for rule in list_rules() if rule.is_on and rule.when is EscalationReason.NOBODY_ON_SHIFT]
    now = clock.now()
    if not rules or not is_working_time(now, working_calendar()) or is_anybody_logged_in(Permission.TICKET_REPLY):
        return 0
    return sum(_escalate_unassigned(rule, now) for rule in rules)


def _escalate_unassigned(rule: EscalationRule, now: datetime) -> int:
    found = references_of_unassigned(below_level=rule.level, opened_before=now - rule.after, limit=BATCH)
    return sum(_escalate_unseen(rule, reference) for reference in found)


def _escalate_unseen(rule: EscalationRule, reference: str) -> bool:
    with write_transaction():
        ticket = ticket_to_change(SYSTEM, reference)
        is_due = fits_when_nobody_is_there(rule, standing_of(ticket, [rule]), working_calendar(), clock.now())
        if is_due and ticket.assignee_id is None:
            _apply(rule, ticket)
            return True
        return False


def _apply(rule: EscalationRule, ticket: Ticket) -> None:
    """Do all that the rule asks for. Who has gone, or has no number, holds nothing up."""
    if rule.raises_to is not None and is_more_urgent(rule.raises_to, ticket.priority):
        set_priority(ticket, by=SYSTEM, priority=rule.raises_to)
    if rule.assigns_to is not None and find_agent(rule.assigns_to) is not None:
        assign(ticket, by=SYSTEM, to=rule.assigns_to)
    wanted = rule.route or ticket.route
    route = wanted if wanted is Route.EMAIL or ticket.requester_phone else Route.EMAIL
    escalate(ticket, by=SYSTEM, route=route, reason=rule.when, level=rule.level)


def _new_escalation(ticket: Ticket, by: Actor, route: Route, reason: EscalationReason) -> Escalation:
    return Escalation(
        ticket_id=ticket.id,
        level=ticket.escalation_level,
        route=route,
        reason=reason,
        at=clock.now(),
        actor_id=by.person_id,
        topic=ticket.topic,
        organisation_id=ticket.organisation_id,
    )


def _words(escalation: Escalation, note: str) -> str:
    where = "the phone queue" if escalation.route is Route.PHONE else "the helpdesk’s email"
    return f"Level {escalation.level}, to {where}. {REASON_NAMES[escalation.reason]}. {note}".strip()
