"""A mail server for the outbox to talk to, and short ways to promise mail."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from helpdesk import settings as settings_module
from helpdesk.db import db, write_transaction
from helpdesk.mail.models import OutboxMessage
from helpdesk.mail.service import queue_mail
from helpdesk.mail.types import Mail
from helpdesk.settings import Settings
from tests.smtp_sink import Sink, running

Promise = Callable[..., OutboxMessage]


@pytest.fixture
def sink(app: Flask, settings: Settings) -> Iterator[Sink]:
    """A mail server on loopback, and settings that name it."""
    with running(Sink()) as made:
        use_mail_url(settings, f"smtp://127.0.0.1:{made.port}")
        yield made
    settings_module.use(settings)


@pytest.fixture
def promise(app: Flask) -> Promise:
    """Promises a mail and keeps the promise in the database."""

    def make(to: str = "amina.khan@highstreet.example", about: str = "HD-7K3M-2QXP", **more: object) -> OutboxMessage:
        values = {"subject": "Your request", "text": "We have your request.\n"} | more
        with write_transaction():
            return queue_mail(Mail(to=to, **values), about=about)  # type: ignore[arg-type]  # a test's own words

    return make


def use_mail_url(settings: Settings, url: str) -> None:
    settings_module.use(settings.model_copy(update={"mail_url": url}))


def row_of(message: OutboxMessage) -> OutboxMessage:
    """The mail as the database has it now."""
    db.session.rollback()
    return db.session.get_one(OutboxMessage, message.sequence, populate_existing=True)
