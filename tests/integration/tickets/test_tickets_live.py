"""What a requester's open page learns by asking: what is new, once, in order, and cheaply."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.tickets.service.lifecycle import assign, resolve, set_topic
from helpdesk.tickets.service.messages import note, reply
from tests.html import parse
from tests.tickets import actor_of, fresh, ticket_with_pin

pytestmark = pytest.mark.usefixtures("app", "moved_clock")


@pytest.fixture
def made_and_opened(client):
    """A ticket, open in this browser."""
    made, pin = ticket_with_pin()
    client.follow(client.submit(client.get("/c"), reference=made.reference, pin=pin.digits))
    return made


def ask(client, made, after, seen=0):
    return client.get(f"/c/{made.reference}/events?after={after}&seen={seen}")


def lines(answer):
    return [node["id"] for node in parse(answer.html).find_all("li") if node["id"].startswith("e-")]


def reply_as(person, made, text):
    with write_transaction():
        held = fresh(made)
        reply(held, by=actor_of(person), text=text, seen=held.last_event_number)


@contextmanager
def writes_counted() -> Iterator[list[str]]:
    """Every statement that would change a row."""
    written: list[str] = []

    def note_it(_connection, _cursor, statement, *_):
        if statement.split()[0] in {"INSERT", "UPDATE", "DELETE"} or "FOR UPDATE" in statement:
            written.append(statement)

    event.listen(db.engine, "before_cursor_execute", note_it)
    yield written
    event.remove(db.engine, "before_cursor_execute", note_it)


def test_nothing_new_is_an_empty_answer(client, made_and_opened):
    answer = ask(client, made_and_opened, after=1)

    assert (answer.status_code, answer.get_data()) == (204, b"")


def test_a_reply_comes_with_who_joined_and_how_the_request_stands(client, made_and_opened, ben):
    reply_as(ben, made_and_opened, "Scan the new code.")

    answer = ask(client, made_and_opened, after=1)

    assert lines(answer) == ["e-2", "e-3"]
    for words in ("Ben from the helpdesk has joined.", "Ben at the helpdesk", "Scan the new code.", "We have replied"):
        assert answer.has(words), words
    assert answer.headers["Cache-Control"] == "no-store"


def test_after_a_gap_everything_that_was_missed_comes_in_order(client, made_and_opened, ben):
    for number in range(5):
        reply_as(ben, made_and_opened, f"Reply {number}.")

    assert lines(ask(client, made_and_opened, after=3)) == ["e-4", "e-5", "e-6", "e-7"]
    assert ask(client, made_and_opened, after=7).status_code == 204


def test_how_agents_work_among_themselves_is_no_news(client, made_and_opened, ben):
    with write_transaction():
        held = fresh(made_and_opened)
        note(held, by=actor_of(ben), text="internal words")
        set_topic(held, by=actor_of(ben), topic="codes")

    assert ask(client, made_and_opened, after=1).status_code == 204


def test_asking_writes_nothing_until_something_was_read(client, made_and_opened, ben):
    with writes_counted() as written:
        for _ in range(5):
            ask(client, made_and_opened, after=1, seen=1)
    assert not written
    reply_as(ben, made_and_opened, "Scan the new code.")

    with writes_counted() as written:
        for _ in range(5):
            ask(client, made_and_opened, after=3, seen=3)

    assert len(written) == 1
    assert fresh(made_and_opened).last_told_number == 3


def test_an_old_page_does_not_take_back_what_a_newer_one_has_read(client, made_and_opened, ben):
    reply_as(ben, made_and_opened, "Scan the new code.")
    ask(client, made_and_opened, after=3, seen=3)

    ask(client, made_and_opened, after=1, seen=1)

    assert fresh(made_and_opened).last_told_number == 3


@pytest.mark.parametrize("number", ["9999999999999999999999", "-3", "x", "", "1;2", "\x00"])
def test_what_is_no_number_does_no_harm(client, made_and_opened, number):
    answer = client.get(f"/c/{made_and_opened.reference}/events", query_string={"after": number, "seen": number})

    assert answer.status_code in {200, 204}
    assert fresh(made_and_opened).last_told_number == 1


def test_a_browser_that_has_not_proved_the_pin_learns_nothing(client, made_and_opened, app):
    stranger = app.test_client()

    known = stranger.get(f"/c/{made_and_opened.reference}/events?after=0")
    unknown = stranger.get("/c/HD-2222-2222/events?after=0")

    assert known.status_code == unknown.status_code == 404


def test_a_browser_in_which_the_request_was_closed_learns_nothing_more(client, made_and_opened):
    client.submit(client.get(f"/c/{made_and_opened.reference}"), button="Close this chat")

    assert ask(client, made_and_opened, after=0).status_code == 404
    assert client.get("/chat/events?after=0").status_code == 404


def test_an_end_and_what_an_agent_does_in_the_queue_are_told_in_plain_words(client, made_and_opened, ben):
    with write_transaction():
        held = fresh(made_and_opened)
        assign(held, by=actor_of(ben), to=ben.id)
        resolve(held, by=SYSTEM)

    answer = ask(client, made_and_opened, after=1)

    assert answer.has("Ben from the helpdesk has joined.")
    assert answer.has("We marked this as solved.")
    assert not answer.has("Carter")
