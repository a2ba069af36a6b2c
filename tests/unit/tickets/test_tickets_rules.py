"""What may happen to a ticket, and when it escalates, as truth tables."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from helpdesk.tickets.errors import TicketClosed, TransitionRefused
from helpdesk.tickets.rules import (
    DONE,
    TRANSITIONS,
    AnswerTimes,
    EscalationFacts,
    ensure_transition,
    escalation_due,
    reply_mail_due,
    status_after_requester_wrote,
    statuses_to_offer,
    usual_answer_times,
)
from helpdesk.tickets.types import EscalationReason, Priority, Status

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOON, PAST = NOW + timedelta(hours=1), NOW - timedelta(hours=1)


def facts(**changes: Any) -> EscalationFacts:  # Any: any field of it
    quiet: dict[str, Any] = {
        "status": Status.OPEN,
        "priority": Priority.NORMAL,
        "patient_waiting": False,
        "level": 0,
        "first_response_due": SOON,
        "first_responded": False,
        "resolution_due": SOON,
    }
    return EscalationFacts(**(quiet | changes))


@pytest.mark.parametrize(("current", "target"), list(product(Status, Status)))
def test_only_the_listed_changes_of_status_are_allowed(current, target):
    if target in TRANSITIONS[current]:
        ensure_transition(current, target)
    else:
        with pytest.raises(TransitionRefused, match="cannot become"):
            ensure_transition(current, target)


def test_a_closed_ticket_never_changes():
    assert TRANSITIONS[Status.CLOSED] == frozenset()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.NEW, Status.NEW),
        (Status.OPEN, Status.OPEN),
        (Status.WAITING_FOR_REQUESTER, Status.OPEN),
        (Status.ON_HOLD, Status.OPEN),
        (Status.SOLVED, Status.OPEN),
    ],
)
def test_a_requesters_message_brings_the_ticket_back(before, after):
    assert status_after_requester_wrote(before) is after


def test_a_requester_cannot_write_on_a_closed_ticket():
    with pytest.raises(TicketClosed, match="Start a new request"):
        status_after_requester_wrote(Status.CLOSED)


@pytest.mark.parametrize("status", list(Status))
def test_solving_is_never_a_choice_in_a_list(status):
    offered = statuses_to_offer(status)

    assert offered[0] is status
    assert not DONE & set(offered[1:])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"patient_waiting": True}, EscalationReason.PATIENT_WAITING),
        ({"priority": Priority.URGENT}, EscalationReason.URGENT),
        ({"first_response_due": PAST}, EscalationReason.NOT_ANSWERED),
        ({"first_response_due": NOW}, EscalationReason.NOT_ANSWERED),
        ({"first_response_due": PAST, "first_responded": True}, None),
        ({"resolution_due": PAST, "first_responded": True}, EscalationReason.NOT_RESOLVED),
        ({"level": 1, "patient_waiting": True}, None),
        ({"level": 1, "first_response_due": PAST}, None),
        ({"level": 1, "resolution_due": PAST}, EscalationReason.NOT_RESOLVED),
        ({"level": 2, "resolution_due": PAST, "patient_waiting": True}, None),
    ],
)
def test_a_running_ticket_escalates_when(changes, reason):
    assert escalation_due(facts(**changes), NOW) is reason


@pytest.mark.parametrize("status", [Status.WAITING_FOR_REQUESTER, Status.ON_HOLD, Status.SOLVED, Status.CLOSED])
def test_a_ticket_that_waits_or_is_done_never_escalates(status):
    everything_late = facts(status=status, patient_waiting=True, first_response_due=PAST, resolution_due=PAST)

    assert escalation_due(everything_late, NOW) is None


@pytest.mark.parametrize(
    ("seconds_since_first", "mailed_in"), [(0, 60), (59, 60), (120, 60), (150, 30), (180, 0), (600, -420)]
)
def test_unread_replies_are_mailed_a_minute_after_the_newest_and_three_after_the_first(seconds_since_first, mailed_in):
    due = reply_mail_due(NOW - timedelta(seconds=seconds_since_first), NOW)

    assert due - NOW == timedelta(seconds=mailed_in)


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (range(1, 20), None),
        (range(1, 21), (10, 18)),
        ([5] * 20, (5, 5)),
        ([1] * 18 + [500] * 2, (1, 1)),
        ([1] * 17 + [500] * 3, (1, 500)),
    ],
)
def test_how_soon_we_answer_is_told_from_twenty_cases_on(minutes, told):
    times = usual_answer_times([timedelta(minutes=number) for number in minutes])

    assert times == (told and AnswerTimes(*(timedelta(minutes=number) for number in told)))
