"""One conversation in every browser: live replies, a shared computer, a lost connection."""

import re
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from helpdesk.accounts.models import Person
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.tickets.service.lifecycle import assign, resolve, set_status
from helpdesk.tickets.service.messages import reply
from helpdesk.tickets.types import EventKind, Status
from tests.browser.conftest import Live, Look
from tests.browser.test_helpdesk_journeys import ask_for_a_person, tab_to
from tests.tickets import actor_of, fresh, ticket_with_pin

BOX = "Your message"


class Desk:
    """The helpdesk's side of one request, without a browser."""

    def __init__(self, person: Person, reference: str) -> None:
        self.agent, self.reference = actor_of(person), reference

    def replies(self, text: str) -> None:
        with write_transaction():
            held = fresh(self)  # type: ignore[arg-type]  # all that it needs is the reference
            reply(held, by=self.agent, text=text, seen=held.last_event_number)

    def takes_over(self) -> None:
        with write_transaction():
            assign(fresh(self), by=self.agent, to=self.agent.person_id)  # type: ignore[arg-type]  # as above

    def said(self) -> list[str]:
        with write_transaction():
            events = fresh(self).events  # type: ignore[arg-type]  # as above
            return [event.text for event in events if event.kind is EventKind.REQUESTER_WROTE]


def open_request(page: Page) -> str:
    """A request of Amina's, open in this browser by reference and PIN. Its reference."""
    made, pin = ticket_with_pin()
    reference = made.reference
    db.session.rollback()
    enter_pin(page, reference, pin.digits)
    return reference


def enter_pin(page: Page, reference: str, pin: str) -> None:
    page.goto(f"/c/{reference}")
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("button", name="Open request").click()
    expect(page.get_by_role("heading", name=f"Your request {reference}")).to_be_visible()


def send(page: Page, text: str) -> None:
    page.get_by_label(BOX).fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def lines(page: Page) -> list[str]:
    ids: list[str] = page.locator("#conversation-messages > li[id^=e-]").evaluate_all("all => all.map(one => one.id)")
    return ids


def other_browser(browser: Browser, live: Live, *, javascript: bool = True) -> Page:
    """Somebody else's, with none of the first one's cookies. It needs the first one's page, and so `context`."""
    return browser.new_context(base_url=live.url, locale="en-GB", java_script_enabled=javascript).new_page()


def test_started_here_carried_on_there_and_nothing_is_left_behind(
    page: Page, context: BrowserContext, browser: Browser, live: Live, look: Look, javascript: bool, ben: Person
) -> None:
    reference, pin = ask_for_a_person(page, "lost my phone")
    look(page)
    page.goto("/")
    expect(page.get_by_text("lost my phone").first).to_be_visible()
    send(page, "I wait at the counter.")
    expect(page.get_by_text("A person will answer you here.")).to_be_visible()
    look(page)

    phone = other_browser(browser, live, javascript=javascript)
    enter_pin(phone, reference, pin)
    expect(phone.get_by_text("I wait at the counter.")).to_be_visible()
    look(phone)
    send(phone, "Now I am on my phone.")
    expect(phone.get_by_text("Now I am on my phone.")).to_be_visible()
    Desk(ben, reference).replies("Ask your administrator.")

    page.goto("/")
    for words in ("Now I am on my phone.", "Ben from the helpdesk has joined.", "Ask your administrator."):
        expect(page.get_by_text(words)).to_be_visible()
    page.goto(f"/c/{reference}")
    page.get_by_role("button", name="Close this chat").click()

    expect(page.get_by_text("Choose one of these, or write it in your own words.")).to_be_visible()
    look(page)
    for _ in range(3):
        page.go_back()
        expect(page.locator("h1")).to_be_visible()
        assert "Now I am on my phone." not in page.content()
    kept = {cookie["name"] for cookie in context.cookies() if cookie.get("value")}
    assert "ticket" not in kept
    page.goto(f"/c/{reference}")
    expect(page.get_by_role("heading", name="Open your request")).to_be_visible()


