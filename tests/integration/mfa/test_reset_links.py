"""The link of a reset: used by many at once, used again, and told of to everybody concerned."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller as Clock

from helpdesk.accounts.models import EmailChange, Organisation, Person
from helpdesk.accounts.service import setup_links
from helpdesk.accounts.types.contacts import ChangeState
from helpdesk.accounts.types.directory import OrganisationKind, Role
from helpdesk.core import clock as core_clock
from helpdesk.db import db
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.types.factors import FactorState
from helpdesk.mfa.types.resets import ResetState
from tests import factories
from tests.authenticators import Phone, open_link
from tests.client import PageClient
from tests.integration.mfa.conftest import AtOnce, Browser
from tests.people import SignIn
from tests.resets import approved, latest_reset, link_in_mail, mails_to

TWENTY = 20


@pytest.fixture(autouse=True)
def clock(moved_clock: Clock, umas_phone: Phone) -> Clock:
    return moved_clock


def test_r17_of_twenty_who_open_and_confirm_one_link_at_once_one_gets_in(
    app: Flask, new_browser: Browser, uma: Person, sam: Person, sign_in_as: SignIn, at_once: AtOnce
) -> None:
    approved(sign_in_as(sam), uma)
    link, browsers = link_in_mail(uma.email), [new_browser() for _ in range(TWENTY)]
    passwords = [open_link(browser, link) for browser in browsers]
    forms = [page.form("Continue").filled("Continue", {"password": factories.PASSWORD}) for page in passwords]
    path = passwords[0].request.path
    db.session.rollback()

    def open_one(number: int) -> int:
        return browsers[number].post(path, data=forms[number]).status_code

    opened = at_once(TWENTY, open_one)
    assert set(opened) <= {303, 410}  # more than ten that are not answered yet are not looked at
    assert opened.count(303) >= 10
    browsers = [browser for browser in browsers if browser.get_cookie("proof")]
    pages = [browser.get("/set-up") for browser in browsers]
    phones = {Phone.scanned(page).secret for page in pages}
    assert len(phones) == 1
    code = Phone.scanned(pages[0]).code()
    finishing = [page.form("Finish").filled("Finish", {"code": code}) for page in pages]

    def finish(number: int) -> int:
        return browsers[number].post("/set-up", data=finishing[number]).status_code

    answers = at_once(len(browsers), finish)

    assert answers.count(200) == 1
    db.session.rollback()
    states = db.session.scalars(select(TotpFactor.state).where(TotpFactor.person_id == uma.id)).all()
    assert sorted(states) == [FactorState.ACTIVE, FactorState.RETIRED]
    assert latest_reset().state == ResetState.COMPLETED


def test_r16_what_was_sent_before_does_nothing_when_it_is_sent_again(
    client: PageClient, uma: Person, sam: Person, sign_in_as: SignIn
) -> None:
    approved(sign_in_as(sam), uma)
    link = link_in_mail(uma.email)
    password_page = open_link(client, link)
    password_form = password_page.form("Continue").filled("Continue", {"password": factories.PASSWORD})
    page = client.follow(client.submit(password_page, button="Continue", password=factories.PASSWORD))
    phone = Phone.scanned(page)
    last_form = page.form("Finish").filled("Finish", {"code": phone.code()})
    cookies = {name: client.get_cookie(name) for name in ("link", "proof")}
    client.submit(page, button="Finish", code=phone.code())
    for name, cookie in cookies.items():
        client.set_cookie(name, cookie.value if cookie else "")

    answers = [
        client.get("/set-up"),
        client.post(password_page.request.path, data=password_form),
        client.post("/set-up", data=last_form),
    ]

    assert all(answer.status_code >= 400 for answer in answers)
    assert not any(phone.secret in answer.html.replace(" ", "") for answer in answers)
    assert latest_reset().state == ResetState.COMPLETED


def test_r33_a_former_mailbox_and_the_administrators_of_each_site_hear_of_it(
    commissioner: Organisation, pharmacy: Organisation, uma: Person, sam: Person, dev: Person, sign_in_as: SignIn
) -> None:
    other = factories.organisation(parent=commissioner, kind=OrganisationKind.SITE, name="Mill Lane Pharmacy")
    olga = factories.person(
        name="Olga Nowak", email="olga@mill.example", role=Role.SITE_ADMINISTRATOR, organisation=other
    )
    factories.membership(person=uma, organisation=other, role=Role.USER)
    _had_another_address(uma, "uma.before@highstreet.example")

    approved(sign_in_as(dev), uma)

    for address in ("uma.before@highstreet.example", sam.email, olga.email):
        assert [mail.subject[:18] for mail in mails_to(address)][:1] == ["Somebody asked to "], address
        assert not any("/enrol/" in mail.text for mail in mails_to(address))


def _had_another_address(person: Person, before: str) -> None:
    """Changed three weeks ago: long enough that one person may approve, and not long enough to be forgotten."""
    changed = core_clock.now() - timedelta(days=21)
    factories.saved(
        EmailChange(
            person=person,
            state=ChangeState.CONFIRMED,
            email=person.email,
            email_key=person.email_key,
            email_collision=person.email_collision,
            old_email=before,
            old_key=before,
            old_collision=before,
            expires_at=changed + timedelta(hours=24),
            confirmed_at=changed,
            undo_until=changed + timedelta(hours=72),
        )
    )


def test_r21_of_forty_wrong_passwords_at_once_ten_are_looked_at(
    new_browser: Browser, uma: Person, sam: Person, sign_in_as: SignIn, at_once: AtOnce
) -> None:
    approved(sign_in_as(sam), uma)
    link, browser = link_in_mail(uma.email), new_browser()
    page = open_link(browser, link)
    selector, verifier = page.request.path.split("/")[2], link.partition("#")[2]

    def guess(number: int) -> str:
        return setup_links.prove_password(selector, verifier, password=f"wrong password {number}")

    outcomes = [type(outcome).__name__ for outcome in at_once(40, guess)]

    assert outcomes.count("PasswordWrong") == 10
    assert outcomes.count("LinkNotUsable") == 30
