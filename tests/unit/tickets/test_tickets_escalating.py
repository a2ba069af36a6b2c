"""When a rule takes a ticket further, as truth tables."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from helpdesk.core.working_time import Span, WorkingCalendar
from helpdesk.tickets.deadlines.counting import Happening
from helpdesk.tickets.deadlines.policies import Targets
from helpdesk.tickets.escalating import (
    DEFAULT_RULES,
    EscalationRule,
    Past,
    Standing,
    due_rule,
    fits_when_nobody_is_there,
    next_firing,
    would_have_fired,
)
from helpdesk.tickets.types import EscalationReason, EventKind, Priority, Status

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OPENED, PAST, SOON = NOW - timedelta(hours=3), NOW - timedelta(hours=1), NOW + timedelta(hours=1)
OFFICE = WorkingCalendar({day: (Span(time(9), time(17, 30)),) for day in range(5)})
HOUR = timedelta(hours=1)


def standing(**changes: Any) -> Standing:  # Any: any field of it
    quiet: dict[str, Any] = {
        "status": Status.OPEN,
        "priority": Priority.NORMAL,
        "patient_waiting": False,
        "level": 0,
        "opened_at": OPENED,
        "first_response_due": SOON,
        "next_response_due": None,
        "resolution_due": SOON,
    }
    return Standing(**(quiet | changes))


def rule(when: EscalationReason, **changes: Any) -> EscalationRule:  # Any: as above
    values: dict[str, Any] = {"key": "mine", "name": "Mine", "level": 1, "when": when}
    return EscalationRule(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"patient_waiting": True}, EscalationReason.PATIENT_WAITING),
        ({"priority": Priority.URGENT}, EscalationReason.URGENT),
        ({"first_response_due": PAST}, EscalationReason.NOT_ANSWERED),
        ({"first_response_due": NOW}, EscalationReason.NOT_ANSWERED),
        ({"first_response_due": None}, None),
        ({"first_response_due": None, "resolution_due": PAST}, EscalationReason.NOT_RESOLVED),
        ({"first_response_due": PAST, "resolution_due": PAST}, EscalationReason.NOT_ANSWERED),
        ({"level": 1, "patient_waiting": True}, None),
        ({"level": 1, "first_response_due": PAST}, None),
        ({"level": 1, "resolution_due": PAST}, EscalationReason.NOT_RESOLVED),
        ({"level": 2, "resolution_due": PAST, "patient_waiting": True}, None),
    ],
)
def test_by_default_a_running_ticket_goes_further_when(changes, reason):
    found = due_rule(DEFAULT_RULES, standing(**changes), OFFICE, NOW)

    assert (found.when if found else None) is reason


@pytest.mark.parametrize("status", [Status.WAITING_FOR_REQUESTER, Status.ON_HOLD, Status.SOLVED, Status.CLOSED])
def test_a_ticket_that_waits_or_is_done_never_goes_further(status):
    late = standing(status=status, patient_waiting=True, first_response_due=PAST, resolution_due=PAST)

    assert due_rule(DEFAULT_RULES, late, OFFICE, NOW) is None
    assert next_firing(DEFAULT_RULES, late, OFFICE) is None


@pytest.mark.parametrize(
    ("one", "changes", "is_due"),
    [
        (rule(EscalationReason.NEXT_NOT_ANSWERED), {"next_response_due": PAST}, True),
        (rule(EscalationReason.NEXT_NOT_ANSWERED), {"next_response_due": SOON}, False),
        (rule(EscalationReason.OPEN_TOO_LONG, after=3 * HOUR), {}, True),
        (rule(EscalationReason.OPEN_TOO_LONG, after=4 * HOUR), {}, False),
        (rule(EscalationReason.OPEN_TOO_LONG, after=HOUR), {"opened_at": NOW - 20 * HOUR}, True),
        (rule(EscalationReason.OPEN_TOO_LONG, after=4 * HOUR), {"opened_at": NOW - 16 * HOUR}, False),
        (rule(EscalationReason.ASKED_AGAIN), {"contacts": 3}, True),
        (rule(EscalationReason.ASKED_AGAIN), {"contacts": 2}, False),
        (rule(EscalationReason.ASKED_AGAIN, is_on=False), {"contacts": 3}, False),
        (rule(EscalationReason.NOT_ANSWERED, priority=Priority.HIGH), {"first_response_due": PAST}, False),
        (rule(EscalationReason.NOT_ANSWERED, patient_waiting=False), {"first_response_due": PAST}, True),
        (rule(EscalationReason.NOT_ANSWERED, level=3), {"first_response_due": PAST, "level": 2}, True),
        (rule(EscalationReason.NOBODY_ON_SHIFT), {}, False),
    ],
)
def test_a_rule_of_ones_own_is_due(one, changes, is_due):
    assert (due_rule([one], standing(**changes), OFFICE, NOW) is one) is is_due


def test_the_next_one_is_known_beforehand():
    firing = next_firing(DEFAULT_RULES, standing(resolution_due=SOON + HOUR), OFFICE)

    assert firing is not None
    assert (firing.at, firing.rule.key) == (SOON, "not-answered")


@pytest.mark.parametrize(("after", "fits"), [(0 * HOUR, True), (3 * HOUR, True), (4 * HOUR, False)])
def test_when_nobody_is_there_a_request_waits_no_longer_than_the_rule_allows(after, fits):
    one = rule(EscalationReason.NOBODY_ON_SHIFT, after=after)

    assert fits_when_nobody_is_there(one, standing(), OFFICE, NOW) is fits


STORY = (
    Happening(OPENED, EventKind.OPENED, Status.NEW),
    Happening(OPENED + 2 * HOUR, EventKind.REPLIED, Status.WAITING_FOR_REQUESTER),
)
TARGETS = Targets(HOUR, HOUR, 2 * HOUR)


@pytest.mark.parametrize(
    ("one", "story", "changes", "at"),
    [
        (rule(EscalationReason.NOT_ANSWERED), STORY, {}, OPENED + HOUR),
        (rule(EscalationReason.NOT_ANSWERED, priority=Priority.LOW), STORY, {}, None),
        (rule(EscalationReason.NOT_RESOLVED), STORY[:1], {}, OPENED + 2 * HOUR),
        (rule(EscalationReason.OPEN_TOO_LONG, after=2 * HOUR + HOUR / 2), STORY, {}, None),
        (rule(EscalationReason.OPEN_TOO_LONG, after=HOUR), STORY, {}, OPENED + HOUR),
        (rule(EscalationReason.OPEN_TOO_LONG, after=4 * HOUR), STORY[:1], {}, None),
        (rule(EscalationReason.PATIENT_WAITING), STORY, {"patient_waiting": True}, OPENED),
        (rule(EscalationReason.URGENT), STORY, {}, None),
        (rule(EscalationReason.ASKED_AGAIN), STORY, {"contacts": 5}, OPENED),
        (rule(EscalationReason.NEXT_NOT_ANSWERED), STORY, {}, None),
    ],
)
def test_on_the_past_a_rule_would_have_fired(one, story, changes, at):
    past = Past(story, standing(level=2, **changes), TARGETS)

    assert would_have_fired(one, past, OFFICE, NOW) == at
