"""What the page takes out before it sends, and what the person is told."""

import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, expect

from helpdesk.core.secret_spans import SecretKind
from tests.browser.conftest import Look
from tests.unit.core.redaction_examples import HARMLESS, read_examples

BOX = "Your message"
NOTICE = "We removed a security code from your message. You do not need to send it to us."
# The page knows these, in plain characters and in the usual groups; the service knows the rest.
IN_THE_PAGE = (
    SecretKind.SETUP_LINK,
    SecretKind.ACTIVATION_CODE,
    SecretKind.CARD_NUMBER,
    SecretKind.NHS_NUMBER,
    SecretKind.SECURITY_CODE,
)
WITHOUT_SECRETS = """async texts => {
    const script = document.querySelector("script[src*=redaction]").src;
    return texts.map((await import(script)).withoutSecrets);
}"""


def test_a_code_goes_out_of_the_message_and_the_person_is_told(page: Page, look: Look, javascript: bool) -> None:
    page.goto("/")
    page.get_by_label(BOX).fill("my code 731 946 is refused")
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_text("my code [security code removed] is refused")).to_be_visible()
    expect(page.get_by_text(NOTICE)).to_have_count(1)
    look(page)


def test_the_code_never_leaves_the_page(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.extend(_texts(request)))
    page.goto("/")
    page.get_by_label(BOX).fill("my code 731 946 is refused")
    page.keyboard.press("Enter")

    expect(page.get_by_text(NOTICE)).to_be_visible()
    expect(page.get_by_label(BOX)).to_have_value("")
    assert sent == ["my code [security code removed] is refused"]


def test_nor_does_it_leave_the_form_for_a_person(page: Page, look: Look, javascript: bool) -> None:
    page.goto("/speak-to-a-person")
    page.get_by_label("Your name").fill("Amina Khan")
    page.get_by_label("Your email address").fill("amina.khan@nhs.net")
    page.get_by_label("Your pharmacy").fill("FW844")
    page.get_by_label("By email").check()
    page.get_by_label("What is happening").fill("my code 731 946 is refused")
    page.get_by_role("button", name="Send to the helpdesk").click()

    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    expect(page.get_by_text(NOTICE)).to_be_visible()
    look(page)
    page.get_by_role("link", name="Open your request").click()
    page.get_by_label(BOX).fill("now 118 240 is my code")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("now [security code removed] is my code")).to_be_visible()
    expect(page.get_by_text(NOTICE)).to_have_count(2)
    look(page)


@pytest.mark.parametrize("kind", IN_THE_PAGE)
def test_the_page_knows_the_clear_examples(page: Page, kind: SecretKind) -> None:
    page.goto("/")
    examples = [one for one in read_examples() if one.section == kind and one.typed.isascii()]

    kept = page.evaluate(WITHOUT_SECRETS, [one.typed for one in examples])

    left = [text for text, one in zip(kept, examples, strict=True) if any(secret in text for secret in one.secrets)]
    assert len(left) <= len(examples) / 3, left


def test_the_page_leaves_what_only_looks_like_a_secret(page: Page) -> None:
    page.goto("/")
    texts = [one.typed for one in read_examples() if one.section == HARMLESS]

    kept = page.evaluate(WITHOUT_SECRETS, texts)

    changed = [text for text, left in zip(texts, kept, strict=True) if text != left]
    assert len(changed) <= len(texts) / 100, changed


def _texts(request: Request) -> list[str]:
    """What was sent as the message; the forms here are plain."""
    data = request.post_data or ""
    return parse_qs(data).get("text", []) if re.search("/chat$", request.url) else []
