"""The database holds the outbox's rules too."""

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from helpdesk.core import clock
from helpdesk.db import db, write_transaction
from helpdesk.mail.models import OutboxMessage
from tests.integration.mail.conftest import Promise


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "lost"}, "ck_outbox_message_state"),
        ({"state": "sent"}, "ck_outbox_message_sent_at_when_sent"),
        ({"sent_at": "now"}, "ck_outbox_message_sent_at_when_sent"),
        ({"state": "sending"}, "ck_outbox_message_lease_while_sending"),
        ({"leased_until": "now"}, "ck_outbox_message_lease_has_an_end"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused(promise: Promise, change: dict[str, object], constraint: str) -> None:
    sequence = promise().sequence
    values = {name: clock.now() if value == "now" else value for name, value in change.items()}

    with pytest.raises(IntegrityError, match=constraint), write_transaction():
        db.session.execute(db.update(OutboxMessage).where(OutboxMessage.sequence == sequence).values(values))


def test_a_message_id_is_used_once(promise: Promise) -> None:
    first, second = promise().sequence, promise().message_id

    with pytest.raises(IntegrityError), write_transaction():
        db.session.execute(db.update(OutboxMessage).where(OutboxMessage.sequence == first).values(message_id=second))


def test_the_scan_for_due_mail_reads_only_waiting_mail(app: Flask, database: str) -> None:
    names = {index["name"] for index in inspect(db.engine).get_indexes("outbox_message")}
    assert "ix_outbox_message_waiting" in names
    if database == "sqlite":
        plan = db.session.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT * FROM outbox_message WHERE state IN ('queued', 'sending') "
                "AND ((state = 'queued' AND next_attempt_at <= '2026') "
                "OR (state = 'sending' AND leased_until <= '2026')) "
                "ORDER BY sequence LIMIT 1"
            )
        ).all()
        assert any("ix_outbox_message_waiting" in str(step) for step in plan)
