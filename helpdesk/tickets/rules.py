"""What may happen to a ticket, and when it must. Pure decisions on plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby, islice, takewhile
from math import ceil
from zoneinfo import ZoneInfo

from helpdesk.core.working_time import Span, Stretch, WorkingCalendar, slots_from
from helpdesk.tickets.errors import TicketClosed, TransitionRefused
from helpdesk.tickets.types import Priority, Status

TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.NEW: frozenset({Status.OPEN, Status.WAITING_FOR_REQUESTER, Status.ON_HOLD, Status.SOLVED}),
    Status.OPEN: frozenset({Status.WAITING_FOR_REQUESTER, Status.ON_HOLD, Status.SOLVED}),
    Status.WAITING_FOR_REQUESTER: frozenset({Status.OPEN, Status.ON_HOLD, Status.SOLVED}),
    Status.ON_HOLD: frozenset({Status.OPEN, Status.WAITING_FOR_REQUESTER, Status.SOLVED}),
    Status.SOLVED: frozenset({Status.OPEN, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}
DONE = frozenset({Status.SOLVED, Status.CLOSED})
# While we wait for somebody else, the clock of an escalation stands still.
PAUSED = frozenset({Status.WAITING_FOR_REQUESTER, Status.ON_HOLD})

# Working time until the first answer and until the end. The helpdesk's lead decides these.
FIRST_RESPONSE_WITHIN = {
    Priority.URGENT: timedelta(minutes=30),
    Priority.HIGH: timedelta(hours=1),
    Priority.NORMAL: timedelta(hours=4),
    Priority.LOW: timedelta(hours=8),
}
RESOLVED_WITHIN = {
    Priority.URGENT: timedelta(hours=2),
    Priority.HIGH: timedelta(hours=4),
    Priority.NORMAL: timedelta(hours=8),
    Priority.LOW: timedelta(hours=24),
}
# Nothing is said of how soon we answer with fewer cases than these. Commissioned with the product.
FEWEST_CASES = 20
LOOKS_BACK_FOR = timedelta(days=90)
# Of the newest requests many still wait, however slow we are: they would make us look quick.
LEFT_OUT_FOR = timedelta(days=2)
CALL_BACK_WITHIN = timedelta(hours=1)
CALL_BACK_TRIES = 3
# A call-back is promised for half an hour, to two people at a time. The helpdesk's lead decides these; the database
# holds the number of places, too.
SLOT_LENGTH = timedelta(minutes=30)
CALL_BACKS_PER_SLOT = 2
# An agent must see the call on the queue before it is due.
SLOT_NOTICE = timedelta(minutes=15)
# Who cannot be rung by then is better served by email.
SLOTS_WITHIN = timedelta(days=7)
SLOT_DAYS_OFFERED, SLOTS_OFFERED_A_DAY = 2, 4
# A page that is looked at has shown a reply within half a minute. Replies that follow each other go in one mail, but
# nobody waits longer than the second time for the first of them.
REPLY_MAILED_AFTER = timedelta(minutes=1)
REPLY_MAILED_WITHIN = timedelta(minutes=3)
# Whoever has not sent an answer by then never will.
DRAFT_FORGOTTEN_AFTER = timedelta(days=30)
SOLVED_BECOMES_CLOSED_AFTER = timedelta(days=4)
HIGHEST_LEVEL = 3
# So many requests of one person within a week are a pattern.
CONTACTS_IN_A_WEEK = 3
CONTACTS_WITHIN = timedelta(days=7)
# More than one page of the queue, and soon done. What was done to them can be undone for a while.
MOST_PICKED = 100
UNDONE_WITHIN = timedelta(minutes=10)
# More names beside the queue than these are longer to read than the queue is.
MOST_SAVED_VIEWS = 15

# Our own team's hours until an administrator sets others; they are for deadlines and are never shown as opening hours.
_WEEKDAY = (Span(time(9), time(17, 30)),)
DEFAULT_HOURS = dict.fromkeys(range(5), _WEEKDAY)


@dataclass(frozen=True)
class AnswerTimes:
    """In what working time half of the requests had their first answer, and in what time nine in ten."""

    median: timedelta
    nine_in_ten: timedelta


def ensure_transition(current: Status, target: Status) -> None:
    """Refuse a change of status that makes no sense."""
    if target not in TRANSITIONS[current]:
        raise TransitionRefused(current, target)


def statuses_to_offer(current: Status) -> list[Status]:
    """The status and those that it may become by choice; solving and taking up again are acts of their own."""
    if current in DONE:
        return [current]
    return [current, *sorted(TRANSITIONS[current] - DONE, key=list(Status).index)]


def ensure_may_be_answered(status: Status) -> None:
    """Refuse to write on a ticket that is closed."""
    if status is Status.CLOSED:
        raise TicketClosed


def status_after_requester_wrote(status: Status) -> Status:
    """A requester's message brings a ticket back to the agents, also one that was solved."""
    ensure_may_be_answered(status)
    return status if status is Status.NEW else Status.OPEN


def starting_priority(*, patient_waiting: bool) -> Priority:
    """A waiting patient makes a ticket urgent from the start."""
    return Priority.URGENT if patient_waiting else Priority.NORMAL


def is_more_urgent(one: Priority, other: Priority) -> bool:
    """Whether the first ranks above the second."""
    return list(Priority).index(one) < list(Priority).index(other)


def slots_ahead(now: datetime, calendar: WorkingCalendar) -> list[Stretch]:
    """Every slot in which a call could be promised now."""
    last = now + SLOTS_WITHIN
    return list(takewhile(lambda slot: slot.starts < last, slots_from(now + SLOT_NOTICE, SLOT_LENGTH, calendar)))


def slots_to_offer(free: Sequence[Stretch], zone: ZoneInfo) -> list[Stretch]:
    """A few of the free slots: the soonest, and others spread over that day and the next one that has any."""
    days = groupby(free, key=lambda slot: slot.starts.astimezone(zone).date())
    return [slot for _day, slots in islice(days, SLOT_DAYS_OFFERED) for slot in _spread(list(slots))]


def _spread(slots: list[Stretch]) -> list[Stretch]:
    most = SLOTS_OFFERED_A_DAY
    return slots if len(slots) <= most else [slots[number * len(slots) // most] for number in range(most)]


def usual_answer_times(waits: Sequence[timedelta]) -> AnswerTimes | None:
    """What can be said of how soon we answer; None when there were too few cases."""
    if len(waits) < FEWEST_CASES:
        return None
    return AnswerTimes(_within_which(0.5, waits), _within_which(0.9, waits))


def reply_mail_due(first_unread_at: datetime, now: datetime) -> datetime:
    """When to mail the replies that were not read: a minute after the newest, and soon enough after the first."""
    return min(now + REPLY_MAILED_AFTER, first_unread_at + REPLY_MAILED_WITHIN)


def _within_which(share: float, waits: Sequence[timedelta]) -> timedelta:
    return sorted(waits)[ceil(share * len(waits)) - 1]
