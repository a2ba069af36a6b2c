"""Those who edit the answers do it on a page, through the same gate, and can go back."""

import json
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
from tests.unit.faq.faq_files import CLOCK, replace_in, write_answer

URL = "/admin/faq/codes/clock"
REFUSED_URL = "/admin/faq/codes/rejected"
STOLEN = ("the code I typed was rejected", "it says the code is invalid", "code rejected again")

pytestmark = pytest.mark.usefixtures("moved_clock")


@pytest.fixture
def lead(folder: Path, sign_in_as: SignIn, cara: Person) -> PageClient:
    """Cara, at work on a small FAQ with three labelled messages."""
    write_answer(folder, "codes/rejected", "My code is refused", ("code was rejected", "code is invalid", "bad number"))
    rows = [json.dumps({"text": text, "ids": ["codes/rejected"], "kind": "plain"}) + "\n" for text in STOLEN]
    (folder / "messages.jsonl").write_text("".join(rows))
    return sign_in_as(cara)


def previewed(client: PageClient, **changes: str) -> Page:
    return client.submit(client.get(URL), button="Preview", **changes)


def published(client: PageClient, *, reason: str = "", **changes: str) -> Page:
    page = previewed(client, **changes)
    return client.submit(page, button="Publish", reason=reason)


def revisions() -> list[FaqRevision]:
    db.session.rollback()
    return list(db.session.scalars(select(FaqRevision).order_by(FaqRevision.number)))


def test_answers_are_listed_with_overdue_reviews_first(lead: PageClient, folder: Path) -> None:
    replace_in(folder / "codes/rejected.md", "reviewed: 2026-11-24", "reviewed: 2026-01-01")
    replace_in(folder / "codes/rejected.md", "review_due: 2027-05-24", "review_due: 2026-06-01")

    page = lead.get("/admin/faq")

    assert page.has("3 answers. 1 review is overdue.")
    assert page.has("My code is refused Six-digit codes 1 June 2026 Overdue")
    assert page.text.index("My code is refused") < page.text.index("The QR code will not scan")
    assert page.link("My code is refused") == REFUSED_URL


def test_a_mistake_in_a_file_is_shown(lead: PageClient, folder: Path, let_changes_be_seen: Callable[[], None]) -> None:
    lead.get("/admin/faq")
    replace_in(folder / "codes/clock.md", "owner: helpdesk", "ownr: helpdesk")
    let_changes_be_seen()

    assert lead.get("/admin/faq").has("ownr: is not a field we know")
    broken = lead.get(URL)
    assert broken.status_code == 409
    assert broken.has("line 9, ownr: is not a field we know")


@pytest.mark.parametrize("path", ["/admin/faq", URL])
def test_pages_need_a_login(client: PageClient, folder: Path, path: str) -> None:
    assert client.get(path).location.startswith("/sign-in")
    assert client.post(URL, data={"act": "publish"}).status_code in {303, 400}


def test_an_agent_may_not_edit(folder: Path, sign_in_as: SignIn, ben: Person, dev: Person, sam: Person) -> None:
    for person in (ben, dev, sam):
        client = sign_in_as(person)
        assert client.get("/admin/faq").status_code == 403
        assert client.get(URL).status_code == 403
        assert not client.get("/faq").has("Edit answers")


@pytest.mark.parametrize("path", ["codes/nothing", "nothing/clock", "codes/..%2f..%2fx", "codes/topics"])
def test_what_is_not_an_answer_is_not_found(lead: PageClient, path: str) -> None:
    assert lead.get(f"/admin/faq/{path}").status_code == 404


def test_a_preview_shows_the_answer_and_the_effect_and_changes_nothing(lead: PageClient, folder: Path) -> None:
    before = (folder / "codes/clock.md").read_text()

    page = previewed(lead, body="The **new** gist.\n\n1. A step.")

    assert page.status_code == 200
    assert "<strong>new</strong>" in page.html
    assert page.has("No labelled message changes its answer.")
    assert (folder / "codes/clock.md").read_text() == before
    assert revisions() == []


def test_publishing_writes_the_file_and_keeps_who_and_what(
    lead: PageClient, folder: Path, cara: Person, let_changes_be_seen: Callable[[], None]
) -> None:
    before = (folder / "codes/clock.md").read_text()
    lead.get("/faq")

    answer = published(lead, reason="Say it shorter", body="Shorter.\n\n1. A step.")

    page = lead.follow(answer)
    assert page.has("Published. People see it within a few seconds.")
    assert page.has("Version 2: Cara Lewis, today at 9am")
    assert page.has("Say it shorter")
    kept = [(one.number, one.text, one.by_id) for one in revisions()]
    assert kept == [(1, before, None), (2, (folder / "codes/clock.md").read_text(), cara.id)]
    assert "Shorter." in kept[1][1]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "faq:published")).one()
    assert (event.target, event.actor_id) == ("codes/clock", cara.id)
    let_changes_be_seen()
    assert lead.get("/faq/codes/clock").has("Shorter.")
    assert [path.name for path in folder.rglob(".*")] == []


