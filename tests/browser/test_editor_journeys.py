"""A lead agent mends an answer and teaches the assistant, in a browser, with JavaScript and without."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from helpdesk.accounts.models import Person
from helpdesk.settings import in_use, use
from tests.browser.conftest import Look
from tests.browser.test_helpdesk_journeys import log_in
from tests.unit.faq.faq_files import small_faq

UNKNOWN = "order more paracetamol for the weekend"
STOLEN = ("code not accepted at all", "my number is wrong every time", "invalid verification code again")


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """A small FAQ that the journey may change, with three labelled messages."""
    before = in_use()
    made = small_faq(tmp_path / "faq")
    rows = [f'{{"text": "{text}", "ids": ["codes/rejected"], "kind": "plain"}}\n' for text in STOLEN]
    (made / "messages.jsonl").write_text("".join(rows))
    use(before.model_copy(update={"faq_dir": made}))
    yield made
    use(before)


def test_an_answer_is_edited_refused_mended_and_published(
    page: Page, look: Look, javascript: bool, cara: Person, folder: Path
) -> None:
    log_in(page, cara)
    page.get_by_role("link", name="Edit answers").click()
    look(page)
    page.get_by_role("link", name="My clock is wrong").click()
    look(page)
    phrasings = page.get_by_label("Phrasings").input_value()
    page.get_by_label("Phrasings").fill("\n".join([phrasings, *STOLEN]))
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="These messages lose their answer")).to_be_visible()
    look(page)

    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_text("now goes to My clock is wrong")).to_have_count(3)
    look(page)
    page.get_by_label("Phrasings").fill(phrasings + "\nmy watch is slow")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("These messages lose their answer")).to_have_count(0)
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_text("Published. People see it within a few seconds.")).to_be_visible()
    expect(page.get_by_text("Version 2: Cara Lewis")).to_be_visible()
    look(page)
    assert "my watch is slow" in (folder / "codes/clock.md").read_text()


def test_what_was_not_understood_is_taught(
    page: Page, look: Look, javascript: bool, cara: Person, folder: Path
) -> None:
    page.goto("/")
    page.get_by_label("Your message").fill(UNKNOWN)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("log").get_by_text(UNKNOWN)).to_be_visible()
    log_in(page, cara)
    page.goto("/admin/faq/learning")
    look(page)

    page.get_by_label("Answer", exact=True).select_option("codes/clock")
    page.get_by_role("button", name="Add these phrasings").click()
    look(page)
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published.")).to_be_visible()

    assert UNKNOWN in (folder / "codes/clock.md").read_text()


@pytest.mark.parametrize("width", [1280, 375, 320])
def test_the_editor_does_not_scroll_sideways(page: Page, look: Look, width: int, cara: Person, folder: Path) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/")
    page.get_by_label("Your message").fill(UNKNOWN + " " + "w" * 80)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#m-2")).to_be_visible()
    log_in(page, cara)
    page.goto("/admin/faq/learning")
    expect(page.get_by_role("heading", level=2)).to_have_count(1)
    for path in ("/admin/faq", "/admin/faq/codes/clock", "/admin/faq/learning"):
        page.goto(path)
        look(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
