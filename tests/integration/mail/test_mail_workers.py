"""Several workers at one outbox, and a database that fails at the worst moment."""

import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session

from helpdesk.db import db
from helpdesk.mail.models import OutboxMessage
from helpdesk.mail.rules import LEASE
from helpdesk.mail.service import deliver_due
from helpdesk.mail.types import MailState
from tests.integration.mail.conftest import Promise
from tests.smtp_sink import Sink

WORKERS = 4
MAILS = 40


def test_workers_side_by_side_send_each_mail_once(app: Flask, sink: Sink, promise: Promise) -> None:
    promised = sorted(promise().message_id for _ in range(MAILS))
    db.session.rollback()

    def work() -> None:
        with app.app_context():
            while deliver_due(3):
                pass

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(sink.message_ids) == promised


def test_a_database_that_fails_after_the_server_took_the_mail_brings_two_copies_at_most(
    app: Flask, sink: Sink, promise: Promise, moved_clock: time_machine.Traveller
) -> None:
    message_id = promise().message_id

    def refuse_to_record(state: ORMExecuteState) -> None:
        if state.is_update and sink.received:
            raise DBAPIError("the disk is full", None, OSError())

    event.listen(Session, "do_orm_execute", refuse_to_record)
    with pytest.raises(DBAPIError):
        deliver_due(5)
    event.remove(Session, "do_orm_execute", refuse_to_record)
    for _ in range(10):
        moved_clock.shift(LEASE + timedelta(seconds=1))
        deliver_due(5)

    assert sink.message_ids == [message_id, message_id]
    assert db.session.scalars(db.select(OutboxMessage.state)).all() == [MailState.SENT]
