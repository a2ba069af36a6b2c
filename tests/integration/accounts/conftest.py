"""What the tests of accounts share: a helpdesk with its code, and eyes for what was kept."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from helpdesk.accounts.models import Organisation
from helpdesk.audit.models import AuditEvent
from helpdesk.db import db
from helpdesk.mail.models import OutboxMessage
from tests import factories


@pytest.fixture
def helpdesk(platform: Organisation) -> Organisation:
    """The platform with the code by which operators and administrators name it."""
    platform.ods_code = "HELPDESK"
    return factories.saved(platform)


@pytest.fixture
def audited() -> Callable[[], list[str]]:
    """The actions in the audit log, oldest first."""
    return lambda: list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.sequence)))


@pytest.fixture
def outbox() -> Callable[[], list[OutboxMessage]]:
    """The mails that wait to be sent, oldest first."""
    return lambda: list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.sequence)))
