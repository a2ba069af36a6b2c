"""The chat for everybody: by ear, by keyboard alone, much enlarged, in high contrast, on a slow line."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from helpdesk.db import db, write_transaction
from helpdesk.faq.service.library import current_library
from helpdesk.settings import Settings, use
from helpdesk.tickets.models.known_issues import KnownIssue
from tests.browser.conftest import Live, Look

BOX = "Your message"
FIRST_LOAD_BYTES = 100_000


def say(page: Page, text: str) -> None:
    page.get_by_label(BOX).fill(text)
    page.get_by_label(BOX).press("Enter")


def empty(page: Page) -> None:
    page.goto("/")


def typing(page: Page) -> None:
    page.goto("/")
    page.get_by_label(BOX).fill("my code\nis refused\n" + "w" * 120)


def waiting(page: Page) -> None:
    """The answer is on its way and does not arrive."""
    page.goto("/")
    page.route("**/chat", lambda _route: None)
    say(page, "lost my phone")
    expect(page.get_by_role("log")).to_have_attribute("aria-busy", "true")


def answer(page: Page) -> None:
    page.goto("/")
    say(page, "lost my phone")
    expect(page.get_by_text("Did this fix it?")).to_be_visible()


def clarify(page: Page) -> None:
    page.goto("/")
    say(page, "email")
    expect(page.get_by_role("button", name="None of these")).to_be_visible()


def not_understood(page: Page) -> None:
    page.goto("/")
    say(page, "?" * 300)
    expect(page.locator("#m-2")).to_be_visible()


def error(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


def not_sent(page: Page) -> None:
    page.goto("/")
    page.route("**/chat", lambda route: route.abort())
    say(page, "lost my phone")
    expect(page.get_by_text("That was not sent.")).to_be_visible()


def too_long(page: Page) -> None:
    page.goto("/")
    say(page, "w" * 270_000)
    expect(
        page.get_by_text("That is too long. Your text is still here. You can also phone 0345 450 6279.")
    ).to_be_visible()


def known_issue(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="QR codes do not show in some browsers")).to_be_visible()
    say(page, "qr code wont scan")
    expect(page.get_by_role("log").get_by_text("QR codes do not show in some browsers.")).to_be_visible()


def handed_over(page: Page) -> None:
    page.goto("/speak-to-a-person")
    page.get_by_label("Your name").fill("Amina Khan")
    page.get_by_label("Your email address").fill("amina.khan@nhs.net")
    page.get_by_label("Your pharmacy").fill("High Street Pharmacy, Anytown")
    page.get_by_label("By email").check()
    page.get_by_label("What is happening").fill("locked out")
    page.get_by_role("button", name="Send to the helpdesk").click()
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    page.goto("/")
    expect(page.get_by_text("We have your request")).to_be_visible()


def closed(page: Page) -> None:
    answer(page)
    page.get_by_role("button", name="Close this chat").click()
    expect(page.get_by_text("Did this fix it?")).to_have_count(0)


def embedded(page: Page) -> None:
    page.goto("/embed/")
    say(page, "lost my phone")
    expect(page.get_by_text("Did this fix it?")).to_be_visible()


STATES: tuple[Callable[[Page], None], ...] = (
    empty,
    typing,
    waiting,
    answer,
    clarify,
    not_understood,
    error,
    not_sent,
    too_long,
    known_issue,
    handed_over,
    closed,
    embedded,
)
in_every_state = pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)


@pytest.fixture(autouse=True)
def something_is_broken(request: pytest.FixtureRequest, live: Live, settings: Settings) -> None:
    """A site may embed the chat; and in the states that are about it, something is broken."""
    current_library()  # now, so that no page waits for it
    use(settings.model_copy(update={"embed_origins": ("https://www.pharmacies.example",)}))
    if getattr(request.node, "callspec", None) is None or request.node.callspec.params.get("state") is not known_issue:
        return
    cara = request.getfixturevalue("cara")
    with write_transaction():
        db.session.add(
            KnownIssue(
                title="QR codes do not show in some browsers",
                what_to_do="Use another browser, or type the key.",
                topic="barcodes",
                opened_at=cara.created_at,
                opened_by_id=cara.id,
            )
        )


@in_every_state
def test_every_state_passes_axe_and_fits_a_small_phone_and_four_hundred_per_cent(
    page: Page, look: Look, state: Callable[[Page], None]
) -> None:
    """1,280 px at 400 % are 320 px; so is a small phone, which is higher."""
    page.set_viewport_size({"width": 320, "height": 568})
    state(page)
    look(page)

    for width, height in ((320, 568), (320, 256), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{width} by {height}"
    look(page)


def tree(page: Page) -> list[dict[str, Any]]:  # Any: as Chromium reports it
    """The accessibility tree of the page, in order, without what is ignored."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}

    def below(node: dict[str, Any]) -> list[dict[str, Any]]:
        inside = [by_id[child] for child in node.get("childIds", ()) if child in by_id]
        return [node, *(found for child in inside for found in below(child))]

    return [node for node in below(nodes[0]) if not node.get("ignored")]


def part(nodes: list[dict[str, Any]], role: str, name: str) -> list[tuple[str, str]]:
    """Role and name of everything that is read from that node on, up to the box below the log."""
    said = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes]
    start = said.index((role, name))
    return said[start : said.index(("textbox", BOX))]


