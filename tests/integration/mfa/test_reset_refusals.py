"""R01 to R22: who cannot have whose log-in reset, and by what."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import func, select

from helpdesk.accounts.models import Membership, Organisation, Person
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.core import clock as core_clock
from helpdesk.db import db
from helpdesk.mail.models import OutboxMessage
from helpdesk.mfa.models.resets import MfaReset, ResetEvidence
from helpdesk.mfa.types.resets import EvidenceMethod, ResetState
from tests import factories
from tests.authenticators import Phone, open_link
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import Audited, Browser
from tests.people import SignIn
from tests.resets import approved, ask_for_reset, confirm, latest_reset, link_in_mail, press, refuse

ACTS = ("number", "evidence", "approve", "reject", "cancel", "resend", "spoken-code")


@pytest.fixture(autouse=True)
def clock(moved_clock: time_machine.Traveller, umas_phone: Phone) -> time_machine.Traveller:
    return moved_clock


@pytest.fixture
def eve(platform: Organisation) -> Person:
    """Administers a pharmacy that has nothing to do with Uma's."""
    elsewhere = factories.organisation(name="Bridge Street Pharmacy")
    return factories.person(name="Eve Stone", role=Role.SITE_ADMINISTRATOR, organisation=elsewhere)


def resets() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(MfaReset)) or 0


def mails() -> int:
    return db.session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def token(client: PageClient) -> str:
    return str(client.get("/admin/resets/find").form("Log out").values["csrf_token"][0])


def post(client: PageClient, path: str, **form: object) -> Page:
    """A form that no page offered, with a token of this browser."""
    answer = client.post(path, data={"csrf_token": token(client), **form})
    assert isinstance(answer, Page)
    return answer


def start(client: PageClient, person_id: object, reason: str = "lost") -> Page:
    return post(client, "/admin/resets", person=str(person_id), reason=reason)


@pytest.mark.parametrize("act", ACTS)
def test_r01_nothing_is_done_by_get(uma: Person, sam: Person, sign_in_as: SignIn, act: str) -> None:
    client = sign_in_as(sam)
    page = confirm(client, ask_for_reset(client, uma))
    assert client.get(f"{page.request.path}/{act}").status_code == 405
    assert client.head(f"{page.request.path}/{act}").status_code == 405
    assert client.get(f"{page.request.path}/{act}", headers={"X-HTTP-Method-Override": "POST"}).status_code == 405
    assert latest_reset().state == ResetState.CHECKED


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {}, {"Content-Type": "text/plain"}])
def test_r02_a_form_without_our_token_is_refused(
    uma: Person, sam: Person, sign_in_as: SignIn, headers: dict[str, str]
) -> None:
    client = sign_in_as(sam)
    page = confirm(client, ask_for_reset(client, uma))
    assert client.post(page.request.path + "/approve", data="seen=2", headers=headers).status_code == 400
    assert client.post("/admin/resets", data="person=x", headers=headers).status_code == 400
    assert latest_reset().state == ResetState.CHECKED


def test_r03_somebody_elsewhere_is_as_unknown_as_nobody(
    uma: Person, eve: Person, root: Person, sign_in_as: SignIn, audited: Audited
) -> None:
    client = sign_in_as(eve)
    answers = [start(client, person_id) for person_id in (uma.id, root.id, uuid4())]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert client.get(f"/admin/resets/new?person={uma.id}").status_code == 404
    assert (resets(), mails()) == (0, 0)
    assert audited().count("person:act-refused") == 4


def test_r03_a_reset_elsewhere_is_as_unknown_as_none(uma: Person, sam: Person, eve: Person, sign_in_as: SignIn) -> None:
    page = ask_for_reset(sign_in_as(sam), uma)
    client = sign_in_as(eve)
    unknown = f"/admin/resets/{uuid4()}"
    for path in ("", "/approve", "/cancel", "/evidence"):
        own, other = (
            client.get(root + path) if not path else post(client, root + path, seen=1, method="video")
            for root in (page.request.path, unknown)
        )
        assert (own.status_code, own.text) == (404, other.text)
    assert not client.get("/admin/resets?view=open").has("Uma Reid")


