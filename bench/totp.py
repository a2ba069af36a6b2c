"""How many codes a second are checked over HTTP, against a bare view with one insert on the same server and database.

Run with `.venv/bin/python -m bench.totp`. A check is the count of tries, decryption and the compare-and-set; passwords
are not counted in. A whole log-in, which also starts a session, is printed beside it. Writes bench/results/totp.json.
With `WITH_PRIVACYIDEA=yes` a privacyIDEA on SQLite answers /validate/check on the same kind of server in the same run.
"""

import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pyotp
from cryptography.fernet import Fernet
from flask import Flask, request
from pydantic import SecretStr
from sqlalchemy import Column, MetaData, String, Table, insert
from werkzeug.serving import WSGIRequestHandler, make_server

from helpdesk.accounts.models import Person
from helpdesk.accounts.service.password_proofs import make_proof
from helpdesk.accounts.service.sealing import seal, unseal
from helpdesk.app import create_app
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import Base, db, write_transaction
from helpdesk.extensions import csrf
from helpdesk.mfa.service.signing_in import prove_with_code
from helpdesk.settings import Settings
from helpdesk.web.access import public
from tests import factories, postgres, privacyidea

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "bench/results/totp.json"
PEOPLE, ROUNDS, AT_ONCE = 120, 3, 4
AT_LEAST = 1 / 3
# Each of its people costs several calls before the clock starts.
PEOPLE_OF_PRIVACYIDEA = 40
TIMES_PRIVACYIDEA = 10

BARE = Table("bare", MetaData(), Column("id", String(36), primary_key=True))


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # as in the class it overrides
        pass


def main() -> None:
    """Measure on both databases, print, and keep the figures."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("sqlite", "postgresql"):
            url = postgres.server().ensure_database("bench_totp") if name == "postgresql" else ""
            figures[name] = _measure(Path(folder) / name, url)
            print(f"{name:11}" + "".join(f"  {key} {value:,.2f}" for key, value in figures[name].items()))
        reason = privacyidea.why_not()
        too_near = [] if reason else _compare(Path(folder), figures)
    print(reason or f"privacyIDEA {figures['privacyidea']['checks_per_second']:,.2f} checks a second")
    postgres.stop()
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    slow = [name for name, found in figures.items() if found.get("ratio", AT_LEAST) < AT_LEAST]
    if slow:
        raise SystemExit(f"Below a third of a bare view: {', '.join(slow)}")
    if too_near:
        raise SystemExit(f"Less than {TIMES_PRIVACYIDEA} times as fast as privacyIDEA: {', '.join(too_near)}")


def _compare(folder: Path, figures: dict[str, dict[str, float]]) -> list[str]:
    """Add privacyIDEA's figure and how many times as fast we are; where that is too few times."""
    with privacyidea.running(folder) as server:
        rounds = [_round_of_privacyidea(server, number) for number in range(ROUNDS)]
    checks, ours = statistics.median(rounds), list(figures)
    for name in ours:
        figures[name]["times_privacyidea"] = figures[name]["checks_per_second"] / checks
        print(f"{name:11}  times_privacyidea {figures[name]['times_privacyidea']:,.1f}")
    figures["privacyidea"] = {"checks_per_second": checks}
    return [name for name in ours if figures[name]["times_privacyidea"] < TIMES_PRIVACYIDEA]


def _round_of_privacyidea(server: privacyidea.Server, number: int) -> float:
    """Right codes of people of this round, each of the period after the one that confirmed their token."""
    logins = [f"person{number}x{place}" for place in range(PEOPLE_OF_PRIVACYIDEA)]
    secrets, later = server.enrol(logins), clock.now() + timedelta(seconds=30)
    requests = []
    for login, secret in zip(logins, secrets, strict=True):
        form = {"user": login, "realm": privacyidea.REALM, "pass": pyotp.TOTP(secret).at(later)}
        requests.append(("/validate/check", "", urlencode(form)))
    return _per_second(server.port, requests, expected=200, holds=b'"authentication": "ACCEPT"')


