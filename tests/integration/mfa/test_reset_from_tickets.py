"""A reset that begins with a request for help, and what its requester reads of it."""

import pytest
from time_machine import Traveller as Clock

from helpdesk.accounts.models import Person
from helpdesk.core.actor import requester
from helpdesk.db import write_transaction
from helpdesk.mfa.types.resets import ResetReason
from helpdesk.tickets.service.opening import open_ticket
from helpdesk.tickets.service.pins import make_pin
from tests.authenticators import Phone
from tests.client import Page, PageClient
from tests.people import SignIn
from tests.resets import confirm, latest_reset, press
from tests.tickets import hand_over, ticket


@pytest.fixture(autouse=True)
def clock(moved_clock: Clock, umas_phone: Phone) -> Clock:
    return moved_clock


def started_from(client: PageClient, reference: str) -> Page:
    """The agent starts the reset from the request's page."""
    page = client.get(f"/agent/tickets/{reference}")
    form = client.get(page.link("Start a reset for Uma Reid"))
    return client.follow(client.submit(form, button="Start the reset", reason=ResetReason.LOST))


def test_the_account_is_found_by_the_requests_address(uma: Person, ben: Person, sign_in_as: SignIn) -> None:
    client, made = sign_in_as(ben), ticket(email="UMA@highstreet.example")
    assert client.get(f"/agent/tickets/{made.reference}").has("That does not show yet who wrote it.")
    page = started_from(client, made.reference)
    assert page.has(made.reference)
    assert latest_reset().ticket_reference == made.reference
    beside = client.get(f"/agent/tickets/{made.reference}")
    assert beside.has("To be checked")
    assert beside.has("A call to the number on record, video with the badge")
    assert beside.has("I cannot reset this while I have only this call to go by.")
    confirm(client, page)
    assert client.get(f"/agent/tickets/{made.reference}").has("Video with the badge")


def test_an_address_that_is_nobodys_leads_to_a_search(uma: Person, ben: Person, sign_in_as: SignIn) -> None:
    client, made = sign_in_as(ben), ticket(email="nobody@elsewhere.example")
    page = client.get(f"/agent/tickets/{made.reference}")
    assert page.has("Nobody has an account here with the email address of this request.")
    search = client.get(page.link("Find the account by its address"))
    unknown = client.submit(search, button="Find the account", email="uma@highstreet")
    assert unknown.errors == ["Nobody whom you look after has an account with this email address"]
    found = client.follow(client.submit(search, button="Find the account", email=uma.email))
    assert found.heading == "Reset how Uma Reid logs in"
    client.submit(found, button="Start the reset", reason=ResetReason.LOST)
    assert latest_reset().ticket_reference == made.reference


def test_who_has_no_authenticator_is_told_apart(uma: Person, ben: Person, cara: Person, sign_in_as: SignIn) -> None:
    page = sign_in_as(ben).get(f"/agent/tickets/{ticket(email=cara.email).reference}")
    assert page.has("They need a set-up link, not a reset.")


def test_the_requester_reads_where_it_stands_and_nobodys_name(
    client: PageClient, uma: Person, ben: Person, sam: Person, sign_in_as: SignIn
) -> None:
    given = hand_over(email=uma.email)
    pin = make_pin(given.idempotency_key)
    with write_transaction():
        reference = open_ticket(given, pin=pin, by=requester(given.name)).reference
    client.follow(client.submit(client.get("/c"), reference=reference, pin=pin.digits))
    agent = sign_in_as(ben)
    page = started_from(agent, reference)
    assert client.get(f"/c/{reference}").has("We make sure that it is you")
    confirm(agent, page)
    assert client.get(f"/c/{reference}").has("We know that it is you")
    press(sign_in_as(sam), page, "Approve the reset")
    own = client.get(f"/c/{reference}")
    assert own.has("We have sent you a link")
    assert not own.has("Sam")
    assert "/enrol/" not in own.html


def test_a_reset_is_started_from_the_persons_page(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    page = client.get(f"/admin/people/{uma.id}")
    assert client.get(page.link("Reset how they log in")).heading == "Reset how Uma Reid logs in"
    assert not client.get(f"/admin/people/{sam.id}").has("Reset how they log in")


def test_a_reset_without_a_reason_is_not_started(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    answer = client.submit(client.get(f"/admin/resets/new?person={uma.id}"), button="Start the reset")
    assert (answer.status_code, answer.errors) == (422, ["Choose a reason"])


def test_the_list_shows_what_waits_for_whom(uma: Person, ben: Person, sam: Person, sign_in_as: SignIn) -> None:
    agent, administrator = sign_in_as(ben), sign_in_as(sam)
    page = started_from(agent, ticket(email=uma.email).reference)
    assert agent.get("/admin/resets").has("Uma Reid")
    confirm(agent, page)
    assert agent.get("/admin/resets").has("Nothing waits for you")
    assert administrator.get("/admin/resets").has("Waits for approval")
    press(administrator, page, "Approve the reset")
    assert administrator.get("/admin/resets").has("Nothing waits for you")
    assert administrator.get("/admin/resets?view=open").has("Link sent")
    assert administrator.get("/admin/resets?view=closed").has("No reset has ended yet")
    assert administrator.get("/admin/resets?view=other").status_code == 404
