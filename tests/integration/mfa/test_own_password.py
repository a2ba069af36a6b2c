"""Changing one's own password: with the old one and a fresh code; everything from before is over, and mail tells it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from helpdesk.accounts.models import Person
from helpdesk.db import db
from helpdesk.mfa.models.factors import CodeCount
from helpdesk.mfa.types.factors import Lane
from tests import factories
from tests.authenticators import Phone, give_password, log_in
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import Audited, Browser, Outbox, is_logged_in, use_mailed_link
from tests.people import SignIn

NEW = "eleven marble staircases"
NOT_YOURS = "Enter your own password, the one that you log in with"

pytestmark = pytest.mark.usefixtures("moved_clock")


@pytest.fixture
def sams(sign_in_as: SignIn, sam: Person) -> PageClient:
    return sign_in_as(sam)


def change(client: PageClient, old: str = factories.PASSWORD, new: str = NEW) -> Page:
    page = client.get("/account/password")
    return client.submit(page, button="Change the password", password=old, new_password=new)


def test_a_password_is_changed_and_every_other_session_ends(
    sams: PageClient, sam: Person, sign_in_as: SignIn, client: PageClient, outbox: Outbox, audited: Audited
) -> None:
    other, cookie = sign_in_as(sam), sams.get_cookie("session")
    assert sams.follow(change(sams)).heading == "Your password is changed"
    assert (is_logged_in(sams), is_logged_in(other)) == (True, False)
    assert sams.get_cookie("session") != cookie
    assert give_password(client, sam.email).errors == ["Check your email address and password"]
    assert give_password(client, sam.email, NEW).status_code == 303
    assert [(mail.to_address, mail.subject) for mail in outbox()] == [(sam.email, "Your password was changed")]
    assert audited()[2:] == ["person:password-set", "person:signed-in", "person:sign-in-refused"]


def test_every_mailbox_hears_of_a_new_password(sams: PageClient, sam: Person, outbox: Outbox) -> None:
    sam.second_email = "sam@home.example"
    factories.saved(sam)
    change(sams)
    assert [mail.to_address for mail in outbox()] == [sam.email, "sam@home.example"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("not the password", NEW, NOT_YOURS),
        (factories.PASSWORD, "short", "Password must be 12 characters or more. Three or four words work well"),
        (factories.PASSWORD, "sam okoro okoro", "Choose a password without your name"),
        (factories.PASSWORD, factories.PASSWORD, "Choose a password that is not the one you have now"),
    ],
)
def test_what_is_wrong_is_said_by_its_field_and_nothing_changes(
    sams: PageClient, sam: Person, outbox: Outbox, old: str, new: str, words: str
) -> None:
    before = sam.password_hash
    answer = change(sams, old, new)
    assert answer.status_code == 422
    assert answer.errors[0].startswith(words)
    db.session.refresh(sam)
    assert sam.password_hash == before
    assert (is_logged_in(sams), outbox()) == (True, [])


def test_an_open_browser_without_a_fresh_code_changes_no_password(
    sams: PageClient, moved_clock: time_machine.Traveller
) -> None:
    moved_clock.shift(timedelta(minutes=5))
    assert sams.get("/account/password").location == "/step-up?next=/account/password"


def test_links_from_before_lead_nowhere_after_a_change(
    sams: PageClient, sam: Person, client: PageClient, send_links: Callable[[], None], outbox: Outbox
) -> None:
    client.submit(client.get("/forgotten-password"), button="Email me a link", email=sam.email)
    send_links()
    change(sams)
    answer = use_mailed_link(client, outbox()[0], "Save the password", password="nine wooden harbours", code="1")
    assert answer.status_code == 410


def test_a_stolen_session_cannot_use_up_the_owners_tries(sams: PageClient, sam: Person, new_browser: Browser) -> None:
    phone, owner = Phone.of(sam), new_browser()
    assert log_in(owner, sam, phone).status_code == 303
    owner.submit(owner.get("/account"), button="Log out")
    for _ in range(6):
        answer = sams.submit(sams.get("/step-up"), button="Continue", code=phone.wrong_code())
    assert answer.status_code == 422
    assert sams.submit(sams.get("/step-up"), button="Continue", code=phone.wrong_code()).status_code == 429
    for _ in range(5):
        page = sams.get("/account/recovery-codes")
        sams.submit(page, button="Continue", password="wrong", code=phone.wrong_code())
    page = sams.get("/account/recovery-codes")
    answer = sams.submit(page, button="Continue", password="wrong", code=phone.wrong_code())
    assert answer.status_code == 429
    assert log_in(owner, sam, phone).status_code == 303


def test_a_session_that_guessed_too_often_is_told_to_log_out_everywhere(
    sams: PageClient, sam: Person, client: PageClient
) -> None:
    phone = Phone.of(sam)
    row = CodeCount(person_id=sam.id, lane=Lane.STEP_UP, epoch=sam.session_epoch, failures=49)
    factories.saved(row)
    assert sams.submit(sams.get("/step-up"), button="Continue", code=phone.wrong_code()).status_code == 422
    answer = sams.submit(sams.get("/step-up"), button="Continue", code=phone.code())
    assert answer.status_code == 429
    assert answer.has("Choose “Log out everywhere” under “Your account”, then log in again.")
    sams.submit(sams.get("/account"), button="Log out everywhere")
    assert log_in(client, sam, phone).status_code == 303
    assert client.submit(client.get("/step-up"), button="Continue", code=phone.unused_code(sam)).status_code == 303
