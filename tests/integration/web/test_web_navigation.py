"""The header says where its reader is, also on the pages that lie behind one of its links."""

import pytest

from helpdesk.accounts.models import Person
from tests.client import Page
from tests.people import SignIn


def marked(page: Page) -> list[str]:
    links = [link for nav in page.tree.find_all("nav") for link in nav.find_all("a")]
    return [link.text for link in links if link.attributes.get("aria-current")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/agent/queue", "Queue"),
        ("/agent/search?q=code", "Queue"),
        ("/agent/call-backs", "Queue"),
        ("/agent/known-issues", "Known issues"),
        ("/admin/escalation/new", "Deadlines"),
        ("/admin/calendar", "Deadlines"),
        ("/admin/resets/new", "Resets"),
    ],
)
def test_a_page_marks_the_link_that_it_lies_behind(sign_in_as: SignIn, cara: Person, path: str, text: str) -> None:
    assert text in marked(sign_in_as(cara).get(path))


def test_one_link_of_the_header_is_marked_and_no_more(sign_in_as: SignIn, root: Person, sam: Person) -> None:
    page = sign_in_as(root).get(f"/admin/people/{sam.id}")

    assert marked(page) == ["People"]