def test_a_reply_shows_by_itself_once_and_the_draft_and_the_focus_stay(page: Page, look: Look, ben: Person) -> None:
    desk = Desk(ben, open_request(page))
    look(page)
    page.get_by_label(BOX).fill("half a sente")

    desk.replies("Scan the new code.")

    expect(page.get_by_text("Scan the new code.")).to_have_count(1)
    expect(page.get_by_text("Ben from the helpdesk has joined.")).to_have_count(1)
    expect(page.get_by_role("heading", name="We have replied")).to_be_visible()
    expect(page.get_by_label(BOX)).to_be_focused()
    expect(page.get_by_label(BOX)).to_have_value("half a sente")
    look(page)
    page.keyboard.type("nce")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("half a sentence")).to_have_count(1)
    with page.expect_response(re.compile("/events")):
        pass
    assert lines(page) == ["e-1", "e-2", "e-3", "e-4"]
    assert desk.said() == ["half a sentence"]


def test_a_live_reply_is_a_line_of_the_log_for_those_who_hear_the_page(page: Page, ben: Person) -> None:
    desk = Desk(ben, open_request(page))
    desk.replies("Scan the new code.")
    expect(page.get_by_text("Scan the new code.")).to_be_visible()

    tree = page.get_by_role("log", name="Messages").aria_snapshot()
    nodes = context_tree(page)

    heard = [line.strip(" -") for line in tree.splitlines()]
    last = next(at for at, line in enumerate(heard) if "Scan the new code." in line)
    assert any("Ben at the helpdesk" in line for line in heard[last - 3 : last + 1])
    (log,) = [node for node in nodes if node.get("role", {}).get("value") == "log"]
    assert log["name"]["value"] == "Messages"
    properties = {one["name"]: one["value"].get("value") for one in log["properties"]}
    assert properties["live"] == "polite"
    assert properties["atomic"] is False  # only the new line is read
    texts = [node.get("name", {}).get("value") for node in nodes if node.get("role", {}).get("value") == "StaticText"]
    assert texts.count("Scan the new code.") == 1


def context_tree(page: Page) -> list[dict[str, Any]]:
    """What Chromium tells a screen reader."""
    nodes: list[dict[str, Any]] = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return nodes


def test_without_a_script_a_link_shows_what_is_new(
    page: Page, context: BrowserContext, browser: Browser, live: Live, ben: Person
) -> None:
    plain = other_browser(browser, live, javascript=False)
    desk = Desk(ben, open_request(plain))
    desk.replies("Scan the new code.")
    plain.get_by_role("link", name="Check for a reply").click()

    expect(plain.get_by_text("Scan the new code.")).to_be_visible()


def test_a_page_out_of_view_says_so_in_its_title_and_does_not_count_as_read(page: Page, ben: Person) -> None:
    desk = Desk(ben, open_request(page))
    expect(page.locator("#check-for-a-reply")).to_have_count(0)
    put_out_of_view(page, True)
    page.evaluate("dispatchEvent(new Event('online'))")  # as after a gap: asks at once
    desk.replies("Scan the new code.")
    with page.expect_request(re.compile(r"/events\?after=\d+$")):
        page.evaluate("dispatchEvent(new Event('online'))")
    expect(page).to_have_title(re.compile(r"^\(2 new\) Your request"))
    with write_transaction():
        assert fresh(desk).last_told_number == 1  # type: ignore[arg-type]  # all that it needs is the reference

    with page.expect_request(re.compile(r"after=3&seen=3")):
        put_out_of_view(page, False)

    expect(page).to_have_title(re.compile("^Your request"))


