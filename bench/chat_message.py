"""Side by side: a chat message over HTTP and a bare Flask view with one insert, on the same kind of server.

Run with `.venv/bin/python -m bench.chat_message`. What counts is the CPU time of each server, from its own process;
they take turns. Writes bench/results/chat_message.json.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

MESSAGES = (
    "qr code wont scan",
    "im a locum at a new shop",
    "lost my phone",
    "code not accepted",
    "which authenticator app",
)
ROUNDS = 12
# People rarely write more than five messages before they are helped or handed over.
CONVERSATIONS_A_ROUND = 6
MOST_ALLOWED_RATIO = 15
RESULTS = Path(__file__).parent / "results" / "chat_message.json"
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")

BARE = """
import sqlite3, threading
from flask import Flask, request, jsonify
local = threading.local()
def connection():
    if not hasattr(local, "it"):
        local.it = sqlite3.connect({path!r}, timeout=30)
        local.it.execute("PRAGMA journal_mode=WAL"); local.it.execute("PRAGMA synchronous=FULL")
        local.it.execute("CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, text TEXT)")
    return local.it
def make_app():
    app = Flask("bare")
    @app.get("/healthz")
    def healthz():
        return "ok"
    @app.post("/message")
    def message():
        with connection() as c:
            c.execute("INSERT INTO message (text) VALUES (?)", (request.get_json()["text"],))
        return jsonify(ok=True)
    return app
"""


@dataclass
class Server:
    """A server of ours in a process group of its own."""

    name: str
    process: subprocess.Popen[bytes]
    url: str

    def cpu_seconds(self) -> float:
        """What the server and its workers have used so far."""
        used = 0.0
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == self.process.pid:  # the process group
                used += (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND
        return used

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=30)


def main() -> None:
    """Print the CPU milliseconds of a message on both servers, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        servers = _start_ours(Path(folder)), _start_bare(Path(folder))
        try:
            ours, bare = _measure(*servers)
        finally:
            for server in servers:
                server.stop()
    ratio = ours / bare
    print(f"chat message {ours:.2f} ms CPU   bare view with one insert {bare:.2f} ms CPU   ratio {ratio:.1f}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"chat_ms": ours, "bare_ms": bare, "ratio": ratio}, indent=2))
    print(f"Written to {RESULTS.relative_to(Path.cwd())}. Wanted: at most {MOST_ALLOWED_RATIO} times.")


def _start_ours(folder: Path) -> Server:
    environment = os.environ | {"HELPDESK_DATA_DIR": str(folder / "ours"), "OPENBLAS_NUM_THREADS": "1"}
    helpdesk = str(Path(sys.executable).parent / "helpdesk")
    subprocess.run([helpdesk, "init"], env=environment, check=True, stdout=subprocess.DEVNULL)
    return _start("ours", [helpdesk, "serve", "--no-worker", "--port", "8765"], environment, 8765)


def _start_bare(folder: Path) -> Server:
    (folder / "bare.py").write_text(BARE.format(path=str(folder / "bare.db")))
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--port", "8766"]
    command += ["--blocking-threads", "8", "--log-level", "error", "bare:make_app"]
    return _start("bare", command, os.environ | {"PYTHONPATH": str(folder)}, 8766)


def _start(name: str, command: list[str], environment: dict[str, str], port: int) -> Server:
    process = subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=1).close()
            return Server(name, process, url)
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{name} did not start")


def _measure(ours: Server, bare: Server) -> tuple[float, float]:
    """Median CPU milliseconds a request, in rounds that take turns."""
    used: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        started = [_post(f"{ours.url}/api/v1/conversations", {}, "") for _ in range(CONVERSATIONS_A_ROUND)]
        addresses = [(f"{ours.url}/api/v1/conversations/{one['id']}/messages", str(one["token"])) for one in started]
        used["ours"].append(_round(ours, addresses))
        used["bare"].append(_round(bare, [(f"{bare.url}/message", "")] * CONVERSATIONS_A_ROUND))
    return statistics.median(used["ours"]), statistics.median(used["bare"])


def _round(server: Server, addresses: list[tuple[str, str]]) -> float:
    before = server.cpu_seconds()
    for address, token in addresses:
        for text in MESSAGES:
            _post(address, {"text": text}, token)
    return (server.cpu_seconds() - before) / (len(addresses) * len(MESSAGES)) * 1000


def _post(address: str, body: dict[str, str], token: str) -> dict[str, object]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, object] = json.load(answer)
        return found


if __name__ == "__main__":
    main()
