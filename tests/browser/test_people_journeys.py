"""Managing people in a browser: invite, import, change an address and take it back. With scripts and without."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from helpdesk.accounts.jobs import TASKS as INVITING
from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.types.directory import Role
from helpdesk.db import db
from helpdesk.jobs.worker import run_once
from helpdesk.mail.models import OutboxMessage
from tests import factories
from tests.browser.conftest import Live, Look
from tests.browser.test_helpdesk_journeys import log_in
from tests.browser.test_mfa_journeys import open_link

PASSWORD = "seventeen purple umbrellas"
FILE = (
    b"Name,Email,Role,Organisation\n"
    b"Ivo Lang,ivo.lang@nhs.net,Pharmacy user,FW844\n"
    b"Pat Slip,pat@nhs.nett,Pharmacy user,FW844\n"
)


def link_for(address: str, path: str, live: Live) -> str:
    """The newest link of that kind that was mailed to the address."""
    newest = select(OutboxMessage).where(OutboxMessage.to_address == address).order_by(OutboxMessage.sequence.desc())
    db.session.rollback()  # what was read before is old
    texts = [mail.text for mail in db.session.scalars(newest)]
    db.session.rollback()  # the server must not wait for this reader
    found = next(match for text in texts if (match := re.search(rf"http\S+{path}\S+", text)))
    return live.here(found[0])


def test_from_an_invitation_to_an_account(
    page: Page, live: Live, look: Look, javascript: bool, sam: Person, pharmacy: Organisation
) -> None:
    log_in(page, sam)
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Full name").fill("Nia Price")
    page.get_by_label("Email address").fill("nia.price@nhs.nett")
    page.get_by_label("Role").select_option("Pharmacy user")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("link", name="Did you mean nia.price@nhs.net?")).to_be_visible()
    look(page)
    page.get_by_label("Email address", exact=True).fill("nia.price@nhs.net")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("heading", name="Invitation sent")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Log out").click()

    open_link(page, link_for("nia.price@nhs.net", "/enrol/", live), javascript=javascript)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Set up your authenticator")).to_be_visible()


def test_a_file_is_looked_at_and_then_imported(
    page: Page, live: Live, look: Look, javascript: bool, sam: Person, pharmacy: Organisation, tmp_path: Path
) -> None:
    log_in(page, sam)
    page.get_by_role("link", name="Import people").click()
    look(page)
    page.get_by_label("CSV file").set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": FILE})
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Did you mean pat@nhs.net?")).to_be_visible()
    look(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the lines that cannot be imported").click()
    download.value.save_as(tmp_path / "refused.csv")
    assert "pat@nhs.nett" in (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="Import 1 person").click()
    expect(page.get_by_role("heading", name="Import finished")).to_be_visible()
    look(page)
    page.get_by_role("link", name="See who is invited").click()
    expect(page.get_by_role("link", name="Ivo Lang")).to_be_visible()
    run_once(live.app, INVITING)  # without sending: a mail with a link says nothing any more once it left
    assert "/enrol/" in link_for("ivo.lang@nhs.net", "/enrol/", live)


def test_a_change_of_address_is_confirmed_and_taken_back(
    page: Page, live: Live, look: Look, javascript: bool, sam: Person, pharmacy: Organisation
) -> None:
    uma = factories.person(name="Uma Reid", email="uma@highstreet.example", role=Role.USER, organisation=pharmacy)
    log_in(page, sam)
    page.get_by_role("link", name="Uma Reid").click()
    look(page)
    page.get_by_role("link", name="Change the email address").click()
    page.get_by_label("New email address").fill("uma.reid@nhs.net")
    page.get_by_label("Your own password", exact=True).fill(factories.PASSWORD)
    look(page)
    page.get_by_role("button", name="Change the address").click()
    expect(page.get_by_text("Waiting for uma.reid@nhs.net to be confirmed")).to_be_visible()
    look(page)

    page.goto(link_for("uma.reid@nhs.net", "/email-change/confirm/", live))
    look(page)
    page.get_by_role("button", name="Confirm this address").click()
    expect(page.get_by_role("heading", name="Email address changed")).to_be_visible()
    look(page)
    page.goto(link_for("uma@highstreet.example", "/email-change/undo/", live))
    look(page)
    page.get_by_role("button", name="Take the change back").click()
    expect(page.get_by_role("heading", name="Change taken back")).to_be_visible()
    look(page)

    page.goto(f"/admin/people/{uma.id}")
    expect(page.get_by_text("uma@highstreet.example")).to_be_visible()
    page.get_by_role("link", name="What happened to this account").click()
    expect(page.get_by_text("Change of email address taken back")).to_be_visible()
    look(page)


def test_the_pages_about_people_pass_axe_on_a_phone(
    page: Page, look: Look, sam: Person, pharmacy: Organisation
) -> None:
    uma = factories.person(name="Uma Reid", role=Role.USER, organisation=pharmacy)
    page.set_viewport_size({"width": 375, "height": 800})
    log_in(page, sam)
    one = f"/admin/people/{uma.id}"
    for path in (
        "/admin/people",
        one,
        f"{one}/roles/new",
        f"{one}/freeze",
        f"{one}/audit",
        "/account",
        "/account/email",
    ):
        page.goto(path)
        look(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