def put_out_of_view(page: Page, hidden: bool) -> None:
    page.evaluate(
        """hidden => {
          Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_an_answer_that_is_lost_after_the_message_was_kept_makes_no_second_one(page: Page, ben: Person) -> None:
    desk = Desk(ben, open_request(page))

    def keep_and_cut(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.route("**/messages", keep_and_cut)
    page.get_by_label(BOX).fill("Are you there?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That was not sent.")).to_be_visible()
    page.unroute("**/messages")
    page.get_by_label(BOX).press("Enter")

    expect(page.get_by_role("log").get_by_text("Are you there?")).to_have_count(1)
    expect(page.get_by_text("That was not sent.")).to_have_count(0)
    assert desk.said() == ["Are you there?"]


def test_what_is_closed_in_one_tab_leaves_the_other_too(page: Page, context: BrowserContext) -> None:
    reference = open_request(page)
    second = context.new_page()
    second.goto(f"/c/{reference}")
    second.get_by_role("button", name="Close this chat").click()
    expect(second.get_by_role("heading", name="Get help logging in")).to_be_visible()

    expect(page.get_by_role("heading", name="Open your request")).to_be_visible()


def test_a_chat_that_was_handed_over_in_another_tab_becomes_the_request(page: Page, context: BrowserContext) -> None:
    page.goto("/")
    send(page, "lost my phone")
    expect(page.get_by_text("Did this fix it?")).to_be_visible()
    reference, _ = ask_for_a_person(context.new_page(), "lost my phone")

    send(page, "Hello?")

    expect(page.get_by_role("heading", name=f"Your request {reference}")).to_be_visible()
    expect(page.get_by_role("log").get_by_text("Hello?")).to_have_count(1)


def test_an_agent_takes_over_while_the_person_types(page: Page, ben: Person) -> None:
    desk = Desk(ben, open_request(page))
    page.get_by_label(BOX).fill("Are you the")

    desk.takes_over()

    expect(page.get_by_text("Ben from the helpdesk has joined.")).to_be_visible()
    page.keyboard.type("re?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("Are you there?")).to_have_count(1)
    expect(page.get_by_text("automatic reply")).to_have_count(1)  # of the chat before


def test_the_request_by_keyboard_alone(page: Page) -> None:
    reference = open_request(page)
    tab_to(page, BOX)
    page.keyboard.type("Are you there?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("Are you there?")).to_be_visible()
    expect(page.get_by_label(BOX)).to_be_focused()

    tab_to(page, "Close this chat")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Get help logging in")).to_be_visible()
    page.goto(f"/c/{reference}")
    expect(page.get_by_role("heading", name="Open your request")).to_be_visible()


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_nothing_of_a_long_conversation_scrolls_sideways(page: Page, look: Look, ben: Person, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    desk = Desk(ben, open_request(page))
    desk.replies("w" * 200)

    expect(page.get_by_text("w" * 200)).to_be_visible()

    look(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_closed_request_has_no_box_and_says_where_to_ask_again(page: Page, look: Look, ben: Person) -> None:
    desk = Desk(ben, open_request(page))
    with write_transaction():
        resolve(fresh(desk), by=SYSTEM)  # type: ignore[arg-type]  # all that it needs is the reference
        set_status(fresh(desk), by=SYSTEM, status=Status.CLOSED)  # type: ignore[arg-type]  # as above
    page.reload()

    expect(page.get_by_role("heading", name="Closed")).to_be_visible()
    expect(page.get_by_label(BOX)).to_have_count(0)
    look(page)


class Restartable:
    """A server that can be stopped and started on the same port, as in a deployment."""

    def __init__(self, app: Flask) -> None:
        self.app, self.port = app, 0
        self.start()

    def start(self) -> None:
        self.server: BaseWSGIServer = make_server(
            "127.0.0.1", self.port, self.app, threaded=True, request_handler=_Quiet
        )
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, name="restartable")
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # as in the class it overrides
        pass


@pytest.fixture
def restartable(app: Flask) -> Iterator[Restartable]:
    server = Restartable(app)
    yield server
    server.stop()


def test_a_restart_loses_and_doubles_nothing_and_the_page_asks_ever_more_rarely_meanwhile(
    browser: Browser, page: Page, restartable: Restartable, ben: Person
) -> None:
    visitor = browser.new_context(base_url=f"http://127.0.0.1:{restartable.port}").new_page()
    desk = Desk(ben, open_request(visitor))
    desk.replies("Before.")
    expect(visitor.get_by_text("Before.")).to_be_visible()
    failed_at: list[float] = []
    visitor.on("requestfailed", lambda _request: failed_at.append(time.monotonic()))

    restartable.stop()
    expect(visitor.get_by_text("Connection lost. Trying again.")).to_be_visible()
    for text in ("First.", "Second.", "Third."):
        desk.replies(text)
    visitor.wait_for_event("requestfailed")
    visitor.wait_for_event("requestfailed")
    restartable.start()

    expect(visitor.get_by_text("Third.")).to_have_count(1)
    expect(visitor.get_by_text("Connection lost. Trying again.")).to_have_count(0)
    assert lines(visitor) == [f"e-{number}" for number in range(1, 7)]
    waits = [later - earlier for earlier, later in pairwise(failed_at)]
    assert len(waits) >= 2
    assert waits[0] >= 0.9  # half of the shortest wait at least
    assert waits[1] >= 1.9
