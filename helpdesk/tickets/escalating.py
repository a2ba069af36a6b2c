"""When a ticket goes further by itself, and where to: rules that people can read, change, and try on the past."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from helpdesk.core.working_time import WorkingCalendar, add_working_time
from helpdesk.tickets.deadlines.counting import Happening, count
from helpdesk.tickets.deadlines.policies import Promise, Targets
from helpdesk.tickets.rules import CONTACTS_IN_A_WEEK, DONE, PAUSED
from helpdesk.tickets.types import EscalationReason, Priority, Route, Status

# What happens to a ticket by time alone, and by what of it.
_PROMISES = {
    EscalationReason.NOT_ANSWERED: Promise.FIRST_RESPONSE,
    EscalationReason.NEXT_NOT_ANSWERED: Promise.NEXT_RESPONSE,
    EscalationReason.NOT_RESOLVED: Promise.RESOLUTION,
    EscalationReason.OPEN_TOO_LONG: Promise.RESOLUTION,
}


@dataclass(frozen=True)
class EscalationRule:
    """Takes a ticket to a level, once. A condition that is None fits all."""

    # The rule's own name for programs: a default keeps its one when somebody changes it.
    key: str
    name: str
    level: int
    when: EscalationReason
    # Working time since the opening; of 'open too long' and 'nobody on shift'.
    after: timedelta = timedelta(0)
    priority: Priority | None = None
    patient_waiting: bool | None = None
    # None: as the requester wants to hear from us.
    route: Route | None = None
    raises_to: Priority | None = None
    assigns_to: UUID | None = None
    is_on: bool = True


@dataclass(frozen=True)
class Standing:
    """All of a ticket that decides whether a rule takes it further, and when."""

    status: Status
    priority: Priority
    patient_waiting: bool
    level: int
    opened_at: datetime
    # None for what is not promised, or kept already.
    first_response_due: datetime | None
    next_response_due: datetime | None
    resolution_due: datetime
    # How often these people asked for help within a week, this time included.
    contacts: int = 1


@dataclass(frozen=True)
class Past:
    """A ticket of the past: what happened to it, how it stands now, and what it was promised."""

    story: Sequence[Happening]
    standing: Standing
    targets: Targets


@dataclass(frozen=True)
class Firing:
    """A rule, and when it takes the ticket further if nothing happens before."""

    at: datetime
    rule: EscalationRule


DEFAULT_RULES = (
    EscalationRule("patient-waiting", "A patient is waiting", 1, EscalationReason.PATIENT_WAITING),
    EscalationRule("urgent", "Urgent requests", 1, EscalationReason.URGENT),
    EscalationRule("not-answered", "First reply is late", 1, EscalationReason.NOT_ANSWERED),
    EscalationRule("not-resolved", "Not solved in time", 2, EscalationReason.NOT_RESOLVED),
)


def next_firing(rules: Iterable[EscalationRule], standing: Standing, calendar: WorkingCalendar) -> Firing | None:
    """What takes the ticket further next; of several at once, the lowest level. None when nothing will."""
    found = [Firing(at, rule) for rule in rules if (at := _fires_at(rule, standing, calendar)) is not None]
    return min(found, key=lambda one: (one.at, one.rule.level, one.rule.key), default=None)


def due_rule(
    rules: Iterable[EscalationRule], standing: Standing, calendar: WorkingCalendar, now: datetime
) -> EscalationRule | None:
    """What takes the ticket further now: of all that are due, the lowest level, so that none is left out."""
    late = [rule for rule in rules if (at := _fires_at(rule, standing, calendar)) is not None and at <= now]
    return min(late, key=lambda rule: (rule.level, rule.key), default=None)


def fits_when_nobody_is_there(
    rule: EscalationRule, standing: Standing, calendar: WorkingCalendar, now: datetime
) -> bool:
    """Whether a rule for hours in which no agent is logged in takes this ticket further now."""
    is_meant = rule.when is EscalationReason.NOBODY_ON_SHIFT and _fits(rule, standing)
    return is_meant and add_working_time(standing.opened_at, rule.after, calendar) <= now


def would_have_fired(rule: EscalationRule, past: Past, calendar: WorkingCalendar, now: datetime) -> datetime | None:
    """When the rule would have taken a ticket of the past further, by what happened to it; None when never.

    Its priority and whether a patient waits are taken as they are now; levels are left aside.
    """
    if not _is_for(rule, past.standing):
        return None
    promise = _PROMISES.get(rule.when)
    if promise is None:
        return _at_once(rule, past.standing)
    target = rule.after if rule.when is EscalationReason.OPEN_TOO_LONG else past.targets.of(promise)
    counted = count(past.story, promise, target, calendar)
    if counted is None or counted.due > now:
        return None
    stopped_before = counted.left_at_stop is not None
    return None if stopped_before else counted.due


def _fires_at(rule: EscalationRule, standing: Standing, calendar: WorkingCalendar) -> datetime | None:
    if not _fits(rule, standing):
        return None
    match rule.when:
        case EscalationReason.NOT_ANSWERED:
            return standing.first_response_due
        case EscalationReason.NEXT_NOT_ANSWERED:
            return standing.next_response_due
        case EscalationReason.NOT_RESOLVED:
            return standing.resolution_due
        case EscalationReason.OPEN_TOO_LONG:
            return add_working_time(standing.opened_at, rule.after, calendar)
        case _:
            return _at_once(rule, standing)


def _at_once(rule: EscalationRule, standing: Standing) -> datetime | None:
    is_met = {
        EscalationReason.PATIENT_WAITING: standing.patient_waiting,
        EscalationReason.URGENT: standing.priority is Priority.URGENT,
        EscalationReason.ASKED_AGAIN: standing.contacts >= CONTACTS_IN_A_WEEK,
    }
    return standing.opened_at if is_met.get(rule.when, False) else None


def _fits(rule: EscalationRule, standing: Standing) -> bool:
    """Whether the rule may take the ticket further at all: it runs, is not there yet, and is of the kind meant."""
    runs = standing.status not in DONE and standing.status not in PAUSED
    return rule.is_on and runs and standing.level < rule.level and _is_for(rule, standing)


def _is_for(rule: EscalationRule, standing: Standing) -> bool:
    return rule.priority in (None, standing.priority) and rule.patient_waiting in (None, standing.patient_waiting)
