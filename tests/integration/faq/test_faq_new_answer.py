"""An editor writes an answer that the FAQ does not have yet, through the same gate as a change."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.audit.models import AuditEvent
from helpdesk.db import db
from helpdesk.faq.models import FaqRevision
from tests.client import Page, PageClient
from tests.people import SignIn

NEW = "/admin/faq/new"
URL = "/admin/faq/codes/my-watch-shows-the-code"
TITLE = "My watch shows the code"
REST = {
    "phrasings": "code on my watch\nsmart watch code\nwrist code display",
    "body": "Use the phone.\n\n1. Open the app on your phone.",
    "next_step": "Ask a person.",
    "sources": "https://example.org/watch",
}

pytestmark = pytest.mark.usefixtures("moved_clock")


@pytest.fixture
def lead(folder: Path, sign_in_as: SignIn, cara: Person) -> PageClient:
    """Cara, at work on a small FAQ."""
    return sign_in_as(cara)


def started(client: PageClient, **changes: str) -> Page:
    return client.submit(client.get(NEW), button="Continue", **{"title": TITLE, "topic": "codes", **changes})


def previewed(client: PageClient) -> Page:
    return client.submit(started(client), button="Preview", **REST)


def revisions() -> list[FaqRevision]:
    db.session.rollback()
    return list(db.session.scalars(select(FaqRevision).order_by(FaqRevision.number)))


def test_a_new_answer_is_published_like_a_change(
    lead: PageClient, folder: Path, cara: Person, let_changes_be_seen: Callable[[], None]
) -> None:
    lead.get("/faq")
    preview = previewed(lead)
    assert preview.has("Open the app on your phone.")
    assert not (folder / "codes/my-watch-shows-the-code.md").exists()

    page = lead.follow(lead.submit(preview, button="Publish", reason="Asked by many"))

    assert page.has("Published. People see it within a few seconds.")
    kept = [(one.number, one.by_id, one.text) for one in revisions()]
    assert kept == [(1, cara.id, (folder / "codes/my-watch-shows-the-code.md").read_text())]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "faq:published")).one()
    assert event.target == "codes/my-watch-shows-the-code"
    let_changes_be_seen()
    assert lead.get("/faq/codes/my-watch-shows-the-code").has("Open the app on your phone.")


def test_messages_and_what_a_person_answered_are_filled_in(lead: PageClient) -> None:
    token = lead.get(NEW).forms[-1].values["csrf_token"][0]
    sent = {"csrf_token": token, "phrasing": ["watch code", " smart  watch"], "answered": "Use your phone instead."}

    page = lead.post(f"{NEW}/from-messages", data=sent)
    opened = lead.submit(page, button="Continue", title=TITLE, topic="codes")

    form = opened.form("Preview")
    assert form.values["phrasings"][0].splitlines() == ["watch code", "smart watch"]
    assert form.values["body"] == ["Use your phone instead."]
    assert opened.has("Nobody sees it until you publish it.")


def test_a_name_that_is_taken_is_refused_and_the_text_stays(lead: PageClient, folder: Path) -> None:
    page = started(lead, title="Clock", phrasings="slow clock")

    assert page.status_code == 422
    assert page.errors == ["There is an answer of this name in this topic. Change the question, or edit that answer"]
    assert page.form("Continue").values["phrasings"] == ["slow clock"]


def test_a_name_that_is_taken_meanwhile_is_a_conflict(lead: PageClient, folder: Path) -> None:
    preview = previewed(lead)
    made = folder / "codes/my-watch-shows-the-code.md"
    made.write_text(
        (folder / "codes/clock.md").read_text().replace("phrasings:", "phrasings:\n  - somebody elses watch")
    )

    page = lead.submit(preview, button="Publish")

    assert page.status_code == 409
    assert page.has("Somebody else changed this answer after you opened it. Your text is kept below")
    assert "somebody elses watch" in made.read_text()
    assert revisions() == []


@pytest.mark.parametrize(("title", "told"), [("", "Enter the question"), ("???", "There is an answer of this name")])
def test_a_question_without_words_is_refused(lead: PageClient, title: str, told: str) -> None:
    page = started(lead, title=title)

    assert page.status_code == 422
    assert page.has(told)


@pytest.mark.parametrize("place", ["codes/..%2f..%2fx", "nothing/new-one", "codes/Loud", "codes/-x", "codes/a--b"])
def test_a_new_answer_has_a_plain_name_in_a_known_topic(lead: PageClient, folder: Path, place: str) -> None:
    values = previewed(lead).form("Publish").values
    before = sorted(folder.rglob("*"))

    assert lead.post(f"/admin/faq/{place}", data={**values, "act": "publish"}).status_code == 404
    assert sorted(folder.rglob("*")) == before


def test_a_new_answer_that_takes_messages_away_needs_a_reason(lead: PageClient, folder: Path) -> None:
    stolen = "the clock on my phone is wrong"
    row = f'{{"text": "{stolen}", "ids": ["codes/clock"], "kind": "plain"}}\n'
    (folder / "messages.jsonl").write_text(row)
    thief = {**REST, "phrasings": f"{stolen}\nclock on the phone wrong\nmy phone clock is wrong now"}

    page = lead.submit(started(lead), button="Preview", **thief)
    refused = lead.submit(page, button="Publish")

    assert refused.status_code == 422
    assert refused.has(f"“{stolen}” now goes to")
    assert refused.errors == ["2 messages lose their answer. Change the phrasings, or enter why that is right"]
    assert revisions() == []


def test_only_editors_write_answers(folder: Path, client: PageClient, sign_in_as: SignIn, ben: Person) -> None:
    assert client.get(NEW).location.startswith("/sign-in")
    agent = sign_in_as(ben)
    assert agent.get(NEW).status_code == 403
