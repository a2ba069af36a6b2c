"""The hand-over form in a browser: choosing a pharmacy while typing it, and a time to be phoned."""

from collections.abc import Iterator

import pytest
import time_machine
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from helpdesk.accounts.models import Organisation
from helpdesk.db import db
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.models.ticket import Ticket
from tests import factories
from tests.browser.conftest import Live, Look
from tests.conftest import TUESDAY_MORNING
from tests.tickets import set_office_hours

FORM = "/speak-to-a-person"


@pytest.fixture(autouse=True)
def awake(live: Live) -> None:
    """The answers are ready: making the engine takes seconds, which no journey here is about."""
    current_library()


@pytest.fixture
def boots(live: Live, pharmacy: Organisation) -> list[Organisation]:
    """Two pharmacies of one name."""
    return [
        factories.organisation(name="Boots", ods_code="FA111", address="12 High Street, Leeds", postcode="LS1 4AB"),
        factories.organisation(name="Boots", ods_code="FA222", address="3 Mill Lane, Leeds", postcode="LS9 8ZZ"),
    ]


@pytest.fixture
def morning(live: Live) -> Iterator[None]:
    """Tuesday at 9am; time goes on, for the browser waits."""
    with time_machine.travel(TUESDAY_MORNING):
        set_office_hours()
        yield


def box(page: Page) -> Locator:
    return page.get_by_label("Your pharmacy")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Pharmacies").get_by_role("option")


def fill(page: Page) -> None:
    """All but the pharmacy and how to answer."""
    page.get_by_label("Your name").fill("Amina Khan")
    page.get_by_label("Your email address").fill("amina.khan@nhs.net")
    page.get_by_label("What is happening").fill("My code is refused.")


def made() -> Ticket:
    db.session.rollback()
    return db.session.scalars(select(Ticket)).one()


def test_a_pharmacy_is_chosen_by_keyboard_alone(page: Page, look: Look, boots: list[Organisation]) -> None:
    page.goto(FORM)
    fill(page)
    page.get_by_label("By email").check()
    box(page).press_sequentially("bots leeds")
    expect(options(page)).to_have_count(2)
    expect(page.get_by_role("status")).to_have_text("2 pharmacies found. Use the up and down arrow keys to choose.")
    expect(box(page)).to_have_value("bots leeds")
    look(page)

    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", "pharmacy-option-1")
    look(page)
    chosen = options(page).last.inner_text()
    page.keyboard.press("Enter")

    expect(options(page)).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text(f"{box(page).input_value()} chosen.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    assert made().organisation is not None
    assert str(made().organisation.ods_code) in chosen  # type: ignore[union-attr]  # looked at above


def test_a_pharmacy_is_chosen_with_the_mouse(page: Page, boots: list[Organisation]) -> None:
    page.goto(FORM)
    box(page).press_sequentially("boots mill")

    options(page).first.click()

    expect(box(page)).to_have_value("Boots (FA222)")
    expect(box(page)).to_be_focused()


def test_what_was_typed_stands_when_nothing_is_chosen(page: Page, boots: list[Organisation]) -> None:
    page.goto(FORM)
    box(page).press_sequentially("boots leeds")
    expect(options(page)).to_have_count(2)

    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_value("boots leeds")
    page.keyboard.press("ArrowDown")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Tab")

    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_value("boots leeds")


def test_a_pharmacy_that_is_not_known_is_said_and_may_be_sent(page: Page, boots: list[Organisation]) -> None:
    page.goto(FORM)

    box(page).press_sequentially("Moon Chemist")

    expect(page.get_by_role("status")).to_have_text("No pharmacy found. You can send what you typed.")


def test_without_a_network_for_suggestions_the_form_asks_as_it_does_without_a_script(
    page: Page, look: Look, boots: list[Organisation]
) -> None:
    page.route("**/pharmacies", lambda route: route.abort())
    page.goto(FORM)
    fill(page)
    page.get_by_label("By email").check()
    with page.expect_event("requestfailed"):
        box(page).press_sequentially("boots leeds")
    page.get_by_role("button", name="Send to the helpdesk").click()

    expect(page.get_by_role("group", name="Is it one of these?")).to_be_visible()
    look(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_suggestions_fit_the_page(page: Page, width: int, boots: list[Organisation]) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(FORM)
    box(page).press_sequentially("boots")
    expect(options(page)).to_have_count(2)

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_call_is_promised_changed_and_cancelled(page: Page, look: Look, javascript: bool, morning: None) -> None:
    page.goto(FORM)
    fill(page)
    box(page).fill("FW844")
    expect(page.get_by_label("Phone number")).to_be_hidden()
    page.get_by_label("Phone me at a time that I choose").check()
    page.get_by_label("Phone number").fill("020 7946 0123")
    look(page)
    page.get_by_role("button", name="Send to the helpdesk").click()
    expect(page.get_by_role("link", name="Choose a time for our call")).to_be_visible()
    look(page)
    page.get_by_label("Tomorrow, 9am to 9:30am").check()
    page.get_by_role("button", name="Send to the helpdesk").click()

    expect(page.get_by_text("We will phone you on 020 7946 0123, tomorrow, 9am to 9:30am.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Change or cancel the call").click()
    look(page)
    page.get_by_label("Tomorrow, 11am to 11:30am").check()
    page.get_by_role("button", name="Change the time").click()
    expect(page.get_by_text("We will phone you tomorrow, 11am to 11:30am.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Change or cancel the call").click()
    page.get_by_role("button", name="Cancel the call").click()

    expect(page.get_by_text("I do not need the phone call any more.")).to_be_visible()
    expect(page.get_by_text("We will phone you")).to_have_count(0)


def test_going_back_to_a_form_that_was_refused_finds_the_form(page: Page, live: Live) -> None:
    page.goto(FORM)
    fill(page)
    page.get_by_label("I will phone the helpdesk").check()
    page.get_by_role("button", name="Send to the helpdesk").click()
    expect(page.get_by_role("link", name="Enter your pharmacy’s name, postcode or ODS code")).to_be_visible()

    page.goto("/accessibility")
    page.go_back()

    expect(page.get_by_label("Your name")).to_have_value("")


def test_after_closing_nobody_finds_in_the_form_what_was_typed(page: Page, live: Live, javascript: bool) -> None:
    page.goto(FORM)
    fill(page)
    box(page).fill("FW844")
    page.get_by_label("I will phone the helpdesk").check()
    page.get_by_role("button", name="Send to the helpdesk").click()
    page.get_by_role("button", name="Close this chat").click()
    expect(page.get_by_label("Your message")).to_be_visible()

    for _ in range(2):
        page.go_back()
        assert "Amina" not in page.content()
        fields = page.locator("main input[type=text], main input[type=email], main textarea")
        assert {field.input_value() for field in fields.all()} <= {""}
    assert page.url.endswith(FORM)


def test_who_rings_us_is_told_what_to_say(page: Page, look: Look, javascript: bool) -> None:
    page.goto(FORM)
    fill(page)
    box(page).fill("FW844")
    page.get_by_label("I will phone the helpdesk").check()
    page.get_by_role("button", name="Send to the helpdesk").click()

    expect(page.get_by_role("heading", name="What to say on the phone")).to_be_visible()
    look(page)
