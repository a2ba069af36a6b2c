"""Nothing waits unseen: what nobody solves goes to the helpdesk's email or to the phone queue, once for each level."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.mail.models import OutboxMessage
from helpdesk.tickets.models.ticket import CallBack, Escalation
from helpdesk.tickets.service.call_backs import claim_call_back, record_outcome
from helpdesk.tickets.service.escalation import escalate_due_tickets
from helpdesk.tickets.service.lifecycle import close_old_tickets, resolve, set_status
from helpdesk.tickets.service.messages import reply
from helpdesk.tickets.types import CallBackOutcome, CallBackState, EscalationReason, Route, Status
from tests.tickets import actor_of, fresh, ticket

pytestmark = pytest.mark.usefixtures("app", "moved_clock")


def escalations():
    return db.session.scalars(select(Escalation).order_by(Escalation.level)).all()


def mails_to(address):
    return db.session.scalars(select(OutboxMessage).where(OutboxMessage.to_address == address)).all()


def only_call_back():
    return db.session.scalars(select(CallBack).with_for_update()).one()


def test_a_quiet_ticket_stays_in_the_queue_until_its_deadline(moved_clock):
    ticket()

    assert escalate_due_tickets() == 0
    moved_clock.shift(timedelta(hours=4))
    assert escalate_due_tickets() == 1
    assert [(one.level, one.reason) for one in escalations()] == [(1, EscalationReason.NOT_ANSWERED)]


def test_a_waiting_patient_goes_further_at_once(settings):
    made = ticket(patient_waiting=True)

    assert escalate_due_tickets() == 1
    (mail,) = mails_to(settings.escalation_email)
    assert made.reference in mail.subject
    assert "Patient waiting: yes" in mail.text


def test_each_level_comes_once_however_often_the_worker_looks(moved_clock, settings):
    ticket()

    for _ in range(5):
        moved_clock.shift(timedelta(hours=12))
        escalate_due_tickets()
        escalate_due_tickets()

    assert [one.level for one in escalations()] == [1, 2]
    assert len(mails_to(settings.escalation_email)) == 2


@pytest.mark.parametrize("status", [Status.WAITING_FOR_REQUESTER, Status.ON_HOLD])
def test_the_clock_of_an_escalation_stands_still_while_we_wait(moved_clock, status):
    made = ticket()
    with write_transaction():
        set_status(fresh(made), by=SYSTEM, status=status)

    moved_clock.shift(timedelta(days=30))

    assert escalate_due_tickets() == 0


def test_an_answered_ticket_does_not_escalate_for_its_first_answer(moved_clock, ben):
    made = ticket()
    with write_transaction():
        held = fresh(made)
        reply(held, by=actor_of(ben), text="Scan the new code.", seen=held.last_event_number)

    moved_clock.shift(timedelta(hours=5))

    assert escalate_due_tickets() == 0


def test_who_wants_a_call_is_escalated_to_the_phone_queue(moved_clock, settings):
    ticket(route=Route.PHONE)

    moved_clock.shift(timedelta(hours=4))
    escalate_due_tickets()

    assert [one.route for one in escalations()] == [Route.PHONE]
    assert db.session.scalar(select(func.count()).select_from(CallBack)) == 1
    assert not mails_to(settings.escalation_email)


def test_the_timeline_says_what_happened_and_why(moved_clock):
    made = ticket()

    moved_clock.shift(timedelta(hours=4))
    escalate_due_tickets()

    words = fresh(made).events[-1].text
    assert words == "Level 1, to the helpdesk’s email. Nobody had answered by the deadline."


def test_a_call_without_an_answer_is_tried_three_times(ben):
    ticket(route=Route.PHONE)

    for tries in (1, 2, 3):
        with write_transaction():
            call = only_call_back()
            claim_call_back(call, by=actor_of(ben))
            record_outcome(call, by=actor_of(ben), outcome=CallBackOutcome.NO_ANSWER)
        assert only_call_back().tries == tries

    assert only_call_back().state is CallBackState.DONE


def test_a_call_that_solves_it_solves_the_ticket(sign_in_as, ben):
    made = ticket(route=Route.PHONE)
    agent = sign_in_as(ben)

    page = agent.follow(agent.submit(agent.get("/agent/call-backs"), button="Take this call Amina Khan"))
    assert page.has("Quote " + made.reference)
    page = agent.follow(agent.submit(page, outcome="spoke_solved", note="New code scanned."))

    assert page.has("Nobody is waiting for a call")
    assert fresh(made).status is Status.SOLVED


def test_a_call_is_not_solved_by_a_stray_click_and_can_be_given_back(sign_in_as, ben):
    made = ticket(route=Route.PHONE)
    agent = sign_in_as(ben)
    page = agent.follow(agent.submit(agent.get("/agent/call-backs"), button="Take this call Amina Khan"))

    answer = agent.submit(page, button="Save")
    assert answer.status_code == 422
    assert answer.errors == ["Choose what happened"]
    assert fresh(made).status is Status.NEW

    agent.submit(answer, button="Put it back so that somebody else can call Amina Khan")
    assert only_call_back().state is CallBackState.WAITING


def test_two_agents_cannot_take_one_call(sign_in_as, ben, cara):
    ticket(route=Route.PHONE)
    first, second = sign_in_as(ben), sign_in_as(cara)
    late_page = second.get("/agent/call-backs")
    first.submit(first.get("/agent/call-backs"), button="Take this call Amina Khan")

    answer = second.submit(late_page, button="Take this call Amina Khan")

    assert answer.status_code == 409
    assert answer.has("Somebody else has taken this call-back")
    assert only_call_back().claimed_by_id == ben.id


def test_solved_tickets_close_after_four_days(moved_clock):
    made = ticket()
    with write_transaction():
        resolve(fresh(made), by=SYSTEM)

    moved_clock.shift(timedelta(days=4, minutes=1))
    with write_transaction():
        assert close_old_tickets(10) == 1

    assert fresh(made).status is Status.CLOSED
