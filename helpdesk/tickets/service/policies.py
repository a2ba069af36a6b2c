"""Policies: how much working time is allowed for which tickets."""

from datetime import timedelta

from sqlalchemy import select

from helpdesk.audit.service import record
from helpdesk.core.actor import Actor
from helpdesk.core.errors import RuleRefused
from helpdesk.db import db
from helpdesk.tickets.deadlines.policies import Policy
from helpdesk.tickets.models.policies import DeadlinePolicy
from helpdesk.tickets.service.deadlines import recount_open_tickets


def add_policy(policy: Policy, *, by: Actor) -> DeadlinePolicy:
    """Let a new policy hold. Deadlines of open tickets are counted anew within a minute."""
    _ensure_only_one(policy)
    row = DeadlinePolicy()
    _fill(row, policy)
    db.session.add(row)
    _note("deadlines:policy-added", row, by=by)
    return row


def change_policy(row: DeadlinePolicy, policy: Policy, *, by: Actor) -> None:
    """Change a policy, and with it the deadlines of open tickets."""
    _ensure_only_one(policy, besides=row)
    _fill(row, policy)
    _note("deadlines:policy-changed", row, by=by)


def remove_policy(row: DeadlinePolicy, *, by: Actor) -> None:
    """Take a policy away; what is less particular, or the default, holds instead."""
    db.session.delete(row)
    _note("deadlines:policy-removed", row, by=by)


def _ensure_only_one(policy: Policy, *, besides: DeadlinePolicy | None = None) -> None:
    """Two policies for the same tickets would leave everybody guessing which one holds."""
    for row in db.session.scalars(select(DeadlinePolicy).with_for_update()):
        if row is not besides and (row.priority, row.route, row.patient_waiting) == policy.conditions:
            raise RuleRefused(f"“{row.name}” holds for the same requests. Change that one.")


def _fill(row: DeadlinePolicy, policy: Policy) -> None:
    row.name, row.priority, row.route = policy.name, policy.priority, policy.route
    row.patient_waiting = policy.patient_waiting
    row.first_response_minutes = policy.targets.first_response // timedelta(minutes=1)
    row.next_response_minutes = policy.targets.next_response // timedelta(minutes=1)
    row.resolution_minutes = policy.targets.resolution // timedelta(minutes=1)


def _note(action: str, row: DeadlinePolicy, *, by: Actor) -> None:
    db.session.flush()
    recount_open_tickets()
    record(action, by=by, target="deadlines", policy=str(row.id))
