"""A private PostgreSQL server for the tests: in a temporary folder, on loopback only, thrown away afterwards."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

MISSING = (
    "PostgreSQL is not installed, and every test must pass on it. Run `make test`, which installs it where it may, "
    "or install it yourself: `sudo apt-get install postgresql` (macOS: `brew install postgresql`)."
)
STARTS_WITHIN_SECONDS = 60
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
# Nothing here must outlive the run, so nothing waits for the disk.
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "unix_socket_directories=",
)
INITDB = "--username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync"
PR_SET_PDEATHSIG = 1


class PostgresMissing(Exception):
    """There is no PostgreSQL on this machine."""


@dataclass
class Server:
    """A running server; `process` only where this very process started it."""

    port: int
    process: subprocess.Popen[bytes] | None = None
    folder: Path | None = None

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def ensure_database(self, name: str) -> str:
        """An empty database of that name; its address."""
        with psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)  # at once: nothing is kept
            self.process.wait(timeout=30)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


_running: list[Server] = []


def server() -> Server:
    """The server of this test run, started at its first use. PostgresMissing where there is none."""
    if not _running:
        _running.append(_start())
    return _running[0]


def join(port: int) -> None:
    """Use the server that the controlling process started."""
    _running[:] = [Server(port)]


def stop() -> None:
    """Stop the server if this process started it."""
    while _running:
        _running.pop().stop()


def find_binaries() -> Path:
    """The folder that holds initdb and postgres. PostgresMissing where there is none."""
    places = [path for pattern in PLACES for path in Path("/").glob(pattern.lstrip("/"))]
    places.sort(key=lambda path: [int(part) for part in "".join(c if c.isdigit() else " " for c in str(path)).split()])
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        places.append(Path(answer.stdout.strip() or "/"))
    if initdb := shutil.which("initdb"):
        places.append(Path(initdb).resolve().parent)
    for place in reversed(places):
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise PostgresMissing(MISSING)


def _start() -> Server:
    binaries, folder = find_binaries(), Path(tempfile.mkdtemp(prefix="helpdesk-postgres-"))
    if (user := _unprivileged_user()) is not None:
        shutil.chown(folder, user)
    data, log = folder / "data", folder / "log"
    command = [str(binaries / "initdb"), "-D", str(data), *INITDB.split()]
    done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"PostgreSQL could not be set up for the tests:\n{done.stderr}")
    port = _free_port()
    settings = [part for setting in (*FAST, "listen_addresses=127.0.0.1", f"port={port}") for part in ("-c", setting)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, *settings],
            user=user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl+C in the terminal reaches pytest alone, which then stops the server
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  # no threads yet
        )
    _wait_until_it_answers(process, port, log)
    return Server(port, process, folder)


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: the account to run it as then."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _die_with_parent() -> None:
    """A killed test run leaves no server behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    process.kill()
    process.wait()
    raise RuntimeError(f"PostgreSQL did not start for the tests:\n{log.read_text(errors='replace')}")
