"""What a flood meets: a calm page with the phone number, a bound on what is kept, and others who notice nothing."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from helpdesk.bot.models import Conversation, Turn
from helpdesk.bot.service import conversations
from helpdesk.core.throttle import ThrottleCount
from helpdesk.db import db, write_transaction
from helpdesk.tickets.models.ticket import Ticket

pytestmark = pytest.mark.usefixtures("app")

PHONE = "0345 450 6279"
HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def rows(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def box(page):
    return next(form for form in page.forms if form.node["id"] == "composer")


def browser_in(app, network):
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = network
    return client


def write(client, text="lost my phone"):
    return client.send(box(client.get("/")), text=text)


def used_up(scope, uses):
    """As if the networks that were counted had come so often."""
    with write_transaction():
        db.session.execute(update(ThrottleCount).where(ThrottleCount.scope == scope).values(count=uses))


@pytest.mark.parametrize(
    ("scope", "uses", "wait"),
    [
        ("chat:network", 4_000, "Wait a minute"),
        ("chat:network-hour", 20_000, "Wait an hour"),
        ("chat:new", 2_000, "Try again in an hour"),
        ("chat:open", 1_000, "Wait ten minutes"),
    ],
)
def test_a_network_at_its_limit_reads_a_calm_page_and_another_is_served(app, moved_clock, scope, uses, wait):
    write(browser_in(app, HERE))
    used_up(scope, uses)

    refused = write(browser_in(app, HERE), "my code is refused")

    assert refused.status_code == 429
    assert refused.has(wait)
    assert refused.has(PHONE)
    assert box(refused).values["text"] == ["my code is refused"]
    assert int(refused.headers["Retry-After"]) > 0
    assert rows(Conversation) == 1
    assert write(browser_in(app, ELSEWHERE)).status_code == 303


def test_closing_a_chat_makes_room_for_another(app, moved_clock):
    client = browser_in(app, HERE)
    write(client)
    used_up("chat:open", 1_000)
    assert write(browser_in(app, HERE)).status_code == 429

    client.submit(client.get("/"), button="Close this chat")

    assert write(browser_in(app, HERE)).status_code == 303


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_whoever_has_many_addresses_of_one_network_is_counted_once(app, moved_clock, first, second, is_one):
    write(browser_in(app, first))
    used_up("chat:open", 1_000)

    assert (write(browser_in(app, second)).status_code == 429) == is_one


class TestWithHardlyAnyDiskLeft:
    """SQLite alone is on our own disk."""

    @pytest.fixture
    def database(self):
        return "sqlite"

    @pytest.fixture(autouse=True)
    def full(self, monkeypatch):
        monkeypatch.setattr(conversations, "FEWEST_FREE_BYTES", 1 << 62)

    def test_the_chat_takes_nothing_in_and_says_where_help_is(self, client):
        answer = write(client)

        assert answer.status_code == 503
        assert answer.has(f"Ask a person for help, or phone the helpdesk on {PHONE}.")
        assert box(answer).values["text"] == ["lost my phone"]
        assert rows(Turn) == 0

    def test_a_person_can_still_be_asked(self, client, pharmacy, amina):
        filled = {"name": amina.name, "email": amina.email, "pharmacy": amina.organisation, "route": "email"}
        page = client.get("/speak-to-a-person")

        client.submit(page, button="Send to the helpdesk", summary="locked out", **filled)

        assert rows(Ticket) == 1

    def test_a_program_is_told_when_to_try_again(self, app):
        client = FlaskClient(app)
        made = client.post("/api/v1/conversations", json={}).get_json()
        bearer = {"Authorization": f"Bearer {made['token']}"}

        answer = client.post(f"/api/v1/conversations/{made['id']}/messages", json={"text": "hello"}, headers=bearer)

        assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
        assert PHONE in answer.get_json()["detail"]
        assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("fields", [201, 20_000, 100_000])
def test_a_form_of_many_fields_is_refused_before_it_is_taken_apart(app, fields):
    body = "&".join(["a"] * fields)

    answer = app.test_client().post("/chat", data=body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413
    assert answer.has(PHONE)


def test_a_body_of_many_parts_is_refused(client):
    assert client.post("/chat", data={f"part{number}": "a" for number in range(10_000)}).status_code == 413


def test_a_program_that_sends_too_much_gets_a_problem(app):
    answer = FlaskClient(app).post("/api/v1/conversations", json={"text": "w" * 300_000})

    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")


@pytest.mark.parametrize(
    "text",
    ["w" * 200_000, "w " * 100_000, "é" * 40_000, "?" * 5_000, " ".join(f"word{n}" for n in range(25_000))],
    ids=["no space", "spaces", "accents", "question marks", "all different"],
)
def test_the_longest_message_that_gets_in_is_cut_and_answered(client, text):
    assert write(client, text).status_code == 303

    first = db.session.scalars(select(Turn.text).where(Turn.number == 1)).one()
    assert len(first) <= 2_000
