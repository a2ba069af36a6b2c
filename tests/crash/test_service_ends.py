"""How the service's processes start, end and die."""

import os
import signal
from pathlib import Path
from urllib.request import urlopen

import pytest

from helpdesk.settings import Settings
from tests.crash.processes import Command, make_service, running, wait_until
from tests.smtp_sink import free_port

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings for a database with all its tables and nothing in them."""
    return make_service(tmp_path).settings


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("more", [(), ("--no-worker",)], ids=["with worker", "without"])
def test_the_server_says_when_it_listens_and_ends_when_told(
    settings: Settings, number: signal.Signals, more: tuple[str, ...]
) -> None:
    port = free_port()
    with running(settings, "file:", "serve", "--port", str(port), *more) as server:
        wait_until(lambda: f"Listening on http://127.0.0.1:{port}\n" in server.printed)
        assert _answers(port)
        assert ("worker_started" in server.printed) is not bool(more)

        assert server.end(number) == 0

        assert ("worker_stopped" in server.printed) is not bool(more)
        assert "Traceback" not in server.printed
        assert "ERROR" not in server.printed


def test_a_killed_server_leaves_nobody_behind(settings: Settings) -> None:
    port = free_port()
    with running(settings, "file:", "serve", "--port", str(port)) as server:
        wait_until(lambda: "Listening" in server.printed)
        (child,) = _children(server)

        server.kill()
        server.process.wait()

        wait_until(lambda: not _is_alive(child))


def test_a_killed_web_process_is_replaced(settings: Settings) -> None:
    port = free_port()
    with running(settings, "file:", "serve", "--port", str(port)) as server:
        wait_until(lambda: "Listening" in server.printed)
        (child,) = _children(server)

        os.kill(child, signal.SIGKILL)

        wait_until(lambda: server.printed.count("worker_started") == 2)
        wait_until(lambda: _answers(port))
        assert server.end() == 0


def test_two_servers_do_not_share_a_port(settings: Settings) -> None:
    port = str(free_port())
    with running(settings, "file:", "serve", "--no-worker", "--port", port) as first:
        wait_until(lambda: "Listening" in first.printed)
        with running(settings, "file:", "serve", "--no-worker", "--port", port) as second:
            assert second.process.wait(timeout=60) == 1
            assert "Choose another with --port." in second.printed


def test_a_worker_ends_when_told(settings: Settings) -> None:
    with running(settings, "file:", "worker") as worker:
        wait_until(lambda: "worker_started" in worker.printed)

        assert worker.end() == 0

        assert "worker_stopped" in worker.printed
        assert "Traceback" not in worker.printed


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:  # loopback
            return bool(response.status == 200)
    except OSError:
        return False


def _children(command: Command) -> list[int]:
    task = Path(f"/proc/{command.process.pid}/task/{command.process.pid}/children")
    return [int(number) for number in task.read_text().split()]


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
