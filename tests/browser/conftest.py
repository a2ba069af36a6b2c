"""Journeys in a real Chromium against the real application, in this very process: a moved clock moves it too.

    def test_a_journey(page: Page, look: Look) -> None:
        page.goto("/")
        look(page)          # no fault that axe can find; after every navigation

A test that asks for `javascript` runs twice, the second time with JavaScript switched off.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Page, Request, Response, WebError, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from helpdesk.db import db
from tests.html import parse
from tests.page_rules import problems_of

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_OF_MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
MISSING = "The browser journeys need Chromium: run `make test`, or `sudo apt-get install chromium`."
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--test-third-party-cookie-phaseout",  # as Safari and Firefox do already
)
# The first question of a process wakes the matching engine, which takes seconds on a busy machine.
WAITS_MILLISECONDS = 30_000
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A page may refuse, and Chromium then says so; what a page brings along must be there.
MAY_REFUSE = {"document", "fetch", "xhr"}
SERVER_FAULT, REFUSED = 500, 400

Look = Callable[[Page | Frame], None]

expect.set_options(timeout=WAITS_MILLISECONDS)


@dataclass(frozen=True)
class Live:
    """The application as it is served."""

    app: Flask
    url: str

    def here(self, url: str) -> str:
        """The same address on this server: links in mail carry the configured public address."""
        return self.url + "/" + url.split("://", 1)[-1].partition("/")[2]


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # Any: as in the class it overrides
        pass


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser that is closed while it fetches a picture leaves the server with an open file; that is no fault."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"))


@pytest.fixture
def database() -> str:
    """Journeys run on SQLite; a test that runs on PostgreSQL as well says so with its own `database`."""
    return "sqlite"


@pytest.fixture(params=["js", "no-js"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """With JavaScript, and without."""
    return bool(request.param == "js")


@pytest.fixture
def live(app: Flask) -> Iterator[Live]:
    """The application, served on a free port by threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, name="live")
    thread.start()
    yield Live(app, f"http://127.0.0.1:{server.server_port}")
    db.session.rollback()  # a test that still reads must not keep the server's last request waiting
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, which speaks to nobody but us. Any: options of Playwright."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), CHROMIUM_OF_MACOS)
    if not Path(found).exists():
        pytest.fail(MISSING, pytrace=False)
    return {**browser_type_launch_args, "executable_path": found, "args": list(QUIET)}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each test's server has an address of its own; the plugin's fixture of this name also warns under pytest 9."""


@pytest.fixture
def browser_context_args(
    browser_context_args: dict[str, Any], request: pytest.FixtureRequest, live: Live
) -> dict[str, Any]:
    """A pharmacy's browser. Any: options of Playwright."""
    scripts = request.getfixturevalue("javascript") if "javascript" in request.fixturenames else True
    return {
        **browser_context_args,
        "base_url": live.url,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "java_script_enabled": scripts,
    }


@pytest.fixture
def context(context: BrowserContext, live: Live) -> Iterator[BrowserContext]:
    """A browser that writes down every fault; the test fails if there was one."""
    faults = Faults(live.url)
    context.set_default_timeout(WAITS_MILLISECONDS)
    context.on("console", faults.note_console)
    context.on("weberror", faults.note_error)
    context.on("request", faults.note_request)
    context.on("response", faults.note_response)
    yield context
    assert not faults.found, "\n".join(faults.found)


class Faults:
    """What must not happen behind a page that looks right."""

    def __init__(self, *homes: str) -> None:
        self.homes = tuple(f"{home}/" for home in homes)
        self.found: list[str] = []

    def note_console(self, message: ConsoleMessage) -> None:
        # A missing file is noted as a response; a page that refuses is no fault.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.found.append(f"The console says: {message.text}")

    def note_error(self, error: WebError) -> None:
        self.found.append(f"A script failed: {error.error}")

    def note_request(self, request: Request) -> None:
        if not request.url.startswith((*self.homes, "data:", "blob:", "about:")):
            self.found.append(f"The page asked another host: {request.url}")

    def note_response(self, response: Response) -> None:
        may_refuse = response.request.resource_type in MAY_REFUSE
        if response.status >= SERVER_FAULT or (response.status >= REFUSED and not may_refuse):
            self.found.append(f"{response.status} for {response.url}")


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Look:
    """Look at a page as everybody must be able to: by our own rules and, where scripts run, by those of axe."""
    has_scripts = "javascript" not in request.fixturenames or request.getfixturevalue("javascript")
    return _look_with_axe if has_scripts else _look_by_our_rules


def _look_by_our_rules(page: Page | Frame) -> None:
    page.wait_for_load_state("load")
    problems = problems_of(parse(page.content()))
    assert not problems, f"{page.url}\n" + "\n".join(problems)


def _look_with_axe(page: Page | Frame) -> None:
    """Axe waits for timers, which never ring where JavaScript is off: there it would wait for ever."""
    _look_by_our_rules(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", WCAG)
    assert not result["violations"], f"{page.url}\n" + "\n".join(map(_in_words, result["violations"]))


def _in_words(violation: dict[str, Any]) -> str:  # Any: as axe reports it
    places = [f"    {' '.join(map(str, node['target']))}  {node['html'][:160]}" for node in violation["nodes"]]
    return "\n".join([f"  {violation['id']} ({violation['impact']}): {violation['help']}", *places])
