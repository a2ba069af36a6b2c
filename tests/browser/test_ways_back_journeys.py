"""Ways back in, in a real browser: a forgotten password, and a number on record, with JavaScript and without."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from helpdesk.accounts.jobs import send_password_links
from helpdesk.accounts.models import Person
from helpdesk.db import db
from helpdesk.mail.models import OutboxMessage
from tests import factories
from tests.authenticators import Phone
from tests.browser.conftest import Live, Look

NEW = "eleven marble staircases"
WIDTHS = (1280, 375)


def link_in_the_mail(live: Live) -> str:
    send_password_links()
    text = db.session.scalars(select(OutboxMessage.text)).one()
    db.session.commit()
    return live.here(next(word for word in text.split() if "/new-password/" in word))


@pytest.mark.parametrize("width", WIDTHS)
def test_from_a_forgotten_password_to_a_number_on_record(
    page: Page, live: Live, look: Look, sam: Person, javascript: bool, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    phone, email = Phone.of(sam), sam.email
    page.goto("/sign-in")
    page.get_by_role("link", name="Forgotten your password?").click()
    look(page)
    page.get_by_label("Email address").fill(email)
    page.get_by_role("button", name="Email me a link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    look(page)

    link = link_in_the_mail(live)
    page.goto(link)
    last_part = page.get_by_label("Last part of the link")
    if javascript:
        expect(last_part).to_be_hidden()
        assert "#" not in page.url
    else:
        last_part.fill(link.partition("#")[2])
    look(page)
    page.get_by_label("New password").fill(NEW)
    page.get_by_label("6-digit code, or a recovery code").fill(phone.wrong_code())
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look(page)
    page.get_by_label("New password").fill(NEW)
    page.get_by_label("6-digit code, or a recovery code").fill(phone.code())
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()
    look(page)

    page.get_by_role("link", name="Log in with the new password").click()
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("6-digit code").fill(phone.unused_code(factories.saved(sam)))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
    look(page)
    page.get_by_role("banner").get_by_role("link", name="Sam Okoro").click()
    page.get_by_role("link", name="Change your phone number").click()
    look(page)
    page.get_by_label("Phone number").fill("020 7946 0678")
    page.get_by_role("button", name="Save the number").click()
    expect(page.get_by_text("Ends in 678, since")).to_be_visible()
    look(page)
    for path in ("/account/second-email", "/account/password", "/admin/sites"):
        page.goto(path)
        look(page)
