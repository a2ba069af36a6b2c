"""What becomes of promised mail when the mail server is well, busy, strict, rude or away."""

from contextlib import suppress
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from helpdesk.core import clock
from helpdesk.db import db, write_transaction
from helpdesk.mail.models import OutboxMessage
from helpdesk.mail.queries import late_mail
from helpdesk.mail.rules import LEASE, MOST_ATTEMPTS
from helpdesk.mail.service import deliver_due, queue_mail
from helpdesk.mail.types import Mail, MailState
from helpdesk.settings import Settings
from tests.integration.mail.conftest import Promise, row_of, use_mail_url
from tests.smtp_sink import Sink, free_port, running

Clock = time_machine.Traveller


def test_promised_mail_leaves_once(sink: Sink, promise: Promise) -> None:
    message = promise()

    assert deliver_due(10) == 1
    assert deliver_due(10) == 0

    assert sink.message_ids == [message.message_id]
    assert (sink.received[0].sender, sink.recipients) == ("<>", ["amina.khan@highstreet.example"])
    assert row_of(message).state == MailState.SENT
    assert row_of(message).sent_at is not None


def test_mail_leaves_in_the_order_of_its_promise_and_no_more_than_asked(sink: Sink, promise: Promise) -> None:
    promised = [promise().message_id for _ in range(5)]

    assert deliver_due(3) == 3
    assert sink.message_ids == promised[:3]

    assert deliver_due(3) == 2
    assert sink.message_ids == promised


def test_mail_of_a_change_that_was_not_kept_never_leaves(sink: Sink) -> None:
    with suppress(ZeroDivisionError), write_transaction():
        queue_mail(Mail(to="amina.khan@highstreet.example", subject="No", text="No"), about="HD-7K3M-2QXP")
        raise ZeroDivisionError

    assert deliver_due(10) == 0
    assert sink.received == []


def test_a_busy_server_gets_the_mail_again_and_the_others_are_not_held_up(
    sink: Sink, promise: Promise, moved_clock: Clock
) -> None:
    first, second, third = (promise(to=f"{name}@x.example") for name in ("one", "two", "three"))
    sink.recipient_answers["two@x.example"] = "451 Greylisted, come back"

    assert deliver_due(10) == 2
    assert sink.recipients == ["one@x.example", "three@x.example"]
    assert row_of(second).state == MailState.QUEUED
    assert row_of(second).last_error == "451 Greylisted, come back"

    sink.recipient_answers.clear()
    moved_clock.shift(timedelta(seconds=59))
    assert deliver_due(10) == 0
    moved_clock.shift(timedelta(seconds=1))
    assert deliver_due(10) == 1
    assert sink.message_ids == [first.message_id, third.message_id, second.message_id]
    assert row_of(second).last_error == ""


def test_a_refused_address_is_not_tried_again(sink: Sink, promise: Promise, moved_clock: Clock) -> None:
    lost, other = promise(to="gone@x.example"), promise()
    sink.recipient_answers["gone@x.example"] = "550 5.1.1 No such mailbox"

    assert deliver_due(10) == 1

    assert row_of(lost).state == MailState.FAILED
    assert row_of(lost).last_error == "550 5.1.1 No such mailbox"
    assert sink.message_ids == [other.message_id]
    sink.recipient_answers.clear()
    moved_clock.shift(timedelta(days=2))
    assert deliver_due(10) == 0


def test_a_refused_content_is_not_tried_again(sink: Sink, promise: Promise) -> None:
    lost = promise(to="strict@x.example")
    sink.content_answers["strict@x.example"] = "554 5.6.0 Not like this"

    deliver_due(10)

    assert row_of(lost).state == MailState.FAILED


def test_a_server_that_refuses_our_address_may_only_be_set_up_wrongly(sink: Sink, promise: Promise) -> None:
    message = promise()
    sink.sender_answer = "550 Sender not allowed"

    deliver_due(10)

    assert row_of(message).state == MailState.QUEUED


def test_a_hang_up_after_the_final_dot_brings_a_copy_with_the_same_message_id(
    sink: Sink, promise: Promise, moved_clock: Clock
) -> None:
    unlucky, other = promise(to="rude@x.example"), promise()
    sink.hangs_up_on.add("rude@x.example")

    assert deliver_due(10) == 1
    assert row_of(unlucky).state == MailState.QUEUED
    assert row_of(other).state == MailState.SENT

    sink.hangs_up_on.clear()
    moved_clock.shift(timedelta(minutes=1))
    assert deliver_due(10) == 1
    assert sink.message_ids.count(unlucky.message_id) == 2
    assert len({one.content for one in sink.received if "rude@x.example" in one.recipients}) == 1


