"""A person takes over: the form, the confirmation, and what goes along."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from helpdesk.bot.models import Conversation
from helpdesk.bot.service import conversations
from helpdesk.bot.types import ConversationState
from helpdesk.db import db, write_transaction
from helpdesk.faq.service.library import current_library
from helpdesk.mail.models import OutboxMessage
from helpdesk.tickets.models.ticket import CallBack, Ticket
from helpdesk.tickets.types import Route
from tests import factories
from tests.tickets import set_office_hours

pytestmark = pytest.mark.usefixtures("app")

FORM = "/speak-to-a-person"


def write(client, text):
    form = next(form for form in client.get("/").forms if form.node["id"] == "composer")
    return client.follow(client.send(form, text=text))


@pytest.fixture
def filled(amina):
    """The form as Amina fills it in."""
    return {
        "name": amina.name,
        "email": amina.email,
        "pharmacy": amina.organisation,
        "route": "email",
        "summary": "The code is refused.",
    }


def send(client, filled, **changes):
    return client.submit(client.get(FORM), button="Send to the helpdesk", **{**filled, **changes})


def tickets():
    db.session.rollback()
    return list(db.session.scalars(select(Ticket)))


def pin_on(page):
    facts = next(page.tree.with_class("app-panel__facts")).text
    return facts.rsplit(" ", 1)[-1]


def test_the_form_is_filled_from_the_chat_and_the_chat_goes_along(client, filled, pharmacy):
    write(client, "qr code wont scan")
    write(client, "patient is waiting")
    page = client.get(FORM)
    values = page.form("Send to the helpdesk").values
    assert "qr code wont scan" in values["summary"][0]
    assert values["patient_waiting"] == ["y"]

    client.submit(page, button="Send to the helpdesk", **{**filled, "summary": values["summary"][0]})

    (made,) = tickets()
    assert made.organisation_id == pharmacy.id
    assert made.patient_waiting
    assert made.topic == "access"
    assert [line["author"] for line in made.transcript] == ["Requester", "Assistant"] * 2
    assert made.transcript[1]["answer_ids"] == ["barcodes/will-not-scan"]


def test_the_confirmation_says_reference_pin_and_what_happens_next_and_survives_a_reload(client, filled):
    page = client.follow(send(client, filled))
    (made,) = tickets()

    assert page.heading == "We have your request"
    assert page.has(made.reference)
    assert page.has(f"We will email you at {made.requester_email}")
    again = client.get("/speak-to-a-person/done")
    assert pin_on(again) == pin_on(page)
    assert again.link("Open your request") == f"/c/{made.reference}"


def test_the_pin_opens_the_ticket_elsewhere_and_this_browser_needs_none(client, filled, app):
    page = client.follow(send(client, filled))
    (made,) = tickets()
    assert client.get(f"/c/{made.reference}").has("The code is refused.")

    other = app.test_client()
    opened = other.submit(other.get("/c"), reference=made.reference, pin=pin_on(page))

    assert other.follow(opened).has("The code is refused.")


def test_who_rings_us_gets_the_number_and_what_to_say_and_is_not_rung(client, filled, pharmacy):
    write(client, "qr code wont scan")
    page = client.follow(send(client, filled, route="ring", patient_waiting=["y"]))
    (made,) = tickets()

    assert made.route is Route.PHONE
    assert page.has("Phone us on 0345 450 6279")
    assert page.has(f"from High Street Pharmacy (FW844). My reference is {made.reference}. A patient is waiting.")
    assert page.has("It is about “QR codes and barcodes”. I asked: The code is refused.")
    assert page.has(f"I have tried: “{current_library().answers['barcodes/will-not-scan'].title}”")
    assert db.session.scalar(select(func.count()).select_from(CallBack)) == 0


def test_sent_twice_it_makes_one_ticket_with_one_pin(client, filled):
    form = client.get(FORM).form("Send to the helpdesk")

    first = client.follow(client.send(form, **filled))
    second = client.follow(client.send(form, **filled))

    assert len(tickets()) == 1
    assert pin_on(first) == pin_on(second)
    assert client.get(FORM).location == "/speak-to-a-person/done"


def test_sent_twice_at_once_it_makes_one_ticket(client, filled, app):
    form = client.get(FORM).form("Send to the helpdesk")
    client.get("/")
    jar = {name: client.get_cookie(name).value for name in ("chat", "form")}

    def send_again(_number):
        other = app.test_client()
        for name, value in jar.items():
            other.set_cookie(name, value)
        with app.app_context():
            return other.post(FORM, data=form.filled(None, filled)).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(send_again, range(4)))

    assert statuses == [303] * 4
    assert len(tickets()) == 1
    assert db.session.scalar(select(func.count()).select_from(Conversation)) == 1


def test_a_chat_that_was_handed_over_goes_on_as_the_request(client, filled):
    write(client, "qr code wont scan")
    send(client, filled)
    (made,) = tickets()

    page = client.get("/")

    assert page.heading == f"Your request {made.reference}"
    for words in ("qr code wont scan", "You asked a person for help.", "The code is refused."):
        assert page.has(words), words
    assert page.link("See your reference and PIN again") == "/speak-to-a-person/done"
    assert write(client, "It says invalid code.").has("A person will answer you here.")
    fresh = client.follow(client.submit(page, button="Close this chat"))
    assert not fresh.has(made.reference)
    assert db.session.scalars(select(Conversation)).one().state is ConversationState.HANDED_OVER


def test_the_request_is_the_same_in_the_chat_and_by_reference_and_pin(client, filled, app):
    write(client, "qr code wont scan")
    pin = pin_on(client.follow(send(client, filled)))
    write(client, "It says invalid code.")
    (made,) = tickets()
    other = app.test_client()
    other.submit(other.get("/c"), reference=made.reference, pin=pin)

    here, there = (lines_on(page) for page in (client.get("/"), other.get(f"/c/{made.reference}")))

    assert here == there
    assert len(here) == 2 + 1 + 3  # the chat, that a person was asked, and what came since


def test_what_was_asked_in_the_chat_already_is_not_repeated_below_it(client, filled):
    write(client, "qr code wont scan")
    send(client, filled, summary="qr code wont scan")

    page = client.get("/")

    assert page.text.count("qr code wont scan") == 1
    assert any("You asked a person for help." in line for line in lines_on(page))


def lines_on(page):
    log = next(node for node in page.tree.find_all() if node["role"] == "log")
    return [line.text for line in log.find_all("li") if "id" in line and line.text]


def test_no_address_shows_on_the_request_not_even_one_that_was_changed(client, filled):
    send(client, filled)
    form = client.get(FORM)  # leads on; the page that was gone back to still has the form
    assert form.status_code == 303
    token = client.get("/").form("Send").values["csrf_token"][0]
    client.post(FORM, data={**filled, "email": "other@highstreet.example", "csrf_token": token})
    (made,) = tickets()
    assert made.requester_email == "other@highstreet.example"

    page = client.get("/")

    assert page.has("Email changed.")
    assert "highstreet.example" not in page.html


def test_a_message_from_an_old_page_reaches_the_person_who_took_over(client, filled):
    old = write(client, "qr code wont scan")
    send(client, filled)

    form = next(form for form in old.forms if form.node["id"] == "composer")
    client.send(form, text="It says invalid code.")

    (made,) = tickets()
    assert "It says invalid code." in [event.text for event in made.events]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "Enter your name"),
        ({"name": "x" * 121}, "Your name must be 120 characters or fewer"),
        ({"email": ""}, "Enter your email address"),
        ({"email": "amina"}, "Enter an email address in the correct format, like name@example.com"),
        ({"pharmacy": "\u200b"}, "Enter your pharmacy’s name, postcode or ODS code"),
        ({"pharmacy": "x" * 121}, "Your pharmacy must be 120 characters or fewer"),
        ({"summary": ""}, "Tell us what is happening"),
        ({"summary": "x" * 2_001}, "What is happening must be 2,000 characters or fewer"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_saved(client, filled, changes, message):
    page = send(client, filled, **changes)

    assert page.status_code == 422
    assert page.title.startswith("Error: Ask a person for help")
    assert page.errors == [message]
    kept = page.form("Send to the helpdesk").values
    assert kept["name"] == ["" if not changes.get("name", "A").strip() else changes.get("name", filled["name"])]
    assert not tickets()
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_without_a_route_the_form_asks_for_one(client, filled):
    del filled["route"]

    page = send(client, filled)

    assert page.errors == ["Choose how we should answer"]


def test_what_the_chat_said_of_the_requester_is_in_the_form(client):
    set_office_hours()
    write(client, "I'm Amina from fw844 and my code is refused")
    write(client, "my number is 020 7946 0123, email amina.khan@nhs.net")

    values = client.get(FORM).form("Send to the helpdesk").values

    said = {name: values[name][0] for name in ("name", "email", "pharmacy", "phone")}
    assert said == {"name": "Amina", "email": "amina.khan@nhs.net", "pharmacy": "FW844", "phone": "020 7946 0123"}


def test_the_form_asks_first_whether_a_patient_is_waiting(client):
    controls = client.get(FORM).form("Send to the helpdesk").controls
    assert next(one["name"] for one in controls if one["type"] != "hidden") == "patient_waiting"


def test_a_mistyped_address_is_doubted_once_and_nothing_is_saved(client, filled):
    page = send(client, filled, email="amina.khan@nhs.nett")
    assert page.status_code == 422
    assert page.errors == ["Did you mean amina.khan@nhs.net? If yours is right, send it again"]
    assert page.form("Send to the helpdesk").values["email"] == ["amina.khan@nhs.nett"]
    assert not tickets()

    client.submit(page, button="Send to the helpdesk")

    assert [made.requester_email for made in tickets()] == ["amina.khan@nhs.nett"]


def test_one_button_takes_the_suggested_address_and_keeps_all_else(client, filled):
    page = send(client, filled, email="amina.khan@nhs.nett", name="", patient_waiting=["y"])

    page = client.submit(page, button="Use amina.khan@nhs.net", summary="It says invalid.")

    assert page.status_code == 200
    assert not page.errors
    values = page.form("Send to the helpdesk").values
    assert values["email"] == ["amina.khan@nhs.net"]
    assert (values["patient_waiting"], values["summary"]) == (["y"], ["It says invalid."])
    assert not tickets()
    client.submit(page, button="Send to the helpdesk", name="Amina")
    assert [made.requester_email for made in tickets()] == ["amina.khan@nhs.net"]


def test_enter_in_a_field_sends_the_form_and_never_takes_the_suggestion(client, filled):
    page = send(client, filled, email="amina.khan@nhs.nett")

    first = page.form("Send to the helpdesk").buttons[0]

    assert not first["name"]


def test_a_shared_mailbox_is_used_and_the_confirmation_says_that_others_may_read_it(client, filled):
    page = client.follow(send(client, filled, email="pharmacy.fw844@nhs.net"))

    assert page.has("Others may read pharmacy.fw844@nhs.net")
    assert [made.requester_email for made in tickets()] == ["pharmacy.fw844@nhs.net"]


@pytest.mark.parametrize(
    ("email", "is_shared"),
    [("pharmacy.fw844@nhs.net", True), ("dispensary@highstreet.example", True), ("amina.khan@nhs.net", False)],
)
def test_the_form_hints_at_a_shared_mailbox_when_it_is_shown_again(client, filled, email, is_shared):
    page = send(client, filled, email=email, name="")

    assert page.errors == ["Enter your name"]
    assert page.has(f"{email} looks like a shared mailbox") is is_shared


def test_the_form_hints_at_a_shared_mailbox_that_the_chat_named(client):
    write(client, "my code is refused, email pharmacy.fw844@nhs.net")

    assert client.get(FORM).has("Everybody who opens it can read our answer. You can use it all the same.")


def test_who_has_a_patient_waiting_is_led_first_to_what_helps_the_patient(client, filled):
    page = client.follow(send(client, filled, patient_waiting=["y"]))
    title = current_library().answers["access/patient-waiting"].title
    assert page.text.index(title) < page.text.index("What happens next")
    assert page.link(title) == "/faq/access/patient-waiting"

    assert not client.get("/speak-to-a-person").has(title)


def test_who_has_no_patient_waiting_is_not_sent_elsewhere(client, filled):
    page = client.follow(send(client, filled))

    assert not page.has(current_library().answers["access/patient-waiting"].title)


def test_an_address_changed_to_another_odd_one_is_doubted_again(client, filled):
    page = send(client, filled, email="amina.khan@nhs.nett")

    assert client.submit(page, button="Send to the helpdesk", email="amina.khan@nsh.net").status_code == 422


@pytest.mark.parametrize(
    ("typed", "is_meant"),
    [("fw844", True), ("High Street Pharmacy", True), ("n1 9gu", True), ("ZZ999", False), ("Moon Chemist", False)],
)
def test_a_pharmacy_is_recognised_beyond_doubt_and_an_unknown_one_is_accepted(
    client, filled, pharmacy, typed, is_meant
):
    send(client, filled, pharmacy=typed)

    (made,) = tickets()
    assert made.organisation_name == typed
    assert (made.organisation_id == pharmacy.id) is is_meant


@pytest.fixture
def two_boots(pharmacy):
    """Two pharmacies of one name."""
    return [
        factories.organisation(name="Boots", ods_code="FA111", address="12 High Street, Leeds", postcode="LS1 4AB"),
        factories.organisation(name="Boots", ods_code="FA222", address="3 Mill Lane, Leeds", postcode="LS9 8ZZ"),
    ]


def test_when_several_may_be_meant_the_form_asks_which_and_keeps_all_else(client, filled, two_boots):
    page = send(client, filled, pharmacy="bots leeds")

    assert page.status_code == 422
    assert page.errors == ["Choose your pharmacy, or choose “None of these”"]
    assert page.has("Boots, 12 High Street, Leeds LS1 4AB (FA111)")
    form = page.form("Send to the helpdesk")
    assert form.offered("site") == {str(one.id) for one in two_boots} | {"none"}
    assert "site" not in form.values
    assert form.values["summary"] == [filled["summary"]]
    assert not tickets()


def test_the_pharmacy_that_is_chosen_is_the_tickets(client, filled, two_boots):
    page = send(client, filled, pharmacy="bots leeds")

    done = client.follow(client.submit(page, button="Send to the helpdesk", site=str(two_boots[1].id)))

    assert [made.organisation_id for made in tickets()] == [two_boots[1].id]
    assert done.has("Boots (FA222)")


def test_a_network_that_searches_too_much_is_shown_no_pharmacies(client, filled, two_boots):
    with write_transaction():
        while conversations.may_search_sites(network="127.0.0.1"):
            pass

    send(client, filled, pharmacy="boots leeds")

    assert [(made.organisation_id, made.organisation_name) for made in tickets()] == [(None, "boots leeds")]


def test_none_of_these_keeps_what_was_typed(client, filled, two_boots):
    page = send(client, filled, pharmacy="boots leeds")

    client.submit(page, button="Send to the helpdesk", site="none")

    assert [(made.organisation_id, made.organisation_name) for made in tickets()] == [(None, "boots leeds")]


def test_other_words_are_asked_about_again_and_clear_ones_are_not(client, filled, two_boots):
    page = send(client, filled, pharmacy="boots leeds")

    again = client.submit(page, button="Send to the helpdesk", pharmacy="boots mill lane", site="none")
    assert again.errors == ["Choose your pharmacy, or choose “None of these”"]
    client.submit(again, button="Send to the helpdesk", pharmacy="FA111")

    assert [made.organisation_id for made in tickets()] == [two_boots[0].id]


@pytest.mark.parametrize("made_up", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_only_a_pharmacy_that_was_offered_can_be_chosen(client, filled, two_boots, pharmacy, made_up):
    form = send(client, filled, pharmacy="boots leeds").form("Send to the helpdesk")
    values = {**form.values, "site": made_up or str(pharmacy.id)}

    assert client.post(FORM, data=values).status_code == 422
    assert not tickets()


def test_closing_forgets_the_request_on_this_computer(client, filled):
    page = client.follow(send(client, filled))
    (made,) = tickets()

    client.submit(page, button="Close this chat")

    assert client.get("/speak-to-a-person/done").location == "/"
    assert not client.get(f"/c/{made.reference}").has("The code is refused.")


def test_somebody_else_gets_no_confirmation(client, filled, app):
    send(client, filled)

    assert app.test_client().get("/speak-to-a-person/done").location == "/"


def test_hostile_text_stays_text(client, filled):
    evil = "<img src=x onerror=alert(1)>"
    page = client.follow(send(client, filled, name=evil, pharmacy=evil, summary=evil))

    assert page.has(evil)
    assert evil not in page.html
