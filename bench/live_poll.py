"""Side by side: a page that asks "anything new?" and is told no, and a view of the same application that does nothing.

Run with `.venv/bin/python -m bench.live_poll`. Both on SQLite, in one process; what counts is CPU time, and they take
turns. Writes bench/results/live_poll.json.
"""

import json
import logging
import tempfile
import time
from pathlib import Path

from flask import Flask, Response
from flask.testing import FlaskClient

from helpdesk.app import create_app
from helpdesk.core.actor import requester
from helpdesk.core.secret_text import make_token
from helpdesk.db import Base, db, write_transaction
from helpdesk.settings import Settings
from helpdesk.tickets.routes.access import COOKIE, remember_requester
from helpdesk.tickets.service.opening import open_ticket
from helpdesk.tickets.service.pins import make_pin
from helpdesk.tickets.types import HandOver

ROUNDS, A_ROUND = 10, 300
MOST_ALLOWED_RATIO = 6
RESULTS = Path(__file__).parent / "results" / "live_poll.json"


def main() -> None:
    """Measure both in turns, print, and keep the figures."""
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), secret_key=make_token()))
        reference = _set_up(app)
        client = _browser(app, reference)
        paths = {"a poll, nothing new": f"/c/{reference}/events?after=1&seen=1", "a bare view": "/healthz"}
        seconds = dict.fromkeys(paths, 0.0)
        for _ in range(ROUNDS):
            for name, path in paths.items():
                seconds[name] += _measure(client, path)
        with app.app_context():
            db.engine.dispose()
    poll, bare = (spent / ROUNDS / A_ROUND for spent in seconds.values())
    figures = {"poll_ms": poll * 1000, "bare_ms": bare * 1000, "polls_a_second": 1 / poll, "ratio": poll / bare}
    for name, value in figures.items():
        print(f"{name:<16} {value:10.2f}")
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    assert figures["ratio"] < MOST_ALLOWED_RATIO, "a poll has become dear"


def _measure(client: FlaskClient, path: str) -> float:
    started = time.process_time()
    for _ in range(A_ROUND):
        answer = client.get(path)
        assert answer.status_code in {200, 204}
    return time.process_time() - started


def _set_up(app: Flask) -> str:
    given = HandOver(name="Amina Khan", email="amina.khan@nhs.net", summary="My phone is lost.")
    with app.app_context():
        Base.metadata.create_all(db.engine)
        pin = make_pin(given.idempotency_key)
        with write_transaction():
            return open_ticket(given, pin=pin, by=requester(given.name)).reference


def _browser(app: Flask, reference: str) -> FlaskClient:
    answer, client = Response(), app.test_client()
    with app.app_context():
        remember_requester(answer, reference)
    client.set_cookie(COOKIE, answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0])
    return client


if __name__ == "__main__":
    main()
