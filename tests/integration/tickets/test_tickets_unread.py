"""Replies that the requester has not read are mailed: soon, all in one mail, once."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.mail.models import OutboxMessage
from helpdesk.tickets.rules import REPLY_MAILED_AFTER, REPLY_MAILED_WITHIN
from helpdesk.tickets.service.lifecycle import resolve
from helpdesk.tickets.service.messages import reply
from helpdesk.tickets.service.unread import mail_due_replies, mail_unread
from tests.people import AMINA
from tests.tickets import actor_of, fresh, ticket_with_pin

pytestmark = pytest.mark.usefixtures("app", "moved_clock")

A_LITTLE_LESS = REPLY_MAILED_AFTER - timedelta(seconds=1)


@pytest.fixture
def asked():
    """A ticket and its PIN."""
    return ticket_with_pin()


def reply_as(person, made, text):
    with write_transaction():
        held = fresh(made)
        reply(held, by=actor_of(person), text=text, seen=held.last_event_number)


def opened(client, made, pin):
    client.follow(client.submit(client.get("/c"), reference=made.reference, pin=pin.digits))


def mails():
    """Those after the acknowledgement."""
    db.session.rollback()
    return db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.sequence)).all()[1:]


def test_a_reply_to_somebody_who_is_away_is_mailed_after_a_minute_and_no_sooner(asked, ben, moved_clock):
    reply_as(ben, asked[0], "Scan the new code.")

    moved_clock.shift(A_LITTLE_LESS)
    assert mail_due_replies() == 0
    moved_clock.shift(timedelta(seconds=1))
    assert mail_due_replies() == 1

    (mail,) = mails()
    assert mail.to_address == AMINA.email
    assert "Scan the new code." in mail.text
    assert "Scan the new code." in mail.html


def test_the_mail_leads_to_the_request_and_holds_neither_pin_nor_address(asked, ben, moved_clock):
    made, pin = asked
    reply_as(ben, made, "Scan the new code.")
    moved_clock.shift(REPLY_MAILED_AFTER)
    mail_due_replies()

    (mail,) = mails()
    for part in (mail.subject, mail.text, mail.html):
        assert pin.digits not in part
        assert AMINA.email not in part
    assert f"http://localhost/c/{made.reference}" in mail.text
    assert not re.search(r"\b\d{6}\b", mail.text)


def test_replies_that_follow_each_other_go_in_one_mail_in_order(asked, ben, cara, moved_clock):
    for person, text in ((ben, "First."), (cara, "Second."), (ben, "Third.")):
        reply_as(person, asked[0], text)
        moved_clock.shift(A_LITTLE_LESS)
        assert mail_due_replies() == 0

    moved_clock.shift(timedelta(seconds=1))
    assert mail_due_replies() == 1

    (mail,) = mails()
    assert re.findall(r"First\.|Second\.|Third\.", mail.text) == ["First.", "Second.", "Third."]


def test_an_agent_who_writes_on_and_on_does_not_put_the_mail_off_for_ever(asked, ben, moved_clock):
    for _ in range(5):
        reply_as(ben, asked[0], "One more thing.")
        moved_clock.shift(REPLY_MAILED_WITHIN / 5)

    assert mail_due_replies() == 1


def test_what_was_read_on_a_page_in_view_is_not_mailed(client, asked, ben, moved_clock):
    made, pin = asked
    opened(client, made, pin)
    reply_as(ben, made, "Scan the new code.")
    client.get(f"/c/{made.reference}/events?after=1&seen=1")
    client.get(f"/c/{made.reference}/events?after=3&seen=3")

    moved_clock.shift(REPLY_MAILED_AFTER)
    mail_due_replies()

    assert mails() == []


def test_a_page_that_nobody_looks_at_does_not_count_as_read(client, asked, ben, moved_clock):
    made, pin = asked
    opened(client, made, pin)
    reply_as(ben, made, "Scan the new code.")
    client.get(f"/c/{made.reference}/events?after=1")
    client.get(f"/c/{made.reference}/events?after=3")

    moved_clock.shift(REPLY_MAILED_AFTER)

    assert mail_due_replies() == 1


def test_opening_the_page_without_a_script_counts_as_read(client, asked, ben, moved_clock):
    made, pin = asked
    reply_as(ben, made, "Scan the new code.")
    opened(client, made, pin)

    moved_clock.shift(REPLY_MAILED_AFTER)
    mail_due_replies()

    assert mails() == []


def test_only_what_was_not_read_is_mailed_and_nothing_a_second_time(client, asked, ben, moved_clock):
    made, pin = asked
    reply_as(ben, made, "Read.")
    opened(client, made, pin)
    reply_as(ben, made, "Not read.")
    moved_clock.shift(REPLY_MAILED_AFTER)

    counts = [mail_due_replies() for _ in range(3)]
    reply_as(ben, made, "Later.")
    moved_clock.shift(REPLY_MAILED_AFTER)
    mail_due_replies()

    assert counts == [1, 0, 0]
    first, second = mails()
    assert "Not read." in first.text
    assert "Read.\n" not in first.text.replace("Not read.", "")
    assert "Later." in second.text
    assert "Not read." not in second.text


def test_a_worker_that_dies_before_the_commit_mails_it_at_the_next_try_and_once(asked, ben, moved_clock):
    reply_as(ben, asked[0], "Scan the new code.")
    moved_clock.shift(REPLY_MAILED_AFTER)

    with pytest.raises(KeyboardInterrupt), write_transaction():
        died_in_the_middle(asked[0])
    assert mails() == []

    assert [mail_due_replies(), mail_due_replies()] == [1, 0]
    assert len(mails()) == 1


def died_in_the_middle(made):
    """All that the worker does for a ticket, and then no commit."""
    assert mail_unread(fresh(made))
    raise KeyboardInterrupt


def test_two_workers_at_once_send_one_mail(asked, ben, moved_clock, app):
    reply_as(ben, asked[0], "Scan the new code.")
    moved_clock.shift(REPLY_MAILED_AFTER)
    db.session.rollback()
    line = threading.Barrier(4)

    def work():
        line.wait(timeout=30)
        with app.app_context():
            mail_due_replies()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(mails()) == 1


def test_a_ticket_that_is_solved_sends_what_was_not_read_first(asked, ben, moved_clock):
    made, _ = asked
    reply_as(ben, made, "Scan the new code.")
    with write_transaction():
        resolve(fresh(made), by=SYSTEM)
    moved_clock.shift(REPLY_MAILED_AFTER)
    mail_due_replies()

    assert [mail.subject for mail in mails()] == [
        f"Our answer to your request {made.reference}",
        f"Your request {made.reference} is solved",
    ]
