"""Where a person is logged in, the fresh code that dangerous acts ask for, and sessions that cannot be taken over."""

import statistics
import time
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from helpdesk.accounts.errors import SignInRefused
from helpdesk.accounts.models import Person
from helpdesk.accounts.passwords import hash_password
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.service.signing_in import let_in, prove_password
from helpdesk.accounts.service.tokens import add_token
from helpdesk.core.actor import SYSTEM
from helpdesk.db import write_transaction
from helpdesk.web.access import freshly_proved, public, requires, signed_in
from tests import factories
from tests.authenticators import Phone, give_password, log_in
from tests.client import PageClient
from tests.integration.mfa.conftest import Audited, Browser, is_logged_in
from tests.people import SignIn

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture(autouse=True)
def clock(moved_clock: time_machine.Traveller) -> time_machine.Traveller:
    return moved_clock


@pytest.fixture
def dangerous(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """The path of a page that asks for a fresh code."""

    @freshly_proved
    @requires(Permission.PEOPLE_SEE)
    def view() -> str:
        return "done"

    monkeypatch.setitem(app.view_functions, "pages.healthz", view)
    return "/healthz"


def session_of(client: PageClient) -> str:
    cookie = client.get_cookie("session")
    return cookie.value if cookie else ""


def test_the_list_names_each_browser(client: PageClient, sam: Person, phone: Phone, sign_in_as: SignIn) -> None:
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    log_in(client, sam, phone)
    sign_in_as(sam)
    page = client.get("/account")
    assert page.has("Firefox on Windows This browser Since today at 9am. Last used today at 9am.")
    assert page.has("Firefox on an unknown system")
    assert page.has("Entry in your app sam@highstreet.example")


def test_another_browser_can_be_logged_out(sign_in_as: SignIn, sam: Person, phone: Phone, audited: Audited) -> None:
    own, other = sign_in_as(sam), sign_in_as(sam)
    answer = own.submit(own.get("/account"), button="Log out of Firefox on an unknown system")
    assert answer.location == "/account"
    assert (is_logged_in(own), is_logged_in(other)) == (True, False)
    assert audited()[-1] == "person:session-ended"


def test_all_browsers_can_be_logged_out(sign_in_as: SignIn, sam: Person, phone: Phone, audited: Audited) -> None:
    own, other = sign_in_as(sam), sign_in_as(sam)
    assert own.submit(own.get("/account"), button="Log out everywhere").location == "/sign-in"
    assert (is_logged_in(own), is_logged_in(other)) == (False, False)
    assert audited()[-1] == "person:sessions-ended"


def test_nobody_logs_out_somebody_else(sign_in_as: SignIn, sam: Person, ben: Person) -> None:
    sam_first, _, ben_own = sign_in_as(sam), sign_in_as(sam), sign_in_as(ben)
    form = sam_first.get("/account").form("Log out of Firefox on an unknown system")
    token = ben_own.get("/account").form("Log out everywhere").values["csrf_token"]
    assert ben_own.post(form.node["action"], data={"csrf_token": token}).status_code == 404
    assert sam_first.get("/account").has("Log out of Firefox on an unknown system")


def test_s01_each_step_has_an_id_of_its_own_and_the_old_one_is_dead(
    client: PageClient, sam: Person, phone: Phone, clock: time_machine.Traveller
) -> None:
    client.set_cookie("session", "planted")
    client.set_cookie("proof", "planted")
    give_password(client, sam.email)
    proof = client.get_cookie("proof")
    assert proof is not None
    assert proof.value != "planted"
    client.submit(client.get("/sign-in/code"), button="Continue", code=phone.code())
    first = session_of(client)
    assert first not in {"planted", proof.value}
    clock.shift(timedelta(minutes=1))
    client.submit(client.get("/step-up"), button="Continue", code=phone.code())
    second = session_of(client)
    assert second not in {"", first}
    for dead in ("planted", proof.value, first):
        client.set_cookie("session", dead)
        assert not is_logged_in(client)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "/%09/evil.example",
        "javascript:alert(1)",
        "/\x00",
        "/sign-in?next=/sign-in",
        "/sign-in/code",
    ],
)
def test_s07_no_other_site_follows_a_code(client: PageClient, sam: Person, phone: Phone, target: str) -> None:
    give_password(client, sam.email)
    page = client.get("/sign-in/code", query_string={"next": target})
    assert client.submit(page, button="Continue", code=phone.code()).location == "/admin/people"


