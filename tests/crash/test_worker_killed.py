"""Workers that are killed in mid-work again and again: every promised mail arrives."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, update

from helpdesk.core import clock
from helpdesk.db import db, write_transaction
from helpdesk.jobs.models import JobRun
from helpdesk.mail.models import OutboxMessage
from helpdesk.mail.service import queue_mail
from helpdesk.mail.types import Mail, MailState
from tests.apps import TestApp
from tests.crash.processes import make_service, running, wait_until
from tests.smtp_sink import Sink
from tests.smtp_sink import running as mail_server

MAILS = 200
KILLS = 6
# A mail has four steps here, so a worker sends up to this many mails before it dies.
MOST_STEPS = 60
LATEST_SECONDS = 0.03

pytestmark = pytest.mark.slow


@dataclass
class DeadlySink(Sink):
    """A mail server that counts its steps with a client and strikes at a chosen one, at once or a moment later."""

    steps_left: int = 0
    moment: float = 0
    strike: Callable[[], None] = field(default=lambda: None)

    def _step(self) -> None:
        self.steps_left -= 1
        if self.steps_left == 0:
            threading.Timer(self.moment, self.strike).start() if self.moment else self.strike()

    async def handle_MAIL(self, *arguments: Any) -> str:  # noqa: N802  # aiosmtpd's name; Any: passed on
        self._step()
        return await super().handle_MAIL(*arguments)

    async def handle_RCPT(self, *arguments: Any) -> str:  # noqa: N802  # aiosmtpd's name; Any: passed on
        self._step()
        return await super().handle_RCPT(*arguments)

    async def handle_DATA(self, *arguments: Any) -> str:  # noqa: N802  # aiosmtpd's name; Any: passed on
        self._step()
        answer = await super().handle_DATA(*arguments)
        self._step()
        return answer


@pytest.fixture
def crash_app(database: str, tmp_path: Path) -> Iterator[TestApp]:
    """The service, not started yet, on a database of its own."""
    made = make_service(tmp_path, database)
    yield made
    with made.app.app_context():
        db.engine.dispose()


def test_every_mail_arrives_however_often_the_worker_is_killed(crash_app: TestApp) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201  # pytest shows it when the test fails
    chance, sink = random.Random(seed), DeadlySink()  # no secret
    promised = _promise(crash_app.app)

    with mail_server(sink):
        url = f"smtp://127.0.0.1:{sink.port}"
        for _ in range(KILLS):
            _live_and_die(crash_app, url, sink, chance)
        with running(crash_app.settings, url, "worker") as worker:
            wait_until(lambda: _waiting(crash_app.app) == 0)
            assert worker.end() == 0

    copies = Counter(sink.message_ids)
    assert set(copies) == promised
    assert sum(copies.values()) - MAILS <= KILLS
    assert len({one.content for one in sink.received}) == MAILS  # copies are the same to the byte
    with crash_app.app.app_context():
        states = set(db.session.scalars(db.select(OutboxMessage.state).distinct()))
    assert states == {MailState.SENT}


def _promise(app: Flask) -> set[str]:
    with app.app_context(), write_transaction():
        mails = (Mail(to=f"person{n}@x.example", subject=f"Mail {n}", text=f"{n}\n") for n in range(MAILS))
        return {queue_mail(mail, about="HD-7K3M-2QXP").message_id for mail in mails}


def _live_and_die(crash_app: TestApp, url: str, sink: DeadlySink, chance: random.Random) -> None:
    with running(crash_app.settings, url, "worker") as worker:
        sink.strike = worker.kill
        sink.moment = chance.choice((0, chance.uniform(0, LATEST_SECONDS)))
        sink.steps_left = chance.randint(1, MOST_STEPS)
        worker.process.wait(timeout=60)
    _let_time_pass(crash_app.app)


def _let_time_pass(app: Flask) -> None:
    """What two minutes do: the claims of the dead worker end."""
    past = clock.now() - timedelta(seconds=1)
    with app.app_context(), write_transaction():
        for table in (OutboxMessage, JobRun):
            db.session.execute(update(table).where(table.lease.is_not(None)).values(leased_until=past))


def _waiting(app: Flask) -> int:
    with app.app_context():
        unsent = db.select(func.count()).where(OutboxMessage.state != MailState.SENT)
        return db.session.scalar(unsent) or 0
