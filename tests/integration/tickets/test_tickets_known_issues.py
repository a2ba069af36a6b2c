"""What is broken is said once, to everybody, by the agents' lead."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.audit.models import AuditEvent
from helpdesk.db import db
from helpdesk.settings import use
from helpdesk.tickets.models.known_issues import KnownIssue

pytestmark = pytest.mark.usefixtures("app", "moved_clock")

SLOW = {"title": "Codes by text message arrive late", "what_to_do": "Use your authenticator app.", "topic": ""}


@pytest.fixture
def lead(sign_in_as, cara):
    return sign_in_as(cara)


def tell(lead, **changes):
    return lead.submit(lead.get("/agent/known-issues"), button="Show the banner", **(SLOW | changes))


def mend(lead, title):
    return lead.submit(lead.get("/agent/known-issues"), button=f"Say that it is mended {title}")


def actions():
    db.session.rollback()
    found = db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("known_issue:")))
    return sorted(found)


def test_an_issue_shows_on_the_chat_the_carry_on_page_and_the_public_page(lead, client):
    tell(lead)

    for path in ("/", "/c", "/status"):
        assert client.get(path).has("Codes by text message arrive late"), path
        assert client.get(path).has("Use your authenticator app."), path
    assert client.get("/status").has("Since today at 9am")


def test_an_issue_shows_in_the_frame_of_another_site(lead, client, settings):
    use(settings.model_copy(update={"embed_origins": ("https://www.pharmacies.example",)}))
    tell(lead)

    assert client.get("/embed/").has("Codes by text message arrive late")


def test_an_issue_shows_while_a_request_is_open(lead, client, pharmacy, amina):
    filled = {"name": amina.name, "email": amina.email, "pharmacy": amina.organisation, "route": "email"}
    page = client.get("/speak-to-a-person")
    page = client.follow(client.submit(page, button="Send to the helpdesk", summary="locked out", **filled))
    tell(lead)

    assert client.get(page.link("Open your request")).has("Codes by text message arrive late")


def test_there_is_one_banner_and_it_is_the_newest(lead, client, moved_clock):
    tell(lead)
    moved_clock.shift(timedelta(minutes=5))
    tell(lead, title="PharmOutcomes is slow")

    page = client.get("/")
    assert page.has("PharmOutcomes is slow")
    assert not page.has("Codes by text message arrive late")
    assert client.get("/status").has("Codes by text message arrive late")

    mend(lead, "PharmOutcomes is slow")
    assert client.get("/").has("Codes by text message arrive late")


def test_what_is_mended_leaves_the_banner_and_stays_in_the_history(lead, client, moved_clock):
    tell(lead)
    moved_clock.shift(timedelta(minutes=20))
    mend(lead, SLOW["title"])

    assert not client.get("/").has("Codes by text message arrive late")
    assert client.get("/status").has("From today at 9am to today at 9:20am")
    assert client.get("/status").has("We know of nothing that is broken.")
    assert actions() == ["known_issue:closed", "known_issue:opened"]


def test_mended_twice_is_mended_once(lead, moved_clock):
    tell(lead)
    page = lead.get("/agent/known-issues")
    button = f"Say that it is mended {SLOW['title']}"
    lead.submit(page, button=button)
    lead.submit(page, button=button)

    assert actions() == ["known_issue:closed", "known_issue:opened"]


def test_with_nothing_broken_the_lead_reads_what_to_do_next(lead):
    page = lead.get("/agent/known-issues")

    assert page.has("Nothing is broken")
    assert page.has("When many ask about the same fault, write it here.")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Enter what is broken, such as “Codes by text message arrive late”"),
        ({"title": "w" * 101}, "What is broken must be 100 characters or fewer"),
        ({"what_to_do": " "}, "Enter what people can do"),
        ({"what_to_do": "w" * 501}, "What to do must be 500 characters or fewer"),
    ],
)
def test_what_is_missing_is_said_by_the_field_and_nothing_is_shown(lead, changes, message):
    answer = tell(lead, **changes)

    assert answer.status_code == 422
    assert answer.errors == [message]
    assert answer.form("Show the banner").values["topic"] == [""]
    assert db.session.scalar(select(KnownIssue)) is None
    assert actions() == []


def test_an_issue_of_a_stranger_is_not_there(lead):
    page = lead.get("/agent/known-issues")
    token = page.form("Show the banner").values["csrf_token"]
    path = "/agent/known-issues/7d2a2a0e-55a4-4a3e-9a4c-9f6f0a8d1b11/close"

    assert lead.post(path, data={"csrf_token": token}).status_code == 404


def test_an_agent_may_not_write_an_issue(sign_in_as, ben):
    assert sign_in_as(ben).get("/agent/known-issues").status_code == 403


def test_nobody_writes_an_issue_without_an_account(client):
    assert client.get("/agent/known-issues").location.startswith("/sign-in")


class TestTheAssistant:
    """It says first what is broken, where its answer is about that."""

    def ask(self, client, text):
        page = client.get("/")
        box = next(form for form in page.forms if form.node["id"] == "composer")
        return client.follow(client.send(box, text=text))

    def said_first(self, page):
        return [node.text for node in page.tree.with_class("app-message__issue")]

    def test_it_says_what_is_broken_before_an_answer_of_that_topic(self, lead, client):
        tell(lead, topic="barcodes")

        assert self.said_first(self.ask(client, "qr code wont scan")) == [
            "Codes by text message arrive late. Use your authenticator app."
        ]

    def test_it_says_nothing_before_an_answer_of_another_topic(self, lead, client):
        tell(lead, topic="barcodes")

        assert self.said_first(self.ask(client, "im a locum at a new shop")) == []

    def test_it_adds_nothing_to_what_was_said_before(self, lead, client, moved_clock):
        self.ask(client, "qr code wont scan")
        moved_clock.shift(timedelta(minutes=5))
        tell(lead, topic="barcodes")

        assert self.said_first(client.get("/")) == []

    def test_it_no_longer_says_what_is_mended(self, lead, client):
        tell(lead, topic="barcodes")
        mend(lead, SLOW["title"])

        assert self.said_first(self.ask(client, "qr code wont scan")) == []
