"""A reset from the request to the new authenticator, as the people concerned see it."""

from datetime import timedelta

import pytest
import time_machine

from helpdesk.accounts.models import Person
from helpdesk.mfa.types.resets import EvidenceMethod, ResetReason, ResetState
from tests import factories
from tests.authenticators import Phone, give_password, log_in, open_link
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import Audited, Browser, is_logged_in
from tests.people import SignIn
from tests.resets import approved, ask_for_reset, confirm, latest_reset, link_in_mail, mails_to, press

OLD_ENTRY = "That is the code of your old entry"


@pytest.fixture(autouse=True)
def clock(moved_clock: time_machine.Traveller) -> time_machine.Traveller:
    return moved_clock


def set_up_again(client: PageClient, person: Person) -> tuple[Phone, Page]:
    """The person opens the link of their mail and sets up a new entry."""
    page = open_link(client, link_in_mail(person.email))
    page = client.follow(client.submit(page, button="Continue", password=factories.PASSWORD))
    phone = Phone.scanned(page)
    return phone, client.submit(page, button="Finish", code=phone.code())


def test_an_agent_checks_and_an_administrator_approves(
    client: PageClient, uma: Person, umas_phone: Phone, ben: Person, sam: Person, sign_in_as: SignIn, audited: Audited
) -> None:
    agent, administrator = sign_in_as(ben), sign_in_as(sam)
    page = ask_for_reset(agent, uma)
    assert (page.heading, page.has("ends in 123")) == ("Reset how Uma Reid logs in", True)
    page = confirm(agent, page, EvidenceMethod.CALL_BACK)
    assert page.has("Ben Carter rang the number on record")
    assert page.has("An administrator of the person approves it.")
    listed = administrator.get("/admin/resets")
    page = administrator.get(listed.link("Uma Reid"))
    page = press(administrator, page, "Approve the reset")
    assert page.has("Link sent")
    assert page.has("The mail is waiting to leave.")
    assert "/enrol/" not in page.html
    phone, done = set_up_again(client, uma)
    assert (done.heading, phone.label) == ("Keep your recovery codes", "FW844 uma@highstreet.example (2)")
    assert latest_reset().state == ResetState.COMPLETED
    assert [act for act in audited() if act.startswith("reset:")] == [
        "reset:requested",
        "reset:number-shown",
        "reset:checked",
        "reset:approved",
        "reset:issued",
        "reset:completed",
    ]


def test_the_new_entry_works_and_the_old_one_is_recognised(
    client: PageClient, new_browser: Browser, uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn
) -> None:
    approved(sign_in_as(sam), uma)
    phone, _ = set_up_again(client, uma)
    browser = new_browser()
    page = browser.follow(give_password(browser, uma.email))
    page = browser.submit(page, button="Continue", code=umas_phone.code())
    assert page.errors[0].startswith(OLD_ENTRY)
    assert not is_logged_in(browser)
    log_in(browser, uma, phone)
    assert is_logged_in(browser)


def test_everybody_concerned_hears_of_each_step(
    client: PageClient, uma: Person, umas_phone: Phone, ben: Person, sam: Person, sign_in_as: SignIn
) -> None:
    uma.second_email = "uma@home.example"
    factories.saved(uma)
    page = confirm(sign_in_as(ben), ask_for_reset(sign_in_as(ben), uma))
    press(sign_in_as(sam), page, "Approve the reset")
    set_up_again(client, uma)
    told = [
        "Somebody asked to reset the log-in of Uma Reid",
        "The reset of the log-in of Uma Reid was approved",
        "A link to log in again was sent to Uma Reid",
        "The log-in of Uma Reid was reset",
    ]
    own = [
        "Somebody asked to reset how you log in",
        "The reset of your log-in was approved",
        "A link to log in again was sent to you",
        "Your log-in was reset",
    ]
    asked = [told[0], "Uma Reid’s reset waits for your approval", *told[1:]]
    for address, all_told in (("uma@home.example", own), (sam.email, asked), (ben.email, told)):
        subjects = [mail.subject for mail in mails_to(address)]
        assert subjects == all_told
    for mail in (*mails_to(sam.email), *mails_to(ben.email), *mails_to("uma@home.example")):
        assert "/enrol/" not in mail.text
        assert "Audit log at this moment" in mail.text


def test_r27_a_lost_phone_opens_nothing_from_the_approval_on(
    client: PageClient, new_browser: Browser, uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn
) -> None:
    log_in(client, uma, umas_phone)
    approved(sign_in_as(sam), uma, ResetReason.LOST)
    assert not is_logged_in(client)
    browser = new_browser()
    page = browser.follow(give_password(browser, uma.email))
    assert page.heading == "Your log-in is being reset"
    assert page.has("Open the link in our email. It works until today at 10am.")
    set_up_again(browser, uma)
    assert is_logged_in(browser)


def test_who_can_only_wait_reads_after_the_password_how_far_it_is(
    client: PageClient,
    uma: Person,
    umas_phone: Phone,
    sam: Person,
    sign_in_as: SignIn,
    moved_clock: time_machine.Traveller,
) -> None:
    administrator = sign_in_as(sam)
    press(administrator, approved(administrator, uma, ResetReason.LOST), "Cancel the reset")
    stopped = client.follow(give_password(client, uma.email))
    assert stopped.heading == "Your log-in was stopped"
    assert not stopped.has("Two people")
    moved_clock.shift(timedelta(minutes=1))
    ask_for_reset(administrator, uma)
    waiting = client.follow(give_password(client, uma.email))
    assert waiting.heading == "Your log-in is being reset"
    assert waiting.has("It is being checked. You get a link by email when it is approved.")


def test_a_new_phone_leaves_the_old_one_working_until_the_new_one_counts(
    client: PageClient, new_browser: Browser, uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn
) -> None:
    approved(sign_in_as(sam), uma, ResetReason.NEW_PHONE)
    log_in(client, uma, umas_phone)
    assert is_logged_in(client)
    set_up_again(new_browser(), uma)
    assert not is_logged_in(client)


def test_each_reader_of_a_notice_is_spoken_to(
    uma: Person, umas_phone: Phone, sam: Person, dev: Person, sign_in_as: SignIn
) -> None:
    approved(sign_in_as(sam), uma, ResetReason.LOST)
    asked, decided = mails_to(uma.email)[:2]
    assert "Sam Okoro asked us on 24 November 2026 at 9am to reset how you log in.\n\nThe reason" in asked.text
    assert "If you did not ask us for this, stop it now." in asked.text
    assert "Your old authenticator entry and your old recovery codes are stopped." in decided.text
    assert not any("Uma Reid" in line for mail in (asked, decided) for line in mail.text.splitlines()[1:])
    asked, decided = mails_to(sam.email)[:2]
    assert "You asked on 24 November 2026 at 9am to reset how Uma Reid logs in." in asked.text
    assert "You approved on" in decided.text
