"""A receiver on loopback, and short ways to announce and to look."""

import base64
from collections.abc import Iterator

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select

from helpdesk import settings as settings_module
from helpdesk.db import db, write_transaction
from helpdesk.settings import Settings
from helpdesk.webhooks.models import WebhookDelivery
from helpdesk.webhooks.service import announce
from tests.http_sink import Sink, running

KEY = bytes(range(1, 33))
OLD_KEY = bytes(range(100, 140))


@pytest.fixture
def sink(app: Flask, settings: Settings) -> Iterator[Sink]:
    """A receiver, and settings that name it."""
    with running(Sink()) as made:
        use_webhooks(settings, made.url())
        yield made
    settings_module.use(settings)


def use_webhooks(settings: Settings, *urls: str, keys: tuple[bytes, ...] = (KEY,), to_loopback: bool = True) -> None:
    secrets = SecretStr(",".join(base64.b64encode(key).decode() for key in keys))
    changes = {"webhook_url": ",".join(urls), "webhook_secrets": secrets, "webhook_to_loopback": to_loopback}
    settings_module.use(settings.model_copy(update=changes))


def tell(event: str = "mfa.reset.approved", about: str = "reset:1", **data: str) -> None:
    with write_transaction():
        announce(event, about=about, data=data or {"reset_id": "1", "state": "approved"})


def rows() -> list[WebhookDelivery]:
    """Every message as the database has it now, in the order of the events."""
    db.session.rollback()
    return list(db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.created_at, WebhookDelivery.url)))