def test_stealing_three_messages_shows_exactly_those_and_is_refused(lead: PageClient, folder: Path) -> None:
    before = (folder / "codes/clock.md").read_text()

    refused = published(lead, phrasings="\n".join([*CLOCK, *STOLEN]))

    assert refused.status_code == 422
    assert refused.errors == ["3 messages lose their answer. Change the phrasings, or enter why that is right"]
    moves = [item.text for item in refused.tree.find_all("li") if "now goes to" in item.text]
    assert moves == [
        f"“{text}” now goes to My clock is wrong (codes/clock). It was My code is refused (codes/rejected)."
        for text in STOLEN
    ]
    assert STOLEN[0] in str(refused.form("Publish").values["phrasings"])
    assert (folder / "codes/clock.md").read_text() == before
    assert revisions() == []


def test_a_loss_with_a_reason_is_published_with_it(lead: PageClient) -> None:
    answer = published(lead, phrasings="\n".join([*CLOCK, *STOLEN]), reason="The clock is the cause")

    assert answer.status_code == 303
    assert revisions()[-1].reason == "The clock is the cause"


def test_a_text_that_nobody_previewed_is_not_published(lead: PageClient) -> None:
    page = previewed(lead, body="One.\n\n1. A step.")

    answer = lead.submit(page, button="Publish", body="Two.\n\n1. A step.")

    assert answer.status_code == 422
    assert answer.errors == ["The preview has changed. Read it again, then publish"]
    assert revisions() == []


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("title", "", "Enter the question"),
        ("phrasings", "only one", "Phrasings: needs at least 3, there are 1"),
        ("phrasings", "a\nb\nqr code wont scan", 'Phrasings: "qr code wont scan" is also in barcodes/will-not-scan.md'),
        ("body", "## Big\n\ntext", "Answer: write headings with ###"),
        ("reviewed", "soon", "Facts last checked: write the date as 2026-11-24"),
        ("related", "codes/gone", "Related answers: there is no answer codes/gone"),
        ("sources", "a colleague", "Sources: is not written as it should be"),
        ("next_step", "x" * 301, "If this did not help: is longer than 300 characters"),
    ],
)
def test_bad_input_is_told_by_its_field_and_stays_typed(lead: PageClient, field: str, typed: str, message: str) -> None:
    page = previewed(lead, **{field: typed})

    assert page.status_code == 422
    assert message in page.errors
    assert page.title.startswith("Error: ")
    assert page.form("Preview").values[field] == [typed.replace("\n", "\r\n")]
    assert revisions() == []


def test_an_edit_of_what_somebody_else_changed_is_refused_and_the_text_is_kept(
    lead: PageClient, folder: Path, sign_in_as: SignIn, root: Person
) -> None:
    mine = previewed(lead, body="Mine.\n\n1. A step.")
    assert published(sign_in_as(root), body="Theirs.\n\n1. A step.").status_code == 303

    refused = lead.submit(mine, button="Publish")

    assert refused.status_code == 409
    assert refused.errors == ["Somebody else changed this answer after you opened it. Your text is kept below"]
    assert refused.form("Preview").values["body"] == ["Mine.\r\n\r\n1. A step."]
    assert refused.has("Theirs.")
    assert "Theirs." in (folder / "codes/clock.md").read_text()
    assert [one.by_name for one in revisions()] == ["Changed on disk", "Rosa Root"]


def test_a_change_on_disk_counts_as_somebody_elses(lead: PageClient, folder: Path) -> None:
    page = previewed(lead, body="Mine.\n\n1. A step.")
    replace_in(folder / "codes/clock.md", "First step.", "By hand.")

    assert lead.submit(page, button="Publish").status_code == 409
    assert "By hand." in (folder / "codes/clock.md").read_text()


def test_an_older_version_is_restored_through_the_gate(lead: PageClient, folder: Path) -> None:
    page = lead.follow(published(lead, body="Worse.\n\n1. A step."))
    older = next(link.url for link in page.links if link.text.startswith("Restore this version (Version 1"))

    page = lead.get(older)
    assert page.has("This is version 1. Check it, then publish it to restore it.")
    page = lead.submit(page, button="Preview")
    answer = lead.submit(page, button="Publish", reason="Back again")

    assert answer.status_code == 303
    assert "First step." in (folder / "codes/clock.md").read_text()
    assert [one.number for one in revisions()] == [1, 2, 3]


def test_a_version_that_is_not_there_is_not_found(lead: PageClient) -> None:
    assert lead.get(f"{URL}?version=7").status_code == 404


def test_a_folder_that_cannot_be_written_is_said_and_the_text_kept(
    lead: PageClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)

    answer = published(lead, body="Mine.\n\n1. A step.")

    assert answer.status_code == 409
    assert answer.has("cannot be written to from here")
    assert answer.form("Publish").values["body"] == ["Mine.\r\n\r\n1. A step."]
    assert revisions() == []


def test_proposed_phrasings_are_filled_in_and_not_yet_published(lead: PageClient, folder: Path) -> None:
    page = lead.get(URL)
    token = page.form("Preview").values["csrf_token"][0]

    answer = lead.post(
        "/admin/faq/add-phrasings",
        data={"csrf_token": token, "answer": "codes/clock", "phrasing": ["watch is slow", CLOCK[0]]},
    )

    assert answer.form("Preview").values["phrasings"] == ["\r\n".join([*CLOCK, "watch is slow"])]
    assert "watch is slow" not in (folder / "codes/clock.md").read_text()
    missing = {"csrf_token": token, "answer": "../../etc", "phrasing": "x"}
    assert lead.post("/admin/faq/add-phrasings", data=missing).status_code == 404
