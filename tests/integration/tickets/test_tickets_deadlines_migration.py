"""Tickets from before deadlines followed events get what the events of that time say."""

from datetime import UTC, datetime
from uuid import uuid4

import flask_migrate
import pytest
import sqlalchemy as sa

from helpdesk.db import db
from helpdesk.extensions import MIGRATIONS

BEFORE, AFTER = "0033", "0035"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
STORY = [
    ("opened", "My phone is lost", "new"),
    ("assigned", "Ben", "new"),
    ("replied", "Try this.", "pending"),
    ("noted", "Rang them", "pending"),
    ("requester_wrote", "No", "open"),
    ("status_changed", "Open to On hold", "on_hold"),
    ("escalated", "Level 1", "on_hold"),
    ("resolved", "New phone", "solved"),
    ("status_changed", "Solved to Closed", "closed"),
]


@pytest.fixture
def app_before(apps, database, tmp_path):
    app = apps.on_new_database(database, tmp_path)
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision=BEFORE)
        yield app
        db.session.remove()
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision="base")
        db.engine.dispose()


def insert(table, **values):
    types = {one["name"]: one["type"] for one in sa.inspect(db.engine).get_columns(table)}
    types |= {name: sa.Uuid() for name in types if name == "id" or name.endswith("_id")}
    described = sa.table(table, *(sa.column(name, kind) for name, kind in types.items()))
    db.session.execute(sa.insert(described).values(id=uuid4(), created_at=NOW, updated_at=NOW).values(**values))


def test_each_event_knows_how_the_ticket_stood_after_it(app_before):
    ticket_id = uuid4()
    insert(
        "ticket", id=ticket_id, reference="HD-0000-0001", pin_hash="x", idempotency_key="key", requester_name="Amina",
        requester_email="amina@pharmacy.example", requester_phone="", organisation_name="", route="email", topic="",
        priority="normal", patient_waiting=False, status="closed", is_open=False, is_paused=False, summary="Lost",
        transcript=[], opened_at=NOW, first_response_due_at=NOW, resolution_due_at=NOW, due_at=NOW, resolved_at=NOW,
        escalation_level=1, last_event_number=len(STORY), last_told_number=0,
    )  # fmt: skip
    for number, (kind, text, _status) in enumerate(STORY, start=1):
        insert(
            "ticket_event", ticket_id=ticket_id, number=number, kind=kind, at=NOW, actor_name="Ben", is_public=True,
            text=text,
        )  # fmt: skip
    db.session.commit()

    flask_migrate.upgrade(directory=str(MIGRATIONS), revision=AFTER)

    rows = db.session.execute(sa.text("SELECT status_after FROM ticket_event ORDER BY number"))
    assert [row.status_after for row in rows] == [status for _kind, _text, status in STORY]
