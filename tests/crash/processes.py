"""The service's own commands as processes of their own, on a database and a mail server of the test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpdesk.db import Base, db
from helpdesk.settings import PREFIX, Settings
from tests import postgres
from tests.apps import ROOT, TestApp, make_app, make_settings

COMMAND = Path(sys.executable).parent / "helpdesk"
ENDS_WITHIN_SECONDS = 60


@dataclass
class Command:
    """A running command of the service, in a process group of its own; what it prints goes into a file."""

    process: subprocess.Popen[bytes]
    printed_to: Path

    @property
    def printed(self) -> str:
        return self.printed_to.read_text()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, as a terminal or a service manager does; its exit code."""
        os.killpg(self.process.pid, number)
        return self.process.wait(ENDS_WITHIN_SECONDS)


def make_service(folder: Path, database: str = "sqlite") -> TestApp:
    """The application on a database of its own, with tables: other processes write to it."""
    url = postgres.server().ensure_database(f"helpdesk_{folder.name}") if database == "postgresql" else ""
    made = make_app(make_settings(folder, database_url=url))
    with made.app.app_context():
        Base.metadata.create_all(db.engine)
        db.engine.dispose()
    return made


@contextmanager
def running(settings: Settings, mail_url: str, *arguments: str) -> Iterator[Command]:
    """The command, until the block ends; nothing of it is left then."""
    printed_to = settings.data_dir / f"printed-{time.monotonic_ns()}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment |= {
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        f"{PREFIX}DATABASE_URL": settings.database,
        f"{PREFIX}MAIL_URL": mail_url,
        f"{PREFIX}FAQ_DIR": str(settings.faq_dir),
    }
    with printed_to.open("wb") as output:
        process = subprocess.Popen(
            [COMMAND, *arguments], cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield Command(process, printed_to)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(ENDS_WITHIN_SECONDS)


def wait_until(is_so: Callable[[], bool], within_seconds: float = 60) -> None:
    """Return as soon as it is so; a failed assertion when it takes too long."""
    deadline = time.monotonic() + within_seconds
    while not is_so():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)
