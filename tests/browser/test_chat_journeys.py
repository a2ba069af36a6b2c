"""The chat in a browser, with its script and without."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from helpdesk.bot.models import Turn
from helpdesk.db import db
from helpdesk.faq.service.library import current_library
from tests.browser.conftest import Live, Look

BOX = "Your message"


def title(answer_id: str) -> str:
    return current_library().answers[answer_id].title


def turns() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Turn)) or 0


def test_from_the_first_message_to_a_person(page: Page, look: Look, javascript: bool) -> None:
    page.goto("/")
    look(page)
    page.get_by_label(BOX).fill("qr code wont scan")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name=title("barcodes/will-not-scan"))).to_be_visible()
    look(page)

    page.get_by_role("button", name="No, still stuck").click()
    expect(page.get_by_role("heading", name=title("barcodes/type-the-key"))).to_be_visible()
    page.get_by_label(BOX).fill("speak to a person")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("log").get_by_role("link", name="Speak to a person").click()
    expect(page.get_by_label("What is happening")).to_have_value("qr code wont scan")
    look(page)

    page.get_by_role("button", name="Send to the helpdesk").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    look(page)
    page.get_by_label("Your name").fill("Amina Khan")
    page.get_by_label("Your email address").fill("amina.khan@nhs.net")
    page.get_by_label("Your pharmacy").fill("FW844")
    page.get_by_label("By email").check()
    page.get_by_role("button", name="Send to the helpdesk").click()

    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    look(page)
    page.goto("/")
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    expect(page.get_by_text("You asked a person for help.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Close this chat").click()
    expect(page.get_by_text("Choose one of these, or write it in your own words.")).to_be_visible()


def test_a_question_is_asked_back_and_solved(page: Page, look: Look, javascript: bool) -> None:
    page.goto("/")
    page.get_by_label(BOX).fill("email")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("button", name="None of these")).to_be_visible()
    look(page)

    page.get_by_role("log").get_by_role("button").first.click()
    page.get_by_role("button", name="Yes", exact=True).click()

    expect(page.get_by_text("Good to hear.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("button", name="Common problems")).to_have_count(0)
    expect(page.get_by_text("Good to hear.")).to_have_count(0)


def test_messages_go_without_a_reload_and_the_focus_stays_in_the_box(page: Page, look: Look) -> None:
    page.goto("/")
    page.evaluate("window.sameplace = true")
    log = page.get_by_role("log").evaluate_handle("log => log")
    page.get_by_label(BOX).fill("lost my phone")

    page.keyboard.press("Enter")

    expect(page.get_by_text("Did this fix it?")).to_be_visible()
    assert page.evaluate("window.sameplace")
    expect(page.get_by_label(BOX)).to_be_focused()
    expect(page.get_by_label(BOX)).to_have_value("")
    assert log.evaluate("log => log.isConnected && log.querySelectorAll('li[id]').length") == 3
    look(page)
    page.get_by_label(BOX).fill("thanks")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are welcome.")).to_be_visible()
    expect(page.get_by_text("Did this fix it?")).to_have_count(0)
    assert (
        log.evaluate("log => [...log.querySelectorAll('li[id]')].map(line => line.id).join()") == "m-0,m-1,m-2,m-3,m-4"
    )


def test_shift_and_enter_begin_a_new_line(page: Page) -> None:
    page.goto("/")
    page.get_by_label(BOX).fill("one")
    page.get_by_label(BOX).press("Shift+Enter")
    page.keyboard.type("two")

    expect(page.get_by_label(BOX)).to_have_value("one\ntwo")
    assert turns() == 0


def test_an_empty_message_is_refused_without_losing_the_place(page: Page, look: Look) -> None:
    page.goto("/")
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page).to_have_title(re.compile("^Error: "))
    look(page)
    page.get_by_label(BOX).fill("lost my phone")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Did this fix it?")).to_be_visible()
    expect(page.get_by_role("heading", name="There is a problem")).to_have_count(0)
    expect(page).to_have_title(re.compile("^Get help logging in"))


def test_without_a_network_the_text_stays_and_the_next_try_is_kept_once(page: Page, live: Live) -> None:
    page.goto("/")
    page.route("**/chat", lambda route: route.abort())
    page.get_by_label(BOX).fill("lost my phone")
    with page.expect_event("requestfailed"):
        page.keyboard.press("Enter")
    expect(page.get_by_text("That was not sent.")).to_be_visible()
    expect(page.get_by_label(BOX)).to_have_value("lost my phone")

    page.unroute("**/chat")
    page.get_by_label(BOX).press("Enter")

    expect(page.get_by_text("Did this fix it?")).to_be_visible()
    assert turns() == 2


def test_pressing_twice_sends_once(page: Page) -> None:
    page.goto("/")
    page.get_by_label(BOX).fill("lost my phone")
    page.get_by_role("button", name="Send", exact=True).dblclick()

    expect(page.get_by_text("Did this fix it?")).to_be_visible()
    assert turns() == 2


def test_going_back_after_sending_does_no_harm(page: Page, javascript: bool) -> None:
    page.goto("/")
    page.get_by_role("button", name="I have lost my phone").click()
    expect(page.get_by_text("Did this fix it?")).to_be_visible()
    page.goto("/faq")
    page.go_back()

    expect(page.get_by_text("Did this fix it?")).to_be_visible()
    assert turns() == 2


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_scrolls_sideways(page: Page, width: int, look: Look) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for path in ("/", "/speak-to-a-person", "/api/v1/docs"):
        page.goto(path)
        look(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    page.goto("/")
    page.get_by_label(BOX).fill("w" * 200)
    page.keyboard.press("Enter")
    expect(page.locator("#m-2")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
