"""The chat on other sites' pages, each site with an address of its own; third-party cookies are blocked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, ViewportSize, expect
from sqlalchemy import func, select
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from helpdesk.bot.models import Turn
from helpdesk.db import db
from helpdesk.settings import Settings, use
from helpdesk.tickets.models.ticket import Ticket
from tests.browser.conftest import WAITS_MILLISECONDS, Faults, Live, Look, _Silent

PHONE: ViewportSize = {"width": 375, "height": 700}
DESK: ViewportSize = {"width": 1280, "height": 800}
LABEL = "Get help logging in"
SNIPPET = """
<a href="{home}/" data-helpdesk>Get help logging in</a>
<script src="{home}/embed.js" data-label="Get help logging in" async></script>
"""
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Our pharmacy group</title></head>
<body><main><h1>Our pharmacy group</h1><p>News for the shops.</p><a href="#top">A link of the page</a>
{snippet}{more}</main></body></html>"""
STRICT = (
    "default-src 'none'; script-src {home}; frame-src {home}; style-src 'none'; "
    "require-trusted-types-for 'script'; base-uri 'none'; form-action 'none'"
)


@dataclass
class Site:
    """A site that is not ours."""

    url: str
    home: str
    policy: str = STRICT
    more: str = ""
    snippet: str = SNIPPET
    asked: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        self.asked.append(request.path)
        page = PAGE.format(snippet=self.snippet.format(home=self.home), more=self.more)
        headers = {"Content-Security-Policy": self.policy.format(home=self.home)}
        return Response(page, headers=headers, content_type="text/html; charset=utf-8")


@contextmanager
def served(home: str) -> Iterator[Site]:
    """A site on `localhost`, which to a browser is another site than 127.0.0.1."""
    site = Site("", home)
    application = Request.application(site.answer)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Silent)
    site.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, name="site")
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(live: Live, settings: Settings) -> Iterator[Site]:
    """The site that may embed us."""
    with served(live.url) as made:
        use(settings.model_copy(update={"embed_origins": (made.url, "https://other.example")}))
        yield made


@pytest.fixture
def context(browser: Browser, site: Site, live: Live) -> Iterator[BrowserContext]:
    """As for all journeys, with one more site that is no third party."""
    faults = Faults(live.url, site.url)
    context = browser.new_context(viewport=DESK, locale="en-GB")
    context.set_default_timeout(WAITS_MILLISECONDS)
    context.on("console", faults.note_console)
    context.on("weberror", faults.note_error)
    context.on("request", faults.note_request)
    context.on("response", faults.note_response)
    yield context
    context.close()
    assert not faults.found, "\n".join(faults.found)


def turns() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Turn)) or 0


def opened(page: Page, site: Site) -> Frame:
    """The chat's frame, once it is there."""
    page.goto(site.url)
    page.get_by_role("button", name=LABEL).click()
    frame = page.locator("helpdesk-chat iframe").element_handle().content_frame()
    assert frame is not None
    expect(frame.get_by_role("heading", name="Get help logging in")).to_be_visible()
    expect(page.get_by_text("The chat is loading.")).to_be_hidden()
    return frame


def ask(frame: Frame, text: str) -> None:
    frame.get_by_label("Your message").fill(text)
    frame.get_by_label("Your message").press("Enter")
    expect(frame.get_by_text(text, exact=True)).to_be_visible()


def test_a_chat_and_a_hand_over_in_a_frame_without_any_cookie(page: Page, site: Site, look: Look, pharmacy) -> None:
    frame = opened(page, site)
    look(frame)

    ask(frame, "qr code wont scan")
    frame.get_by_role("button", name="No, still stuck").click()
    expect(frame.get_by_text("No, still stuck").first).to_be_visible()
    expect(frame.get_by_label("Your message")).to_be_focused()
    look(frame)
    frame.get_by_role("button", name="Ask for help from a person").click()
    frame.get_by_label("Your name").fill("Amina Khan")
    frame.get_by_label("Your email address").fill("amina.khan@highstreet.example")
    frame.get_by_label("Your pharmacy").fill("FW844")
    frame.get_by_label("By email").check()
    look(frame)
    frame.get_by_role("button", name="Send to the helpdesk").click()

    expect(frame.get_by_role("heading", name="We have your request")).to_be_visible()
    look(frame)
    ticket = db.session.scalars(select(Ticket)).one()
    expect(frame.get_by_text(ticket.reference).first).to_be_visible()
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert frame.evaluate("() => { try { return localStorage.length } catch { return 0 } }") == 0


