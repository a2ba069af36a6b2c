"""The end of the audit log is sent outside every hour, so that nobody inside can shorten the log unnoticed."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk import settings as settings_module
from helpdesk.audit.queries import find_head, verify
from helpdesk.audit.rules import read_head
from helpdesk.audit.service import record
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.jobs.tasks import TASKS
from helpdesk.jobs.worker import run_once
from helpdesk.mail.models import OutboxMessage
from helpdesk.settings import Settings

THE_TASK = [task for task in TASKS if task.name == "send the audit head"]


@pytest.fixture
def two_keepers(settings: Settings) -> Iterator[None]:
    """Two people outside who get the head."""
    changed = {"audit_head_to": "anna@elsewhere.example.org, bert@elsewhere.example.org"}
    settings_module.use(settings.model_copy(update=changed))
    yield
    settings_module.use(settings)


def mails() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.sequence)))


def test_each_keeper_is_mailed_the_head(app: Flask, two_keepers: None) -> None:
    with write_transaction():
        record("ticket:opened", by=SYSTEM, target="HD-1")
    assert run_once(app, THE_TASK).faults == ()
    assert [mail.to_address for mail in mails()] == ["anna@elsewhere.example.org", "bert@elsewhere.example.org"]
    line = next(line for line in mails()[0].text.splitlines() if line.startswith("1:"))
    assert read_head(line) == find_head()
    assert verify(read_head(line)).fault == ""
    assert mails()[0].subject == "Audit log of Pharmacy MFA helpdesk: row 1"


def test_an_empty_log_is_not_mailed(app: Flask, two_keepers: None) -> None:
    run_once(app, THE_TASK)
    assert mails() == []


def test_nobody_is_mailed_where_nobody_is_named(app: Flask) -> None:
    with write_transaction():
        record("ticket:opened", by=SYSTEM, target="HD-1")
    run_once(app, THE_TASK)
    assert mails() == []
