"""From the invitation in the mail to a person who logs in with a code, the QR code read off the screen."""

from io import BytesIO

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.service import setup_links
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.mail.models import OutboxMessage
from tests import factories
from tests.authenticators import Phone
from tests.browser.conftest import Live, Look

PASSWORD = "seventeen purple umbrellas"
WIDTHS = (1280, 375)


@pytest.fixture
def nia(pharmacy: Organisation) -> Person:
    """Invited, and nothing more yet."""
    return factories.person(
        name="Nia Price",
        email="nia.price@nhs.net",
        role=Role.SITE_ADMINISTRATOR,
        organisation=pharmacy,
        status=PersonStatus.INVITED,
        password=None,
    )


def link_in_the_mail(person: Person, live: Live) -> str:
    with write_transaction():
        setup_links.send_link(person, by=SYSTEM)
    text = db.session.scalars(select(OutboxMessage.text)).one()
    db.session.commit()
    return live.here(next(word for word in text.split() if "/enrol/" in word))


def scan(page: Page) -> Phone:
    """What a camera sees that looks at the screen."""
    picture = Image.open(BytesIO(page.locator(".app-qr__code").screenshot()))
    (found,) = zxingcpp.read_barcodes(picture)
    return Phone.from_address(found.text)


def open_link(page: Page, link: str, *, javascript: bool) -> None:
    page.goto(link)
    if not javascript:
        page.get_by_label("Last part of the link").fill(link.partition("#")[2])
        page.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_invitation_to_a_log_in(
    page: Page, live: Live, look: Look, nia: Person, javascript: bool, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    email = nia.email
    open_link(page, link_in_the_mail(nia, live), javascript=javascript)
    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    assert "#" not in page.url
    look(page)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Set up your authenticator")).to_be_visible()
    look(page)
    phone = scan(page)
    page.get_by_label("6-digit code").fill(phone.code())
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="Keep your recovery codes")).to_be_visible()
    look(page)
    recovery_code = page.locator(".app-codes li").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("banner").get_by_role("link", name="Nia Price").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Log out everywhere").click()

    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    look(page)
    page.get_by_label("6-digit code").fill(phone.wrong_code())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(recovery_code.lower())
    look(page)
    page.get_by_role("button", name="Continue").click()
    # Nia manages others, so a recovery code leads to a new authenticator and nowhere else.
    expect(page.get_by_role("heading", name="Set up your authenticator")).to_be_visible()
    look(page)


def test_the_keyboard_alone_logs_in(page: Page, app: Flask, sam: Person) -> None:
    phone = Phone.of(sam)
    page.goto("/sign-in")
    page.get_by_label("Email address").focus()
    page.keyboard.type(sam.email)
    page.keyboard.press("Tab")
    page.keyboard.type(factories.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    page.get_by_label("6-digit code").focus()
    page.keyboard.type(phone.code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
