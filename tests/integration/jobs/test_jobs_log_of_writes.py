"""What was erased from the tables stands in no file of the database a minute later."""

import pytest
from flask import Flask

from helpdesk.core.secret_text import make_token
from helpdesk.db import write_transaction
from helpdesk.jobs.tasks import TASKS
from helpdesk.jobs.worker import run_once
from helpdesk.mail.service import deliver_due, queue_mail
from helpdesk.mail.types import Mail
from helpdesk.settings import Settings

THE_TASK = [task for task in TASKS if task.name == "empty the log of writes"]


def test_a_secret_mail_that_has_left_is_in_no_file(app: Flask, settings: Settings, database: str) -> None:
    if database != "sqlite":
        pytest.skip("PostgreSQL's log of writes is the operator's to keep.")
    secret = make_token()
    with write_transaction():
        queue_mail(Mail(to="uma@highstreet.example", subject="A link", text=secret, is_secret=True), about="person:1")
    deliver_due(1)
    assert _is_in_a_file(secret, settings)

    assert run_once(app, THE_TASK).faults == ()

    assert not _is_in_a_file(secret, settings)


def _is_in_a_file(secret: str, settings: Settings) -> bool:
    files = [path for path in settings.data_dir.rglob("*") if path.name.startswith("helpdesk.db")]
    return any(secret.encode() in path.read_bytes() for path in files)
