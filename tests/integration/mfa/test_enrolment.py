"""Setting up an authenticator: from the link in the mail to a person who is logged in with a code."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.service import setup_links
from helpdesk.accounts.service.known_places import is_known_place, place_token
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.db import db, write_transaction
from helpdesk.mfa.errors import SetUpEnded
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.service.enrolling import confirm, start_set_up
from tests import factories
from tests.authenticators import NEW_PASSWORD, Phone, give_password, link_for, log_in, open_link, set_up_page
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import AtOnce, Audited, Browser, Outbox, is_logged_in
from tests.people import SignIn

ENDED = "This set-up has ended"


@pytest.fixture(autouse=True)
def clock(moved_clock: time_machine.Traveller) -> time_machine.Traveller:
    return moved_clock


@pytest.fixture
def nia(pharmacy: Organisation) -> Person:
    """Invited to look after the pharmacy, and nothing more yet."""
    return factories.person(
        name="Nia Price",
        email="nia@nhs.net",
        role=Role.SITE_ADMINISTRATOR,
        organisation=pharmacy,
        status=PersonStatus.INVITED,
        password=None,
    )


def recovery_codes(page: Page) -> list[str]:
    codes = next(iter(page.tree.with_class("app-codes")))
    return [item.text for item in codes.find_all("li")]


def factors() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(TotpFactor)) or 0


def move_to_new_phone(client: PageClient, person: Person, phone: Phone) -> tuple[Phone, Page]:
    """The person replaces the entry, logged in; the new one and the page that confirms it."""
    form = client.get("/account/authenticator")
    page = client.follow(
        client.submit(form, button="Continue", password=factories.PASSWORD, code=phone.unused_code(person))
    )
    new_phone = Phone.scanned(page)
    return new_phone, client.submit(page, button="Finish", code=new_phone.code())


def test_an_invitation_ends_in_a_person_who_is_logged_in(
    client: PageClient, nia: Person, audited: Audited, outbox: Outbox
) -> None:
    page = set_up_page(client, link_for(nia))
    phone = Phone.scanned(page)
    done = client.submit(page, button="Finish", code=phone.code())
    assert done.heading == "Keep your recovery codes"
    assert len(set(recovery_codes(done))) == 10
    assert done.form("Log out").node["action"] == "/sign-out"
    assert client.get(done.link("I have kept them")).has("Nia Price")
    assert (nia.status, nia.mfa_generation) == (PersonStatus.ACTIVE, 1)
    assert audited()[-2:] == ["totp:set-up", "person:signed-in"]
    assert [mail.subject for mail in outbox()] == ["A new authenticator was set up for your account"]


def test_an_account_with_a_password_keeps_it(client: PageClient, sam: Person) -> None:
    page = open_link(client, link_for(sam))
    assert page.heading == "Enter your password"
    wrong = client.submit(page, button="Continue", password="wrong horse battery")
    assert (wrong.status_code, wrong.errors) == (422, ["The password is not right"])
    assert client.follow(client.submit(wrong, button="Continue", password=factories.PASSWORD)).has("Scan this picture")


def test_e01_a_password_alone_shows_no_secret(client: PageClient, sam: Person) -> None:
    page = client.follow(give_password(client, sam.email))
    assert page.heading == "You need a set-up link"
    assert "otpauth" not in page.html
    assert client.get("/set-up").status_code == 410
    token = client.get("/sign-in").form("Log in").values["csrf_token"]
    assert client.post("/set-up/start", data={"csrf_token": token}).status_code == 410
    assert (factors(), is_logged_in(client)) == (0, False)


@pytest.mark.parametrize("path", ["/admin/people", "/account", "/account/recovery-codes", "/step-up", "/agent/queue"])
def test_e02_a_password_alone_opens_no_page(client: PageClient, sam: Person, path: str) -> None:
    Phone.of(sam)
    give_password(client, sam.email)
    assert client.get(path).location.startswith("/sign-in?next=")


def test_e02_a_password_alone_opens_no_set_up(client: PageClient, sam: Person) -> None:
    Phone.of(sam)
    give_password(client, sam.email)
    assert client.get("/set-up").status_code == 410
    assert client.get("/api/v1/tickets").status_code in {401, 404}


@pytest.mark.parametrize("path", ["/set-up", "/set-up/start", "/sign-in/code", "/step-up", "/account/authenticator"])
def test_e07_a_form_of_another_site_is_refused(client: PageClient, nia: Person, path: str) -> None:
    page = set_up_page(client, link_for(nia))
    code = Phone.scanned(page).code()
    assert client.post(path, data={"code": code}, headers={"Origin": "https://evil.example"}).status_code == 400
    assert nia.mfa_generation == 0


def test_e09_a_locums_entries_are_told_apart(
    client: PageClient, new_browser: Browser, nia: Person, sign_in_as: SignIn
) -> None:
    first = Phone.scanned(page := set_up_page(client, link_for(nia)))
    client.submit(page, button="Finish", code=first.code())
    other_site = factories.organisation(name="Other Pharmacy", ods_code="FE500")
    second_account = factories.person(
        email="nia@pharmacy.example", role=Role.SITE_ADMINISTRATOR, organisation=other_site, password=None
    )
    second = Phone.scanned(set_up_page(new_browser(), link_for(second_account)))
    db.session.refresh(nia)
    nia.password_hash = factories.person().password_hash
    factories.saved(nia)
    third, _ = move_to_new_phone(sign_in_as(nia), nia, first)
    assert [one.label for one in (first, second, third)] == [
        "FW844 nia@nhs.net",
        "FE500 nia@pharmacy.example",
        "FW844 nia@nhs.net (2)",
    ]


def test_e10_the_page_and_the_address_hold_hostile_names_as_text(client: PageClient, pharmacy: Organisation) -> None:
    person = factories.person(
        name='"><script>alert(1)</script>\u202e', email="o'brien+x@nhs.net", password=None, organisation=pharmacy
    )
    page = set_up_page(client, link_for(person))
    address = page.link("Open it in your app")
    assert pyotp.parse_uri(address).issuer == "Pharmacy MFA helpdesk"
    assert Phone.from_address(address).label == "FW844 o'brien+x@nhs.net"
    assert "<script>alert" not in page.html


def test_e11_the_key_by_hand_is_the_key_of_the_picture(client: PageClient, nia: Person) -> None:
    page = set_up_page(client, link_for(nia))
    key = next(dd.text for dd in page.tree.find_all("dd") if dd.text.count(" ") == 7)
    assert key.replace(" ", "") == Phone.scanned(page).secret
    assert len(key.replace(" ", "")) == 32
    typed = Phone(key.lower().replace(" ", "").upper())
    assert client.submit(page, button="Finish", code=typed.code()).heading == "Keep your recovery codes"


def test_a_reload_and_a_second_tab_show_the_same_key(client: PageClient, nia: Person) -> None:
    link = link_for(nia)
    first = Phone.scanned(set_up_page(client, link))
    reloaded = Phone.scanned(client.get("/set-up"))
    page = client.follow(client.submit(open_link(client, link), button="Continue", password=NEW_PASSWORD))
    assert first.secret == reloaded.secret == Phone.scanned(page).secret
    assert factors() == 1


def test_the_set_up_page_is_kept_by_nobody(client: PageClient, nia: Person) -> None:
    page = set_up_page(client, link_for(nia))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.request.path == "/set-up"


def test_a_wrong_code_is_said_and_the_key_stays(client: PageClient, nia: Person) -> None:
    page = set_up_page(client, link_for(nia))
    phone = Phone.scanned(page)
    answer = client.submit(page, button="Finish", code=phone.wrong_code())
    assert answer.status_code == 422
    assert answer.errors == ["The code is not right. Enter the code that your authenticator app shows now"]
    assert Phone.scanned(answer).secret == phone.secret
    slow = client.submit(answer, button="Finish", code=phone.code(-4))
    assert slow.errors == ["Your phone’s clock is about 2 minutes slow. Set its time to automatic, then try again"]
    assert client.submit(slow, button="Finish", code=phone.code()).heading == "Keep your recovery codes"


def test_ten_wrong_codes_end_the_set_up(client: PageClient, nia: Person) -> None:
    page = set_up_page(client, link_for(nia))
    phone = Phone.scanned(page)
    answers = [client.submit(page, button="Finish", code=phone.wrong_code()) for _ in range(10)]
    assert (answers[0].status_code, answers[-1].status_code) == (422, 410)
    assert client.submit(page, button="Finish", code=phone.code()).heading == ENDED


def test_after_ten_minutes_the_link_gives_another_key_three_times(
    client: PageClient, nia: Person, clock: time_machine.Traveller
) -> None:
    link = link_for(nia)
    page = set_up_page(client, link)
    first = Phone.scanned(page)
    clock.shift(timedelta(minutes=10))
    assert client.submit(page, button="Finish", code=first.code()).heading == ENDED
    keys = {first.secret}
    for _ in range(2):
        page = client.follow(client.submit(open_link(client, link), button="Continue", password=NEW_PASSWORD))
        keys.add(Phone.scanned(page).secret)
        clock.shift(timedelta(minutes=10))
    assert len(keys) == 3
    last = client.submit(open_link(client, link), button="Continue", password=NEW_PASSWORD)
    assert (last.status_code, last.heading) == (410, "This link can no longer be used")


def test_c09_the_code_that_confirmed_does_not_sign_in(client: PageClient, new_browser: Browser, nia: Person) -> None:
    page = set_up_page(client, link_for(nia))
    phone = Phone.scanned(page)
    client.submit(page, button="Finish", code=phone.code())
    second = new_browser()
    code_page = second.follow(give_password(second, nia.email, NEW_PASSWORD))
    answer = second.submit(code_page, button="Continue", code=phone.code())
    assert answer.errors == ["This code was used before. Wait until the app shows the next one"]


def test_c18_an_entry_that_is_not_confirmed_does_not_sign_in(
    client: PageClient, new_browser: Browser, sam: Person, sign_in_as: SignIn
) -> None:
    old_phone, owner = Phone.of(sam), sign_in_as(sam)
    form = owner.get("/account/authenticator")
    page = owner.follow(owner.submit(form, button="Continue", password=factories.PASSWORD, code=old_phone.code()))
    assert log_in(client, sam, Phone.scanned(page), code=Phone.scanned(page).code()).status_code == 422
    assert log_in(new_browser(), sam, old_phone).status_code == 303


def test_c20_the_secret_is_shown_never_again(client: PageClient, nia: Person) -> None:
    page = set_up_page(client, link_for(nia))
    phone = Phone.scanned(page)
    client.submit(page, button="Finish", code=phone.code())
    for path in ("/set-up", "/set-up?show=1", "/account", "/admin/people", "/account/authenticator"):
        html = client.get(path).html
        assert phone.secret not in html.replace(" ", "")
        assert "otpauth" not in html
        assert "app-qr" not in html


def test_a_link_is_dead_when_its_work_is_done(client: PageClient, new_browser: Browser, nia: Person) -> None:
    link = link_for(nia)
    page = set_up_page(client, link)
    client.submit(page, button="Finish", code=Phone.scanned(page).code())
    assert open_link(new_browser(), link).status_code == 410


def test_ten_wrong_passwords_end_the_link(client: PageClient, sam: Person) -> None:
    link = link_for(sam)
    page = open_link(client, link)
    for _ in range(10):
        client.submit(page, button="Continue", password="wrong horse battery")
    assert client.submit(page, button="Continue", password=factories.PASSWORD).status_code == 410


def test_a_link_of_one_person_does_not_take_the_password_of_another(
    client: PageClient, sam: Person, sign_in_as: SignIn, ben: Person
) -> None:
    factories.person(email="other@helpdesk.example", password="another battery staple")
    browser = sign_in_as(ben)
    page = open_link(browser, link_for(sam))
    assert page.has(sam.email)
    assert browser.submit(page, button="Continue", password="another battery staple").status_code == 422
    assert browser.get("/accessibility").has(ben.name)


def test_e12_a_session_from_before_is_over(client: PageClient, sign_in_as: SignIn, sam: Person) -> None:
    phone, other = Phone.of(sam), sign_in_as(sam)
    _, done = move_to_new_phone(sign_in_as(sam), sam, phone)
    assert done.heading == "Keep your recovery codes"
    assert not is_logged_in(other)


def test_r30_a_browser_from_before_is_not_known_any_more(sam: Person) -> None:
    place = place_token(sam)
    assert is_known_place(sam, place)
    sam.mfa_generation += 1
    assert not is_known_place(sam, place)
    db.session.rollback()


def test_the_old_entry_is_recognised_and_named(
    client: PageClient, sign_in_as: SignIn, sam: Person, clock: time_machine.Traveller
) -> None:
    phone = Phone.of(sam)
    move_to_new_phone(sign_in_as(sam), sam, phone)
    clock.shift(timedelta(days=6))
    answer = log_in(client, sam, phone, code=phone.code())
    assert answer.errors == [
        "That is the code of your old entry. Use the entry “FW844 sam@highstreet.example (2)” and delete the old one"
    ]
    clock.shift(timedelta(days=2))
    assert log_in(client, sam, phone, code=phone.code()).errors != answer.errors


def test_of_many_who_confirm_at_once_one_does(client: PageClient, nia: Person, at_once: AtOnce) -> None:
    page = set_up_page(client, link_for(nia))
    phone, proof = Phone.scanned(page), client.get_cookie("proof")
    assert proof is not None
    secret = proof.value
    outcomes = at_once(4, lambda _: confirm(secret, phone.code(), browser=""))
    assert len([one for one in outcomes if not isinstance(one, Exception)]) == 1
    assert factors() == 1


def test_of_many_who_open_at_once_all_see_one_key(client: PageClient, nia: Person, at_once: AtOnce) -> None:
    selector, _, verifier = link_for(nia).rpartition("/")[2].partition("#")
    proof = setup_links.choose_password(selector, verifier, password=NEW_PASSWORD)

    def start(_: int) -> None:
        with write_transaction():
            start_set_up(proof)

    outcomes = at_once(20, start)
    assert factors() == 1
    assert outcomes.count(None) >= 1


def test_without_a_proof_nothing_is_confirmed(app: Flask, nia: Person) -> None:
    with pytest.raises(SetUpEnded):
        confirm("made-up", "123456", browser="")


@pytest.mark.parametrize("what", ["password", "code"])
def test_moving_to_another_phone_needs_password_and_code(sign_in_as: SignIn, sam: Person, what: str) -> None:
    phone, client = Phone.of(sam), sign_in_as(sam)
    right = {"password": factories.PASSWORD, "code": phone.code()}
    wrong = {"password": "wrong horse battery", "code": phone.wrong_code()}
    typed: dict[str, str] = right | {what: wrong[what]}
    answer = client.submit(client.get("/account/authenticator"), button="Continue", **typed)
    assert answer.status_code == 422
    assert client.get("/set-up").status_code == 410
    assert factors() == 1


def test_the_old_entry_works_until_the_new_one_is_confirmed(
    sign_in_as: SignIn, client: PageClient, sam: Person, audited: Callable[[], list[str]]
) -> None:
    phone, owner = Phone.of(sam), sign_in_as(sam)
    form = owner.get("/account/authenticator")
    owner.submit(form, button="Continue", password=factories.PASSWORD, code=phone.code())
    assert log_in(client, sam, phone).status_code == 303
    assert "totp:set-up" not in audited()
