"""A promised call: chosen on the hand-over form, shown to both sides, changed and cancelled by the requester."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from helpdesk.core import clock
from helpdesk.db import db, write_transaction
from helpdesk.mail.models import OutboxMessage
from helpdesk.tickets.models.ticket import CallBack, CallBackSlot, Ticket
from helpdesk.tickets.queries.slots import list_free_slots
from helpdesk.tickets.rules import CALL_BACKS_PER_SLOT
from helpdesk.tickets.service.call_backs import claim_call_back
from helpdesk.tickets.service.slots import promise_call
from tests.tickets import actor_of, fresh, set_office_hours, ticket

pytestmark = pytest.mark.usefixtures("app", "moved_clock")

FORM, SEND = "/speak-to-a-person", "Send to the helpdesk"
NUMBER = "020 7946 0123"
# The clock of these tests stands at 9am on Tuesday 24 November 2026.
HALF_PAST_NINE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
HALF_PAST_ELEVEN = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)


@pytest.fixture
def filled(amina):
    """The form as Amina fills it in who wants to be phoned."""
    return {
        "name": amina.name,
        "email": amina.email,
        "pharmacy": amina.organisation,
        "route": "phone",
        "phone": NUMBER,
        "slot": HALF_PAST_NINE.isoformat(),
        "summary": "The code is refused.",
    }


@pytest.fixture
def promised(client, filled):
    """Amina's request with a call that was promised her for half past nine."""
    set_office_hours()
    client.submit(client.get(FORM), button=SEND, **filled)
    return db.session.scalars(select(Ticket)).one()


def slots():
    """When each promised call begins."""
    db.session.rollback()
    return list(db.session.scalars(select(CallBackSlot.starts_at)))


def fill_slot(starts_at):
    for _ in range(CALL_BACKS_PER_SLOT):
        made = ticket()
        with write_transaction():
            promise_call(fresh(made), starts_at)


def call_page(made):
    return f"/c/{made.reference}/call"


def test_the_form_offers_times_today_and_tomorrow_in_words(client):
    set_office_hours()

    page = client.get(FORM)

    for words in ("Today, 9:30am to 10am", "Today, 11:30am to midday", "Tomorrow, 9am to 9:30am"):
        assert page.has(words)
    assert not page.has("We cannot promise a time")


def test_until_somebody_sets_the_hours_the_form_says_so_and_offers_email_or_phone(client):
    page = client.get(FORM)

    assert page.has("We cannot promise a time to phone you. Choose email, or phone us.")
    assert page.form(SEND).offered("route") == {"email", "ring"}


def test_the_confirmation_says_the_time_and_the_call_is_queued_for_it(client, filled):
    set_office_hours()

    page = client.follow(client.submit(client.get(FORM), button=SEND, **filled))

    assert page.has(f"We will phone you on {NUMBER}, today, 9:30am to 10am.")
    assert page.has("If you cannot wait, phone us on 0345 450 6279 and say the same.")
    call = db.session.scalars(select(CallBack)).one()
    assert (call.due_at, call.phone, slots()) == (HALF_PAST_NINE, NUMBER, [HALF_PAST_NINE])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"phone": ""}, "Enter the phone number that we should ring"),
        ({"phone": "12345"}, "Enter a phone number with 7 to 15 digits, like 020 7946 0123"),
        ({"phone": "<script>1234567"}, "Enter a phone number with 7 to 15 digits, like 020 7946 0123"),
        ({"slot": ""}, "Choose a time for our call"),
        ({"slot": "2026-11-24T03:00:00+00:00"}, "That time is no longer free. Choose another time"),
        ({"slot": "soon"}, "That time is no longer free. Choose another time"),
        ({"route": "fax"}, "Choose how we should answer"),
    ],
)
def test_what_is_missing_for_a_call_is_said_and_nothing_is_saved(client, filled, changes, message):
    set_office_hours()
    form = client.get(FORM).form(SEND)

    page = client.post(FORM, data=form.filled(None, {}) | filled | changes)

    assert page.status_code == 422
    assert page.errors == [message]
    assert page.form(SEND).values["summary"] == [filled["summary"]]
    assert db.session.scalars(select(Ticket)).all() == []


def test_a_time_that_others_took_meanwhile_is_refused_and_what_was_typed_stays(client, filled):
    set_office_hours()
    form = client.get(FORM)
    fill_slot(HALF_PAST_NINE)
    before = len(db.session.scalars(select(OutboxMessage)).all())

    page = client.submit(form, button=SEND, **filled)

    assert page.errors == ["That time is no longer free. Choose another time"]
    kept = page.form(SEND).values
    assert (kept["name"], kept["phone"]) == ([filled["name"]], [NUMBER])
    assert not page.has("Today, 9:30am to 10am")
    assert slots() == [HALF_PAST_NINE] * CALL_BACKS_PER_SLOT
    assert len(db.session.scalars(select(OutboxMessage)).all()) == before


def test_when_the_last_time_goes_nobody_is_promised_a_call(client, filled):
    set_office_hours()
    form = client.get(FORM)
    for slot in list_free_slots(clock.now()):
        fill_slot(slot.starts)

    page = client.submit(form, button=SEND, **filled)

    assert page.errors == ["Choose how we should answer"]
    assert page.has("We cannot promise a time to phone you.")


def test_a_number_goes_along_only_where_we_are_to_phone_it(client, filled):
    set_office_hours()

    client.submit(client.get(FORM), button=SEND, **filled | {"route": "email", "phone": "not a number"})

    (made,) = db.session.scalars(select(Ticket))
    assert made.requester_phone == ""
    assert slots() == []


