"""Rules that a lead agent reads, changes and tries on the past, and what they do."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from helpdesk.accounts.service.session_list import sign_out_of_all
from helpdesk.core import clock
from helpdesk.db import db, write_transaction
from helpdesk.mail.models import OutboxMessage
from helpdesk.tickets.models.policies import EscalationRuleRow
from helpdesk.tickets.models.ticket import CallBack, Escalation
from helpdesk.tickets.queries.escalation_rules import references_to_escalate
from helpdesk.tickets.service.deadlines import recount_some
from helpdesk.tickets.service.escalation import escalate_due_tickets
from helpdesk.tickets.service.messages import reply
from helpdesk.tickets.types import EscalationReason, Priority, Route
from tests.tickets import actor_of, fresh, set_office_hours, ticket

pytestmark = pytest.mark.usefixtures("app", "moved_clock")


@pytest.fixture
def lead(sign_in_as, cara):
    return sign_in_as(cara)


def add_rule(lead, **changes: Any):  # Any: what a form takes
    typed = {"name": "Mine", "when": "open_too_long", "after": "2 hours", "is_on": True} | changes
    answer = lead.submit(lead.get("/admin/escalation/new"), button="Save", **typed)
    recount_some(100)
    return answer


def escalations():
    return [
        (one.level, one.reason, one.route) for one in db.session.scalars(select(Escalation).order_by(Escalation.at))
    ]


def test_the_rules_can_be_read_as_sentences(lead):
    page = lead.get("/admin/escalation")

    assert page.has("First reply is late Level 1 When: The first reply is late.")
    assert page.has("Then: It goes to the helpdesk’s email or the phone queue, as the requester wishes.")
    assert page.has("Not solved in time Level 2 When: It is not solved in time.")


def test_a_rule_of_ones_own_takes_a_request_further_once(lead, moved_clock):
    made = ticket()
    add_rule(lead, route="phone", raises_to="high")
    assert lead.get("/admin/escalation").has(
        "When: It has been open for 2 hours of working time. Then: It goes to the phone queue, or to the helpdesk’s "
        "email where we have no number, becomes high."
    )

    assert escalate_due_tickets() == 0
    moved_clock.shift(timedelta(hours=2))
    assert escalate_due_tickets() == 1
    assert escalate_due_tickets() == 0

    assert escalations() == [(1, EscalationReason.OPEN_TOO_LONG, Route.PHONE)]
    assert fresh(made).priority is Priority.HIGH
    assert db.session.scalar(select(func.count()).select_from(CallBack)) == 1
    assert fresh(made).events[-1].text == "Level 1, to the phone queue. It was open for too long."


def test_a_rule_gives_the_request_to_somebody(lead, ben, moved_clock):
    made = ticket()
    add_rule(lead, assigns_to=str(ben.id))

    moved_clock.shift(timedelta(hours=2))
    escalate_due_tickets()

    assert fresh(made).assignee_id == ben.id


def test_without_a_number_the_phone_queue_becomes_the_email(lead, moved_clock, settings):
    ticket(phone="")
    add_rule(lead, route="phone")

    moved_clock.shift(timedelta(hours=2))
    escalate_due_tickets()

    assert escalations() == [(1, EscalationReason.OPEN_TOO_LONG, Route.EMAIL)]
    mails = select(func.count()).where(OutboxMessage.to_address == settings.escalation_email)
    assert db.session.scalar(mails) == 1


def test_a_rule_that_is_off_does_nothing_and_can_be_switched_on(lead):
    lead.submit(lead.get("/admin/escalation"), button="Switch off A patient is waiting")
    ticket(patient_waiting=True)
    lead.submit(lead.get("/admin/escalation"), button="Switch off Urgent requests")
    recount_some(100)
    assert escalate_due_tickets() == 0

    lead.submit(lead.get("/admin/escalation"), button="Switch on A patient is waiting")
    recount_some(100)
    assert escalate_due_tickets() == 1


def test_a_new_rule_is_off_until_it_was_seen_on_the_last_month(lead):
    form = lead.get("/admin/escalation/new")
    page = lead.follow(lead.submit(form, button="Save", name="Mine", when="open_too_long", after="2 hours"))

    assert page.heading == "Last month: Mine"
    assert page.has("This rule is off, so it does nothing yet.")
    assert page.link("Back to escalation rules") == "/admin/escalation"
    assert not db.session.scalar(select(EscalationRuleRow.is_on))
    lead.submit(page, button="Switch on Mine")
    db.session.rollback()
    assert db.session.scalar(select(EscalationRuleRow.is_on))


def test_a_changed_default_goes_back_to_what_it_was(lead):
    page = lead.get(lead.get("/admin/escalation").link("Change First reply is late"))
    lead.submit(page, button="Save", level="3", name="Late")
    assert lead.get("/admin/escalation").has("Late Level 3")

    page = lead.get(lead.get("/admin/escalation").link("Change Late"))
    lead.submit(page, button="Go back to the default")

    assert lead.get("/admin/escalation").has("First reply is late Level 1")
    assert db.session.scalars(select(EscalationRuleRow)).all() == []


def test_a_rule_of_ones_own_is_removed(lead):
    add_rule(lead)
    page = lead.get(lead.get("/admin/escalation").link("Change Mine"))

    lead.submit(page, button="Remove this rule")

    assert not lead.get("/admin/escalation").has("Mine")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Enter a name, such as “Open for a day”"),
        ({"when": ""}, "Choose when the rule fires"),
        ({"after": ""}, "Enter after how much working time, such as 8 hours"),
        (
            {"after": "soon"},
            "“After how much working time” must be a time like 4 hours or 45 minutes, 170 hours at most",
        ),
    ],
)
def test_what_makes_no_rule_is_said(lead, changes, message):
    page = add_rule(lead, **changes)

    assert page.status_code == 422
    assert page.errors == [message]
    assert db.session.scalars(select(EscalationRuleRow)).all() == []


def test_who_asks_for_the_third_time_within_a_week_goes_further(lead, moved_clock):
    add_rule(lead, when="asked_again", name="Third contact")
    for _ in range(2):
        ticket()
        moved_clock.shift(timedelta(minutes=1))
    assert escalate_due_tickets() == 0

    ticket()

    assert escalate_due_tickets() == 1
    assert [reason for _level, reason, _route in escalations()] == [EscalationReason.ASKED_AGAIN]


def test_a_request_goes_further_when_no_agent_is_logged_in_during_working_hours(lead, cara, moved_clock):
    set_office_hours()
    add_rule(lead, when="nobody_on_shift", after="30 minutes", name="Nobody there")
    ticket()
    assert escalate_due_tickets() == 0  # Cara is logged in, and half an hour has not gone by

    with write_transaction():
        sign_out_of_all(by=actor_of(cara))
    assert escalate_due_tickets() == 0
    moved_clock.shift(timedelta(minutes=30))

    assert escalate_due_tickets() == 1
    assert escalations() == [(1, EscalationReason.NOBODY_ON_SHIFT, Route.EMAIL)]


def test_at_night_nobody_needs_to_be_logged_in(lead, cara, moved_clock):
    set_office_hours()
    add_rule(lead, when="nobody_on_shift", after="", name="Nobody there")
    moved_clock.shift(timedelta(hours=12))
    ticket()

    assert escalate_due_tickets() == 0


def test_a_rule_is_tried_on_the_last_month_and_nothing_changes(sign_in_as, cara, ben, moved_clock):
    quick, slow = ticket(summary="quick"), ticket(summary="slow")
    with write_transaction():
        reply(fresh(quick), by=actor_of(ben), text="Try this.", seen=9)
    moved_clock.shift(timedelta(hours=5))
    with write_transaction():
        reply(fresh(slow), by=actor_of(ben), text="Try this.", seen=9)

    page = sign_in_as(cara).get("/admin/escalation/not-answered/last-month")

    assert page.has("Since 25 October 2026 it would have fired once, for 2 requests.")
    assert page.has("slow")
    assert not page.has("quick")
    assert escalations() == []


def test_a_rule_for_empty_shifts_cannot_be_tried_on_the_past(lead):
    add_rule(lead, when="nobody_on_shift", after="", name="Nobody there")

    page = lead.get(lead.get("/admin/escalation").link("Try on last month: Nobody there"))

    assert page.has("this rule cannot be tried on the past")


def test_an_unknown_rule_is_not_found(lead):
    assert lead.get("/admin/escalation/nothing").status_code == 404
    assert lead.get("/admin/escalation/nothing/last-month").status_code == 404


def test_agents_do_not_set_rules(sign_in_as, ben):
    assert sign_in_as(ben).get("/admin/escalation").status_code == 403


def test_the_worker_looks_at_what_is_due_only(moved_clock):
    ticket()
    assert references_to_escalate(clock.now(), 10) == []

    moved_clock.shift(timedelta(hours=4))

    assert len(references_to_escalate(clock.now(), 10)) == 1
