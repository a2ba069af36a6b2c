"""The secrets of authenticators in the database: sealed, bound to their row, and put under new keys in operation."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from click.testing import Result
from cryptography.fernet import Fernet
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.audit.cli import audit
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.mfa.cli import mfa
from helpdesk.mfa.jobs import forget
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.queries.explanations import unexplained_generations
from helpdesk.mfa.types.factors import FactorState
from helpdesk.settings import Settings, use
from tests import factories
from tests.authenticators import Phone, log_in
from tests.client import PageClient
from tests.integration.mfa.conftest import Audited, Browser, is_logged_in
from tests.people import SignIn

UseKeys = Callable[[str], None]
UNREADABLE = "We cannot check codes of this account at the moment. Log in with a recovery code, or call the helpdesk"


@pytest.fixture
def use_keys(app: Flask, settings: Settings) -> Iterator[UseKeys]:
    """Put other keys in use until the end of the test."""
    yield lambda keys: use(settings.model_copy(update={"mfa_keys": SecretStr(keys)}))
    use(settings)


@pytest.fixture
def old_key(settings: Settings) -> str:
    return settings.sealing_keys[0]


def rotate(app: Flask) -> Result:
    db.session.rollback()
    result: Result = app.test_cli_runner().invoke(mfa, ["rotate-keys"])
    db.session.rollback()
    return result


def sealed(person: Person) -> str:
    db.session.rollback()
    return db.session.scalars(select(TotpFactor.sealed_secret).where(TotpFactor.person_id == person.id)).one() or ""


def test_d01_the_secret_is_not_in_the_row(sam: Person, phone: Phone) -> None:
    assert phone.secret not in sealed(sam)
    assert sealed(sam).startswith("gAAAA")


def test_d02_a_secret_copied_into_another_row_opens_nothing(
    client: PageClient, sam: Person, ben: Person, phone: Phone, audited: Audited
) -> None:
    Phone.of(ben)
    copied = sealed(sam)
    with write_transaction():
        row = db.session.scalars(select(TotpFactor).where(TotpFactor.person_id == ben.id)).one()
        row.sealed_secret = copied
    assert log_in(client, ben, phone, code=phone.code()).errors == [UNREADABLE]
    assert not is_logged_in(client)
    assert audited() == ["totp:unreadable", "totp:refused"]


def test_d04_keys_change_while_people_log_in(
    app: Flask, new_browser: Browser, sam: Person, phone: Phone, old_key: str, use_keys: UseKeys
) -> None:
    new_key, before = Fernet.generate_key().decode(), sealed(sam)
    use_keys(f"{new_key},{old_key}")
    assert log_in(new_browser(), sam, phone).status_code == 303
    result = rotate(app)
    assert "1 changed. 0 left" in result.output
    assert sealed(sam) != before
    use_keys(new_key)
    assert log_in(new_browser(), sam, phone).status_code == 303


def test_d04_phone_numbers_come_under_the_new_key_with_the_rest(
    app: Flask, sign_in_as: SignIn, old_key: str, use_keys: UseKeys
) -> None:
    person = factories.person(phone="+442079460678")
    new_key = Fernet.generate_key().decode()
    use_keys(f"{new_key},{old_key}")
    assert "1 changed. 0 left" in rotate(app).output
    use_keys(new_key)
    assert sign_in_as(person).get("/account").has("Ends in 678")


def test_d02_a_number_copied_into_another_row_is_not_shown_as_theirs(sign_in_as: SignIn, ben: Person) -> None:
    other = factories.person(phone="+442079460678")
    ben.sealed_phone, ben.phone_since = other.sealed_phone, other.phone_since
    factories.saved(ben)
    assert sign_in_as(ben).get("/account").has("Cannot be read now")


def test_rotating_twice_changes_nothing_more(app: Flask, sam: Person, phone: Phone, use_keys: UseKeys) -> None:
    before = sealed(sam)
    assert "0 changed. 0 left" in rotate(app).output
    assert sealed(sam) == before


def test_many_rows_are_taken_in_turns(app: Flask, platform: object, old_key: str, use_keys: UseKeys) -> None:
    for number in range(103):
        Phone.of(factories.person(email=f"p{number}@helpdesk.example", password=None))
    use_keys(f"{Fernet.generate_key().decode()},{old_key}")
    assert "103 changed. 0 left" in rotate(app).output


def test_d05_without_their_key_people_are_told_what_to_do_and_others_work(
    app: Flask, new_browser: Browser, sam: Person, phone: Phone, ben: Person, use_keys: UseKeys
) -> None:
    use_keys(Fernet.generate_key().decode())
    bens_phone = Phone.of(ben)
    assert log_in(new_browser(), sam, phone, code=phone.code()).errors == [UNREADABLE]
    assert log_in(new_browser(), ben, bens_phone).status_code == 303
    assert "1 left that the first key does not open" in rotate(app).output


def test_an_old_secret_is_erased_after_a_week(sam: Person, phone: Phone, moved_clock: time_machine.Traveller) -> None:
    with write_transaction():
        row = db.session.scalars(select(TotpFactor)).one()
        row.state, row.retired_at = FactorState.RETIRED, clock.now()
    moved_clock.shift(timedelta(days=6, hours=23))
    forget()
    assert sealed(sam)
    moved_clock.shift(timedelta(hours=2))
    forget()
    assert sealed(sam) == ""


def test_d03_a_generation_that_the_log_does_not_explain_is_found(app: Flask, sam: Person) -> None:
    assert unexplained_generations() == []
    sam.mfa_generation = 1
    factories.saved(sam)
    words = f"person:{sam.id} has authenticator number 1, and the log says 0"
    assert unexplained_generations() == [words]
    with write_transaction():
        record("totp:set-up", by=SYSTEM, target=f"person:{sam.id}", generation=1)
    assert unexplained_generations() == []
    sam.mfa_generation = 0
    factories.saved(sam)
    factories.person(name="Una Else")
    answer = app.test_cli_runner().invoke(audit, ["verify", "--deep"])
    assert answer.exit_code == 1
    assert f"person:{sam.id} has authenticator number 0, and the log says 1" in answer.output


def test_d03_a_step_set_back_by_hand_accepts_no_more_than_the_present_codes(
    client: PageClient, new_browser: Browser, sam: Person, phone: Phone
) -> None:
    old = phone.code(-3)
    assert log_in(client, sam, phone).status_code == 303
    with write_transaction():
        db.session.scalars(select(TotpFactor)).one().last_step = -1
    assert log_in(new_browser(), sam, phone, code=old).status_code == 422
