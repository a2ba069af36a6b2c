"""Rules by which tickets go further, as an administrator keeps them, and how they would have done in the past."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.db import db
from helpdesk.tickets.deadlines.policies import policy_for
from helpdesk.tickets.escalating import DEFAULT_RULES, EscalationRule, Past, would_have_fired
from helpdesk.tickets.models.policies import EscalationRuleRow
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.queries.deadlines import policies_in_force
from helpdesk.tickets.queries.escalation_rules import (
    contacts_of,
    find_row,
    happenings_of_many,
    standing_of,
    tickets_opened_since,
)
from helpdesk.tickets.queries.escalations import working_calendar
from helpdesk.tickets.service.deadlines import recount_open_tickets

MONTH = timedelta(days=30)
# Enough for a month of most helpdesks; the page says when it was not.
MOST_TRIED = 5_000


@dataclass(frozen=True)
class DryRun:
    """Which tickets of the last month a rule would have taken further, newest first, and of how many."""

    fired: list[tuple[Ticket, datetime]]
    tried: int
    since: datetime
    is_cut: bool


def keep_rule(rule: EscalationRule, *, by: Actor) -> str:
    """Make a rule, or change the one with its key. Its key is the answer; open tickets follow within a minute."""
    key = rule.key or uuid4().hex
    row = find_row(key) or EscalationRuleRow(key=key)
    row.name, row.level, row.reason = rule.name, rule.level, rule.when
    row.after_minutes = rule.after // timedelta(minutes=1)
    row.priority, row.patient_waiting, row.route = rule.priority, rule.patient_waiting, rule.route
    row.raises_to, row.assigns_to_id, row.is_on = rule.raises_to, rule.assigns_to, rule.is_on
    db.session.add(row)
    _note("escalation:rule-kept", key, by=by)
    return key


def switch(rule: EscalationRule, *, by: Actor) -> None:
    """Switch a rule off, or on again."""
    keep_rule(replace(rule, is_on=not rule.is_on), by=by)


def remove_rule(key: str, *, by: Actor) -> None:
    """Take a rule away; a default that was changed is again as it was. NotFound when there is nothing to take away."""
    row = find_row(key)
    if row is None:
        raise NotFound
    db.session.delete(row)
    _note("escalation:rule-removed", key, by=by)


def is_default(key: str) -> bool:
    """Whether the product brings a rule of that key."""
    return any(rule.key == key for rule in DEFAULT_RULES)


def try_on_last_month(rule: EscalationRule) -> DryRun:
    """Which tickets the rule would have taken further, were it on. Nothing is changed."""
    now, calendar, policies = clock.now(), working_calendar(), policies_in_force()
    tickets = tickets_opened_since(now - MONTH, MOST_TRIED + 1)
    tried, fired = tickets[:MOST_TRIED], []
    stories, contacts = happenings_of_many(tried), contacts_of(tried)
    for ticket in tried:
        standing = replace(standing_of(ticket, []), contacts=contacts[ticket.id])
        policy = policy_for(
            policies, priority=ticket.priority, route=ticket.route, patient_waiting=ticket.patient_waiting
        )
        past = Past(stories[ticket.id], standing, policy.targets)
        at = would_have_fired(rule, past, calendar, now)
        if at is not None:
            fired.append((ticket, at))
    return DryRun(fired, len(tried), now - MONTH, is_cut=len(tickets) > MOST_TRIED)


def _note(action: str, key: str, *, by: Actor) -> None:
    db.session.flush()
    recount_open_tickets()
    record(action, by=by, target="escalation", rule=key)
