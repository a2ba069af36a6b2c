"""What may happen to a ticket, and when it escalates, as truth tables."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from helpdesk.tickets.errors import TicketClosed, TransitionRefused
from helpdesk.tickets.rules import (
    DONE,
    TRANSITIONS,
    AnswerTimes,
    ensure_transition,
    reply_mail_due,
    status_after_requester_wrote,
    statuses_to_offer,
    usual_answer_times,
)
from helpdesk.tickets.types import Status

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOON, PAST = NOW + timedelta(hours=1), NOW - timedelta(hours=1)


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