def test_a_mail_that_nobody_takes_is_given_up_after_a_day(sink: Sink, promise: Promise, moved_clock: Clock) -> None:
    message, promised_at = promise(to="full@x.example"), clock.now()
    sink.recipient_answers["full@x.example"] = "452 Mailbox full"

    while row_of(message).state == MailState.QUEUED:
        moved_clock.move_to(row_of(message).next_attempt_at)
        deliver_due(1)

    assert (row_of(message).state, row_of(message).attempts) == (MailState.FAILED, MOST_ATTEMPTS)
    assert timedelta(hours=23) < clock.now() - promised_at <= timedelta(hours=24, minutes=1)


def test_undeliverable_mail_at_the_head_does_not_hold_up_the_rest(sink: Sink, promise: Promise) -> None:
    for number in range(20):
        promise(to=f"gone{number}@x.example")
        sink.recipient_answers[f"gone{number}@x.example"] = "550 gone" if number % 2 else "451 later"
    good = promise()

    for _ in range(21):
        deliver_due(1)

    assert sink.message_ids == [good.message_id]


def test_an_address_that_the_server_cannot_write_fails_alone(app: Flask, settings: Settings, promise: Promise) -> None:
    with running(Sink(), enable_smtputf8=False) as sink:
        use_mail_url(settings, f"smtp://127.0.0.1:{sink.port}")
        strange, good = promise(to="zoë@x.example"), promise()

        deliver_due(10)

    assert row_of(strange).state == MailState.FAILED
    assert row_of(good).state == MailState.SENT


def test_an_address_in_another_script_is_reached_where_the_server_can(sink: Sink, promise: Promise) -> None:
    promise(to="zoë@x.example")

    assert deliver_due(10) == 1
    assert sink.recipients == ["zoë@x.example"]


def test_while_the_server_is_away_for_a_day_all_mail_waits_in_order(
    app: Flask, settings: Settings, promise: Promise, moved_clock: Clock
) -> None:
    port = free_port()
    use_mail_url(settings, f"smtp://127.0.0.1:{port}")
    promised = [promise(about=f"HD-{number % 3}").message_id for number in range(30)]
    for _ in range(24):
        assert deliver_due(10) == 0
        moved_clock.shift(timedelta(hours=1))

    with running(Sink(port=port)) as sink:
        while deliver_due(10):
            pass

    assert sink.message_ids == promised
    attempts = set(db.session.scalars(select(OutboxMessage.attempts)))
    assert attempts == {1}  # a server that is away uses up no mail's tries


def test_an_alarm_is_given_within_ten_minutes_of_silence(
    app: Flask, settings: Settings, promise: Promise, moved_clock: Clock
) -> None:
    use_mail_url(settings, f"smtp://127.0.0.1:{free_port()}")
    promise()
    assert late_mail() is None

    moved_clock.shift(timedelta(minutes=9, seconds=30))
    deliver_due(10)

    assert late_mail() == "Mail has been waiting for 9 minutes to leave."


def test_one_full_mailbox_is_no_alarm_while_other_mail_leaves(sink: Sink, promise: Promise, moved_clock: Clock) -> None:
    promise(to="full@x.example")
    sink.recipient_answers["full@x.example"] = "452 Mailbox full"
    for _ in range(24):
        promise()
        deliver_due(5)
        assert late_mail() is None
        moved_clock.shift(timedelta(minutes=5))


def test_that_everything_is_put_off_for_an_hour_is_an_alarm(sink: Sink, promise: Promise, moved_clock: Clock) -> None:
    promise(to="full@x.example")
    sink.recipient_answers["full@x.example"] = "452 Mailbox full"
    for _ in range(13):
        deliver_due(5)
        moved_clock.shift(timedelta(minutes=5))
    deliver_due(5)

    assert late_mail() == "Mail has been waiting for 65 minutes to leave."


def test_an_attempt_that_never_ended_is_made_again(sink: Sink, promise: Promise, moved_clock: Clock) -> None:
    message = promise()
    _die_while_sending(message)

    moved_clock.shift(LEASE - timedelta(seconds=1))
    assert deliver_due(10) == 0
    moved_clock.shift(timedelta(seconds=1))
    assert deliver_due(10) == 1

    assert sink.message_ids == [message.message_id]
    assert row_of(message).attempts == 2


def _die_while_sending(message: OutboxMessage) -> None:
    """What a killed worker leaves behind."""
    with write_transaction():
        row = db.session.get_one(OutboxMessage, message.sequence)
        row.state, row.attempts, row.lease, row.leased_until = MailState.SENDING, 1, row.id, clock.now() + LEASE
