"""Logging out leaves nothing in the browser with which the next person could take the account."""

from datetime import timedelta

import pytest
import time_machine

from helpdesk.accounts.models import Person
from helpdesk.db import write_transaction
from helpdesk.mfa.service.recovery_codes import keep_codes, make_codes
from tests import factories
from tests.authenticators import Phone, give_password, link_for, log_in, open_link
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import Browser, is_logged_in
from tests.people import SignIn

ENDED = "This set-up has ended"


@pytest.fixture(autouse=True)
def clock(moved_clock: time_machine.Traveller) -> time_machine.Traveller:
    return moved_clock


@pytest.fixture
def phone(ben: Person) -> Phone:
    """Ben's phone; he may log in with a recovery code, too."""
    return Phone.of(ben)


def log_in_with_recovery_code(client: PageClient, person: Person) -> Page:
    made = make_codes()
    with write_transaction():
        keep_codes(person, made)
    page = client.follow(give_password(client, person.email))
    page = client.get(page.link("Use a recovery code"))
    return client.follow(client.submit(page, button="Continue", code=made[0].shown))


def ask_for_another_phone(client: PageClient, person: Person, phone: Phone) -> Page:
    form = client.get("/account/authenticator")
    answer = client.submit(form, button="Continue", password=factories.PASSWORD, code=phone.unused_code(person))
    return client.follow(answer)


def start_set_up(client: PageClient) -> Page:
    """What the next person at this computer would send."""
    page = client.follow(client.get("/sign-in"))
    token = next(form.values["csrf_token"] for form in page.forms if "csrf_token" in form.names)
    return client.post("/set-up/start", data={"csrf_token": token})


def kept(client: PageClient) -> set[str]:
    return {name for name in ("session", "proof", "link") if client.get_cookie(name) is not None}


def test_after_a_recovery_code_the_next_person_starts_no_set_up(client: PageClient, ben: Person, phone: Phone) -> None:
    client.submit(log_in_with_recovery_code(client, ben), button="Log out")
    assert start_set_up(client).heading == ENDED
    assert kept(client) == set()


def test_the_key_of_another_phone_is_not_shown_to_the_next_person(
    client: PageClient, ben: Person, phone: Phone
) -> None:
    log_in(client, ben, phone)
    assert Phone.scanned(ask_for_another_phone(client, ben, phone)).secret
    client.submit(client.get("/account"), button="Log out")
    assert client.get("/set-up").heading == ENDED
    assert kept(client) == set()


def test_a_copied_proof_is_worth_nothing_after_logging_out(client: PageClient, ben: Person, phone: Phone) -> None:
    page = log_in_with_recovery_code(client, ben)
    proof = client.get_cookie("proof")
    assert proof is not None
    client.submit(page, button="Log out")
    client.set_cookie("proof", proof.value)
    assert start_set_up(client).heading == ENDED


def test_ending_a_log_in_from_elsewhere_ends_its_set_up(
    client: PageClient, ben: Person, phone: Phone, sign_in_as: SignIn
) -> None:
    log_in_with_recovery_code(client, ben)
    owner = sign_in_as(ben)
    form = next(form for form in owner.get("/account").forms if "/account/log-ins/" in form.node["action"])
    owner.send(form)
    assert not is_logged_in(client)
    assert start_set_up(client).heading == ENDED


def test_logging_out_everywhere_forgets_the_set_up(client: PageClient, ben: Person, phone: Phone) -> None:
    log_in_with_recovery_code(client, ben)
    client.submit(client.get("/account"), button="Log out everywhere")
    assert start_set_up(client).heading == ENDED
    assert kept(client) == set()


def test_whose_log_in_has_ended_leaves_no_half_used_link(
    client: PageClient, ben: Person, sign_in_as: SignIn, clock: time_machine.Traveller
) -> None:
    link = link_for(ben)
    client = sign_in_as(ben)
    open_link(client, link)
    page = client.get("/account")
    clock.shift(timedelta(hours=1))
    assert "link" in kept(client)
    client.submit(page, button="Log out")
    assert kept(client) == set()


def test_s08_after_logging_out_a_kept_cookie_or_page_is_worth_nothing(
    client: PageClient, new_browser: Browser, ben: Person, phone: Phone
) -> None:
    log_in(client, ben, phone)
    page = client.get("/account")
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert page.headers["Cache-Control"] == "no-store"
    client.submit(page, button="Log out")
    assert client.get("/account").location == "/sign-in?next=%2Faccount"
    for browser in (client, new_browser()):
        browser.set_cookie("session", cookie.value)
        assert browser.get("/account").location == "/sign-in?next=%2Faccount"
        assert not is_logged_in(browser)


def test_logging_out_leaves_other_people_their_set_up(
    client: PageClient, ben: Person, cara: Person, phone: Phone, sign_in_as: SignIn
) -> None:
    log_in_with_recovery_code(client, ben)
    caras = sign_in_as(cara)
    caras.submit(caras.get("/account"), button="Log out")
    assert start_set_up(client).location == "/set-up"
