"""What somebody sees who reads or searches the answers; nobody has to log in."""

from pathlib import Path

import pytest

from helpdesk.faq.service import library as service
from tests.client import PageClient
from tests.unit.faq.faq_files import replace_in, write_answer

pytestmark = pytest.mark.usefixtures("folder")


def test_all_topics_are_shown_with_their_answers(client: PageClient) -> None:
    page = client.get("/faq")

    assert page.status_code == 200
    assert page.heading == "Answers"
    assert page.has("Codes that are refused.")
    assert page.link("The QR code will not scan") == "/faq/barcodes/will-not-scan"


def test_a_slash_at_the_end_does_no_harm(client: PageClient) -> None:
    assert client.get("/faq/").status_code == 200


def test_a_topic_lists_the_gist_of_its_answers(client: PageClient) -> None:
    page = client.get("/faq/codes")

    assert page.heading == "Six-digit codes"
    assert page.has("The gist.")
    assert page.link("My code is refused") == "/faq/codes/rejected"
    assert not page.has("The QR code will not scan")


def test_an_answer_has_a_page_of_its_own(client: PageClient) -> None:
    page = client.get("/faq/codes/rejected")

    assert page.heading == "My code is refused"
    assert page.has("First step.")
    assert page.has("Checked on 24 November 2026")
    assert page.has("If this did not help Ask a person.")
    assert page.link("My clock is wrong") == "/faq/codes/clock"
    assert "Ask in the chat or speak to a person" in [link.text for link in page.links]


def test_the_next_step_is_offered_once(client: PageClient, folder: Path) -> None:
    replace_in(folder / "codes/rejected.md", "Ask a person.", "Check the clock.\n  answer: codes/clock")

    page = client.get("/faq/codes/rejected")

    assert [link.text for link in page.links].count("My clock is wrong") == 1


def test_html_in_an_answer_is_shown_as_text(client: PageClient, folder: Path) -> None:
    write_answer(
        folder, "codes/clock", "My <b>clock</b>", body="Hi <script>alert(1)</script> [x](javascript:alert(1))\n"
    )

    page = client.get("/faq/codes/clock")

    assert page.heading == "My <b>clock</b>"
    assert page.has("Hi <script>alert(1)</script> [x](javascript:alert(1))")
    assert "<script>alert" not in page.html


@pytest.mark.parametrize(
    "path", ["/faq/nothing", "/faq/codes/nothing", "/faq/codes/a/b", "/faq/codes/..%2fx", "/faq/%00"]
)
def test_what_is_not_there_is_a_page_that_says_so(client: PageClient, path: str) -> None:
    page = client.get(path)

    assert page.status_code == 404
    assert page.heading == "Page not found"


def test_a_search_finds_the_answer_with_a_typing_mistake(client: PageClient) -> None:
    page = client.submit(client.get("/faq"), button="Search", q="scaner finds nothin on screen")

    assert page.has("for “scaner finds nothin on screen”")
    assert page.links[[link.text for link in page.links].index("The QR code will not scan")].url.endswith("not-scan")
    assert 'value="scaner finds nothin on screen"' in page.html


def test_a_search_that_finds_nothing_says_what_to_do_next(client: PageClient) -> None:
    page = client.get("/faq?q=order+more+paracetamol")

    assert page.status_code == 200
    assert page.has("No answers for “order more paracetamol”")
    assert page.has("Try other words")
    assert page.has("ask in the chat or call 0345 450 6279")


@pytest.mark.parametrize(
    "typed",
    [
        "%",
        "%%%",
        "%00",
        "%ff%fe",
        "a%00b%1f",
        "%F0%9F%98%80",
        "'%22><script>",
        "%E2%80%AE",
        "{{7*7}}",
        "+",
        "&q=x",
        "\\",
    ],
)
def test_odd_searches_are_no_errors(client: PageClient, typed: str) -> None:
    page = client.get(f"/faq?q={typed}")

    assert page.status_code == 200
    assert page.heading == "Answers"
    assert not any(sign in page.html for sign in "\x00\x1f\u202e")


def test_a_huge_search_is_cut(client: PageClient) -> None:
    page = client.get("/faq", query_string={"q": "code " * 200_000})

    assert page.status_code == 200
    assert len(page.html) < 20_000


def test_a_search_is_limited_and_leaves_out_noise() -> None:
    assert service.search("invalid verification code")[0].id == "codes/rejected"
    assert service.search("order more paracetamol") == []
