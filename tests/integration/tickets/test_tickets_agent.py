"""An agent's work on one ticket, through the pages."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpdesk.audit.models import AuditEvent
from helpdesk.db import db
from helpdesk.mail.models import OutboxMessage
from helpdesk.tickets.models.ticket import Escalation, TicketEvent
from helpdesk.tickets.rules import REPLY_MAILED_AFTER
from helpdesk.tickets.service.unread import mail_due_replies
from helpdesk.tickets.types import Priority, Status
from tests.tickets import fresh, ticket, unknown_reference

pytestmark = pytest.mark.usefixtures("app", "moved_clock")


@pytest.fixture
def agent(sign_in_as, ben):
    return sign_in_as(ben)


def page_of(agent, made):
    return agent.get(f"/agent/tickets/{made.reference}")


def last_mail() -> OutboxMessage:
    return db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.sequence.desc()).limit(1)).one()


def saved_rows():
    return tuple(
        db.session.scalar(select(func.count()).select_from(model))
        for model in (TicketEvent, OutboxMessage, AuditEvent, Escalation)
    )


def test_the_page_shows_who_asks_what_was_tried_and_when_it_is_due(agent, pharmacy):
    page = page_of(agent, ticket(organisation=pharmacy))

    for words in ("Amina Khan", "FW844", "My phone is lost", "4 hours left", "By today at 1pm"):
        assert page.has(words), words


def test_a_reply_goes_to_the_requesters_page_and_by_mail(agent, ben, moved_clock):
    made = ticket()

    page = agent.follow(agent.submit(page_of(agent, made), text="Scan the new code."))

    assert page.has("Scan the new code.")
    moved_clock.shift(REPLY_MAILED_AFTER)
    mail_due_replies()
    mail = last_mail()
    assert (mail.to_address, mail.is_automatic) == (made.requester_email, False)
    assert "Scan the new code." in mail.text
    after = fresh(made)
    assert (after.status, after.assignee_id) == (Status.WAITING_FOR_REQUESTER, ben.id)
    assert after.first_responded_at is not None
    assert after.due_at == after.resolution_due_at


def test_an_internal_note_reaches_nobody_outside(agent):
    made = ticket()
    mails = db.session.scalar(select(func.count()).select_from(OutboxMessage))

    page = agent.follow(agent.submit(page_of(agent, made), kind="note", text="Ring the manager."))

    assert page.has("Internal note")
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == mails
    assert fresh(made).status is Status.NEW


def test_an_empty_reply_is_refused_and_nothing_is_kept(agent):
    made = ticket()
    page, before = page_of(agent, made), saved_rows()

    answer = agent.submit(page, text="   ")

    assert answer.status_code == 422
    assert answer.errors == ["Enter a message"]
    assert saved_rows() == before


def test_a_reply_written_before_a_colleagues_is_held_back_with_its_text(agent, sign_in_as, cara):
    made = ticket()
    page = page_of(agent, made)
    lead = sign_in_as(cara)
    lead.submit(page_of(lead, made), text="I have this one.")

    answer = agent.submit(page, text="My words.")

    assert answer.status_code == 409
    assert answer.has("Cara Lewis wrote meanwhile")
    assert answer.has("My words.")
    assert agent.submit(answer, text="My words.").status_code == 303


def test_labels_are_saved_and_each_change_is_on_the_timeline(agent, ben):
    made = ticket()

    page = agent.follow(
        agent.submit(
            page_of(agent, made),
            button="Save changes",
            assignee=str(ben.id),
            status="on_hold",
            priority="high",
            topic="locums",
        )
    )

    after = fresh(made)
    assert (after.assignee_id, after.status, after.priority, after.topic) == (
        ben.id,
        Status.ON_HOLD,
        Priority.HIGH,
        "locums",
    )
    for words in ("changed the priority from Normal to High", "filed this under locums", "assigned this to Ben Carter"):
        assert page.has(words), words


def test_labels_of_an_old_page_do_not_undo_a_colleagues_change(agent, sign_in_as, cara):
    made = ticket()
    page = page_of(agent, made)
    lead = sign_in_as(cara)
    lead.submit(page_of(lead, made), button="Save changes", priority="urgent")

    answer = agent.submit(page, button="Save changes", topic="locums")

    assert answer.status_code == 409
    assert (fresh(made).priority, fresh(made).topic) == (Priority.URGENT, "authenticators")


def test_solving_tells_the_requester_and_reopening_undoes_it(agent):
    made = ticket()

    agent.submit(page_of(agent, made), button="Mark as solved", solution="A new code was scanned.")
    assert fresh(made).status is Status.SOLVED
    assert "A new code was scanned." in last_mail().text

    agent.submit(page_of(agent, made), button="Reopen")
    after = fresh(made)
    assert (after.status, after.is_open, after.resolved_at) == (Status.OPEN, True, None)


def test_escalating_by_email_sends_one_structured_mail(agent, settings):
    made = ticket()

    page = agent.follow(agent.submit(page_of(agent, made), button="Escalate", note="Account must be linked."))

    mails = db.session.scalars(select(OutboxMessage).where(OutboxMessage.to_address == settings.escalation_email)).all()
    assert len(mails) == 1
    for words in (made.reference, "Amina Khan", "High Street Pharmacy", "Account must be linked.", "my phone is lost"):
        assert words in mails[0].text, words
    assert page.has("Escalated, level 1")


def test_escalating_by_phone_without_a_number_is_refused(agent):
    made = ticket(phone="")
    page, before = page_of(agent, made), saved_rows()

    answer = agent.submit(page, button="Escalate", route="phone")

    assert answer.status_code == 409
    assert answer.has("There is no phone number on this ticket")
    assert saved_rows() == before


@pytest.mark.parametrize("act", ["answer", "file", "assign-to-me", "resolve", "reopen", "escalate"])
def test_acts_on_a_ticket_that_is_not_there_are_not_found(agent, act):
    page = page_of(agent, ticket())
    token = page.form("Assign to me").values["csrf_token"][0]

    answer = agent.post(
        f"/agent/tickets/{unknown_reference()}/{act}",
        data={
            "csrf_token": token,
            "text": "x",
            "seen": "1",
            "status": "open",
            "priority": "low",
            "route": "email",
            "level": "0",
        },
    )

    assert answer.status_code == 404


def test_a_commissioner_sees_no_ticket(sign_in_as, dev, pharmacy):
    made = ticket(organisation=pharmacy)

    assert sign_in_as(dev).get(f"/agent/tickets/{made.reference}").status_code == 403


def test_somebody_not_signed_in_is_asked_to_log_in(client):
    answer = client.get(f"/agent/tickets/{ticket().reference}")

    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")


def test_hostile_text_is_only_text(agent):
    made = ticket(name="<script>alert(1)</script>", summary="<img src=x onerror=alert(1)>")

    page = page_of(agent, made)

    assert "<script>alert(1)" not in page.html
    assert "<img src=x" not in page.html
    assert page.has("<img src=x onerror=alert(1)>")


def test_a_second_click_does_not_escalate_one_level_further(agent):
    made = ticket()
    page = page_of(agent, made)
    agent.submit(page, button="Escalate")

    answer = agent.submit(page, button="Escalate")

    assert answer.status_code == 409
    assert fresh(made).escalation_level == 1


def test_a_ticket_cannot_be_solved_past_the_button_that_tells_the_requester(agent):
    made = ticket()
    form = page_of(agent, made).form("Save changes")

    answer = agent.post(form.node["action"], data=form.values | {"status": "solved"})

    assert answer.status_code == 422
    assert fresh(made).status is Status.NEW


def test_the_escalation_mail_tells_what_was_said_since_the_chat(agent, settings, pharmacy):
    made = ticket(organisation=pharmacy)
    agent.submit(page_of(agent, made), text="Ask your administrator.")
    agent.submit(page_of(agent, made), kind="note", text="The administrator has left.")

    agent.submit(page_of(agent, made), button="Escalate")

    mail = last_mail()
    for words in ("Ben Carter: Ask your administrator.", "The administrator has left.", "High Street Pharmacy (FW844)"):
        assert words in mail.text, words


@pytest.mark.parametrize(
    "path", ["/agent/queue?topic=%00", "/agent/queue?q=%00", "/agent/search?q=%00", "/agent/tickets/HD%00"]
)
def test_a_null_character_in_an_address_is_no_fault(agent, path):
    assert agent.get(path).status_code in {200, 404}


def test_while_we_wait_for_the_pharmacy_no_deadline_runs(agent, moved_clock):
    made = ticket()
    agent.submit(page_of(agent, made), button="Save changes", status="pending")
    moved_clock.shift(timedelta(minutes=50))

    page = agent.get("/agent/queue?view=waiting")

    assert page.has("Paused")
    assert not agent.get("/agent/queue?view=due-soon").has(made.reference)
