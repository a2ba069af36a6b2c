"""The main job from end to end in a browser: ask, hand over, answer, solve; escalate by rule; see it counted."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from helpdesk.accounts.models import Organisation, Person
from helpdesk.jobs.worker import run_once
from helpdesk.settings import Settings
from helpdesk.tickets.rules import REPLY_MAILED_AFTER
from helpdesk.tickets.types import Route
from tests import factories
from tests.authenticators import Phone
from tests.browser.conftest import Live, Look
from tests.tickets import ticket

WIDTHS = (1280, 375)


def log_in(page: Page, person: Person) -> None:
    log_in_with(page, person, Phone.of(person))


def log_in_with(page: Page, person: Person, phone: Phone) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("6-digit code").fill(phone.code())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


def ask_for_a_person(page: Page, problem: str) -> tuple[str, str]:
    """Hand over from the chat, as Amina does. Her reference and PIN."""
    page.goto("/")
    page.get_by_label("Your message").fill(problem)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Did this fix it?")).to_be_visible()
    page.goto("/speak-to-a-person")
    page.get_by_label("Your name").fill("Amina Khan")
    page.get_by_label("Your email address").fill("amina.khan@nhs.net")
    page.get_by_label("Your pharmacy").fill("FW844")
    page.get_by_label("By email").check()
    page.get_by_role("button", name="Send to the helpdesk").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    panel = page.locator(".nhsuk-panel").inner_text()
    reference, pin = re.search(r"HD-\w{4}-\w{4}", panel), re.search(r"\b\d{6}\b", panel)
    assert reference, panel
    assert pin, panel
    return reference[0], pin[0]


def other_browser(browser: Browser, live: Live, context: BrowserContext) -> Page:
    """Somebody else's browser, with none of the first one's cookies."""
    return browser.new_context(base_url=live.url, locale="en-GB", timezone_id="Europe/London").new_page()


def test_from_the_chat_to_a_solved_ticket(
    page: Page,
    browser: Browser,
    context: BrowserContext,
    live: Live,
    look: Look,
    javascript: bool,
    ben: Person,
    pharmacy: Organisation,
    settings: Settings,
    moved_clock: time_machine.Traveller,
) -> None:
    reference, pin = ask_for_a_person(page, "lost my phone")
    look(page)

    agent = other_browser(browser, live, context)
    log_in(agent, ben)
    agent.get_by_role("link", name="lost my phone").click()
    expect(agent.get_by_text("1 answer tried")).to_be_visible()
    agent.get_by_label("Your message").fill("Your administrator Sam can reset your MFA today.")
    agent.get_by_role("button", name="Send reply").click()
    expect(agent.get_by_text("Waiting for pharmacy").first).to_be_visible()
    moved_clock.shift(REPLY_MAILED_AFTER)
    run_once(live.app, live.app.extensions["tasks"])
    mails = sorted((settings.data_dir / "outbox").glob("*.eml"))
    assert len(mails) == 2
    assert "Your administrator Sam" in mails[-1].read_text()

    page.goto(f"/c/{reference}")
    expect(page.get_by_text("Your administrator Sam can reset your MFA today.")).to_be_visible()
    look(page)
    page.get_by_label("Your message").fill("He did. It works now.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("He did. It works now.")).to_be_visible()

    agent.reload()
    expect(agent.get_by_text("He did. It works now.")).to_be_visible()
    agent.locator("summary", has_text="Mark as solved").click()
    agent.get_by_label("What solved it (optional)").fill("Reset by the administrator.")
    agent.get_by_role("button", name="Mark as solved").click()
    expect(agent.locator(".nhsuk-tag", has_text="Solved")).to_be_visible()

    elsewhere = other_browser(browser, live, context)
    elsewhere.goto(f"/c/{reference}")
    elsewhere.get_by_label("PIN").fill(pin)
    elsewhere.get_by_role("button", name="Open request").click()
    expect(elsewhere.get_by_role("heading", name="Solved", exact=True)).to_be_visible()
    look(elsewhere)


def test_what_nobody_answers_is_escalated_and_counted(
    page: Page,
    live: Live,
    look: Look,
    app: Flask,
    moved_clock: time_machine.Traveller,
    ben: Person,
    dev: Person,
    pharmacy: Organisation,
    settings: Settings,
) -> None:
    made = ticket(organisation=pharmacy, topic="authenticators")
    moved_clock.shift(timedelta(hours=4, minutes=1))
    run_once(app, app.extensions["tasks"])

    log_in(page, ben)
    page.get_by_role("link", name="Escalated").click()
    page.get_by_role("link", name=made.summary).click()
    expect(page.get_by_text("Level 1, to the helpdesk’s email. Nobody had answered by the deadline.")).to_be_visible()
    look(page)
    letters = [path.read_text() for path in (settings.data_dir / "outbox").glob("*.eml")]
    assert [settings.escalation_email in letter for letter in letters].count(True) >= 1
    page.get_by_role("button", name="Log out").click()

    log_in(page, dev)
    page.goto("/trends")
    expect(page.get_by_text("1 escalation").first).to_be_visible()
    look(page)
    page.goto(f"/agent/tickets/{made.reference}")
    expect(page.get_by_role("heading", name="You do not have permission")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_the_staff_passes_axe_and_fits(
    page: Page, look: Look, moved_clock: time_machine.Traveller, root: Person, pharmacy: Organisation, width: int
) -> None:
    made = ticket(organisation=pharmacy, patient_waiting=True, route=Route.PHONE)
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, root)

    for path in (
        "/agent/queue",
        "/agent/queue?view=mine",
        "/agent/queue?q=nothing+like+it",
        f"/agent/tickets/{made.reference}",
        "/agent/tickets/HD-2222-2222",
        "/agent/call-backs",
        "/admin/calendar",
        "/admin/people",
        "/admin/people/new",
        "/trends",
        "/faq",
    ):
        page.goto(path)
        look(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_an_agents_morning_by_keyboard_alone(page: Page, ben: Person, pharmacy: Organisation) -> None:
    made = ticket(organisation=pharmacy)
    log_in(page, ben)

    tab_to(page, made.summary)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=made.summary)).to_be_visible()
    tab_to(page, "Your message")
    page.keyboard.type("Scan the new code.")
    tab_to(page, "Send reply")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Scan the new code.")).to_be_visible()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the thing with these words has the focus, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => { const e = document.activeElement; return (e.labels?.[0]?.innerText || e.innerText || '').trim() }"
        )
        if name.startswith(words):
            return
    pytest.fail(f"no Tab leads to {words!r}")
