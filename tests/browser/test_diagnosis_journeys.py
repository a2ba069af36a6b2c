"""The check of refused and lost codes in a browser, with its script and without."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.tickets.models.ticket import Ticket
from tests.browser.conftest import Look

PHONE: ViewportSize = {"width": 375, "height": 700}
# A device whose clock is out by so many milliseconds; a page may set it right while it is open.
WRONG_CLOCK = "window.ahead = {ahead}; const now = Date.now.bind(Date); Date.now = () => now() + window.ahead;"
MEASURE = "The app is on this device: check its clock"


def tap(page: Page, *buttons: str) -> None:
    """Press one button after the other, each as soon as its question is there."""
    for button in buttons:
        page.get_by_role("log").get_by_role("button", name=button, exact=True).click()


def to_the_clock(page: Page) -> None:
    page.goto("/")
    tap(page, "My code is refused", "Check it with me", "At an ordinary log-in", "Only one")
    expect(page.get_by_text("The right time is")).to_be_visible()


def test_a_phone_that_is_130_seconds_fast_is_told_so_and_how_to_mend_it(page: Page, look: Look) -> None:
    page.add_init_script(WRONG_CLOCK.format(ahead=130_000))
    page.set_viewport_size(PHONE)
    to_the_clock(page)
    expect(page.get_by_role("button", name=MEASURE)).to_be_visible()
    expect(page.locator("[name=skew]")).to_have_value(re.compile(r"^1[23]\d\."))
    look(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    tap(page, MEASURE)

    expect(page.get_by_text("Your device’s clock is 2 minutes 10 seconds fast.")).to_be_visible()
    expect(page.get_by_text("Turn Set Automatically off, then on.")).to_contain_text("iPhone")
    expect(page.get_by_text("Turn automatic time off, then on.")).to_contain_text("Android")
    expect(page.get_by_text("The right time is")).to_have_count(0)
    look(page)


def test_a_clock_that_was_set_right_meanwhile_is_right(page: Page) -> None:
    page.add_init_script(WRONG_CLOCK.format(ahead=-45_000))
    to_the_clock(page)
    expect(page.get_by_role("button", name=MEASURE)).to_be_visible()
    expect(page.locator("[name=skew]")).to_have_value(re.compile(r"^-4[45]\."))

    page.evaluate("window.ahead = 0")
    expect(page.locator("[name=skew]")).to_have_value(re.compile(r"^-?0\."))
    tap(page, MEASURE)

    expect(page.get_by_text("If a fresh code is still refused, the entry may be dead.")).to_be_visible()


def test_the_right_time_runs_whatever_the_device_says(page: Page) -> None:
    page.add_init_script(WRONG_CLOCK.format(ahead=3_600_000))
    to_the_clock(page)
    shown = page.locator("[data-right-time]")
    first = shown.text_content()

    expect(shown).not_to_have_text(first or "")

    # Our time, not the device's, which is an hour ahead.
    time_of_ours = page.evaluate("new Date(Date.now() - window.ahead).getHours() % 12 || 12")
    assert (shown.text_content() or "").split(":")[0] == str(time_of_ours)


def test_without_the_right_time_the_clock_is_compared_by_hand(page: Page, look: Look) -> None:
    page.route("**/chat/time", lambda route: route.abort())
    to_the_clock(page)

    expect(page.get_by_role("button", name=MEASURE)).to_be_hidden()
    tap(page, "Behind that time")

    expect(page.get_by_text("A slow clock can make codes wrong.")).to_be_visible()
    look(page)


def test_a_time_is_typed_in_the_box(page: Page, look: Look, javascript: bool) -> None:
    to_the_clock(page)
    expect(page.get_by_role("link", name="Show the right time now")).to_be_visible(visible=not javascript)
    look(page)
    hour, minute = re.findall(r"\d+", page.locator("[data-right-time]").text_content() or "")[:2]
    page.get_by_label("Your message").fill(f"{int(hour) % 12 + 1}:{minute}")

    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_text(re.compile(r"Your device’s clock is about (1 hour|59 minutes) fast\."))).to_be_visible()


@pytest.mark.parametrize("javascript", [False])
def test_the_right_time_is_shown_anew_without_a_script(page: Page, javascript: bool) -> None:
    to_the_clock(page)
    line = page.url.partition("#")[2]
    for _ in range(2):
        with page.expect_navigation():
            page.get_by_role("link", name="Show the right time now").click()

    assert page.url.endswith(f"#{line}")
    expect(page.get_by_text("The right time is")).to_be_visible()


def test_a_new_phone_without_back_up_ends_in_a_prepared_request(page: Page, look: Look, javascript: bool) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/")
    tap(page, "I cannot get a code any more")
    expect(page.get_by_text("What happened?")).to_be_visible()
    look(page)
    tap(page, "I have a new phone", "Neither: no old phone and no back-up")
    expect(page.get_by_text("Ask your site administrator first, or your commissioner")).to_be_visible()
    look(page)

    page.get_by_role("link", name="Open the reset request").click()
    expect(page.get_by_label("What is happening")).to_have_value(
        "I need an MFA reset. I cannot get a code any more. I have a new phone. No old phone and no back-up.\n"
        "My PharmOutcomes user name:"
    )
    look(page)
    page.get_by_label("Your name").fill("Amina Khan")
    page.get_by_label("Your email address").fill("amina.khan@nhs.net")
    page.get_by_label("Your pharmacy").fill("FW844")
    page.get_by_label("By email").check()
    page.get_by_role("button", name="Send to the helpdesk").click()

    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    db.session.rollback()
    assert db.session.scalars(select(Ticket)).one().topic == "resets"


def test_the_check_is_walked_with_the_keyboard_alone(page: Page, javascript: bool) -> None:
    page.goto("/")
    page.get_by_role("button", name="I cannot get a code any more").focus()
    page.keyboard.press("Enter")
    for button in ("My phone is lost, stolen or broken", "Neither: no back-up and no second device"):
        expect(page.get_by_role("button", name=button)).to_be_visible()
        _tab_to(page, button)
        page.keyboard.press("Enter")

    expect(page.get_by_text("Was the phone stolen? Change your PharmOutcomes password now.")).to_be_visible()
    _tab_to(page, "Open the reset request")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ask a person for help")).to_be_visible()


def _tab_to(page: Page, words: str) -> None:
    """Press Tab, backwards from the box and forwards from the top of a page, until these words have the focus."""
    focused = page.locator(":focus")
    backwards = focused.count() > 0 and focused.evaluate("element => element.matches('textarea')")
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if focused.count() and (focused.text_content() or "").strip() == words:
            return
    pytest.fail(f"Tab never comes to {words!r}")


def test_pressing_a_choice_twice_takes_it_once_and_back_lets_one_choose_again(page: Page, javascript: bool) -> None:
    page.goto("/")
    tap(page, "I cannot get a code any more")
    page.get_by_role("log").get_by_role("button", name="I have a new phone").dblclick()
    expect(page.get_by_text("Do you still have the old phone, or a back-up?")).to_have_count(1)
    page.goto("/faq")
    page.go_back()
    expect(page.get_by_text("Do you still have the old phone, or a back-up?")).to_have_count(1)

    tap(page, "There is a back-up, or there may be one")

    expect(page.get_by_text("Restore the back-up first.")).to_be_visible()
