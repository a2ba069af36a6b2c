"""A real privacyIDEA for the tests of our provider: installed outside of the repository, started on loopback."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyotp

from helpdesk.core import clock
from helpdesk.mfa.providers.privacyidea import PrivacyIdeaProvider
from tests.apps import ROOT
from tests.smtp_sink import free_port

# Set by `make providers`: installing it takes a minute, and each start of it many seconds.
SWITCH = "WITH_PRIVACYIDEA"
NOT_ASKED = f"privacyIDEA is started only when {SWITCH} is set: `make providers` does so."
CANNOT = "privacyIDEA cannot be installed on this machine."
# As in privacyidea_server.py, which only its own Python can import.
REALM, ADMINISTRATOR, PASSWORD = "pharmacy", "helpdesk", "a password of the tests only"


@dataclass(frozen=True)
class Server:
    """A running server, with nobody in its realm at first."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def provider(self) -> PrivacyIdeaProvider:
        return PrivacyIdeaProvider(self.url, ADMINISTRATOR, REALM, PASSWORD)

    @property
    def provider_url(self) -> str:
        return f"privacyidea+{self.url}?user={ADMINISTRATOR}&realm={REALM}"

    def add(self, login: str, email: str) -> None:
        """Somebody more in the realm."""
        with sqlite3.connect(self.folder / "people.db") as people:
            people.execute("INSERT INTO people (login, email, name) VALUES (?, ?, ?)", (login, email, login))

    def accepts(self, login: str, code: str) -> bool:
        """Whether the code of that person is right there, as another program asks it."""
        asked = {"user": login, "realm": REALM, "pass": code}
        answer = httpx.post(f"{self.url}/validate/check", data=asked, timeout=30)
        return bool(answer.json()["result"]["value"])

    def enrol(self, logins: list[str]) -> list[str]:
        """New people with a confirmed token each; its secret. By plain calls with one proof, because there are many."""
        for login in logins:
            self.add(login, f"{login}@highstreet.example")
        with httpx.Client(base_url=self.url, timeout=30) as client:
            proof = client.post("/auth", data={"username": ADMINISTRATOR, "password": PASSWORD}).json()
            client.headers["Authorization"] = proof["result"]["value"]["token"]
            return [_enrolled(client, login) for login in logins]


def _enrolled(client: httpx.Client, login: str) -> str:
    wanted = {"type": "totp", "genkey": 1, "user": login, "realm": REALM}
    made = client.post("/token/init", data=wanted).json()["detail"]
    totp = pyotp.parse_uri(made["googleurl"]["value"])
    assert isinstance(totp, pyotp.TOTP)
    code = totp.at(clock.now())
    confirmed = client.post("/token/init", data={"type": "totp", "serial": made["serial"], "verify": code})
    confirmed.raise_for_status()
    return totp.secret


def why_not() -> str:
    """Why there is none on this machine now; '' when there is one. Installs it where it is asked for."""
    if not os.environ.get(SWITCH):
        return NOT_ASKED
    return "" if _python() else CANNOT


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server with a database of its own, until the block ends."""
    python, port = _python(), free_port()
    command = [str(python), "-P", "-W", "ignore", str(ROOT / "tests/privacyidea_server.py"), str(folder), str(port)]
    with (
        (folder / "printed").open("wb") as printed,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=printed,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            lines = iter(process.stdout.readline, b"")
            if b"Listening\n" not in lines:
                raise RuntimeError((folder / "printed").read_text()[-2000:])
            yield Server(folder, port)
        finally:
            process.stdin.close()
            process.terminate()


def _python() -> Path | None:
    """Its own interpreter, or None where it cannot be installed."""
    found = subprocess.run(
        [str(ROOT / "tests/machine.sh"), "privacyidea"], capture_output=True, text=True, check=False, timeout=600
    )
    return Path(found.stdout.strip()) if found.returncode == 0 else None
