"""An answer's Markdown comes out safe, in NHS classes, and as plain text."""

import pytest

from helpdesk.faq.loader.markdown import render


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        'Hello <img src=x onerror="alert(1)"> there',
        "<a href='https://evil.example'>x</a>",
        "![picture](https://evil.example/x.png)",
    ],
)
def test_html_and_pictures_are_inert(typed: str) -> None:
    html = render(typed).html

    for tag in ("<script", "<img", "<a href='"):
        assert tag not in html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
    ],
)
def test_a_link_that_does_more_than_lead_somewhere_is_inert(address: str) -> None:
    assert "<a" not in render(f"[press]({address})\n\n<{address}>").html


def test_links_to_other_sites_send_no_referrer() -> None:
    html = render("[a](https://example.org) [b](/faq/codes/clock) [c](tel:+443454506279)").html

    assert html.count('rel="noreferrer"') == 1
    assert '<a href="https://example.org" rel="noreferrer">a</a>' in html


def test_lists_and_headings_have_nhs_classes() -> None:
    html = render("# Top\n\n1. one\n\n- dot\n").html

    assert '<h3 class="nhsuk-heading-s">Top</h3>' in html
    assert '<ol class="nhsuk-list nhsuk-list--number">' in html
    assert '<ul class="nhsuk-list nhsuk-list--bullet">' in html


def test_plain_text_keeps_numbers_levels_and_addresses() -> None:
    body = (
        "The **gist**\nin two lines.\n\n1. Open [the page](https://example.org).\n2. Choose:\n"
        "   - one\n   - `two`\n3. Done.\n\n   More of it.\n\n### Then\n\nCall [us](tel:0345).\n"
    )

    rendered = render(body)

    assert rendered.summary == "The gist in two lines."
    assert rendered.text.split("\n") == [
        "The gist in two lines.",
        "",
        "1. Open the page (https://example.org).",
        "2. Choose:",
        "   - one",
        "   - two",
        "3. Done.",
        "   More of it.",
        "",
        "Then",
        "",
        "Call us.",
    ]