def test_a_reply_is_read_as_a_list_of_lines_with_a_heading_steps_and_buttons(page: Page) -> None:
    answer(page)

    log = part(tree(page), "log", "Conversation")

    assert log[1][0] == "list"
    assert [role for role, _ in log].count("listitem") >= 3
    words = [name for _, name in log]
    assert words.index("You") < words.index("lost my phone") < words.index("Did this fix it?")
    assert any(role == "heading" and "phone" in name for role, name in log)
    assert ("group", "Did this fix it?") in log
    buttons = [name for role, name in log if role == "button"]
    assert buttons[-4:] == ["Yes", "No, still stuck", "Speak to a person", "Check it with me"]


def test_the_log_is_polite_whole_and_tells_additions_only(page: Page) -> None:
    answer(page)
    log = next(node for node in tree(page) if node["role"]["value"] == "log")
    said = {one["name"]: one["value"].get("value") for one in log["properties"]}

    assert said["live"] == "polite"
    assert said["atomic"] is False
    assert said["relevant"] == "additions text"


SPEAKS = """() => {
    window.spoken = [];
    new MutationObserver((changes) => {
        for (const change of changes) for (const node of change.addedNodes) {
            if (node.nodeType === Node.ELEMENT_NODE) spoken.push(node.id || node.tagName);
            else if (node.textContent.trim()) spoken.push(node.textContent.trim());
        }
    }).observe(document.querySelector("[role=log]"), {childList: true, subtree: true, characterData: true});
}"""


def test_each_new_line_is_told_once_and_nothing_else_is(page: Page) -> None:
    """A screen reader speaks what is added to the log; old lines must stay in place, and no other part may speak."""
    page.goto("/")
    page.evaluate(SPEAKS)

    say(page, "lost my phone")
    expect(page.locator("#m-2")).to_be_visible()
    say(page, "thanks")
    expect(page.locator("#m-4")).to_be_visible()

    assert page.evaluate("spoken") == ["m-1", "m-2", "m-3", "m-4"]
    expect(page.get_by_label(BOX)).to_be_focused()
    live = "[aria-live], [role=log], [role=alert], [role=status]"
    assert page.locator(live).evaluate_all("found => found.map(one => one.getAttribute('role'))") == ["log"]


def test_the_whole_chat_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    press_until(page, lambda: page.get_by_label(BOX))
    page.keyboard.type("lost my phone")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Did this fix it?")).to_be_visible()
    press_until(page, lambda: page.get_by_role("button", name="Yes", exact=True), key="Shift+Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Good to hear.")).to_be_visible()
    expect(page.get_by_label(BOX)).to_be_focused()


def press_until(page: Page, wanted: Callable[[], Any], key: str = "Tab") -> None:  # Any: a locator
    for _ in range(60):
        if wanted().evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail("The keyboard does not get there.")


FOCUS = """() => {
    const seen = getComputedStyle(document.activeElement);
    return [seen.outlineStyle, parseFloat(seen.outlineWidth), seen.outlineColor, seen.backgroundColor];
}"""


def test_in_high_contrast_everything_in_focus_has_an_outline(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    answer(page)
    page.get_by_role("link", name="Skip to main content").focus()

    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        style, width, outline, ground = page.evaluate(FOCUS)
        name = page.evaluate("document.activeElement.outerHTML.slice(0, 90)")
        assert style != "none", name
        assert width >= 2, name
        assert outline not in {ground, "rgba(0, 0, 0, 0)"}, name


def test_with_reduced_motion_nothing_moves(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.add_init_script(
        "window.moves = []; const old = Element.prototype.scrollIntoView;"
        "Element.prototype.scrollIntoView = function (how) { moves.push(how.behavior); return old.call(this, how); };"
    )
    answer(page)

    assert page.evaluate("moves") == ["auto"]
    moving = "[...document.querySelectorAll('*')].filter(one => getComputedStyle(one).animationName !== 'none')"
    assert page.evaluate(f"{moving}.length") == 0
    assert page.evaluate("document.getAnimations().length") == 0


def test_with_motion_the_page_glides_to_the_answer(page: Page) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.add_init_script(
        "window.moves = []; Element.prototype.scrollIntoView = function (how) { moves.push(how.behavior); };"
    )
    answer(page)

    assert page.evaluate("moves") == ["smooth"]


@pytest.mark.parametrize("path", ["/", "/embed/", "/status", "/c", "/speak-to-a-person"])
def test_the_first_load_is_small_and_asks_nobody_else(page: Page, live: Live, path: str) -> None:
    """What goes over the wire, headers included, as Chromium counts it."""
    session = page.context.new_cdp_session(page)
    sizes: list[float] = []
    asked: list[str] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    session.send("Network.enable")

    page.goto(path, wait_until="networkidle")

    assert sum(sizes) < FIRST_LOAD_BYTES, f"{path}: {sum(sizes):,.0f} bytes for {asked}"
    assert len(sizes) >= 3
    assert all(url.startswith((live.url, "data:")) for url in asked), asked


def test_nothing_that_was_said_is_left_in_the_browser(page: Page) -> None:
    answer(page)
    page.get_by_role("button", name="Close this chat").click()
    expect(page.get_by_text("Did this fix it?")).to_have_count(0)

    kept = page.evaluate(
        """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
            (await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length]"""
    )
    assert kept == [0, 0, 0, 0, 0]
    page.go_back()
    expect(page.get_by_text("Did this fix it?")).to_have_count(0)
