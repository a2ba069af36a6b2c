"""An answer that was begun is still there after another change, and is nobody else's business."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpdesk.audit.models import AuditEvent
from helpdesk.db import db
from helpdesk.tickets.jobs import forget_drafts
from helpdesk.tickets.models.drafts import TicketDraft
from helpdesk.tickets.models.ticket import TicketEvent
from helpdesk.tickets.rules import DRAFT_FORGOTTEN_AFTER
from helpdesk.tickets.service.messages import LONGEST_MESSAGE
from tests.tickets import ticket, unknown_reference

pytestmark = pytest.mark.usefixtures("app", "moved_clock")

BEGUN = "Scan the new code, and then"


@pytest.fixture
def agent(sign_in_as, ben):
    return sign_in_as(ben)


def page_of(client, made):
    return client.get(f"/agent/tickets/{made.reference}")


def begin(client, page, text, kind="reply"):
    """As the page's script does it: the whole form, to the address that the form names."""
    form = page.form(None, "kind", "text")
    return client.post(form.node["data-draft"], data=form.filled(None, {"text": text, "kind": kind}))


def box_of(page):
    (text,) = page.form(None, "kind", "text").values["text"]
    return text.strip()


def kept_texts():
    db.session.rollback()
    return list(db.session.scalars(select(TicketDraft.text)))


def test_what_was_begun_is_there_again_with_its_time_after_another_change(agent):
    made = ticket()
    page = page_of(agent, made)

    assert begin(agent, page, BEGUN).status_code == 204
    after = agent.follow(agent.submit(page, button="Assign to me"))

    assert box_of(after) == BEGUN
    assert after.has("Draft from 9am")


def test_a_draft_of_yesterday_says_so_and_a_note_stays_a_note(agent, sign_in_as, ben, moved_clock):
    made = ticket()
    begin(agent, page_of(agent, made), BEGUN, kind="note")

    moved_clock.shift(timedelta(hours=20))
    page = page_of(sign_in_as(ben), made)

    assert page.has("Draft from yesterday at 9am")
    assert page.form(None, "kind", "text").values["kind"] == ["note"]


def test_only_the_one_who_writes_sees_a_draft(agent, sign_in_as, cara):
    made = ticket()
    begin(agent, page_of(agent, made), BEGUN)

    assert BEGUN not in page_of(sign_in_as(cara), made).html


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_what_was_sent_is_no_draft_any_more(agent, kind):
    made = ticket()
    page = page_of(agent, made)
    begin(agent, page, BEGUN, kind)

    after = agent.follow(agent.submit(page, text=f"{BEGUN} log in.", kind=kind))

    assert (box_of(after), kept_texts()) == ("", [])


def test_an_answer_that_is_refused_leaves_the_draft(agent):
    made = ticket()
    page = page_of(agent, made)
    begin(agent, page, BEGUN)

    assert agent.submit(page, text=" ").status_code == 422
    assert kept_texts() == [BEGUN]


def test_a_saving_that_comes_after_the_sending_brings_nothing_back(agent):
    made = ticket()
    page = page_of(agent, made)
    agent.submit(page, text=f"{BEGUN} log in.")

    assert begin(agent, page, BEGUN).status_code == 204
    assert kept_texts() == []


def test_an_emptied_box_is_no_draft(agent):
    made = ticket()
    page = page_of(agent, made)
    begin(agent, page, BEGUN)

    begin(agent, page, "  ")

    assert kept_texts() == []


def test_a_draft_holds_no_secret_and_no_more_than_a_message(agent):
    made = ticket()
    page = page_of(agent, made)

    begin(agent, page, "The code is 482 915. " + "x" * 2 * LONGEST_MESSAGE)

    (text,) = kept_texts()
    assert "482 915" not in text
    assert len(text) == LONGEST_MESSAGE


def test_a_draft_is_no_event_and_in_no_trail(agent):
    made = ticket()
    page = page_of(agent, made)
    before = [db.session.scalar(select(func.count()).select_from(model)) for model in (TicketEvent, AuditEvent)]

    begin(agent, page, "Zebra scanners")

    assert before == [db.session.scalar(select(func.count()).select_from(one)) for one in (TicketEvent, AuditEvent)]
    assert not agent.get("/agent/search?q=zebra").has(made.reference)


@pytest.mark.parametrize("values", [{}, {"kind": "shout", "text": "x", "seen": "1"}, {"kind": "reply", "text": "x"}])
def test_what_no_page_of_ours_sends_is_refused(agent, values):
    made = ticket()
    token = page_of(agent, made).form(None, "kind", "text").values["csrf_token"]

    answer = agent.post(f"/agent/tickets/{made.reference}/draft", data={**values, "csrf_token": token})

    assert answer.status_code == 422
    assert kept_texts() == []


def test_a_draft_needs_a_token_a_ticket_and_somebody_who_may_reply(agent, client):
    made = ticket()
    page = page_of(agent, made)
    values = page.form(None, "kind", "text").filled(None, {"text": BEGUN})
    path = f"/agent/tickets/{made.reference}/draft"

    assert agent.post(path, data={**values, "csrf_token": ""}).status_code == 400
    assert agent.post(f"/agent/tickets/{unknown_reference()}/draft", data=values).status_code == 404
    assert client.post(path, data=values).status_code in {303, 400}
    assert kept_texts() == []


def test_a_draft_that_nobody_came_back_to_is_forgotten(agent, moved_clock):
    made = ticket()
    begin(agent, page_of(agent, made), BEGUN)

    moved_clock.shift(DRAFT_FORGOTTEN_AFTER - timedelta(seconds=1))
    assert forget_drafts() == 0
    moved_clock.shift(timedelta(seconds=2))

    assert forget_drafts() == 1
    assert kept_texts() == []
