"""What the tests of the audit log share: somebody who acts, the rows, and ways past what the database forbids."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.audit.models import AuditEvent
from helpdesk.audit.service import record
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction

Rows = Callable[[], list[AuditEvent]]
Tamper = Callable[..., None]


@pytest.fixture
def rows(app: Flask) -> Rows:
    """The rows of the log, oldest first."""
    return lambda: list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.sequence)))


@pytest.fixture
def ten_rows(app: Flask) -> None:
    """A log of ten rows, each of a change of its own."""
    for number in range(1, 11):
        with write_transaction():
            record("ticket:opened", by=SYSTEM, target=f"HD-{number}")


@pytest.fixture
def tamper(app: Flask, database: str) -> Tamper:
    """Runs statements as somebody does who owns the database: with its triggers out of the way."""

    def run(*statements: str) -> None:
        with write_transaction():
            connection = db.session.connection()
            if database == "postgresql":
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            kept = _take_triggers(connection) if database == "sqlite" else []
            for statement in (*statements, *kept):
                connection.exec_driver_sql(statement)

    return run


def _take_triggers(connection) -> list[str]:
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in found:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    return [statement for _, statement in found]