def test_r07_nobody_resets_themselves(sam: Person, dev: Person, sign_in_as: SignIn) -> None:
    Phone.of(sam)
    own = sign_in_as(sam)
    assert start(own, sam.id).status_code == 403
    assert resets() == 0
    page = confirm(sign_in_as(dev), ask_for_reset(sign_in_as(dev), sam))
    for act in ("evidence", "approve", "cancel", "reject"):
        assert post(own, f"{page.request.path}/{act}", seen=2, method="video").status_code == 403
    assert latest_reset().state == ResetState.CHECKED


def test_r07_an_agent_never_approves(uma: Person, ben: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(ben)
    page = confirm(client, ask_for_reset(client, uma))
    assert post(client, page.request.path + "/approve", seen=2).status_code == 403
    assert latest_reset().state == ResetState.CHECKED


def test_an_administrator_approves_nobody_of_their_own_rank(
    pharmacy: Organisation, sam: Person, sign_in_as: SignIn
) -> None:
    equal = factories.person(name="Kim Hale", role=Role.SITE_ADMINISTRATOR, organisation=pharmacy)
    Phone.of(equal)
    client = sign_in_as(sam)
    page = confirm(client, ask_for_reset(client, equal))
    assert post(client, page.request.path + "/approve", seen=2).status_code == 403


def test_an_administrator_approves_nobody_who_also_works_elsewhere(
    uma: Person, eve: Person, sam: Person, sign_in_as: SignIn
) -> None:
    factories.membership(person=uma, organisation=eve.memberships[0].organisation, role=Role.USER)
    client = sign_in_as(sam)
    page = confirm(client, ask_for_reset(client, uma))
    assert page.has("This person also works for organisations that are not yours.")
    assert post(client, page.request.path + "/approve", seen=2).status_code == 403


def test_r11_s10_an_administrator_who_lost_the_role_approves_nothing(
    uma: Person, sam: Person, sign_in_as: SignIn
) -> None:
    client = sign_in_as(sam)
    page = client.get(confirm(client, ask_for_reset(client, uma)).request.path)
    membership = db.session.scalars(select(Membership).where(Membership.person_id == sam.id)).one()
    membership.role = Role.USER
    factories.saved(membership)
    assert client.submit(page, button="Approve the reset").status_code == 403
    assert latest_reset().state == ResetState.CHECKED


def test_r12_without_evidence_nothing_is_approved(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    page = ask_for_reset(client, uma)
    assert post(client, page.request.path + "/approve", seen=1).status_code == 409
    refuse(client, page)
    assert post(client, page.request.path + "/approve", seen=2).status_code == 409
    assert latest_reset().state == ResetState.REQUESTED


@pytest.mark.parametrize("method", ["in_person", "manager", "date_of_birth", ""])
def test_r12_an_agent_confirms_in_no_way_that_is_not_theirs(
    uma: Person, ben: Person, sign_in_as: SignIn, method: str
) -> None:
    client = sign_in_as(ben)
    page = ask_for_reset(client, uma)
    answer = post(client, page.request.path + "/evidence", seen=1, method=method, outcome="confirmed")
    assert answer.status_code == (409 if method else 422)
    db.session.rollback()
    assert not db.session.scalars(select(ResetEvidence)).all()


def test_r12_evidence_counts_for_half_an_hour(
    uma: Person, sam: Person, sign_in_as: SignIn, clock: time_machine.Traveller
) -> None:
    client = sign_in_as(sam)
    page = confirm(client, ask_for_reset(client, uma))
    clock.shift(timedelta(minutes=31))
    late = sign_in_as(sam)
    assert late.get(page.request.path).has("Nobody has made sure in the last 30 minutes")
    assert post(late, page.request.path + "/approve", seen=2).status_code == 409
    assert press(late, confirm(late, page), "Approve the reset").has("Link sent")


def test_r13_a_number_that_is_new_proves_nothing(uma: Person, sam: Person, ben: Person, sign_in_as: SignIn) -> None:
    uma.phone_since = uma.contacts_changed_at = core_clock.now() - timedelta(days=13)
    factories.saved(uma)
    client = sign_in_as(ben)
    page = ask_for_reset(client, uma)
    assert page.has("It is too new to count.")
    answer = post(client, page.request.path + "/evidence", seen=1, method="call_back", outcome="confirmed")
    assert answer.status_code == 409
    assert post(client, page.request.path + "/number", seen=1).status_code == 409
    page = press(sign_in_as(sam), confirm(client, page, EvidenceMethod.VIDEO), "Approve the reset")
    assert page.has("Waits for a second person")
    assert page.has("their email address or phone number changed in the last 14 days")


def test_r14_the_link_goes_to_the_address_on_record_alone(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client, given = sign_in_as(sam), {"email": "thief@evil.example", "send_to": "thief@evil.example"}
    post(client, "/admin/resets", person=str(uma.id), reason="new_phone", **given)
    path = f"/admin/resets/{latest_reset().id}"
    post(
        client, path + "/evidence", seen=1, method="video", outcome="confirmed", note="mail thief@evil.example", **given
    )
    assert post(client, path + "/approve", seen=2, **given).status_code == 303
    db.session.rollback()
    sent = db.session.scalars(select(OutboxMessage)).all()
    assert {mail.to_address for mail in sent if "/enrol/" in mail.text} == {uma.email}
    assert not [mail for mail in sent if "thief" in mail.to_address + mail.text]


def test_r15_while_a_reset_is_open_the_address_stays(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    page = ask_for_reset(client, uma)
    form = client.get(f"/admin/people/{uma.id}/email")
    typed = {"email": "uma.new@nhs.net", "password": factories.PASSWORD}
    answer = client.submit(form, **typed)
    assert (answer.status_code, answer.errors[0][:40]) == (409, "This person’s log-in is being reset. Wai")
    press(client, page, "Reject the request")
    assert client.submit(form, **typed).status_code == 303


def test_r15_while_a_change_of_address_waits_nothing_is_reset(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    form = client.get(f"/admin/people/{uma.id}/email")
    client.submit(form, email="uma.new@nhs.net", password=factories.PASSWORD)
    assert start(client, uma.id).status_code == 409
    assert resets() == 0


@pytest.mark.parametrize("status", [PersonStatus.FROZEN, PersonStatus.LEFT, PersonStatus.INVITED])
def test_an_account_that_is_not_in_use_is_not_reset(
    uma: Person, root: Person, sign_in_as: SignIn, status: PersonStatus
) -> None:
    uma.status, uma.left_at = status, core_clock.now() if status is PersonStatus.LEFT else None
    factories.saved(uma)
    assert start(sign_in_as(root), uma.id).status_code == 409


def test_who_has_no_authenticator_needs_no_reset(pharmacy: Organisation, sam: Person, sign_in_as: SignIn) -> None:
    newcomer = factories.person(role=Role.USER, organisation=pharmacy)
    assert start(sign_in_as(sam), newcomer.id).status_code == 409


def test_a_second_open_reset_is_refused(uma: Person, sam: Person, ben: Person, sign_in_as: SignIn) -> None:
    ask_for_reset(sign_in_as(sam), uma)
    assert start(sign_in_as(ben), uma.id).status_code == 409
    shown = sign_in_as(ben).get(f"/admin/resets/new?person={uma.id}")
    assert shown.location == f"/admin/resets/{latest_reset().id}"
    assert resets() == 1


def test_r36_what_was_seen_before_a_move_moves_nothing(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    page = confirm(client, ask_for_reset(client, uma))
    old = client.get(page.request.path)
    press(client, page, "Reject the request")
    assert client.submit(old, button="Approve the reset").status_code == 409
    assert client.submit(old, button="Reject the request").status_code == 409
    assert latest_reset().state == ResetState.REJECTED


def test_r16_r18_a_link_is_dead_when_another_was_sent(
    client: PageClient, uma: Person, sam: Person, sign_in_as: SignIn
) -> None:
    administrator = sign_in_as(sam)
    page = approved(administrator, uma)
    first = link_in_mail(uma.email)
    press(administrator, page, "Send a new link")
    assert open_link(client, first).status_code == 410
    assert open_link(client, link_in_mail(uma.email)).heading == "Enter your password"
    press(administrator, page, "Cancel the reset")
    assert open_link(client, link_in_mail(uma.email)).status_code == 410


def test_r21_ten_wrong_passwords_end_the_link(client: PageClient, uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    approved(sign_in_as(sam), uma)
    page = open_link(client, link_in_mail(uma.email))
    for _ in range(10):
        assert "otpauth" not in client.submit(page, button="Continue", password="wrong horse battery").html
    assert client.submit(page, button="Continue", password=factories.PASSWORD).status_code == 410


def test_r22_a_session_of_somebody_else_is_neither_asked_nor_used(
    uma: Person, sam: Person, ben: Person, sign_in_as: SignIn
) -> None:
    approved(sign_in_as(sam), uma)
    browser = sign_in_as(ben)
    page = open_link(browser, link_in_mail(uma.email))
    assert page.has("uma@highstreet.example")
    assert browser.get("/accessibility").has("Ben Carter")


def test_r25_the_link_begins_with_the_configured_address(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    page = client.get(confirm(client, ask_for_reset(client, uma)).request.path)
    values = page.form("Approve the reset").values
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    client.post(page.request.path + "/approve", data=values, headers=forged)
    assert "evil" not in link_in_mail(uma.email)


def test_r26_a_name_starts_no_header(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    uma.name = "Uma\r\nBcc: thief@evil.example <img src=x>"
    factories.saved(uma)
    ask_for_reset(sign_in_as(sam), uma)
    db.session.rollback()
    for mail in db.session.scalars(select(OutboxMessage)):
        assert "\n" not in mail.subject
        assert "<img" not in mail.html


def test_g14_five_requests_are_told_once(uma: Person, sam: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(sam)
    for _ in range(5):
        press(client, ask_for_reset(client, uma), "Reject the request")
    db.session.rollback()
    told = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.to_address == uma.email)
    assert db.session.scalar(told) == 1


def test_the_second_failed_check_is_told(uma: Person, sam: Person, ben: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(ben)
    page = ask_for_reset(client, uma)
    before = mails()
    refuse(client, page)
    assert mails() == before
    refuse(client, page)
    db.session.rollback()
    told = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.sequence)).all()[before:]
    assert {mail.to_address for mail in told} == {uma.email, sam.email, ben.email}
    assert {mail.subject for mail in told} == {
        "Tries to get into the account of Uma Reid failed",
        "Tries to get into your account failed",
    }


def test_s12_an_old_code_approves_nothing(
    uma: Person, sam: Person, sign_in_as: SignIn, clock: time_machine.Traveller, new_browser: Browser
) -> None:
    client = sign_in_as(sam)
    page = client.get(confirm(client, ask_for_reset(client, uma)).request.path)
    clock.shift(timedelta(minutes=6))
    assert client.submit(page, button="Approve the reset").location.startswith("/step-up?next=")
    assert latest_reset().state == ResetState.CHECKED


def test_the_number_is_shown_whole_once_and_kept_as_seen(
    uma: Person, ben: Person, sign_in_as: SignIn, audited: Audited
) -> None:
    client = sign_in_as(ben)
    page = ask_for_reset(client, uma)
    assert "02079460123" not in page.html
    assert press(client, page, "Show the number to ring").has("02079460123")
    assert "02079460123" not in client.get(page.request.path).html
    assert audited()[-1] == "reset:number-shown"
