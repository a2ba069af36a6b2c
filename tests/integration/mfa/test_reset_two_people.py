"""Resets that one person alone cannot approve, and what people with a role over others wait for."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.types.directory import Role
from helpdesk.core import clock as core_clock
from helpdesk.db import db
from helpdesk.mfa.jobs import issue_resets
from helpdesk.mfa.types.resets import EvidenceMethod, ResetState
from tests import factories
from tests.authenticators import Phone, open_link
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import AtOnce
from tests.people import SignIn
from tests.resets import approved, ask_for_reset, confirm, latest_reset, link_in_mail, mails_to, press

SECOND = "Waits for a second person"


@pytest.fixture(autouse=True)
def clock(moved_clock: time_machine.Traveller, umas_phone: Phone, phone: Phone) -> time_machine.Traveller:
    return moved_clock


@pytest.fixture
def dana(commissioner: Organisation) -> Person:
    """The other commissioner of the area."""
    return factories.person(
        name="Dana Moss", email="dana@commissioner.example", role=Role.COMMISSIONER, organisation=commissioner
    )


def post(client: PageClient, path: str, **form: object) -> Page:
    token = client.get("/admin/resets/find").form("Log out").values["csrf_token"][0]
    answer = client.post(path, data={"csrf_token": token, **form})
    assert isinstance(answer, Page)
    return answer


def approved_once(client: PageClient, person: Person) -> Page:
    page = approved(client, person)
    assert page.has(SECOND)
    return page


def test_an_administrators_reset_takes_two_people_an_hour_and_a_spoken_code(
    client: PageClient, sam: Person, dev: Person, dana: Person, sign_in_as: SignIn, clock: time_machine.Traveller
) -> None:
    first, second = sign_in_as(dev), sign_in_as(dana)
    page = approved_once(first, sam)
    assert page.has("they have a role over others")
    page = press(second, page, "Approve the reset")
    assert page.has("Waits for its link")
    code = next(press(second, page, "Show the code to read out").tree.with_class("app-told")).text
    assert len(code) == 8
    assert not second.get(page.request.path).has("Show the code to read out")
    assert issue_resets() == 0
    clock.shift(timedelta(minutes=60))
    assert issue_resets() == 1
    opened = open_link(client, link_in_mail(sam.email))
    wrong = client.submit(opened, button="Continue", password=factories.PASSWORD, spoken_code="AAAA2222")
    assert wrong.errors == ["The spoken code is not right. It is the one that was read out to you on the phone"]
    right = f"{code[:4].lower()} {code[4:]}"
    page = client.follow(client.submit(wrong, button="Continue", password=factories.PASSWORD, spoken_code=right))
    new = Phone.scanned(page)
    assert client.submit(page, button="Finish", code=new.code()).heading == "Keep your recovery codes"
    db.session.refresh(sam)
    assert sam.restricted_until == core_clock.now() + timedelta(hours=72)


def test_g11_ten_wrong_spoken_codes_end_the_link(
    client: PageClient, sam: Person, dev: Person, dana: Person, sign_in_as: SignIn, clock: time_machine.Traveller
) -> None:
    press(sign_in_as(dana), approved_once(sign_in_as(dev), sam), "Approve the reset")
    clock.shift(timedelta(minutes=60))
    issue_resets()
    page = open_link(client, link_in_mail(sam.email))
    for _ in range(10):
        client.submit(page, button="Continue", password=factories.PASSWORD, spoken_code="AAAA2222")
    assert client.submit(page, button="Continue", password=factories.PASSWORD, spoken_code="A").status_code == 410
    assert open_link(client, link_in_mail(sam.email)).status_code == 410


def test_r10_the_same_person_is_no_second_person(sam: Person, dev: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(dev)
    page = approved_once(client, sam)
    assert post(client, page.request.path + "/approve", seen=3).status_code == 403
    assert latest_reset().state == ResetState.CHECKED


def test_r10_who_asked_is_no_second_person(sam: Person, dev: Person, dana: Person, sign_in_as: SignIn) -> None:
    asked = sign_in_as(dana)
    page = confirm(asked, ask_for_reset(asked, sam))
    press(sign_in_as(dev), page, "Approve the reset")
    assert post(asked, page.request.path + "/approve", seen=3).status_code == 403
    assert latest_reset().state == ResetState.CHECKED


def test_r10_the_database_holds_that_they_differ(sam: Person, dev: Person, sign_in_as: SignIn) -> None:
    approved_once(sign_in_as(dev), sam)
    forged = (
        "UPDATE mfa_reset SET second_by_id = approved_by_id, second_at = approved_at",
        "UPDATE mfa_reset SET approved_by_id = person_id",
        "UPDATE mfa_reset SET state = 'approved'",
        "UPDATE mfa_reset SET requested_by_id = person_id",
    )
    db.session.rollback()
    for statement in forged:
        with pytest.raises(IntegrityError):
            db.session.execute(text(statement))
        db.session.rollback()


def test_r10_two_browsers_of_one_person_approve_once(
    app: Flask, sam: Person, dev: Person, dana: Person, sign_in_as: SignIn, at_once: AtOnce
) -> None:
    page = confirm(sign_in_as(dana), ask_for_reset(sign_in_as(dana), sam))
    browsers = [sign_in_as(dev), sign_in_as(dev)]
    forms = [browser.get(page.request.path).form("Approve the reset").values for browser in browsers]
    path = page.request.path + "/approve"

    def approve(number: int) -> int:
        return browsers[number].post(path, data=forms[number]).status_code

    assert sorted(at_once(2, approve), key=str) == [303, 409]
    reset = latest_reset()
    assert (reset.state, reset.second_by_id) == (ResetState.CHECKED, None)


def test_a_manager_who_confirms_does_not_approve_alone(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    page = confirm(client, ask_for_reset(client, uma), EvidenceMethod.MANAGER)
    assert press(client, page, "Approve the reset").has("only their manager confirmed who they are")


def test_at_night_one_person_is_not_enough(
    uma: Person, sam: Person, sign_in_as: SignIn, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=14, minutes=30))
    assert approved_once(sign_in_as(sam), uma).has("it is between 11pm and 6am")


def test_r40_a_second_reset_within_a_week_needs_a_second_person(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    press(client, approved(client, uma), "Cancel the reset")
    assert approved_once(client, uma).has("they had a reset in the last 7 days")


def test_r39_the_sixth_approval_in_an_hour_needs_a_second_person_and_tells_the_commissioner(
    pharmacy: Organisation, sam: Person, dev: Person, sign_in_as: SignIn
) -> None:
    client = sign_in_as(sam)
    people = [factories.person(role=Role.USER, organisation=pharmacy) for _ in range(6)]
    for person in people:
        Phone.of(person)
    assert all(approved(client, person).has("Link sent") for person in people[:5])
    assert not mails_to(dev.email)
    assert approved_once(client, people[5]).has("the first person approved more than 5 resets in an hour")
    assert [mail.subject for mail in mails_to(dev.email)] == ["Robin Field’s reset waits for your approval"]


def test_a_second_person_can_reject(sam: Person, dev: Person, dana: Person, sign_in_as: SignIn) -> None:
    page = approved_once(sign_in_as(dev), sam)
    assert press(sign_in_as(dana), page, "Reject the request").has("Rejected")