def test_links_open_a_tab_of_their_own(page: Page, site: Site) -> None:
    frame = opened(page, site)
    ask(frame, "lost my phone")

    with page.context.expect_page() as tab:
        frame.get_by_role("link", name="Open this answer on its own page").click()

    expect(tab.value.get_by_role("heading", level=1)).to_be_visible()
    expect(frame.get_by_text("Did this fix it?")).to_be_visible()


def test_the_panel_is_as_high_as_the_chat_and_never_higher_than_the_window(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 1280, "height": 3000})
    frame = opened(page, site)
    inside = frame.evaluate("document.documentElement.offsetHeight")

    expect(page.locator("helpdesk-chat iframe")).to_have_css("height", f"{inside}px")
    page.set_viewport_size({"width": 1280, "height": 700})
    panel = page.get_by_role("dialog").bounding_box()
    assert panel is not None
    assert panel["y"] >= 0
    assert panel["height"] <= 700


@pytest.mark.parametrize("by", ["button", "Escape in the chat", "Escape on the button"])
def test_by_keyboard_into_the_panel_and_back(page: Page, site: Site, by: str) -> None:
    page.goto(site.url)
    opener = page.get_by_role("button", name=LABEL)
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    frame = page.locator("helpdesk-chat iframe").element_handle().content_frame()
    assert frame is not None
    expect(frame.get_by_label("Your message")).to_be_visible()
    expect(page.get_by_text("The chat is loading.")).to_be_hidden()

    if by == "button":
        page.keyboard.press("Enter")
    elif by == "Escape on the button":
        page.keyboard.press("Escape")
    else:
        frame.get_by_label("Your message").focus()
        page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_what_was_said_is_still_there_when_the_panel_opens_again(page: Page, site: Site) -> None:
    frame = opened(page, site)
    ask(frame, "lost my phone")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name=LABEL).click()

    expect(frame.get_by_text("lost my phone", exact=True)).to_be_visible()


def test_on_a_phone_it_takes_the_screen_and_the_page_behind_is_out_of_reach(page: Page, site: Site) -> None:
    page.set_viewport_size(PHONE)
    opened(page, site)

    assert page.get_by_role("dialog").bounding_box() == {"x": 0, "y": 0, **PHONE}
    assert page.evaluate("document.querySelector('helpdesk-chat').shadowRoot.querySelector('dialog').matches(':modal')")
    page.evaluate("document.querySelector('main a').focus()")
    assert page.evaluate("document.activeElement.tagName") == "HELPDESK-CHAT"

    page.set_viewport_size(DESK)
    panel = page.get_by_role("dialog").bounding_box()
    assert panel is not None
    assert panel["width"] < 450
    page.get_by_role("link", name="A link of the page").focus()
    expect(page.get_by_role("link", name="A link of the page")).to_be_focused()


