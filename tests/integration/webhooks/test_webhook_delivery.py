"""What becomes of a message when its receiver is well, slow, rude or away."""

import base64
import hashlib
import hmac
import json
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from helpdesk.core import clock
from helpdesk.db import db, write_transaction
from helpdesk.settings import Settings
from helpdesk.webhooks.queries import late_webhooks
from helpdesk.webhooks.rules import LEASE, MOST_ATTEMPTS, REST
from helpdesk.webhooks.service import announce, deliver_due
from helpdesk.webhooks.types import DeliveryState
from tests.client import PageClient
from tests.http_sink import Sink, running
from tests.integration.webhooks.conftest import KEY, OLD_KEY, rows, tell, use_webhooks

Clock = time_machine.Traveller


def test_an_event_reaches_its_receiver_once_with_ids_and_states_alone(sink: Sink) -> None:
    tell(reset_id="42", state="approved")

    assert (deliver_due(10), deliver_due(10)) == (1, 0)

    (received,) = sink.received
    body = json.loads(received.body)
    assert body["data"] == {"reset_id": "42", "state": "approved"}
    assert (body["type"], list(body)) == ("mfa.reset.approved", ["data", "id", "timestamp", "type"])
    assert body["id"] == received.headers["webhook-id"]
    assert "reset:1" not in received.body.decode()


def test_a_message_is_signed_for_each_secret_that_a_receiver_may_have(sink: Sink, settings: Settings) -> None:
    use_webhooks(settings, sink.url(), keys=(KEY, OLD_KEY))
    tell()
    deliver_due(10)

    headers, body = sink.received[0].headers, sink.received[0].body
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = [base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in (KEY, OLD_KEY)]
    assert headers["webhook-signature"] == " ".join(f"v1,{one}" for one in expected)


def test_several_receivers_get_the_same_message_and_nobody_gets_one_without_receivers(
    sink: Sink, settings: Settings
) -> None:
    use_webhooks(settings, sink.url(path="/one"), sink.url(path="/two"))
    tell()
    use_webhooks(settings)
    tell()
    use_webhooks(settings, sink.url(path="/one"), sink.url(path="/two"))

    assert deliver_due(10) == 2
    assert {one.path for one in sink.received} == {"/one", "/two"}
    assert len({one.body for one in sink.received}) == 1


def test_an_event_of_a_change_that_was_not_kept_never_leaves(sink: Sink) -> None:
    with suppress(ZeroDivisionError), write_transaction():
        announce("mfa.reset.approved", about="reset:1", data={"state": "approved"})
        raise ZeroDivisionError

    assert deliver_due(10) == 0
    assert sink.received == []


@pytest.mark.parametrize("text", ["Amina Khan", "amina.khan@highstreet.example", "", "a\nb"])
def test_what_names_a_person_cannot_be_announced(sink: Sink, text: str) -> None:
    with pytest.raises(ValueError, match="ids and states only"), write_transaction():
        announce("mfa.reset.approved", about="reset:1", data={"name": text})

    assert rows() == []


@pytest.mark.parametrize("status", ["302 Found\r\nLocation: http://127.0.0.1:1/", "500 Oops", "401 No", "204"])
def test_only_an_answer_that_says_yes_counts_and_no_redirect_is_followed(sink: Sink, status: str) -> None:
    sink.answer = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()
    tell()

    taken = deliver_due(10)

    assert (taken, len(sink.received)) == (int(status.startswith("204")), 1)
    assert rows()[0].last_error == ("" if taken else f"Answered {status[:3]}.")


def test_a_message_is_offered_again_ever_more_rarely_for_a_day_and_is_dead_then(sink: Sink, moved_clock: Clock) -> None:
    sink.answer = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
    tell()
    started = clock.now()

    deliver_due(1)
    while rows()[0].state == DeliveryState.WAITING:
        moved_clock.move_to(rows()[0].next_attempt_at)
        deliver_due(1)

    assert len(sink.received) == MOST_ATTEMPTS
    assert timedelta(hours=23) < clock.now() - started <= timedelta(hours=24)
    assert rows()[0].state == DeliveryState.DEAD
    assert len({one.headers["webhook-id"] for one in sink.received}) == 1
    assert len({one.headers["webhook-timestamp"] for one in sink.received}) == MOST_ATTEMPTS
    moved_clock.shift(timedelta(days=3))
    assert deliver_due(1) == 0


def test_a_receiver_that_is_gone_is_not_called_again(sink: Sink) -> None:
    sink.answer = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
    tell()
    deliver_due(10)

    assert rows()[0].state == DeliveryState.DEAD


@pytest.mark.parametrize(
    ("answer", "drips", "hangs"),
    [(b"", b"", True), (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x", False)],
    ids=["says nothing", "headers without end"],
)
def test_a_receiver_that_never_ends_its_answer_costs_five_seconds(
    sink: Sink, answer: bytes, drips: bytes, hangs: bool
) -> None:
    sink.answer, sink.drips, sink.hangs = answer, drips, hangs
    tell()
    started = time.monotonic()

    assert deliver_due(10) == 0

    assert 4.5 < time.monotonic() - started < 6.5
    assert rows()[0].last_error == "Took too long."


def test_an_endless_body_is_left_unread(sink: Sink) -> None:
    sink.answer, sink.drips = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", b"x" * 65536
    tell()
    started = time.monotonic()

    assert deliver_due(10) == 1
    assert time.monotonic() - started < 2


def test_one_receiver_in_trouble_rests_and_holds_up_no_other(
    sink: Sink, settings: Settings, moved_clock: Clock
) -> None:
    with running(Sink(answer=b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")) as busy:
        use_webhooks(settings, busy.url(), sink.url())
        for _ in range(4):
            tell()
        while deliver_due(3):
            pass

        assert (len(busy.received), len(sink.received)) == (1, 4)
        busy.answer = sink.answer
        moved_clock.shift(REST)
        assert deliver_due(10) == 4


def test_a_receiver_that_was_taken_out_of_the_settings_gets_nothing_more(sink: Sink, settings: Settings) -> None:
    tell()
    use_webhooks(settings, "http://127.0.0.1:1/elsewhere")

    deliver_due(10)

    assert sink.received == []
    assert rows()[0].state == DeliveryState.DEAD


def test_a_worker_that_died_in_between_brings_a_copy_with_the_same_id(sink: Sink, moved_clock: Clock) -> None:
    tell()
    deliver_due(1)
    with write_transaction():
        row = rows()[0]
        row.state, row.taken_at, row.lease, row.leased_until = "sending", None, row.event_id, clock.now() + LEASE
        db.session.add(row)

    assert deliver_due(1) == 0
    moved_clock.shift(LEASE)
    assert deliver_due(1) == 1
    assert len({one.headers["webhook-id"] for one in sink.received}) == 1


def test_workers_side_by_side_post_each_message_once(app: Flask, sink: Sink) -> None:
    for _ in range(20):
        tell()
    db.session.rollback()

    def work() -> None:
        with app.app_context():
            while deliver_due(3):
                pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ids = [one.headers["webhook-id"] for one in sink.received]
    assert (len(ids), len(set(ids))) == (20, 20)


def test_the_service_says_when_messages_are_late(sink: Sink, client: PageClient, moved_clock: Clock) -> None:
    tell()
    moved_clock.shift(timedelta(minutes=9))
    assert late_webhooks() is None

    moved_clock.shift(timedelta(minutes=1))

    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "Webhooks have been waiting for 10 minutes to leave." in answer.text
    deliver_due(10)
    assert client.get("/readyz").status_code == 200
