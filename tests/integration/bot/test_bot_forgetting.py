"""Chats that no person took over are deleted after 90 days; everything else stays."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from helpdesk.bot import jobs
from helpdesk.bot.models import Conversation, Turn
from helpdesk.db import db
from helpdesk.jobs.worker import run_once

pytestmark = pytest.mark.usefixtures("app")


def rows(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def work(app):
    """All background work that is due, once."""
    outcome = run_once(app, app.extensions["tasks"])
    assert outcome.faults == ()


@pytest.mark.parametrize(("days", "kept"), [(89, 1), (91, 0)])
def test_a_chat_is_kept_for_ninety_days(app, client, moved_clock, days, kept):
    client.submit(client.get("/"), button="Send", text="lost my phone")
    moved_clock.shift(timedelta(days=days))

    work(app)

    assert (rows(Conversation), rows(Turn)) == (kept, 2 * kept)


def test_a_chat_that_goes_on_is_counted_from_its_last_message(app, client, moved_clock):
    client.submit(client.get("/"), button="Send", text="lost my phone")
    moved_clock.shift(timedelta(days=60))
    client.submit(client.get("/"), button="Send", text="new phone")
    moved_clock.shift(timedelta(days=60))

    work(app)

    assert rows(Turn) == 4


def test_what_a_person_took_over_stays(app, client, moved_clock, pharmacy, amina):
    client.submit(client.get("/"), button="Send", text="lost my phone")
    filled = {"name": amina.name, "email": amina.email, "pharmacy": amina.organisation, "route": "email"}
    client.submit(client.get("/speak-to-a-person"), button="Send to the helpdesk", **filled)
    moved_clock.shift(timedelta(days=400))

    work(app)

    assert (rows(Conversation), rows(Turn)) == (1, 2)


@pytest.mark.parametrize(("hours", "kept"), [(23, 1), (25, 0)])
def test_a_chat_in_which_nothing_was_said_goes_after_a_day(app, moved_clock, hours, kept):
    FlaskClient(app).post("/api/v1/conversations", json={})
    moved_clock.shift(timedelta(hours=hours))

    work(app)

    assert rows(Conversation) == kept


def test_many_old_chats_are_deleted_a_few_at_a_time(app, moved_clock, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 2)
    client = FlaskClient(app)
    for _ in range(5):
        client.post("/api/v1/conversations", json={})
    moved_clock.shift(timedelta(days=2))

    assert [jobs.forget_old() for _ in range(4)] == [2, 2, 1, 0]
