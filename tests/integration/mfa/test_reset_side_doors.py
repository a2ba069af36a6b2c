"""Ways around a reset: what was begun before it, what is done beside it, and what is left over after it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from time_machine import Traveller as Clock

from helpdesk.accounts import passwords
from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.core import clock as core_clock
from helpdesk.db import db
from helpdesk.mfa.jobs import issue_resets, start_bulk_resets
from helpdesk.mfa.models.factors import RecoveryCode
from helpdesk.mfa.types.resets import EvidenceMethod, ResetReason, ResetState
from tests import factories
from tests.authenticators import Phone, give_password, open_link
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import Audited, Browser, codes_of, is_logged_in
from tests.people import SignIn
from tests.resets import approved, ask_for_reset, confirm, latest_reset, link_in_mail, mails_to, press, refuse


@pytest.fixture(autouse=True)
def clock(moved_clock: Clock, umas_phone: Phone) -> Clock:
    return moved_clock


def fresh(person: Person) -> Person:
    db.session.rollback()
    db.session.refresh(person)
    return person


def mailed_link(address: str, part: str) -> str:
    return link_in_mail(address, part).removeprefix("http://localhost")


def asks_for_another_address(client: PageClient, address: str) -> str:
    """The link that confirms it."""
    typed = {"email": address, "password": factories.PASSWORD}
    client.submit(client.get("/account/email"), button="Change the address", **typed)
    return mailed_link(address, "/email-change/confirm")


def has_link(address: str) -> bool:
    return any("/enrol/" in mail.text for mail in mails_to(address))


def is_dead(answer: Page) -> bool:
    return answer.status_code == 410


@pytest.mark.parametrize("way", ["another phone", "a recovery code"])
def test_r18_a_link_is_dead_when_its_owner_found_another_way_in(
    new_browser: Browser, uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn, way: str
) -> None:
    codes = codes_of(uma)
    approved(sign_in_as(sam), uma)
    link, owner = link_in_mail(uma.email), sign_in_as(uma)
    if way == "another phone":
        typed = {"password": factories.PASSWORD, "code": umas_phone.unused_code(uma)}
        page = owner.follow(owner.submit(owner.get("/account/authenticator"), button="Continue", **typed))
    else:
        owner = new_browser()
        owner.follow(give_password(owner, uma.email))
        owner.submit(owner.get("/sign-in/recovery-code"), button="Continue", code=codes[0])
        page = owner.follow(owner.post("/set-up/start", data=csrf_of(owner)))
    owner.submit(page, button="Finish", code=Phone.scanned(page).code())
    assert latest_reset().state == ResetState.CANCELLED

    stranger = new_browser()
    form = stranger.get(link.removeprefix("http://localhost").partition("#")[0])
    answer = stranger.submit(form, button="Continue", last_part=link.partition("#")[2])

    assert is_dead(answer)
    assert is_logged_in(owner)


def csrf_of(client: PageClient) -> dict[str, object]:
    return {"csrf_token": client.get("/sign-in/recovery-code").form("Continue").values["csrf_token"]}


def test_r15_an_address_that_was_asked_for_before_is_not_confirmed_during_a_reset(
    client: PageClient, uma: Person, sign_in_as: SignIn
) -> None:
    link = asks_for_another_address(sign_in_as(uma), "thief@nhs.net")
    uma.is_being_reset = True
    factories.saved(uma)

    answer = client.submit(client.get(link), button="Confirm this address")

    assert answer.status_code == 409
    assert fresh(uma).email == "uma@highstreet.example"


def test_r15_the_undo_link_of_an_old_mailbox_waits_until_the_reset_is_over(
    client: PageClient, uma: Person, sam: Person, sign_in_as: SignIn, clock: Clock
) -> None:
    link = asks_for_another_address(sign_in_as(uma), "uma.reid@nhs.net")
    client.submit(client.get(link), button="Confirm this address")
    undo = mailed_link("uma@highstreet.example", "/email-change/undo")
    clock.shift(timedelta(hours=1))
    ask_for_reset(sign_in_as(sam), uma)

    answer = client.submit(client.get(undo), button="Take the change back")

    assert answer.status_code == 409
    assert fresh(uma).email == "uma.reid@nhs.net"


def test_r41_an_incident_ends_what_was_begun_in_the_accounts(
    client: PageClient, uma: Person, sam: Person, root: Person, platform: Organisation, sign_in_as: SignIn
) -> None:
    other = factories.person(name="Olu Grant", role=Role.PLATFORM_ADMINISTRATOR, organisation=platform)
    thief = sign_in_as(uma)
    address = asks_for_another_address(thief, "thief@nhs.net")
    administrator, second = sign_in_as(root), sign_in_as(other)
    page = administrator.submit(administrator.get("/admin/resets/bulk"), button="Make the list", organisation="FW844")
    page = administrator.follow(page)

    second.submit(second.get(page.request.path), button="Approve this list")

    assert is_dead(client.get(address))
    assert fresh(uma).is_being_reset
    assert start_bulk_resets() > 0
    assert not has_link("thief@nhs.net")
    assert has_link("uma@highstreet.example")


def test_r41_a_link_from_before_the_incident_is_dead(
    new_browser: Browser, uma: Person, sam: Person, root: Person, platform: Organisation, sign_in_as: SignIn
) -> None:
    other = factories.person(name="Olu Grant", role=Role.PLATFORM_ADMINISTRATOR, organisation=platform)
    approved(sign_in_as(sam), uma)
    link, browser = link_in_mail(uma.email), new_browser()
    form = browser.get(link.removeprefix("http://localhost").partition("#")[0])
    administrator, second = sign_in_as(root), sign_in_as(other)
    page = administrator.submit(administrator.get("/admin/resets/bulk"), button="Make the list", organisation="FW844")
    second.submit(second.get(administrator.follow(page).request.path), button="Approve this list")
    start_bulk_resets()

    assert is_dead(browser.submit(form, button="Continue", last_part=link.partition("#")[2]))
    assert link_in_mail(uma.email) != link


@pytest.mark.parametrize("act", ["new codes", "new password"])
def test_r31_what_was_begun_before_the_approval_does_not_end_after_it(
    monkeypatch: pytest.MonkeyPatch, uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn, act: str
) -> None:
    administrator, thief = sign_in_as(sam), sign_in_as(uma)
    checked = confirm(administrator, ask_for_reset(administrator, uma, ResetReason.STOLEN))
    path = "/account/recovery-codes" if act == "new codes" else "/account/password"
    page = thief.get(path)
    typed = {"password": factories.PASSWORD}
    typed |= {"code": umas_phone.unused_code(uma)} if act == "new codes" else {"new_password": "four-purple-lamps-91"}
    hashed_before = passwords.hash_password

    def approved_meanwhile(text: str) -> str:
        monkeypatch.undo()
        press(administrator, checked, "Approve the reset")
        db.session.rollback()
        return hashed_before(text)

    monkeypatch.setattr(passwords, "hash_password", approved_meanwhile)
    answer = thief.submit(page, **typed)

    assert latest_reset().state == ResetState.ISSUED
    assert answer.status_code in {303, 401}
    assert not is_logged_in(thief)
    assert db.session.scalars(select(RecoveryCode.id).where(RecoveryCode.person_id == uma.id)).all() == []


def test_r32_a_restricted_administrator_sends_no_invitation_elsewhere(
    dev: Person, pharmacy: Organisation, sign_in_as: SignIn
) -> None:
    invited = factories.person(
        name="Nia Price",
        email="nia@highstreet.example",
        role=Role.SITE_ADMINISTRATOR,
        organisation=pharmacy,
        status=PersonStatus.INVITED,
        password=None,
    )
    dev.restricted_until = core_clock.now() + timedelta(hours=72)
    client = sign_in_as(factories.saved(dev))
    page = client.get(f"/admin/people/{invited.id}/email")

    answer = client.submit(page, email="thief@nhs.net", password=factories.PASSWORD)

    assert answer.status_code == 409
    assert fresh(invited).email == "nia@highstreet.example"
    assert not mails_to("thief@nhs.net")


def test_r11_a_role_that_is_given_meanwhile_waits_until_the_reset_is_over(
    uma: Person, sam: Person, root: Person, sign_in_as: SignIn
) -> None:
    approved(sign_in_as(sam), uma)
    client = sign_in_as(root)
    page = client.get(f"/admin/people/{uma.id}/roles/new")

    answer = client.submit(page, role=Role.SITE_ADMINISTRATOR, organisation="FW844")

    assert answer.status_code == 409


def test_r11_a_first_approval_of_somebody_who_was_frozen_does_not_count(
    sam: Person, phone: Phone, dev: Person, commissioner: Organisation, root: Person, sign_in_as: SignIn
) -> None:
    dana = factories.person(name="Dana Moss", role=Role.COMMISSIONER, organisation=commissioner)
    page = approved(sign_in_as(dev), sam)
    dev.status = PersonStatus.FROZEN
    factories.saved(dev)

    press(sign_in_as(dana), page, "Approve the reset")

    reset = latest_reset()
    assert (reset.state, reset.approved_by_id, reset.second_by_id) == (ResetState.CHECKED, dana.id, None)


def test_r11_a_reset_that_waits_is_cancelled_when_who_approved_it_may_no_more(
    sam: Person, phone: Phone, dev: Person, commissioner: Organisation, sign_in_as: SignIn, clock: Clock
) -> None:
    dana = factories.person(name="Dana Moss", role=Role.COMMISSIONER, organisation=commissioner)
    page = approved(sign_in_as(dev), sam)
    press(sign_in_as(dana), page, "Approve the reset")
    dana.status = PersonStatus.FROZEN
    factories.saved(dana)
    clock.shift(timedelta(minutes=60))

    issue_resets()

    assert latest_reset().state == ResetState.CANCELLED
    assert not has_link(sam.email)


def test_r12_what_somebody_could_not_confirm_since_undoes_the_confirmation(
    uma: Person, sam: Person, ben: Person, sign_in_as: SignIn
) -> None:
    administrator = sign_in_as(sam)
    page = confirm(administrator, ask_for_reset(administrator, uma), EvidenceMethod.VIDEO)
    agent = sign_in_as(ben)
    agent.submit(agent.get(page.request.path), button="Show the number to ring")
    refuse(agent, page, EvidenceMethod.CALL_BACK)

    assert not any(form.fits("Approve the reset", ()) for form in administrator.get(page.request.path).forms)
    assert latest_reset().state == ResetState.CHECKED


def test_r32_a_second_address_from_before_is_not_confirmed_in_the_cool_down(
    client: PageClient, uma: Person, sign_in_as: SignIn
) -> None:
    thief = sign_in_as(uma)
    thief.submit(thief.get("/account/second-email"), button="Send the link", email="thief@home.example")
    page = client.get(mailed_link("thief@home.example", "/second-email/"))
    uma.restricted_until = core_clock.now() + timedelta(hours=24)
    factories.saved(uma)

    assert client.submit(page, button="Confirm this address").status_code == 409
    assert fresh(uma).second_email == ""


def test_r21_each_wrong_try_behind_a_link_is_in_the_trail(
    client: PageClient, uma: Person, sam: Person, sign_in_as: SignIn, audited: Audited
) -> None:
    approved(sign_in_as(sam), uma)
    page = open_link(client, link_in_mail(uma.email))

    for _ in range(3):
        client.submit(page, button="Continue", password="not the password")
    client.submit(client.get(f"/dispute/{latest_reset().id.hex}"), last_part="x" * 43)

    assert audited().count("person:link-refused") == 3
    assert audited()[-1] == "reset:dispute-refused"