def test_s09_every_cookie_is_closed_to_scripts_and_other_sites(client: PageClient, sam: Person, phone: Phone) -> None:
    first = give_password(client, sam.email)
    second = client.submit(client.get("/sign-in/code"), button="Continue", code=phone.code())
    cookies = [*first.headers.getlist("Set-Cookie"), *second.headers.getlist("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} >= {"proof", "session", "place"}
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie for cookie in cookies)


def test_s11_a_session_ends_after_eight_hours_of_work(
    sign_in_as: SignIn, sam: Person, clock: time_machine.Traveller
) -> None:
    client = sign_in_as(sam)
    for _ in range(15):
        clock.shift(timedelta(minutes=31))
        assert is_logged_in(client)
    clock.shift(timedelta(minutes=15))
    assert not is_logged_in(client)


def test_s12_a_dangerous_act_asks_for_a_code_of_the_last_five_minutes(
    client: PageClient, sam: Person, phone: Phone, dangerous: str, clock: time_machine.Traveller
) -> None:
    log_in(client, sam, phone)
    assert client.get(dangerous).text == "done"
    clock.shift(timedelta(minutes=6))
    answer = client.get(dangerous)
    assert (answer.status_code, answer.location) == (303, "/step-up?next=/healthz")
    page = client.follow(answer)
    assert page.heading == "Confirm that it is you"
    assert client.submit(page, button="Continue", code=phone.code()).location == dangerous
    assert client.get(dangerous).text == "done"


def test_s12_the_code_is_a_fresh_one(
    client: PageClient, sam: Person, phone: Phone, dangerous: str, clock: time_machine.Traveller, audited: Audited
) -> None:
    log_in(client, sam, phone, code=phone.code())
    answer = client.submit(client.get("/step-up"), button="Continue", code=phone.code())
    assert answer.errors == ["This code was used before. Wait until the app shows the next one"]
    assert audited()[-1] == "totp:replay"


def test_a_recovery_code_is_no_fresh_proof(
    sign_in_as: SignIn, sam: Person, dangerous: str, app: Flask, client: PageClient
) -> None:
    with write_transaction():
        kept = let_in(sam.id, epoch=sam.session_epoch, browser="")
    client.set_cookie("session", kept.session_secret)
    assert client.get(dangerous).status_code == 303


def test_a_wrong_code_at_the_second_proof_changes_nothing(sign_in_as: SignIn, sam: Person, phone: Phone) -> None:
    client = sign_in_as(sam)
    before = session_of(client)
    answer = client.submit(client.get("/step-up"), button="Continue", code=phone.wrong_code())
    assert (answer.status_code, session_of(client)) == (422, before)
    assert client.submit(answer, button="Continue", code="").errors == ["Enter the 6-digit code"]


def test_wrong_codes_in_a_session_are_limited_too(sign_in_as: SignIn, sam: Person, phone: Phone) -> None:
    client = sign_in_as(sam)
    page = client.get("/step-up")
    for _ in range(6):
        client.submit(page, button="Continue", code=phone.wrong_code())
    assert client.submit(page, button="Continue", code=phone.code()).status_code == 429


def test_a_view_says_who_may_open_it_before_it_asks_for_a_proof() -> None:
    with pytest.raises(RuntimeError, match="does not say"):
        freshly_proved(lambda: "")
    with pytest.raises(RuntimeError, match="does not say"):
        freshly_proved(public(lambda: ""))
    assert freshly_proved(signed_in(lambda: ""))() == ""


def test_an_ended_session_cannot_prove_anything(
    client: PageClient, new_browser: Browser, sam: Person, phone: Phone, clock: time_machine.Traveller
) -> None:
    log_in(client, sam, phone)
    page = client.get("/step-up")
    sam.session_epoch += 1
    factories.saved(sam)
    clock.shift(timedelta(minutes=1))
    answer = client.submit(page, button="Continue", code=phone.code())
    assert answer.location.startswith("/sign-in?next=")


def test_s04_known_and_unknown_people_read_the_same(client: PageClient, new_browser: Browser, sam: Person) -> None:
    known = give_password(client, sam.email, "wrong horse battery")
    unknown = give_password(new_browser(), "nobody@highstreet.example", "wrong horse battery")
    assert (known.status_code, known.errors, known.title) == (unknown.status_code, unknown.errors, unknown.title)
    assert set(known.headers.keys()) == set(unknown.headers.keys())


def test_s14_no_page_may_be_framed_and_names_are_text(sign_in_as: SignIn, pharmacy: object) -> None:
    person = factories.person(name="<img src=x onerror=alert(1)>")
    page = sign_in_as(person).get("/account")
    assert page.has("<img src=x onerror=alert(1)>")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_a_program_has_no_fresh_proof(
    app: Flask, client: PageClient, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token stands for a person without a code: dangerous acts are not for programs."""
    with write_transaction():
        token = add_token(email=ben.email, by=SYSTEM)

    @freshly_proved
    @signed_in
    def dangerous() -> str:
        return "done"

    monkeypatch.setitem(app.view_functions, "bot_api.say", dangerous)
    answer = client.post(
        "/api/v1/conversations/5f0c6a1e-2b7d-4c3a-9e8f-0d1c2b3a4f5e/messages",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 403


@pytest.mark.slow
def test_s04_known_and_unknown_people_take_as_long(sam: Person, moved_clock: time_machine.Traveller) -> None:
    """200 of each in turns: medians differ by less than 5 ms or 3 %."""
    sam.password_hash = hash_password(factories.PASSWORD)
    factories.saved(sam)
    known, unknown = [], []
    for number in range(200):
        moved_clock.shift(timedelta(minutes=15))
        known.append(_seconds_of_refusal(sam.email, number))
        unknown.append(_seconds_of_refusal("nobody@highstreet.example", number))
    medians = statistics.median(known), statistics.median(unknown)
    difference = abs(medians[0] - medians[1])
    assert difference < max(0.005, 0.03 * max(medians)), medians


def _seconds_of_refusal(email: str, number: int) -> float:
    started = time.perf_counter()
    with pytest.raises(SignInRefused):
        prove_password(email=email, password="wrong horse battery", network=f"10.0.0.{number}")
    return time.perf_counter() - started
