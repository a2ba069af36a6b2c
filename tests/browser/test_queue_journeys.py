"""The queue in a browser: by keyboard, with several requests at once, and with news that move nothing."""

from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from helpdesk.accounts.models import Person
from tests.authenticators import Phone
from tests.browser.conftest import Look
from tests.browser.test_helpdesk_journeys import log_in, log_in_with
from tests.tickets import many_tickets, ticket

WIDTHS = (1280, 375)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText"))


def test_single_keys_move_tick_and_open_and_can_be_switched_off(
    page: Page, look: Look, ben: Person, moved_clock: time_machine.Traveller
) -> None:
    for name in ("first", "second", "third"):
        ticket(summary=f"The {name} one")
        moved_clock.shift(timedelta(minutes=1))
    log_in(page, ben)

    for key in "jjjk":
        page.keyboard.press(key)
    assert focused(page) == "The second one"
    page.keyboard.press("x")
    expect(page.get_by_text("Change them: 1 request ticked")).to_be_visible()
    look(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    look(page)
    page.get_by_label("Use single keys in this browser").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Use single keys in this browser").check()
    page.keyboard.press("Escape")
    page.locator("body").press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The first one")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Mine", exact=True)).to_be_visible()


def test_letters_that_are_typed_are_text(page: Page, ben: Person) -> None:
    ticket(summary="The only one")
    log_in(page, ben)

    page.get_by_label("Search requests").press_sequentially("xjkg?m")

    expect(page.get_by_label("Search requests")).to_have_value("xjkg?m")
    expect(page.get_by_role("heading", name="All open")).to_be_visible()


def test_the_palette_goes_to_a_view_a_reference_and_an_action(page: Page, look: Look, ben: Person) -> None:
    made = ticket(summary="The only one")
    log_in(page, ben)

    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Go to")).to_be_visible()
    look(page)
    page.keyboard.type("unassi")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Unassigned")).to_be_visible()

    page.keyboard.press("Control+k")
    page.keyboard.type(made.reference.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The only one")).to_be_visible()

    page.keyboard.press("Control+k")
    page.keyboard.type("assign to me")
    look(page)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ben").first).to_be_visible()
    expect(page.get_by_role("button", name="Assign to me")).to_have_count(0)


def test_several_are_changed_and_put_back(page: Page, look: Look, javascript: bool, ben: Person) -> None:
    many_tickets(4, summary="Alike")
    log_in(page, ben)

    boxes = page.locator("input[name='pick']")
    boxes.nth(0).check()
    if javascript:
        boxes.nth(2).click(modifiers=["Shift"])
    else:
        boxes.nth(1).check()
        boxes.nth(2).check()
        page.locator("summary", has_text="Change several requests").click()
    look(page)
    page.get_by_label("Priority").last.select_option("low")
    page.get_by_role("button", name="Set priority").click()
    expect(page.get_by_text("Done: 3 requests changed.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 3 requests put back.")).to_be_visible()


def test_news_are_said_and_nothing_moves_until_they_are_asked_for(
    page: Page, ben: Person, moved_clock: time_machine.Traveller
) -> None:
    ticket(summary="The first one")
    page.clock.install()
    log_in(page, ben)

    moved_clock.shift(timedelta(seconds=20))
    ticket(summary="A new one")
    page.clock.run_for(20_000)
    expect(page.get_by_text("1 new request.")).to_be_visible()
    expect(page).to_have_title("(1 new) All open – Pharmacy MFA helpdesk")
    expect(page.get_by_role("link", name="A new one")).to_have_count(0)
    page.get_by_role("link", name="Show them").click()
    expect(page.get_by_role("link", name="A new one")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_the_queue_pass_axe_and_fit(page: Page, look: Look, ben: Person, width: int) -> None:
    many_tickets(2, summary="Alike")
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, ben)

    for path in ("/agent/queue", "/agent/search", "/agent/search?q=alike", "/agent/search?q=nothing", "/agent/views"):
        page.goto(path)
        look(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_an_answer_that_was_begun_survives_other_buttons_leaving_and_logging_out(
    page: Page, look: Look, ben: Person, moved_clock: time_machine.Traveller
) -> None:
    made, phone = ticket(summary="The only one"), Phone.of(ben)
    log_in_with(page, ben, phone)
    page.goto(f"/agent/tickets/{made.reference}")
    box = page.get_by_label("Your message")

    box.fill("Scan the new code")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Draft from")).to_be_visible()
    expect(box).to_have_value("Scan the new code")
    look(page)
    box.fill("Scan the new code, then log in.")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log out")).to_have_count(0)  # the answer is here, and cuts off nothing
    moved_clock.shift(timedelta(minutes=1))
    log_in_with(page, ben, phone)
    page.goto(f"/agent/tickets/{made.reference}")
    expect(box).to_have_value("Scan the new code, then log in.")
    page.get_by_role("button", name="Send reply").click()
    expect(page.locator(".app-entry--reply")).to_contain_text("then log in.")
    expect(box).to_have_value("")
    page.reload()
    expect(box).to_have_value("")
