"""Deadlines kept beside the ticket for sorting. What happened to the ticket is the truth: they follow from it."""

from datetime import timedelta

from sqlalchemy import update

from helpdesk.core import clock
from helpdesk.db import db, write_transaction
from helpdesk.tickets.deadlines.counting import Count, counts_of, next_due, time_taken
from helpdesk.tickets.deadlines.policies import Policy, Promise, policy_for
from helpdesk.tickets.escalating import next_firing
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.queries.deadlines import happenings_of, policies_in_force, tickets_to_recount
from helpdesk.tickets.queries.escalation_rules import list_rules, standing_of
from helpdesk.tickets.queries.escalations import working_calendar


def recount(ticket: Ticket) -> None:
    """Count the ticket's deadlines anew from all that happened to it, and when a rule takes it further."""
    happenings, calendar = happenings_of(ticket), working_calendar()
    counts = counts_of(happenings, policy_of(ticket).targets, calendar)
    ticket.first_response_due_at = counts[Promise.FIRST_RESPONSE].due
    ticket.resolution_due_at = counts[Promise.RESOLUTION].due
    following = counts.get(Promise.NEXT_RESPONSE)
    ticket.next_response_due_at = following.due if following else None
    ticket.due_at = next_due(counts)
    ticket.first_response_took = _seconds(time_taken(happenings, Promise.FIRST_RESPONSE, calendar))
    ticket.resolution_took = _seconds(time_taken(happenings, Promise.RESOLUTION, calendar))
    ticket.deadlines_counted_at = clock.now()
    schedule(ticket)


def schedule(ticket: Ticket) -> None:
    """Note when a rule takes the ticket further, if nothing happens before."""
    rules = list_rules()
    firing = next_firing(rules, standing_of(ticket, rules), working_calendar())
    ticket.escalates_at = firing.at if firing else None
    db.session.flush()


def explain(ticket: Ticket) -> dict[Promise, Count]:
    """How each deadline of the ticket comes about, piece by piece."""
    return counts_of(happenings_of(ticket), policy_of(ticket).targets, working_calendar())


def policy_of(ticket: Ticket) -> Policy:
    """The policy by which a ticket's deadlines are counted."""
    return policy_for(
        policies_in_force(),
        priority=ticket.priority,
        route=ticket.route,
        patient_waiting=ticket.patient_waiting,
    )


def recount_open_tickets() -> None:
    """Have the deadlines of all open tickets counted anew, by the worker: a policy or the working hours changed."""
    is_open = update(Ticket).where(Ticket.is_open.is_(True)).values(deadlines_counted_at=None)
    db.session.execute(is_open.execution_options(synchronize_session=False))


def recount_some(limit: int) -> int:
    """Count so many of those that wait for it; how many were counted."""
    with write_transaction():
        tickets = tickets_to_recount(limit)
        for ticket in tickets:
            recount(ticket)
        return len(tickets)


def _seconds(value: timedelta | None) -> int | None:
    return None if value is None else int(value.total_seconds())
