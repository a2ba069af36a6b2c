"""Recovery codes: each stands in for the phone once, and nobody sees them twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.accounts.passwords import matches
from helpdesk.accounts.service.signing_in import prove_password
from helpdesk.db import db, write_transaction
from helpdesk.mfa.models.factors import RecoveryCode
from helpdesk.mfa.recovery_text import read_code
from helpdesk.mfa.service.recovery_codes import sign_in_with_recovery_code
from tests import factories
from tests.authenticators import Phone, give_password, log_in
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import AtOnce, Browser, Outbox, codes_of, is_logged_in
from tests.people import SignIn

REFUSED = "The recovery code is not right, or was used before"


@pytest.fixture(autouse=True)
def clock(moved_clock: time_machine.Traveller) -> time_machine.Traveller:
    return moved_clock


@pytest.fixture
def phone(ben: Person) -> Phone:
    """Ben's phone, with an entry that counts: he has no rights over others' accounts."""
    return Phone.of(ben)


@pytest.fixture
def codes(ben: Person, phone: Phone) -> list[str]:
    """Ben's codes, on paper."""
    return codes_of(ben)


def recover(client: PageClient, person: Person, code: str) -> Page:
    """Password, 'Use a recovery code', and the code."""
    page = client.follow(give_password(client, person.email))
    return client.submit(client.get(page.link("Use a recovery code")), button="Continue", code=code)


def test_a_recovery_code_signs_in_and_says_how_many_are_left(
    client: PageClient, ben: Person, codes: list[str], outbox: Outbox
) -> None:
    page = client.follow(recover(client, ben, codes[3]))
    assert page.heading == "You are logged in with a recovery code"
    assert page.has("You have 9 recovery codes left.")
    assert is_logged_in(client)
    assert [mail.subject for mail in outbox()] == ["A recovery code was used to log in"]


def test_it_opens_the_set_up_of_a_new_phone(client: PageClient, ben: Person, codes: list[str]) -> None:
    page = client.follow(recover(client, ben, codes[0]))
    page = client.follow(client.submit(page, button="Set up an authenticator"))
    new_phone = Phone.scanned(page)
    assert page.has("If your app shows two entries")
    assert client.submit(page, button="Finish", code=new_phone.code()).heading == "Keep your recovery codes"


def test_who_makes_accounts_is_led_to_the_set_up_and_nowhere_else(client: PageClient, root: Person) -> None:
    Phone.of(root)
    answer = recover(client, root, codes_of(root)[0])
    assert answer.location == "/set-up"
    assert not is_logged_in(client)
    page = client.follow(answer)
    client.submit(page, button="Finish", code=Phone.scanned(page).code())
    assert is_logged_in(client)


def test_it_may_be_typed_in_any_way(client: PageClient, ben: Person, codes: list[str]) -> None:
    assert recover(client, ben, f" {codes[0].lower().replace('-', ' ')} ").status_code == 303


@pytest.mark.parametrize("typed", ["", "7K3M-2QXP-9ABC-4DEF", "\x00", "x" * 5_000])
def test_a_wrong_code_is_refused(client: PageClient, ben: Person, codes: list[str], typed: str) -> None:
    answer = recover(client, ben, typed)
    assert answer.status_code == 422
    assert answer.errors == [REFUSED if typed else "Enter a recovery code"]
    assert not is_logged_in(client)


def test_somebody_elses_code_is_refused(client: PageClient, ben: Person, sam: Person, codes: list[str]) -> None:
    Phone.of(sam)
    assert recover(client, sam, codes[0]).errors == [REFUSED]


def test_e13_a_code_works_once(client: PageClient, new_browser: Browser, ben: Person, codes: list[str]) -> None:
    assert recover(client, ben, codes[0]).status_code == 303
    assert recover(new_browser(), ben, codes[0]).errors == [REFUSED]


def test_e13_of_many_at_once_one_gets_in(
    ben: Person, codes: list[str], at_once: AtOnce, sessions: Callable[[], int]
) -> None:
    proofs = [prove_password(email=ben.email, password=factories.PASSWORD, network=f"10.0.0.{n}") for n in range(20)]

    def use(number: int) -> object:
        return sign_in_with_recovery_code(proofs[number], codes[0], network=f"10.0.1.{number}", browser="")

    outcomes = at_once(20, use)
    assert len([one for one in outcomes if not isinstance(one, Exception)]) == 1
    assert sessions() == 1


def test_e14_codes_are_shown_once(sign_in_as: SignIn, ben: Person, phone: Phone) -> None:
    client = sign_in_as(ben)
    form = client.get("/account/recovery-codes")
    shown = client.submit(form, button="Continue", password=factories.PASSWORD, code=phone.code())
    made = [item.text for one in shown.tree.with_class("app-codes") for item in one.find_all("li")]
    assert len(made) == 10
    assert shown.headers["Cache-Control"] == "no-store"
    for path in ("/account", "/account/recovery-codes", "/set-up", "/admin/people"):
        assert not any(code in client.get(path).html for code in made)
    assert client.get("/account").has("Recovery codes left 10")


def test_e15_a_former_set_is_dead(
    client: PageClient, sign_in_as: SignIn, ben: Person, phone: Phone, codes: list[str]
) -> None:
    owner = sign_in_as(ben)
    form = owner.get("/account/recovery-codes")
    assert owner.submit(form, button="Continue", password=factories.PASSWORD, code=phone.code()).status_code == 200
    assert recover(client, ben, codes[0]).errors == [REFUSED]


def test_e17_a_code_that_was_seen_before_is_dead(
    client: PageClient, new_browser: Browser, ben: Person, phone: Phone, codes: list[str]
) -> None:
    seen = [phone.code(), phone.code(+1)]
    recover(client, ben, codes[0])
    assert all(log_in(new_browser(), ben, phone, code=code).status_code == 422 for code in seen)


def test_guesses_have_a_count_of_their_own(
    client: PageClient, new_browser: Browser, ben: Person, phone: Phone, codes: list[str]
) -> None:
    for _ in range(6):
        recover(new_browser(), ben, "wrong")
    assert recover(new_browser(), ben, codes[0]).status_code == 429
    assert log_in(client, ben, phone).status_code == 303


def test_a_closed_lane_leaves_the_recovery_codes(
    client: PageClient, new_browser: Browser, ben: Person, phone: Phone, codes: list[str], clock: time_machine.Traveller
) -> None:
    for _ in range(50):
        log_in(new_browser(), ben, phone, code=phone.wrong_code())
        clock.shift(timedelta(hours=1))
    assert log_in(new_browser(), ben, phone).status_code == 429
    assert recover(client, ben, codes[0]).status_code == 303


def test_few_codes_left_are_said(client: PageClient, ben: Person, codes: list[str]) -> None:
    with write_transaction():
        for row in db.session.scalars(select(RecoveryCode).limit(7)):
            db.session.delete(row)
    page = client.follow(recover(client, ben, codes[_first_kept(codes)]))
    assert page.has("You have 2 recovery codes left.")
    assert client.get("/account").has("You have 2 recovery codes left. Make new ones now.")


def test_only_slow_hashes_are_kept(codes: list[str]) -> None:
    rows = db.session.scalars(select(RecoveryCode)).all()
    assert all(row.code_hash.startswith("$argon2id$") and len(row.tag) == 2 for row in rows)


def _first_kept(codes: list[str]) -> int:
    """Which of the codes on paper is still among the rows."""
    kept = [row.code_hash for row in db.session.scalars(select(RecoveryCode))]
    return next(number for number, code in enumerate(codes) if any(matches(one, read_code(code)) for one in kept))
