"""One voice at a time: once an agent speaks with the requester, the assistant is silent."""

import pytest

from helpdesk.core.actor import SYSTEM
from helpdesk.db import write_transaction
from helpdesk.tickets.errors import TicketClosed
from helpdesk.tickets.service.lifecycle import assign, resolve, set_status
from helpdesk.tickets.service.messages import reply, requester_sends
from helpdesk.tickets.types import EventKind, Status
from tests.tickets import actor_of, fresh, ticket, ticket_with_pin

pytestmark = pytest.mark.usefixtures("app", "moved_clock")


def sends(made, text, key=None):
    with write_transaction():
        requester_sends(fresh(made), text=text, client_key=key)


def kinds(made):
    return [event.kind for event in fresh(made).events][1:]


def test_while_nobody_has_taken_over_the_assistant_says_once_that_the_message_is_here():
    made = ticket()

    sends(made, "Any news?")
    sends(made, "Hello?")

    assert kinds(made) == [EventKind.REQUESTER_WROTE, EventKind.ACKNOWLEDGED, EventKind.REQUESTER_WROTE]


def test_assigning_it_to_oneself_takes_over_and_is_announced(sign_in_as, ben):
    made = ticket()
    agent = sign_in_as(ben)

    page = agent.follow(agent.submit(agent.get(f"/agent/tickets/{made.reference}"), button="Assign to me"))
    sends(made, "Any news?")

    assert page.has("Ben Carter joined the conversation.")
    assert kinds(made) == [EventKind.ASSIGNED, EventKind.TAKEN_OVER, EventKind.REQUESTER_WROTE]
    assert fresh(made).taken_over_at is not None


def test_the_first_reply_takes_over_before_it_is_said(ben):
    made = ticket()
    with write_transaction():
        reply(fresh(made), by=actor_of(ben), text="Scan the new code.", seen=1)
    sends(made, "It works.")

    assert kinds(made) == [EventKind.TAKEN_OVER, EventKind.REPLIED, EventKind.REQUESTER_WROTE]


def test_it_is_announced_once_whoever_answers_later(ben, cara):
    made = ticket()
    for person in (ben, cara, ben):
        with write_transaction():
            held = fresh(made)
            reply(held, by=actor_of(person), text="Scan the new code.", seen=held.last_event_number)

    assert kinds(made).count(EventKind.TAKEN_OVER) == 1


def test_work_that_somebody_else_hands_out_is_no_take_over(ben, cara):
    made = ticket()
    with write_transaction():
        assign(fresh(made), by=actor_of(cara), to=ben.id)
    sends(made, "Any news?")

    assert kinds(made) == [EventKind.ASSIGNED, EventKind.REQUESTER_WROTE, EventKind.ACKNOWLEDGED]


def test_that_a_colleague_joined_holds_no_reply_back(ben, cara):
    made = ticket()
    seen = fresh(made).last_event_number
    with write_transaction():
        assign(fresh(made), by=actor_of(ben), to=ben.id)

    with write_transaction():
        reply(fresh(made), by=actor_of(cara), text="I know this one.", seen=seen)

    assert kinds(made)[-1] is EventKind.REPLIED


def test_a_message_sent_twice_with_one_key_is_kept_once_and_other_words_are_kept_too():
    made = ticket()

    for text in ("Any news?", "Any news?", "Other words", "Any news?"):
        sends(made, text, key="key-of-this-page")

    said = [event.text for event in fresh(made).events if event.kind is EventKind.REQUESTER_WROTE]
    assert said == ["Any news?", "Other words"]


def test_the_page_sends_a_key_so_that_a_second_click_changes_nothing(client):
    made, pin = ticket_with_pin()
    page = client.follow(client.submit(client.get("/c"), reference=made.reference, pin=pin.digits))
    form = page.form("Send")

    answers = [client.send(form, text="Any news?").status_code for _ in range(2)]

    assert answers == [303, 303]
    assert kinds(made).count(EventKind.REQUESTER_WROTE) == 1


def test_a_key_is_one_tickets_own():
    first, second = ticket(), ticket()

    for made in (first, second):
        sends(made, "Any news?", key="the-very-same-key")

    assert kinds(first) == kinds(second)


def test_a_closed_ticket_gets_neither_message_nor_line(client):
    made = ticket()
    with write_transaction():
        resolve(fresh(made), by=SYSTEM)
        set_status(fresh(made), by=SYSTEM, status=Status.CLOSED)
    before = kinds(made)

    with pytest.raises(TicketClosed):
        sends(made, "Hello?")

    assert kinds(made) == before
