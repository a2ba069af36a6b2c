"""After a reset: the cool-down, the old entry that somebody still uses, and everything from before that is dead."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller as Clock

from helpdesk.accounts.errors import Restricted
from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.service import contacts, tokens
from helpdesk.core import clock as core_clock
from helpdesk.core.actor import SYSTEM, Actor
from helpdesk.db import db, write_transaction
from helpdesk.mail.models import OutboxMessage
from helpdesk.mail.service import deliver_due
from helpdesk.mail.types import MailState
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.types.factors import FactorState
from helpdesk.mfa.types.resets import ResetReason, ResetState
from tests import factories
from tests.authenticators import Phone, give_password, log_in, open_link
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import AtOnce, Audited, Browser, is_logged_in
from tests.people import SignIn
from tests.resets import approved, ask_for_reset, latest_reset, link_in_mail, mails_to


@pytest.fixture(autouse=True)
def clock(moved_clock: Clock, umas_phone: Phone) -> Clock:
    return moved_clock


def give_link_and_password(client: PageClient, person: Person) -> Page:
    page = open_link(client, link_in_mail(person.email))
    return client.follow(client.submit(page, button="Continue", password=factories.PASSWORD))


def set_up_again(client: PageClient, person: Person) -> Phone:
    page = give_link_and_password(client, person)
    phone = Phone.scanned(page)
    client.submit(page, button="Finish", code=phone.code())
    return phone


@pytest.fixture
def restricted(sam: Person) -> Person:
    """Sam, whose own log-in was reset a moment ago."""
    sam.restricted_until = core_clock.now() + timedelta(hours=72)
    return factories.saved(sam)


def test_e12_r29_everything_from_before_is_dead(
    client: PageClient, new_browser: Browser, uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn
) -> None:
    browsers = [sign_in_as(uma) for _ in range(3)]
    with write_transaction():
        token = tokens.add_token(email=uma.email, by=SYSTEM)
    administrator = sign_in_as(sam)
    approved(administrator, uma)
    set_up_again(client, uma)
    assert not any(is_logged_in(browser) for browser in browsers)
    db.session.rollback()
    assert tokens.find_actor_by_token(token) is None
    assert is_logged_in(administrator)


def test_r32_for_a_day_the_person_changes_nothing_that_lets_people_in(
    client: PageClient, uma: Person, sam: Person, sign_in_as: SignIn, clock: Clock
) -> None:
    approved(sign_in_as(sam), uma)
    phone = set_up_again(client, uma)
    page = client.get("/account")
    assert page.has("Until tomorrow at 9am you work as ever, with some exceptions.")
    renewed = client.submit(
        client.get("/account/recovery-codes"),
        button="Continue",
        password=factories.PASSWORD,
        code=phone.unused_code(uma),
    )
    changed = client.submit(client.get("/account/email"), email="uma.new@nhs.net", password=factories.PASSWORD)
    assert (renewed.status_code, changed.status_code) == (409, 409)
    assert changed.has("You can do this from tomorrow at 9am.")
    assert changed.link("Back to your account") == "/account"
    db.session.rollback()
    with pytest.raises(Restricted), write_transaction():
        tokens.add_token(email=uma.email, by=SYSTEM)
    with pytest.raises(Restricted), write_transaction():
        contacts.keep_phone(uma, "020 7946 0999", by=Actor(name="Uma Reid", person_id=uma.id))
    clock.shift(timedelta(hours=24))
    assert not sign_in_as(uma).get("/account").has("with some exceptions")


def test_r32_the_account_offers_nothing_that_would_be_refused(uma: Person, sign_in_as: SignIn, clock: Clock) -> None:
    uma.restricted_until = core_clock.now() + timedelta(hours=24)
    page = sign_in_as(factories.saved(uma)).get("/account")
    assert page.has("You can change these from tomorrow at 9am.")
    offered = ("Change your email address", "Change your phone number", "Make new recovery codes")
    assert [words for words in offered if page.has(words)] == []
    assert page.has("Change your password")
    clock.shift(timedelta(hours=24))
    page = sign_in_as(uma).get("/account")
    assert [words for words in offered if page.has(words)] == list(offered)


def test_r32_for_three_days_an_administrator_lets_nobody_in(
    uma: Person, restricted: Person, dev: Person, sign_in_as: SignIn
) -> None:
    client = sign_in_as(restricted)
    token = str(client.get("/account").form("Log out").values["csrf_token"][0])
    role = {"csrf_token": token, "role": "user", "organisation": "FW844"}
    assert client.post(f"/admin/people/{uma.id}/roles/new", data=role).status_code == 409
    newcomer = {"csrf_token": token, "name": "A Friend", "email": "friend@nhs.net", "organisation": "FW844"}
    assert client.post("/admin/people/new", data=newcomer | {"role": "user"}).status_code == 409
    assert client.get(f"/admin/resets/new?person={uma.id}").status_code == 409
    page = ask_for_reset(sign_in_as(dev), uma)
    form = {"csrf_token": token, "seen": 1, "method": "video", "outcome": "confirmed"}
    assert client.post(page.request.path + "/evidence", data=form).status_code == 409
    assert client.get("/admin/people").status_code == 200


def test_r32_figures_are_not_exported(dev: Person, sign_in_as: SignIn) -> None:
    dev.restricted_until = core_clock.now() + timedelta(hours=1)
    client = sign_in_as(factories.saved(dev))
    assert (client.get("/trends").status_code, client.get("/trends/escalations.csv").status_code) == (200, 409)


@pytest.mark.parametrize("reason", [ResetReason.LOST, ResetReason.STOLEN, ResetReason.COMPROMISE])
def test_a_stopped_entry_with_the_right_password_raises_the_alarm(
    new_browser: Browser,
    uma: Person,
    umas_phone: Phone,
    sam: Person,
    sign_in_as: SignIn,
    audited: Audited,
    reason: ResetReason,
) -> None:
    approved(sign_in_as(sam), uma, reason)
    thief = new_browser()
    give_password(thief, uma.email)
    token = thief.get("/sign-in/recovery-code").form(None, "code").values["csrf_token"]
    page = thief.post("/sign-in/code", data={"csrf_token": token, "code": umas_phone.code()})
    assert not is_logged_in(thief)
    assert isinstance(page, Page)
    assert "reset:old-entry-used" in audited()
    assert mails_to(sam.email)[-1].subject == "A stopped authenticator of Uma Reid was tried"


def test_the_alarm_is_raised_after_the_reset_too_and_not_for_a_new_phone(
    client: PageClient,
    new_browser: Browser,
    uma: Person,
    umas_phone: Phone,
    sam: Person,
    sign_in_as: SignIn,
    audited: Audited,
) -> None:
    approved(sign_in_as(sam), uma, ResetReason.NEW_PHONE)
    set_up_again(client, uma)
    log_in(new_browser(), uma, umas_phone, code=umas_phone.code())
    assert "reset:old-entry-used" not in audited()
    assert audited().count("totp:refused") == 1


def test_c18_r31_a_log_in_that_was_under_way_ends_with_the_approval(
    new_browser: Browser, uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn
) -> None:
    browser = new_browser()
    page = browser.follow(give_password(browser, uma.email))
    approved(sign_in_as(sam), uma, ResetReason.STOLEN)
    assert browser.submit(page, button="Continue", code=umas_phone.code()).location == "/sign-in?ended"
    db.session.rollback()
    assert db.session.scalars(select(TotpFactor.state)).all() == [FactorState.SUSPENDED]


def test_r17_of_two_who_confirm_one_link_at_once_one_gets_in(
    app: Flask, new_browser: Browser, uma: Person, sam: Person, sign_in_as: SignIn, at_once: AtOnce
) -> None:
    approved(sign_in_as(sam), uma)
    browsers = [new_browser(), new_browser()]
    pages = [give_link_and_password(browser, uma) for browser in browsers]
    phones = [Phone.scanned(page) for page in pages]
    forms = [
        page.form("Finish").filled("Finish", {"code": phone.code()}) for page, phone in zip(pages, phones, strict=True)
    ]

    def finish(number: int) -> int:
        return browsers[number].post("/set-up", data=forms[number]).status_code

    assert sorted(at_once(2, finish), key=str) == [200, 410]
    db.session.rollback()
    active = select(TotpFactor).where(TotpFactor.state == FactorState.ACTIVE)
    assert len(db.session.scalars(active).all()) == 1
    assert latest_reset().state == ResetState.COMPLETED


def test_r24_the_link_is_nowhere_once_its_mail_has_left(
    client: PageClient, uma: Person, sam: Person, sign_in_as: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    page = approved(sign_in_as(sam), uma)
    secret = link_in_mail(uma.email).partition("#")[2]
    stop = link_in_mail(uma.email, "/dispute/").partition("#")[2]
    deliver_due(20)
    assert sign_in_as(sam).get(page.request.path).has("The mail has left.")
    db.session.rollback()
    kept = " ".join(mail.text + mail.html for mail in db.session.scalars(select(OutboxMessage)))
    assert not [one for one in (secret, stop) if one in kept + caplog.text]


def test_r38_a_mail_that_was_given_up_is_said_and_sent_anew(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    page = approved(client, uma)
    mail = db.session.get(OutboxMessage, _sequence_of_link(uma))
    assert mail is not None
    mail.state = MailState.FAILED
    factories.saved(mail)
    page = client.get(page.request.path)
    assert page.has("The mail could not be delivered. Send a new link.")
    assert client.follow(client.submit(page, button="Send a new link")).has("The mail is waiting to leave.")


def test_who_finds_another_way_in_needs_the_reset_no_more(
    uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn
) -> None:
    ask_for_reset(sign_in_as(sam), uma)
    client = sign_in_as(uma)
    form = client.get("/account/authenticator")
    code = umas_phone.unused_code(uma)
    page = client.follow(client.submit(form, button="Continue", password=factories.PASSWORD, code=code))
    client.submit(page, button="Finish", code=Phone.scanned(page).code())
    assert latest_reset().state == ResetState.CANCELLED


def test_a_frozen_account_gets_no_link(pharmacy: Organisation, uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    page = approved(client, uma)
    client.submit(client.get(f"/admin/people/{uma.id}/freeze"), button="Freeze the account")
    assert client.submit(client.get(page.request.path), button="Send a new link").status_code == 409
    assert open_link(client, link_in_mail(uma.email)).status_code == 410


def _sequence_of_link(person: Person) -> int:
    return next(mail.sequence for mail in mails_to(person.email) if "/enrol/" in mail.text)
