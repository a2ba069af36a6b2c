"""The pages every visitor can reach, looked at in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Live, Look


@pytest.mark.parametrize("path", ["/accessibility", "/privacy", "/no-such-page"])
def test_pages_read_well_with_and_without_javascript(path: str, javascript: bool, page: Page, look: Look) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look(page)


def test_page_fits_a_narrow_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.goto("/accessibility")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


class TestOnPostgresql:
    """One journey on the bigger database shows that serving from threads works there too."""

    @pytest.fixture
    def database(self) -> str:
        return "postgresql"

    def test_service_says_it_is_ready(self, live: Live, page: Page) -> None:
        page.goto("/readyz")
        expect(page.get_by_text("ok")).to_be_visible()
