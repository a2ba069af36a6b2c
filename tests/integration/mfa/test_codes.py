"""Codes at the second step of logging in. Each test is named after its case in the list of attacks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from helpdesk.accounts.models import Person
from helpdesk.accounts.service.signing_in import prove_password
from helpdesk.db import db, write_transaction
from helpdesk.mfa.cli import mfa
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.service.signing_in import sign_in_with_code
from helpdesk.mfa.types.factors import FactorState
from tests import factories
from tests.authenticators import Phone, give_password, log_in
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import AtOnce, Audited, Browser, is_logged_in

PERIOD = timedelta(seconds=30)
USED = "This code was used before. Wait until the app shows the next one"
WRONG = "The code is not right. Enter the code that your authenticator app shows now"
MALFORMED = "Enter the 6 digits that your authenticator app shows"


@pytest.fixture(autouse=True)
def clock(moved_clock: time_machine.Traveller) -> time_machine.Traveller:
    return moved_clock


def last_step() -> int:
    db.session.rollback()
    return db.session.scalars(select(TotpFactor.last_step)).one()


def test_a_right_code_signs_in_and_the_page_says_where_it_comes_from(
    client: PageClient, sam: Person, phone: Phone
) -> None:
    page = client.follow(give_password(client, sam.email))
    assert page.heading == "Enter your code"
    assert page.has("Open your authenticator app and find the entry for Pharmacy MFA helpdesk")
    assert client.submit(page, button="Continue", code=phone.code()).location == "/admin/people"


@pytest.mark.parametrize(("typed", "message"), [("", "Enter the 6-digit code"), ("12345", MALFORMED)])
def test_what_is_no_code_is_said_by_the_field(
    client: PageClient, sam: Person, phone: Phone, typed: str, message: str
) -> None:
    page = client.follow(give_password(client, sam.email))
    answer = client.submit(page, button="Continue", code=typed)
    assert (answer.status_code, answer.errors) == (422, [message])
    assert answer.title.startswith("Error: Enter your code")


def test_c01_the_same_code_twice_signs_in_once(
    client: PageClient, new_browser: Browser, sam: Person, phone: Phone, audited: Audited, sessions: Callable[[], int]
) -> None:
    assert log_in(client, sam, phone, code=phone.code()).status_code == 303
    answer = log_in(new_browser(), sam, phone, code=phone.code())
    assert (answer.status_code, answer.errors) == (422, [USED])
    assert sessions() == 1
    assert audited() == ["person:signed-in", "totp:replay"]


@pytest.mark.parametrize("attempt", range(10))
def test_c02_one_code_in_parallel_signs_in_once(
    sam: Person, phone: Phone, at_once: AtOnce, sessions: Callable[[], int], attempt: int
) -> None:
    proofs = [prove_password(email=sam.email, password=factories.PASSWORD, network=f"10.0.0.{n}") for n in range(40)]
    code = phone.code()

    def use(number: int) -> object:
        return sign_in_with_code(proofs[number], code, network=f"10.0.1.{number}", browser="")

    outcomes = at_once(40, use)
    assert len([one for one in outcomes if not isinstance(one, Exception)]) == 1
    assert sessions() == 1


def test_c03_a_then_b_then_a_again_is_refused(
    new_browser: Browser, sam: Person, phone: Phone, clock: time_machine.Traveller
) -> None:
    first = phone.code()
    assert log_in(new_browser(), sam, phone, code=first).status_code == 303
    clock.shift(PERIOD)
    assert log_in(new_browser(), sam, phone, code=phone.code()).status_code == 303
    assert log_in(new_browser(), sam, phone, code=first).errors == [USED]


def test_c04_an_older_unused_code_after_a_newer_one_is_refused(new_browser: Browser, sam: Person, phone: Phone) -> None:
    assert log_in(new_browser(), sam, phone, code=phone.code(+1)).status_code == 303
    assert log_in(new_browser(), sam, phone, code=phone.code()).errors == [USED]
    assert log_in(new_browser(), sam, phone, code=phone.code(-1)).errors == [USED]


@pytest.mark.parametrize(
    ("steps", "words"), [(-3, "2 minutes slow"), (-2, "1 minute slow"), (2, "1 minute fast"), (3, "2 minutes fast")]
)
def test_c05_a_clock_that_is_off_is_said_and_lets_nobody_in(
    client: PageClient, sam: Person, phone: Phone, steps: int, words: str
) -> None:
    answer = log_in(client, sam, phone, code=phone.code(steps))
    assert answer.errors == [f"Your phone’s clock is about {words}. Set its time to automatic, then try again"]
    assert not is_logged_in(client)
    assert last_step() == -1


@pytest.mark.parametrize("steps", [-1, 1])
def test_c06_a_code_of_the_period_before_or_after_is_accepted_once(
    client: PageClient, new_browser: Browser, sam: Person, phone: Phone, steps: int
) -> None:
    assert log_in(client, sam, phone, code=phone.code(steps)).status_code == 303
    assert log_in(new_browser(), sam, phone, code=phone.code(steps)).errors == [USED]


def _other_spellings(code: str) -> dict[str, str]:
    moved = {"full-width": 0xFF10, "bold": 0x1D7CE, "arabic": 0x0660}
    written = {name: "".join(chr(zero + int(digit)) for digit in code) for name, zero in moved.items()}
    return written | {
        "no-break space": f"{code[:3]}\u00a0{code[3:]}",
        "zero-width space": f"{code[:3]}\u200b{code[3:]}",
        "newline": f"{code}\n",
        "plus": f"+{code}",
        "exponent": "1.23e5",
    }


@pytest.mark.parametrize("name", _other_spellings("000000"))
def test_c07_a_used_code_in_another_spelling_is_no_code(
    client: PageClient, new_browser: Browser, sam: Person, phone: Phone, name: str
) -> None:
    log_in(client, sam, phone, code=phone.code())
    second = new_browser()
    assert log_in(second, sam, phone, code=_other_spellings(phone.code())[name]).errors == [MALFORMED]
    assert not is_logged_in(second)


def test_c07_a_used_code_with_a_space_is_the_same_code(
    client: PageClient, new_browser: Browser, sam: Person, phone: Phone
) -> None:
    log_in(client, sam, phone, code=phone.code())
    spaced = f" {phone.code()[:3]} {phone.code()[3:]} "
    assert log_in(new_browser(), sam, phone, code=spaced).errors == [USED]


def test_c13_neither_time_nor_window_come_from_the_request(client: PageClient, sam: Person, phone: Phone) -> None:
    page = client.follow(give_password(client, sam.email))
    values = page.form("Continue").values | {"code": [phone.code(-3)]}
    wishes = {"time": "1", "for_time": "1", "initTime": "1", "window": "99", "period": "600", "digits": "1"}
    answer = client.post(
        "/sign-in/code", data=values | wishes, query_string=wishes, headers={"Date": "Tue, 24 Nov 2026 08:58:30 GMT"}
    )
    assert answer.status_code == 422
    assert not is_logged_in(client)


def test_c14_a_server_clock_that_goes_back_accepts_nothing_twice(
    new_browser: Browser, sam: Person, phone: Phone, clock: time_machine.Traveller
) -> None:
    accepted = phone.code()
    log_in(new_browser(), sam, phone, code=accepted)
    clock.shift(timedelta(seconds=-120))
    for code in (accepted, phone.code()):
        browser = new_browser()
        log_in(browser, sam, phone, code=code)
        assert not is_logged_in(browser)


def test_c14_the_operator_is_told_and_can_let_people_in_again(
    app: Flask, new_browser: Browser, sam: Person, phone: Phone, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=1))
    log_in(new_browser(), sam, phone)
    clock.shift(timedelta(hours=-1))
    assert new_browser().get("/readyz").status_code == 503
    assert "Accounts that cannot log in with a code: 1." in new_browser().get("/readyz").text
    db.session.rollback()
    assert "next minute on: 1." in app.test_cli_runner().invoke(mfa, ["clock-is-right"]).output
    assert log_in(new_browser(), sam, phone, code=phone.code()).errors == [USED]
    clock.shift(timedelta(minutes=1))
    assert log_in(new_browser(), sam, phone, code=phone.code()).status_code == 303
    assert new_browser().get("/readyz").status_code == 200


def test_c18_a_suspended_entry_lets_nobody_in(client: PageClient, sam: Person, phone: Phone) -> None:
    with write_transaction():
        db.session.execute(update(TotpFactor).values(state=FactorState.SUSPENDED))
    page = client.follow(give_password(client, sam.email))
    assert page.heading == "Your log-in was stopped"
    assert log_in_blindly(client, phone).heading == "Your log-in was stopped"
    assert not is_logged_in(client)


def log_in_blindly(client: PageClient, phone: Phone) -> Page:
    """Send a code although the page does not ask for one."""
    token = client.get("/accessibility").form("Log out").values if is_logged_in(client) else {}
    token = token or client.get("/sign-in").form("Log in").values
    return client.post("/sign-in/code", data={"csrf_token": token["csrf_token"], "code": phone.code()})


def test_c18_an_entry_of_an_older_generation_lets_nobody_in(client: PageClient, sam: Person, phone: Phone) -> None:
    page = client.follow(give_password(client, sam.email))
    sam.mfa_generation += 1
    factories.saved(sam)
    answer = client.submit(page, button="Continue", code=phone.code())
    assert answer.location == "/sign-in?ended"
    assert not is_logged_in(client)


def test_a_60_second_entry_works_with_its_own_window(new_browser: Browser, ben: Person) -> None:
    phone = Phone.of(ben, period=60)
    assert "slow" in log_in(new_browser(), ben, phone, code=phone.code(-2)).errors[0]
    assert log_in(new_browser(), ben, phone, code=phone.code(-1)).status_code == 303


def test_two_people_with_one_secret_do_not_use_up_each_others_codes(
    new_browser: Browser, sam: Person, ben: Person, phone: Phone
) -> None:
    factories.factor(ben, secret=phone.secret)
    assert log_in(new_browser(), sam, phone, code=phone.code()).status_code == 303
    assert log_in(new_browser(), ben, phone, code=phone.code()).status_code == 303


def test_a_password_is_good_for_five_codes(client: PageClient, sam: Person, phone: Phone) -> None:
    page = client.follow(give_password(client, sam.email))
    for _ in range(5):
        assert client.submit(page, button="Continue", code=phone.wrong_code()).errors == [WRONG]
    answer = client.submit(page, button="Continue", code=phone.code())
    assert answer.location == "/sign-in?ended"
    assert client.follow(answer).has("tried 5 wrong codes. Log in again")


def test_a_password_is_good_for_five_minutes(
    client: PageClient, sam: Person, phone: Phone, clock: time_machine.Traveller
) -> None:
    page = client.follow(give_password(client, sam.email))
    clock.shift(timedelta(minutes=5))
    assert client.submit(page, button="Continue", code=phone.code()).location == "/sign-in?ended"


def test_a_password_is_good_for_one_session(client: PageClient, sam: Person, phone: Phone) -> None:
    page = client.follow(give_password(client, sam.email))
    proof = client.get_cookie("proof")
    client.submit(page, button="Continue", code=phone.code())
    assert proof is not None
    client.set_cookie("proof", proof.value)
    assert client.get("/sign-in/code").location == "/sign-in?ended"


def test_a_code_without_a_password_is_worth_nothing(client: PageClient, sam: Person, phone: Phone) -> None:
    assert client.get("/sign-in/code").location == "/sign-in?ended"
    assert log_in_blindly(client, phone).location == "/sign-in?ended"
    assert last_step() == -1