def _measure(folder: Path, url: str) -> dict[str, float]:
    app = _app(folder, url)
    with app.app_context(), _served(app) as port:
        rounds = [_one_round(port) for _ in range(ROUNDS)]
    checks, log_ins, bare = (statistics.median(values) for values in zip(*rounds, strict=True))
    return {
        "checks_per_second": checks,
        "bare_inserts_per_second": bare,
        "ratio": checks / bare,
        "log_ins_per_second": log_ins,
        "pyotp_and_fernet_alone_per_second": _alone(),
    }


def _one_round(port: int) -> tuple[float, float, float]:
    """Checks, whole log-ins and bare inserts a second, one after the other."""
    people = [_person() for _ in range(PEOPLE)]
    checks = _per_second(port, [_check(*one) for one in people], expected=200)
    log_ins = _per_second(port, _log_ins(port), expected=303)
    return checks, log_ins, _per_second(port, [("/bench/insert", "", "")] * PEOPLE, expected=200)


def _app(folder: Path, url: str) -> Flask:
    folder.mkdir()
    secrets = {"secret_key": SecretStr("x" * 40), "mfa_keys": SecretStr(Fernet.generate_key().decode())}
    app = create_app(Settings(data_dir=folder, database_url=url, public_url="http://localhost", **secrets))

    @app.post("/bench/insert")
    @csrf.exempt
    @public
    def bare() -> str:
        with write_transaction():
            db.session.execute(insert(BARE).values(id=str(uuid4())))
        return "done"

    @app.post("/bench/check/<uuid:person_id>")
    @csrf.exempt
    @public
    def check(person_id: UUID) -> str:
        prove_with_code(request.form["code"], by=Actor("", person_id), network="127.0.0.1")
        return "done"

    with app.app_context():
        Base.metadata.create_all(db.engine)
        BARE.metadata.create_all(db.engine)
    return app


@contextmanager
def _served(app: Flask) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def _person() -> tuple[Person, str]:
    person, secret = factories.person(password=None), pyotp.random_base32()
    factories.factor(person, secret=secret)
    return person, secret


def _check(person: Person, secret: str) -> tuple[str, str, str]:
    return f"/bench/check/{person.id}", "", urlencode({"code": pyotp.TOTP(secret).at(clock.now())})


def _log_ins(port: int) -> list[tuple[str, str, str]]:
    """For each of many people who gave the password: path, cookies and form of the right code."""
    cookie, token = _form(port)
    requests = []
    for _ in range(PEOPLE):
        person, secret = _person()
        with write_transaction():
            proof = make_proof(person, is_from_known_place=True)
        code = pyotp.TOTP(secret).at(clock.now())
        requests.append(("/sign-in/code", f"{cookie}; proof={proof}", urlencode({"csrf_token": token, "code": code})))
    db.session.remove()
    return requests


def _form(port: int) -> tuple[str, str]:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    token = answer.read().decode().partition('name="csrf_token" value="')[2].partition('"')[0]
    connection.close()
    return (answer.getheader("Set-Cookie") or "").partition(";")[0], token


def _per_second(port: int, requests: list[tuple[str, str, str]], *, expected: int, holds: bytes = b"") -> float:
    """Sent by a few at once, each on a connection that stays open."""
    parts = [requests[number::AT_ONCE] for number in range(AT_ONCE)]
    send: Callable[[list[tuple[str, str, str]]], None] = lambda part: _send(port, part, expected, holds)  # noqa: E731
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(send, parts))
    return len(requests) / (time.perf_counter() - started)


def _send(port: int, requests: list[tuple[str, str, str]], expected: int, holds: bytes) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    for path, cookies, body in requests:
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        is_right = answer.status == expected and holds in answer.read()
        if not is_right or "ended" in (answer.getheader("Location") or ""):
            raise SystemExit(f"{path}: {answer.status} {answer.getheader('Location')}")
    connection.close()


def _alone() -> float:
    """Decryption and comparison with nothing around them."""
    secret, person_id, factor_id = pyotp.random_base32(), uuid4(), uuid4()
    sealed, code, times = seal(secret, person_id=person_id, row=factor_id), "000000", 2_000
    started = time.perf_counter()
    for _ in range(times):
        opened = unseal(sealed, person_id=person_id, row=factor_id)
        pyotp.TOTP(opened).verify(code, valid_window=1)
    return times / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
