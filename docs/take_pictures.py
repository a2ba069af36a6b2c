"""Takes the pictures in docs/pictures from a service of its own with sample data.

Run with `.venv/bin/python docs/take_pictures.py`.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
HELPDESK = Path(sys.executable).parent / "helpdesk"
PORT = 8199
WIDTHS = (1280, 375)
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split()


@dataclass(frozen=True)
class Staff:
    """The password of each address, and how to run a command of the service."""

    passwords: dict[str, str]
    run: Callable[..., str]


def main() -> None:
    """Every picture at both widths."""
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as staff, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        for width in WIDTHS:
            context = browser.new_context(
                base_url=f"http://127.0.0.1:{PORT}",
                viewport={"width": width, "height": 900},
                locale="en-GB",
                timezone_id="Europe/London",
            )
            page = context.new_page()
            for_the_public(page, width)
            for_agents(page, width, staff)
            for_commissioners(page, width, staff)
            page.goto("/")
            page.get_by_text("Shall I ask them?").wait_for()
            page.get_by_text("Shall I ask them?").scroll_into_view_if_needed()
            take(page, "request", width, full_page=False)  # as above


def for_the_public(page: Page, width: int) -> None:
    page.goto("/")
    take(page, "chat", width)
    page.get_by_label("Your message").fill("lost my phone")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Did this fix it?").wait_for()
    take(page, "answer", width, full_page=False)  # the box sticks to the bottom of the window
    page.goto("/speak-to-a-person")
    page.get_by_label("Your name").fill("Amina Khan")
    page.get_by_label("Your email address").fill("amina.khan@nhs.net")
    page.get_by_label("Your pharmacy").fill("FA123")
    page.get_by_label("By email").check()
    take(page, "hand-over", width)
    page.get_by_role("button", name="Send to the helpdesk").click()
    page.get_by_role("heading", name="We have your request").wait_for()
    take(page, "confirmation", width)
    page.goto("/")
    page.get_by_label("Your message").fill("I am at the counter until 5pm.")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("A person will answer you here.").wait_for()


def for_agents(page: Page, width: int, staff: Staff) -> None:
    log_in(page, "ben.okafor", staff)
    page.goto("/agent/queue?view=unassigned")
    take(page, "queue", width)
    page.goto("/agent/queue?q=amina.khan")
    page.locator(".app-queue__subject").first.click()
    page.get_by_role("heading", name="Answer", exact=True).wait_for()
    take(page, "ticket", width)
    page.get_by_label("Your message").fill("Your administrator Sam can reset your MFA today. Shall I ask them?")
    page.get_by_role("button", name="Send reply").click()
    page.get_by_text("Shall I ask them?").first.wait_for()
    page.get_by_role("button", name="Log out").click()


def for_commissioners(page: Page, width: int, staff: Staff) -> None:
    log_in(page, "dev.patel", staff)
    page.goto("/trends")
    take(page, "trends", width)
    page.get_by_role("button", name="Log out").click()


def log_in(page: Page, name: str, staff: Staff) -> None:
    email = next(email for email in staff.passwords if email.startswith(name))
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(staff.passwords[email])
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("6-digit code").fill(staff.run("mfa", "demo-code", "--email", email).strip())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Log out").wait_for()


def take(page: Page, name: str, width: int, *, full_page: bool = True) -> None:
    page.screenshot(path=HERE / "pictures" / f"{name}-{width}.png", full_page=full_page)


@contextmanager
def service(folder: Path) -> Iterator[Staff]:
    """A service with sample people and tickets."""
    environment = os.environ | {"HELPDESK_DATA_DIR": str(folder), "HELPDESK_PUBLIC_URL": f"http://127.0.0.1:{PORT}"}

    def run(*words: str) -> str:
        return subprocess.run([HELPDESK, *words], env=environment, check=True, capture_output=True, text=True).stdout

    run("init")
    rows = [line.split() for line in run("demo").splitlines()[1:-1]]
    run("sample-data", "--tickets", "400", "--sites", "12")
    server = subprocess.Popen([HELPDESK, "serve", "--port", str(PORT)], env=environment, stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        server.stdout.readline()  # "Listening on …"
        yield Staff({row[-2]: row[-1] for row in rows}, run)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


if __name__ == "__main__":
    main()
