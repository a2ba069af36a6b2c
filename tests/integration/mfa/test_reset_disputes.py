"""R34: "This wasn't me" stops a reset, and can do nothing else."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import select
from time_machine import Traveller as Clock

from helpdesk.accounts.models import Person
from helpdesk.db import db
from helpdesk.mfa.jobs import expire_resets
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.service.resets.dispute_links import dispute_link
from helpdesk.mfa.types.factors import FactorState
from helpdesk.mfa.types.resets import ResetState
from tests import factories
from tests.authenticators import Phone, give_password, open_link
from tests.client import PageClient
from tests.integration.mfa.conftest import Audited, Browser, is_logged_in
from tests.people import SignIn
from tests.resets import approved, ask_for_reset, confirm, latest_reset, link_in_mail, mails_to, press, stop_by_link


@pytest.fixture(autouse=True)
def clock(moved_clock: Clock, umas_phone: Phone) -> Clock:
    return moved_clock


def set_up_again(client: PageClient, person: Person) -> None:
    page = open_link(client, link_in_mail(person.email))
    page = client.follow(client.submit(page, button="Continue", password=factories.PASSWORD))
    client.submit(page, button="Finish", code=Phone.scanned(page).code())


def states_of_entries() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(TotpFactor.state).order_by(TotpFactor.generation)))


def test_r34_looking_stops_nothing(client: PageClient, uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    ask_for_reset(sign_in_as(sam), uma)
    link = link_in_mail(uma.email, "/dispute/")
    pages = [client.get(urlsplit(link).path) for _ in range(5)]
    assert {page.status_code for page in pages} == {200}
    assert not any(page.has("Uma") for page in pages)
    assert latest_reset().state == ResetState.REQUESTED


def test_r34_an_open_reset_is_stopped_and_its_link_dead(
    client: PageClient, new_browser: Browser, uma: Person, sam: Person, sign_in_as: SignIn, audited: Audited
) -> None:
    approved(sign_in_as(sam), uma)
    page = stop_by_link(client, link_in_mail(uma.email, "/dispute/"))
    assert page.heading == "The reset is stopped"
    assert not page.has("Uma")
    assert latest_reset().state == ResetState.DISPUTED
    assert open_link(new_browser(), link_in_mail(uma.email)).status_code == 410
    assert states_of_entries() == [FactorState.ACTIVE]
    assert audited()[-1] == "reset:disputed"
    told, own = mails_to(sam.email)[-1], mails_to(uma.email)[-1]
    assert (told.subject, own.subject) == ("The reset for Uma Reid was stopped", "The reset of your log-in was stopped")
    assert "/dispute/" not in own.text
    assert "stop it" not in told.text


def test_r34_a_second_press_changes_nothing(client: PageClient, uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    ask_for_reset(sign_in_as(sam), uma)
    link = link_in_mail(uma.email, "/dispute/")
    stop_by_link(client, link)
    before = (latest_reset().version, len(mails_to(uma.email)))
    assert stop_by_link(client, link).heading == "The reset is stopped"
    assert (latest_reset().version, len(mails_to(uma.email))) == before


def test_r34_a_reset_that_was_used_is_undone_for_a_week(
    client: PageClient,
    new_browser: Browser,
    uma: Person,
    sam: Person,
    sign_in_as: SignIn,
    clock: Clock,
) -> None:
    approved(sign_in_as(sam), uma)
    set_up_again(client, uma)
    clock.shift(timedelta(days=6))
    stop_by_link(new_browser(), link_in_mail(uma.email, "/dispute/"))
    assert states_of_entries() == [FactorState.RETIRED, FactorState.SUSPENDED]
    assert not is_logged_in(client)
    assert new_browser().get("/set-up").status_code == 410
    browser = new_browser()
    page = browser.follow(give_password(browser, uma.email))
    assert page.heading == "Your log-in was stopped"
    assert page.has("Call the helpdesk. Two people must approve the next reset.")
    assert approved(sign_in_as(sam), uma).has("they said in the last 30 days that a reset was not theirs")


def test_r34_after_a_week_nothing_can_be_stopped(
    client: PageClient,
    new_browser: Browser,
    uma: Person,
    sam: Person,
    sign_in_as: SignIn,
    clock: Clock,
) -> None:
    approved(sign_in_as(sam), uma)
    set_up_again(client, uma)
    clock.shift(timedelta(days=7))
    assert stop_by_link(new_browser(), link_in_mail(uma.email, "/dispute/")).status_code == 410
    assert latest_reset().state == ResetState.COMPLETED


def test_an_older_link_does_not_stop_what_two_people_approved_since(
    new_browser: Browser,
    uma: Person,
    sam: Person,
    dev: Person,
    sign_in_as: SignIn,
    clock: Clock,
) -> None:
    approved(sign_in_as(sam), uma)
    set_up_again(new_browser(), uma)
    old_link = link_in_mail(uma.email, "/dispute/")
    clock.shift(timedelta(days=1))
    press(sign_in_as(dev), approved(sign_in_as(sam), uma), "Approve the reset")
    set_up_again(new_browser(), uma)
    assert stop_by_link(new_browser(), old_link).status_code == 410
    assert states_of_entries()[-1] == FactorState.ACTIVE
    assert stop_by_link(new_browser(), link_in_mail(uma.email, "/dispute/")).status_code == 200
    assert states_of_entries()[-1] == FactorState.SUSPENDED


def test_r34_a_wrong_link_says_the_same_for_every_reset(
    client: PageClient, uma: Person, sam: Person, sign_in_as: SignIn
) -> None:
    ask_for_reset(sign_in_as(sam), uma)
    known, unknown = latest_reset().id, uuid4()
    wrong = [f"http://x/dispute/{known.hex}#{'A' * 43}", dispute_link(unknown), f"http://x/dispute/zz#{'A' * 43}"]
    answers = [stop_by_link(client, link) for link in wrong]
    assert {(answer.status_code, answer.text) for answer in answers} == {(410, answers[0].text)}
    assert not is_logged_in(client)
    assert latest_reset().state == ResetState.REQUESTED


def test_a_form_of_another_site_stops_nothing(client: PageClient, uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    ask_for_reset(sign_in_as(sam), uma)
    link = link_in_mail(uma.email, "/dispute/")
    selector, _, verifier = link.rpartition("/")[2].partition("#")
    assert client.post(f"/dispute/{selector}", data={"last_part": verifier}).status_code == 400
    assert latest_reset().state == ResetState.REQUESTED


def test_a_link_that_ran_out_ends_the_reset(uma: Person, sam: Person, sign_in_as: SignIn, clock: Clock) -> None:
    approved(sign_in_as(sam), uma)
    clock.shift(timedelta(minutes=59))
    assert expire_resets() == 0
    clock.shift(timedelta(minutes=1))
    assert expire_resets() == 1
    assert latest_reset().state == ResetState.EXPIRED
    db.session.refresh(uma)
    assert not uma.is_being_reset


def test_a_request_that_nobody_decides_ends_after_a_day(
    uma: Person, sam: Person, sign_in_as: SignIn, clock: Clock
) -> None:
    confirm(sign_in_as(sam), ask_for_reset(sign_in_as(sam), uma))
    clock.shift(timedelta(hours=24))
    assert expire_resets() == 1
    client = sign_in_as(sam)
    page = client.get(f"/admin/resets/{latest_reset().id}")
    assert page.has("start a new reset")
    assert not page.has("Approve the reset")


def test_a_cancelled_reset_says_what_stays_stopped(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    assert press(client, approved(client, uma), "Cancel the reset").has("stays stopped")


def ask_twice(client: PageClient, person: Person) -> int:
    """How many mails the person gets of two requests within one minute."""
    before = len(mails_to(person.email))
    for _ in range(2):
        press(client, ask_for_reset(client, person), "Reject the request")
    return len(mails_to(person.email)) - before


def test_for_a_month_after_a_dispute_each_new_request_is_told(
    client: PageClient, uma: Person, sam: Person, sign_in_as: SignIn, clock: Clock
) -> None:
    ask_for_reset(sign_in_as(sam), uma)
    stop_by_link(client, link_in_mail(uma.email, "/dispute/"))
    assert ask_twice(sign_in_as(sam), uma) == 2
    clock.shift(timedelta(days=30))
    assert ask_twice(sign_in_as(sam), uma) == 1