def test_sent_again_with_another_time_the_call_moves(client, filled):
    set_office_hours()
    form = client.get(FORM).form(SEND)
    client.send(form, **filled)

    client.send(form, **filled | {"slot": HALF_PAST_ELEVEN.isoformat()})

    assert slots() == [HALF_PAST_ELEVEN]
    (made,) = db.session.scalars(select(Ticket))
    assert made.events[-1].text == "I chose a time for the phone call."


def test_sent_again_with_the_same_time_nothing_changes(client, filled):
    set_office_hours()
    form = client.get(FORM).form(SEND)

    for _ in range(2):
        client.send(form, **filled)

    assert slots() == [HALF_PAST_NINE]
    assert len(db.session.scalars(select(Ticket)).one().events) == 1


def test_sent_again_with_another_number_that_one_is_rung(client, filled):
    set_office_hours()
    form = client.get(FORM).form(SEND)
    client.send(form, **filled)

    client.send(form, **filled | {"phone": "020 7946 0777"})

    assert [call.phone for call in db.session.scalars(select(CallBack))] == ["020 7946 0777"]


def test_agents_see_the_promised_time_and_lateness_stands_out(promised, sign_in_as, ben, moved_clock):
    agent = sign_in_as(ben)
    assert agent.get(f"/agent/tickets/{promised.reference}").has("Phone, today, 9:30am to 10am")
    assert agent.get("/agent/call-backs").has("Promised today, 9:30am to 10am")

    moved_clock.shift(timedelta(minutes=35))
    assert agent.get("/agent/call-backs").has("Phone now: promised today, 9:30am to 10am")

    moved_clock.shift(timedelta(minutes=30))
    page = agent.get("/agent/call-backs")
    late = next(page.tree.with_class("app-overdue"))
    assert late.text == "Overdue: we promised to phone today, 9:30am to 10am"


def test_after_a_try_without_an_answer_the_promise_gives_way_to_a_deadline(promised, sign_in_as, ben):
    agent = sign_in_as(ben)
    page = agent.follow(agent.submit(agent.get("/agent/call-backs"), button="Take this call Amina Khan"))

    page = agent.follow(agent.submit(page, outcome="no_answer"))

    assert page.has("1 hour left")
    assert not page.has("Promised")


def test_the_requester_chooses_another_time(client, promised):
    page = client.get(f"/c/{promised.reference}")
    assert page.has("We will phone you today, 9:30am to 10am.")

    page = client.get(page.link("Change or cancel the call"))
    page = client.follow(client.submit(page, button="Change the time", slot=HALF_PAST_ELEVEN.isoformat()))

    assert page.has("We will phone you today, 11:30am to midday.")
    assert page.has("I chose another time for the phone call.")
    assert slots() == [HALF_PAST_ELEVEN]


def test_the_same_time_again_changes_nothing(client, promised):
    page = client.get(call_page(promised))

    client.submit(page, button="Change the time", slot=HALF_PAST_NINE.isoformat())

    assert slots() == [HALF_PAST_NINE]
    assert len(fresh(promised).events) == 1


def test_the_requester_cancels_the_call(client, promised):
    page = client.follow(client.submit(client.get(call_page(promised)), button="Cancel the call"))

    assert not page.has("We will phone you")
    assert page.has("I do not need the phone call any more.")
    assert slots() == []
    assert client.get(call_page(promised)).location == f"/c/{promised.reference}"


def test_a_call_that_an_agent_has_taken_stays_as_it_is(client, promised, ben):
    page = client.get(call_page(promised))
    with write_transaction():
        claim_call_back(fresh(promised).call_backs[0], by=actor_of(ben))

    for answer in (
        client.submit(page, button="Change the time", slot=HALF_PAST_ELEVEN.isoformat()),
        client.submit(page, button="Cancel the call"),
    ):
        assert answer.status_code == 409
        assert answer.errors == ["Somebody is about to phone you. Tell them when you speak."]
    assert slots() == [HALF_PAST_NINE]


@pytest.mark.parametrize(
    ("slot", "message"),
    [("", "Choose a time for our call"), ("soon", "That time is no longer free. Choose another time")],
)
def test_a_change_to_no_time_is_refused(client, promised, slot, message):
    form = client.get(call_page(promised)).form("Change the time")

    page = client.post(call_page(promised), data=form.filled(None, {}) | {"slot": slot})

    assert (page.status_code, page.errors) == (422, [message])
    assert slots() == [HALF_PAST_NINE]


def test_nobody_else_sees_or_changes_the_call(promised, app):
    stranger = app.test_client()
    token = stranger.get("/").forms[0].values["csrf_token"][0]

    assert stranger.get(call_page(promised)).status_code == 404
    for path in ("", "/cancel"):
        sent = {"csrf_token": token, "slot": HALF_PAST_ELEVEN.isoformat()}
        assert stranger.post(call_page(promised) + path, data=sent).status_code == 404
    assert slots() == [HALF_PAST_NINE]


def test_changing_the_time_all_day_is_stopped(client, promised):
    page = client.get(call_page(promised))
    times = [HALF_PAST_NINE, HALF_PAST_ELEVEN] * 11

    answers = [client.submit(page, button="Change the time", slot=time.isoformat()) for time in times]

    assert answers[-1].status_code == 429
    assert answers[-1].errors == ["You have sent many messages. Wait a few minutes, or phone the helpdesk."]
