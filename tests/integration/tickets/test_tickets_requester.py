"""The requester comes back with reference and PIN."""

import pytest

from helpdesk.core.actor import SYSTEM
from helpdesk.db import write_transaction
from helpdesk.tickets.service.lifecycle import resolve, set_status
from helpdesk.tickets.service.messages import note, reply
from helpdesk.tickets.service.pins import TRIES_BY_REFERENCE
from helpdesk.tickets.types import Status
from tests.tickets import actor_of, fresh, ticket_with_pin, unknown_reference

pytestmark = pytest.mark.usefixtures("app", "moved_clock")


def opened(client, made, pin):
    return client.follow(client.submit(client.get("/c"), reference=made.reference, pin=pin.digits))


def test_reference_and_pin_open_the_ticket_in_any_browser(client):
    made, pin = ticket_with_pin()

    page = opened(client, made, pin)

    assert page.heading == f"Your request {made.reference}"
    assert page.has("My phone is lost")


@pytest.mark.parametrize(
    "typed", [str.lower, lambda text: text.replace("-", ""), lambda text: text[3:].replace("-", " ")]
)
@pytest.mark.parametrize("gap", ["", " ", "-"])
def test_reference_and_pin_are_read_however_they_are_typed(client, typed, gap):
    made, pin = ticket_with_pin()

    answer = client.submit(
        client.get("/c"), reference=typed(made.reference), pin=f"{pin.digits[:3]}{gap}{pin.digits[3:]}"
    )

    assert answer.status_code == 303


def test_a_wrong_pin_and_an_unknown_reference_get_the_same_answer(client):
    made, _ = ticket_with_pin()

    wrong = client.submit(client.get("/c"), reference=made.reference, pin="000000")
    unknown = client.submit(client.get("/c"), reference=unknown_reference(), pin="000000")

    assert wrong.status_code == unknown.status_code == 422
    assert (
        wrong.errors == unknown.errors == ["That reference and PIN do not belong together. Check both and try again."]
    )


def test_guessing_ends_after_a_few_tries_even_with_the_right_pin(client):
    made, pin = ticket_with_pin()
    for _ in range(TRIES_BY_REFERENCE.most):
        client.submit(client.get("/c"), reference=made.reference, pin="wrong")

    answer = client.submit(client.get("/c"), reference=made.reference, pin=pin.digits)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_knowing_the_address_alone_shows_nothing(client):
    made, _ = ticket_with_pin()

    page = client.get(f"/c/{made.reference}")

    assert page.heading == "Open your request"
    assert not page.has("My phone is lost")


def test_one_ticket_does_not_open_another(client):
    made, pin = ticket_with_pin()
    other, _ = ticket_with_pin()
    opened(client, made, pin)

    assert client.get(f"/c/{other.reference}").heading == "Open your request"


def test_the_agents_answer_is_there_by_first_name_and_notes_are_not(client, ben):
    made, pin = ticket_with_pin()
    with write_transaction():
        held = fresh(made)
        reply(held, by=actor_of(ben), text="Scan the new code.", seen=held.last_event_number)
        note(held, by=actor_of(ben), text="internal words")

    page = opened(client, made, pin)

    assert page.has("Ben at the helpdesk")
    assert page.has("Scan the new code.")
    assert not page.has("internal words")
    assert not page.has("Carter")


def test_writing_brings_a_solved_ticket_back(client):
    made, pin = ticket_with_pin()
    with write_transaction():
        resolve(fresh(made), by=SYSTEM)
    page = opened(client, made, pin)

    page = client.follow(client.submit(page, button="Send", text="Still locked out."))

    assert page.has("Still locked out.")
    assert fresh(made).status is Status.OPEN


def test_a_closed_ticket_takes_no_more_and_keeps_the_typed_text(client):
    made, pin = ticket_with_pin()
    page = opened(client, made, pin)
    with write_transaction():
        held = fresh(made)
        resolve(held, by=SYSTEM)
        set_status(held, by=SYSTEM, status=Status.CLOSED)

    answer = client.submit(page, button="Send", text="Hello again.")

    assert answer.status_code == 409
    assert answer.has("This ticket is closed")


def test_closing_it_on_a_shared_computer_asks_for_the_pin_again(client):
    made, pin = ticket_with_pin()
    page = opened(client, made, pin)

    client.submit(page, button="Close this chat")

    assert client.get(f"/c/{made.reference}").heading == "Open your request"


def test_a_forged_cookie_opens_nothing(client):
    made, _ = ticket_with_pin()
    client.set_cookie("ticket", f'"{made.reference}".forged.forged')

    assert client.get(f"/c/{made.reference}").heading == "Open your request"


@pytest.mark.parametrize("reference", ["HD\x00", "%", "HD-0000-0000", "x" * 500, "HD-2222-2222'--"])
def test_what_is_no_reference_is_answered_like_a_wrong_one(client, reference):
    token = client.get("/c").form("Open request").values["csrf_token"][0]

    answer = client.post("/c", data={"csrf_token": token, "reference": reference, "pin": "1"})

    assert answer.status_code == 422


def test_a_flood_of_messages_is_stopped_and_the_last_stays_typed(client):
    made, pin = ticket_with_pin()
    page = opened(client, made, pin)
    for number in range(20):
        client.submit(page, button="Send", text=f"message {number}")

    answer = client.submit(page, button="Send", text="one more")

    assert answer.status_code == 429
    assert answer.form("Send").values["text"] == ["one more"]
