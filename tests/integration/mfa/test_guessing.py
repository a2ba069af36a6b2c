"""Guessing codes: how many are looked at, who has to wait, and that the owner always gets in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text

from helpdesk.accounts.models import Person
from helpdesk.accounts.service.password_proofs import make_proof
from helpdesk.audit.models import AuditEvent
from helpdesk.core.errors import TooMany
from helpdesk.core.throttle import ThrottleCount
from helpdesk.db import db, write_transaction
from helpdesk.mfa.models.factors import CodeCount, TotpFactor
from helpdesk.mfa.service.signing_in import sign_in_with_code
from helpdesk.settings import Settings
from helpdesk.web import security
from helpdesk.web.security import client_network
from tests import factories
from tests.authenticators import Phone, give_password, log_in
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import AtOnce, Browser, Outbox, is_logged_in


@pytest.fixture(autouse=True)
def clock(moved_clock: time_machine.Traveller) -> time_machine.Traveller:
    return moved_clock


@pytest.fixture
def looked_at(app: Flask) -> Callable[[], int]:
    """How many wrong codes were looked at, by the audit log."""

    def count() -> int:
        is_refusal = AuditEvent.action == "totp:refused"
        return db.session.scalar(select(func.count()).select_from(AuditEvent).where(is_refusal)) or 0

    return count


def guess(person: Person, phone: Phone, network: str) -> str:
    """One wrong code with a fresh proof of the password: what came of it."""
    return try_code(proof_of(person.id), phone.wrong_code(), network)


def proof_of(person_id: UUID) -> str:
    with write_transaction():
        return make_proof(db.session.get_one(Person, person_id))


def try_code(proof: str, code: str, network: str) -> str:
    try:
        sign_in_with_code(proof, code, network=network, browser="")
    except (TooMany, TimeoutError):  # a database that is too busy to count the try: nobody looks at the code either
        return "not looked at"
    except Exception as refusal:
        return type(refusal).__name__
    return "let in"


def many_wrong_codes(client: PageClient, sam: Person, phone: Phone, times: int) -> Page:
    for _ in range(times):
        answer = log_in(client, sam, phone, code=phone.wrong_code())
    return answer


def test_five_wrong_codes_are_free_and_then_there_are_waits(
    client: PageClient, sam: Person, phone: Phone, clock: time_machine.Traveller
) -> None:
    assert many_wrong_codes(client, sam, phone, 6).status_code == 422
    answer = log_in(client, sam, phone, code=phone.code())
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    assert answer.has("Too many wrong codes were tried. Wait 30 seconds, then try again.")
    clock.shift(timedelta(seconds=30))
    assert log_in(client, sam, phone, code=phone.code()).status_code == 303


@pytest.mark.parametrize("is_right", [True, False])
def test_while_it_waits_right_and_wrong_codes_look_the_same(
    client: PageClient, sam: Person, phone: Phone, looked_at: Callable[[], int], is_right: bool
) -> None:
    many_wrong_codes(client, sam, phone, 6)
    answer = log_in(client, sam, phone, code=phone.code() if is_right else phone.wrong_code())
    assert (answer.status_code, answer.headers["Retry-After"], looked_at()) == (429, "30", 6)
    assert db.session.scalars(select(CodeCount.failures)).one() == 6


def test_the_waits_grow(sam: Person, phone: Phone, clock: time_machine.Traveller) -> None:
    waits = []
    for number in range(21):
        guess(sam, phone, f"10.0.0.{number}")
        row = db.session.scalars(select(CodeCount).execution_options(populate_existing=True)).one()
        waits.append(int((row.blocked_until - row.updated_at).total_seconds()) if row.blocked_until else 0)
        db.session.rollback()
        clock.shift(timedelta(hours=1))
    assert waits[:5] == [0] * 5
    assert waits[5:11] == [30, 60, 120, 300, 600, 1800]
    assert waits[18:] == [1800, 3600, 3600]


def test_g01_a_thousand_guesses_at_once_are_hardly_looked_at(
    sam: Person, phone: Phone, at_once: AtOnce, looked_at: Callable[[], int]
) -> None:
    wrong, proofs = phone.wrong_code(), [proof_of(sam.id) for _ in range(40)]

    def guess_some(number: int) -> object:
        return [try_code(proofs[number], wrong, f"10.0.{number}.{part}") for part in range(25)]

    outcomes = at_once(40, guess_some)
    results = [result for batch in outcomes if isinstance(batch, list) for result in batch]
    assert len(results) == 1_000
    assert results.count("not looked at") == 994
    assert looked_at() == 6


def test_g01_a_patient_guesser_closes_the_lane_after_fifty(
    client: PageClient, sam: Person, phone: Phone, clock: time_machine.Traveller, looked_at: Callable[[], int]
) -> None:
    for number in range(60):
        guess(sam, phone, f"10.0.0.{number}")
        clock.shift(timedelta(hours=1))
    assert looked_at() == 50
    clock.shift(timedelta(days=30))
    answer = log_in(client, sam, phone, code=phone.code())
    assert answer.status_code == 429
    assert answer.has("log in from a browser that you used before use a recovery code")


def test_g04_the_owner_gets_in_where_they_were_before(
    client: PageClient, new_browser: Browser, sam: Person, phone: Phone, clock: time_machine.Traveller
) -> None:
    assert log_in(client, sam, phone).status_code == 303
    client.submit(client.get("/accessibility"), button="Log out")
    for number in range(50):
        guess(sam, phone, f"10.0.0.{number}")
        clock.shift(timedelta(hours=1))
    assert log_in(new_browser(), sam, phone).status_code == 429
    assert log_in(client, sam, phone).status_code == 303


def test_g06_a_new_password_proof_or_logging_out_resets_nothing(client: PageClient, sam: Person, phone: Phone) -> None:
    many_wrong_codes(client, sam, phone, 4)
    give_password(client, sam.email)
    client.submit(client.get("/sign-in/recovery-code"), button="Continue", code="wrong")
    client.get("/enrol/nobody-made-it")
    token = client.get("/sign-in").form("Log in").values["csrf_token"]
    client.post("/sign-out", data={"csrf_token": token})
    many_wrong_codes(client, sam, phone, 2)
    assert log_in(client, sam, phone, code=phone.code()).status_code == 429


def test_g07_another_accounts_success_resets_nothing(
    client: PageClient, new_browser: Browser, sam: Person, ben: Person, phone: Phone
) -> None:
    many_wrong_codes(client, sam, phone, 6)
    used = db.session.scalars(select(ThrottleCount.count).where(ThrottleCount.scope == "codes-network")).one()
    assert log_in(new_browser(), ben, Phone.of(ben)).status_code == 303
    assert log_in(client, sam, phone, code=phone.code()).status_code == 429
    db.session.rollback()
    kept = db.session.scalars(select(ThrottleCount.count).where(ThrottleCount.scope == "codes-network")).one()
    assert kept > used


def test_one_network_cannot_try_codes_of_every_account(sam: Person, phone: Phone) -> None:
    people = [factories.person() for _ in range(13)]
    phones = [Phone.of(person) for person in people]
    outcomes = [guess(*pair, "10.0.0.1") for pair in zip(people, phones, strict=True) for _ in range(5)]
    assert outcomes == ["CodeRefused"] * 60 + ["not looked at"] * 5


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8::1", "2001:db8::/64"), ("::ffff:192.0.2.7", "192.0.2.7")],
)
def test_g08_a_customers_addresses_count_as_one(app: Flask, address: str, counted_as: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert client_network() == counted_as


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"},
        {"X-Forwarded-For": "10.0.0.1, 127.0.0.1, 198.51.100.7"},
        {"X-Forwarded-For": "198.51.100.7", "Forwarded": "for=203.0.113.9", "X-Real-IP": "203.0.113.9"},
        {"X-Forwarded-For": "203.0.113.9, ::ffff:198.51.100.7"},
    ],
)
def test_g08_behind_one_proxy_only_what_it_added_itself_counts(settings: Settings, headers: dict[str, str]) -> None:
    behind = Flask("behind one proxy")
    security.init_app(behind, settings.model_copy(update={"trusted_proxies": 1}))
    behind.add_url_rule("/", view_func=client_network)
    assert behind.test_client().get("/", headers=headers).get_data(as_text=True) == "198.51.100.7"


def test_g08_made_up_headers_do_not_count(client: PageClient, sam: Person, phone: Phone) -> None:
    page = client.follow(give_password(client, sam.email))
    headers = {"X-Forwarded-For": "198.51.100.9", "Forwarded": "for=198.51.100.9", "X-Real-IP": "198.51.100.9"}
    values = page.form("Continue").values | {"code": [phone.wrong_code()]}
    client.post("/sign-in/code", data=values, headers=headers)
    client.submit(page, button="Continue", code=phone.wrong_code())
    assert db.session.scalars(select(ThrottleCount.count).where(ThrottleCount.scope == "codes-network")).all() == [2]


def test_g12_the_count_outlives_the_process(client: PageClient, sam: Person, phone: Phone) -> None:
    many_wrong_codes(client, sam, phone, 5)
    db.session.rollback()
    db.engine.dispose()
    assert many_wrong_codes(client, sam, phone, 2).status_code == 429


def test_g13_without_the_count_no_code_is_looked_at(client: PageClient, sam: Person, phone: Phone) -> None:
    page = client.follow(give_password(client, sam.email))
    _run(f"ALTER TABLE {CodeCount.__tablename__} RENAME TO away")
    try:
        answer = client.submit(page, button="Continue", code=phone.code())
    finally:
        _run(f"ALTER TABLE away RENAME TO {CodeCount.__tablename__}")
    assert answer.status_code >= 500
    assert not is_logged_in(client)


@pytest.mark.parametrize("table", [CodeCount.__tablename__, ThrottleCount.__tablename__])
def test_g13_with_a_count_that_cannot_be_written_no_code_is_looked_at(
    client: PageClient, sam: Person, phone: Phone, database: str, table: str
) -> None:
    page, last_step = client.follow(give_password(client, sam.email)), _last_step()
    statements = READ_ONLY[database]
    _run(*(statement.format(table=table) for statement in statements.begin))
    try:
        answer = client.submit(page, button="Continue", code=phone.code())
    finally:
        _run(*(statement.format(table=table) for statement in statements.end))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (is_logged_in(client), _last_step()) == (False, last_step)


@dataclass(frozen=True)
class Statements:
    """What makes a table of one kind of database unwritable, and writable again."""

    begin: tuple[str, ...]
    end: tuple[str, ...]


READ_ONLY = {
    # A table that is a view of nothing answers as a file does that can only be read: with an operational error.
    "sqlite": Statements(
        ("ALTER TABLE {table} RENAME TO away", "CREATE VIEW {table} AS SELECT * FROM away"),
        ("DROP VIEW {table}", "ALTER TABLE away RENAME TO {table}"),
    ),
    "postgresql": Statements(
        (
            "CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN RAISE SQLSTATE '25006'; END $$ LANGUAGE plpgsql",
            "CREATE TRIGGER read_only BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION refuse()",
        ),
        ("DROP TRIGGER read_only ON {table}", "DROP FUNCTION refuse"),
    ),
}


def _last_step() -> int:
    return db.session.scalars(select(TotpFactor.last_step)).one()


def _run(*statements: str) -> None:
    db.session.rollback()
    with write_transaction():
        for statement in statements:
            db.session.execute(text(statement))


def test_g14_the_owner_is_told_once_however_long_it_goes_on(
    sam: Person, phone: Phone, outbox: Outbox, clock: time_machine.Traveller
) -> None:
    for number in range(4):
        guess(sam, phone, f"10.0.0.{number}")
    assert outbox() == []
    for number in range(60):
        guess(sam, phone, f"10.0.1.{number}")
        clock.shift(timedelta(seconds=10))
    assert [mail.subject for mail in outbox()] == ["Somebody tried to log in to your account"]
    assert "They know your password" in outbox()[0].text


def test_the_right_code_clears_its_own_count_only(
    client: PageClient, new_browser: Browser, sam: Person, phone: Phone
) -> None:
    log_in(client, sam, phone)
    client.submit(client.get("/accessibility"), button="Log out")
    many_wrong_codes(new_browser(), sam, phone, 5)
    many_wrong_codes(client, sam, phone, 3)
    assert log_in(client, sam, phone).status_code == 303
    db.session.rollback()
    failures = {row.lane: row.failures for row in db.session.scalars(select(CodeCount))}
    assert failures == {"unknown_place": 5, "known_place": 0}