def test_nothing_scrolls_sideways_in_a_small_frame(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    frame = opened(page, site)
    ask(frame, "w" * 200)

    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_where_the_script_is_blocked_the_plain_link_leads_to_the_chat(page: Page, site: Site) -> None:
    page.route("**/embed.js", lambda route: route.fulfill(body=""))
    page.goto(site.url)

    page.get_by_role("link", name=LABEL).click()

    expect(page.get_by_label("Your message")).to_be_visible()


def test_the_plain_link_gives_way_to_the_button(page: Page, site: Site) -> None:
    page.goto(site.url)

    expect(page.get_by_role("button", name=LABEL)).to_be_visible()
    expect(page.get_by_role("link", name=LABEL)).to_have_count(0)


def test_the_script_leaves_no_global_and_no_prototype_behind(page: Page, site: Site) -> None:
    site.snippet = ""
    page.goto(site.url)
    before = set(page.evaluate("Object.getOwnPropertyNames(window)"))
    site.snippet = SNIPPET.replace("data-label", 'data-__proto__="x" data-constructor.prototype="y" data-label')
    page.goto(f"{site.url}/?__proto__[x]=1&constructor[prototype][x]=1")
    expect(page.get_by_role("button", name=LABEL)).to_be_visible()

    assert set(page.evaluate("Object.getOwnPropertyNames(window)")) - before == set()
    assert page.evaluate("[({}).x, Object.keys(Object.prototype).length]") == [None, 0]


def test_loaded_twice_it_shows_one_button(page: Page, site: Site) -> None:
    site.more = SNIPPET.format(home=site.home)
    page.goto(site.url)

    expect(page.get_by_role("button", name=LABEL)).to_have_count(1)


def test_what_another_frame_says_is_not_heard(page: Page, site: Site) -> None:
    """Neither by the panel, nor by the chat in it."""
    frame = opened(page, site)
    height = page.locator("helpdesk-chat iframe").evaluate("frame => frame.style.height")
    heard = "window.heard = []; addEventListener('message', event => heard.push(event.data))"
    page.evaluate(heard)

    page.evaluate(
        """home => {
            postMessage({kind: "helpdesk:close"}, "*");
            dispatchEvent(new MessageEvent("message", {data: {kind: "helpdesk:close"}, origin: home, source: window}));
            dispatchEvent(new MessageEvent("message", {data: {kind: "helpdesk:height", height: 9}, origin: home}));
        }""",
        site.home,
    )
    frame.evaluate(
        """() => {
            const say = (from) => dispatchEvent(new MessageEvent("message", {data: "helpdesk:hello", ...from}));
            say({origin: "https://evil.example", source: parent});
            say({origin: "https://other.example"});
        }"""
    )
    ask(frame, "lost my phone")

    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.locator("helpdesk-chat iframe").evaluate("frame => frame.style.height") != "9px", height
    assert all(said["kind"] in {"helpdesk:close", "helpdesk:height"} for said in page.evaluate("heard"))


def test_the_chat_talks_only_to_a_site_that_may_embed_it(page: Page, site: Site) -> None:
    """A window of another site that opens the frame's address gets no word out of it."""
    page.goto(f"{site.home}/embed/")
    page.evaluate("window.heard = []; addEventListener('message', event => heard.push(event.data))")
    page.evaluate("postMessage('helpdesk:hello', '*')")
    expect(page.get_by_label("Your message")).to_be_visible()

    assert page.evaluate("new Promise(done => setTimeout(() => done(heard), 0))") == ["helpdesk:hello"]


class TestOnASiteThatMayNot:
    """The browser refuses the frame; the panel still says where the chat is."""

    @pytest.fixture
    def context(self, browser: Browser) -> Iterator[BrowserContext]:
        """The browser says in its console that it refused."""
        context = browser.new_context(viewport=DESK, locale="en-GB")
        context.set_default_timeout(WAITS_MILLISECONDS)
        yield context
        context.close()

    @pytest.fixture
    def stranger_site(self, live: Live, site: Site) -> Iterator[Site]:
        with served(live.url) as made:
            yield made

    def test_the_frame_stays_empty_and_a_link_leads_to_the_chat(self, page: Page, stranger_site: Site) -> None:
        page.goto(stranger_site.url)
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.get_by_role("button", name=LABEL).click()

        frame = page.locator("helpdesk-chat iframe").element_handle().content_frame()
        assert frame is not None
        assert frame.get_by_label("Your message").count() == 0
        expect(page.get_by_text("If it does not show, open it in a new tab.")).to_be_visible()
        with page.context.expect_page() as tab:
            page.get_by_role("link", name="Open in a new tab").click()
        expect(tab.value.get_by_label("Your message")).to_be_visible()

    @pytest.mark.parametrize("path", ["/", "/sign-in", "/c"])
    def test_even_a_site_that_may_embed_the_chat_frames_no_other_page(self, page: Page, site: Site, path: str) -> None:
        site.more = f'<iframe src="{site.home}{path}" title="Not for frames"></iframe>'
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(site.url)

    def test_a_form_of_another_site_cannot_write_into_the_chat(self, page: Page, site: Site) -> None:
        site.policy = "default-src 'none'"
        site.more = (
            f'<form method="post" action="{site.home}/embed/chat"><input name="csrf_token" value="{"a" * 43}">'
            '<input name="text" value="written by somebody else"><button>Win a prize</button></form>'
        )
        page.goto(site.url)
        page.get_by_role("button", name="Win a prize").click()

        expect(page.get_by_role("heading", name="You do not have permission")).to_be_visible()
        assert turns() == 0
