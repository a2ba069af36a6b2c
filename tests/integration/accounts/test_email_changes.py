"""Changing an email address: asked with proof, confirmed from the new mailbox, undone from the old one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from helpdesk.accounts.models import EmailChange, Organisation, Person
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.db import db
from helpdesk.mail.models import OutboxMessage
from tests import factories
from tests.authenticators import open_link
from tests.client import Page, PageClient
from tests.people import SignIn

Audited = Callable[[], list[str]]
Outbox = Callable[[], list[OutboxMessage]]
NEW, OLD = "uma.reid@nhs.net", "uma@highstreet.example"

pytestmark = pytest.mark.usefixtures("moved_clock")


@pytest.fixture
def uma(pharmacy: Organisation) -> Person:
    """Works at Sam's pharmacy."""
    return factories.person(name="Uma Reid", email=OLD, role=Role.USER, organisation=pharmacy)


@pytest.fixture
def umas(sign_in_as: SignIn, uma: Person) -> PageClient:
    """Her browser."""
    return sign_in_as(uma)


def ask(client: PageClient, path: str = "/account/email", **changes: object) -> Page:
    given = {"email": NEW, "password": factories.PASSWORD} | changes
    return client.submit(client.get(path), button="Change the address", **given)


def link_in(mail: OutboxMessage) -> str:
    return next(word for word in mail.text.split() if "/email-change/" in word).removeprefix("http://localhost")


def mail_to(outbox: Outbox, address: str, subject: str) -> OutboxMessage:
    return next(mail for mail in outbox() if mail.to_address == address and subject in mail.subject)


def fresh(person: Person) -> Person:
    db.session.rollback()
    db.session.refresh(person)
    return person


def confirmed(client: PageClient, outbox: Outbox) -> None:
    ask(client)
    link = link_in(mail_to(outbox, NEW, "Confirm"))
    assert client.submit(client.get(link), button="Confirm this address").status_code == 200


def test_an_address_changes_once_the_new_mailbox_confirms_it(
    umas: PageClient, uma: Person, outbox: Outbox, audited: Audited, client: PageClient
) -> None:
    answer = ask(umas)
    assert umas.follow(answer).has(f"Waiting for {NEW} to be confirmed, until tomorrow at 9am")
    assert {(mail.to_address, mail.subject) for mail in outbox()} == {
        (NEW, "Confirm your new email address for Pharmacy MFA helpdesk"),
        (OLD, "Somebody asked to change your email address"),
    }
    assert fresh(uma).email == OLD
    page = client.get(link_in(mail_to(outbox, NEW, "Confirm")))
    assert page.has("The account of Uma Reid will have the address uma.reid@nhs.net")
    assert client.submit(page, button="Confirm this address").heading == "Email address changed"
    assert fresh(uma).email == NEW
    assert uma.contacts_changed_at is not None
    assert {mail.to_address for mail in outbox()[2:]} == {NEW, OLD}
    assert audited() == ["person:signed-in", "person:email-change-asked", "person:email-changed"]


def test_looking_at_a_link_changes_nothing(umas: PageClient, uma: Person, outbox: Outbox, client: PageClient) -> None:
    ask(umas)
    for _ in range(5):
        for mail in outbox():
            assert client.get(link_in(mail)).status_code == 200
    assert fresh(uma).email == OLD
    assert umas.get("/account").has("Waiting for")


def test_the_old_mailbox_takes_the_change_back(
    umas: PageClient, uma: Person, outbox: Outbox, audited: Audited, client: PageClient, sign_in_as: SignIn
) -> None:
    confirmed(umas, outbox)
    link = link_in(mail_to(outbox, OLD, "was changed"))
    answer = client.submit(client.get(link), button="Take the change back")
    assert answer.heading == "Change taken back"
    assert fresh(uma).email == OLD
    assert umas.get("/account").status_code == 303
    assert {mail.to_address for mail in outbox() if "taken back" in mail.subject} == {OLD, NEW}
    assert audited()[-1] == "person:email-change-undone"
    assert client.submit(client.get(link), button="Take the change back").status_code == 200
    assert audited()[-1] == "person:email-change-undone"
    assert sign_in_as(uma).get("/account").status_code == 200


def test_the_old_mailbox_stops_a_change_that_is_not_confirmed_yet(
    umas: PageClient, uma: Person, outbox: Outbox, client: PageClient
) -> None:
    ask(umas)
    client.submit(client.get(link_in(mail_to(outbox, OLD, "asked"))), button="Take the change back")
    assert client.get(link_in(mail_to(outbox, NEW, "Confirm"))).status_code == 410
    assert fresh(uma).email == OLD
    assert {mail.to_address for mail in outbox() if "taken back" in mail.subject} == {OLD}


@pytest.mark.parametrize(("hours", "status"), [(71, 200), (73, 410)])
def test_a_change_can_be_undone_for_72_hours(
    umas: PageClient, outbox: Outbox, client: PageClient, moved_clock: time_machine.Traveller, hours: int, status: int
) -> None:
    confirmed(umas, outbox)
    moved_clock.shift(timedelta(hours=hours))
    assert client.get(link_in(mail_to(outbox, OLD, "was changed"))).status_code == status


def test_a_second_change_waits_until_the_first_cannot_be_undone(
    umas: PageClient, uma: Person, outbox: Outbox, moved_clock: time_machine.Traveller, sign_in_as: SignIn
) -> None:
    confirmed(umas, outbox)
    answer = ask(umas, email="third@nhs.net")
    assert (answer.status_code, answer.errors[0][:39]) == (409, "The address changed less than 72 hours ")
    moved_clock.shift(timedelta(hours=73))
    assert ask(sign_in_as(fresh(uma)), email="third@nhs.net").status_code == 303


def test_nobody_gets_an_address_that_may_still_come_back(
    umas: PageClient, outbox: Outbox, sign_in_as: SignIn, sam: Person, helpdesk: Organisation
) -> None:
    confirmed(umas, outbox)
    sams = sign_in_as(sam)
    new = {"name": "Nia Price", "email": OLD, "role": "user"}
    assert sams.submit(sams.get("/admin/people/new"), **new).status_code == 409


@pytest.mark.parametrize("hours", [25, 100])
def test_a_link_that_was_not_used_in_time_is_dead(
    umas: PageClient,
    uma: Person,
    outbox: Outbox,
    client: PageClient,
    moved_clock: time_machine.Traveller,
    sign_in_as: SignIn,
    hours: int,
) -> None:
    ask(umas)
    page = client.get(link_in(mail_to(outbox, NEW, "Confirm")))
    moved_clock.shift(timedelta(hours=hours))
    assert client.submit(page, button="Confirm this address").status_code == 410
    assert fresh(uma).email == OLD
    assert ask(sign_in_as(uma)).status_code == 303


def test_there_is_one_change_at_a_time_and_it_can_be_withdrawn(
    umas: PageClient, outbox: Outbox, client: PageClient, audited: Audited
) -> None:
    ask(umas)
    again = ask(umas, email="third@nhs.net")
    assert (again.status_code, again.errors) == (409, ["A change is waiting to be confirmed. Withdraw it first"])
    umas.submit(umas.get("/account"), button="Withdraw the change")
    assert client.get(link_in(mail_to(outbox, NEW, "Confirm"))).status_code == 410
    assert audited()[-1] == "person:email-change-withdrawn"
    assert ask(umas, email="third@nhs.net").status_code == 303


@pytest.mark.parametrize("status", [PersonStatus.FROZEN, PersonStatus.LEFT])
def test_no_address_changes_while_the_account_is_not_in_use(
    sign_in_as: SignIn, sam: Person, uma: Person, status: PersonStatus
) -> None:
    sams = sign_in_as(sam)
    page = sams.get(f"/admin/people/{uma.id}/email")
    act = {PersonStatus.FROZEN: "Freeze the account", PersonStatus.LEFT: "Mark as left"}[status]
    sams.submit(sams.get(sams.get(f"/admin/people/{uma.id}").link(act)), button=act)
    answer = sams.submit(page, button="Change the address", email=NEW, password=factories.PASSWORD)
    assert answer.status_code == 409
    assert _changes() == 0


def test_freezing_withdraws_a_change_that_waits(
    umas: PageClient, uma: Person, outbox: Outbox, sign_in_as: SignIn, sam: Person, client: PageClient
) -> None:
    ask(umas)
    sams = sign_in_as(sam)
    sams.submit(sams.get(f"/admin/people/{uma.id}/freeze"), button="Freeze the account")
    assert client.get(link_in(mail_to(outbox, NEW, "Confirm"))).status_code == 410


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_change_needs_the_own_password_again(umas: PageClient, outbox: Outbox, password: str) -> None:
    answer = ask(umas, password=password)
    assert answer.status_code == 422
    assert answer.errors[0].startswith("Enter your own password")
    assert (_changes(), outbox()) == (0, [])


def test_guessing_the_password_is_stopped_even_with_the_right_one(umas: PageClient) -> None:
    statuses = [ask(umas, password=word).status_code for word in (*["wrong"] * 5, factories.PASSWORD)]
    assert statuses == [422] * 5 + [429]
    assert _changes() == 0


def test_s05_nobody_finds_out_by_their_own_address_who_has_an_account(umas: PageClient, sam: Person) -> None:
    statuses = [ask(umas, email=sam.email).status_code for _ in range(11)]
    assert statuses == [409] * 10 + [429]
    assert ask(umas).status_code == 429


def test_an_administrator_asks_for_a_change_with_the_own_password(
    sign_in_as: SignIn, sam: Person, uma: Person, outbox: Outbox, audited: Audited
) -> None:
    sams = sign_in_as(sam)
    assert sams.follow(ask(sams, f"/admin/people/{uma.id}/email")).has(f"Waiting for {NEW}")
    assert {mail.to_address for mail in outbox()} == {NEW, OLD}
    assert sams.submit(sams.get(f"/admin/people/{uma.id}"), button="Withdraw the change").status_code == 303
    assert audited()[-2:] == ["person:email-change-asked", "person:email-change-withdrawn"]


def test_a_mistyped_invitation_is_corrected_at_once(
    sign_in_as: SignIn, sam: Person, outbox: Outbox, helpdesk: Organisation, client: PageClient
) -> None:
    sams = sign_in_as(sam)
    sams.submit(sams.get("/admin/people/new"), name="Nia Price", email="nia.prise@nhs.net", role="user")
    nia = db.session.scalars(select(Person).where(Person.name == "Nia Price")).one()
    assert ask(sams, f"/admin/people/{nia.id}/email", email="nia.price@nhs.net").status_code == 303
    assert [mail.to_address for mail in outbox()] == ["nia.prise@nhs.net", "nia.price@nhs.net"]
    first, second = (next(word for word in mail.text.split() if "/enrol/" in word) for mail in outbox())
    assert open_link(client, first).status_code == 410
    assert open_link(client, second).has("nia.price@nhs.net")


@pytest.mark.parametrize(
    ("email", "status", "message"),
    [
        ("pharmacy.FW844@nhs.net", 422, "This looks like a shared mailbox"),
        ("info@highstreet.example", 422, "This looks like a shared mailbox"),
        ("uma@nhs.nett", 422, "Did you mean uma@nhs.net?"),
        ("um\u0430@nhs.net", 422, "Enter the email address with plain English letters only"),
        ("SAM@highstreet.example", 409, "There is already an account with this email address"),
        ("sam+x@highstreet.example", 409, "This email address leads to the same mailbox"),
        ("sarn@highstreet.example", 422, "Somebody there already has sam@highstreet.example"),
        (OLD.upper(), 409, "That is the address already"),
        ("no address", 422, "Enter an email address in the correct format"),
    ],
)
def test_m07_the_rules_of_an_invitation_hold_for_a_change(
    sign_in_as: SignIn, sam: Person, umas: PageClient, uma: Person, email: str, status: int, message: str
) -> None:
    sams = sign_in_as(sam)
    for client, path in ((umas, "/account/email"), (sams, f"/admin/people/{uma.id}/email")):
        answer = ask(client, path, email=email)
        assert answer.status_code == status
        assert answer.errors[0].startswith(message)
    assert _changes() == 0


def test_of_two_who_want_one_address_the_first_to_confirm_gets_it(
    umas: PageClient, sign_in_as: SignIn, sam: Person, outbox: Outbox, client: PageClient
) -> None:
    ask(umas)
    ask(sign_in_as(sam))
    first, second = (link_in(mail) for mail in outbox() if mail.to_address == NEW)
    pages = client.get(first), client.get(second)
    assert client.submit(pages[1], button="Confirm this address").status_code == 200
    answer = client.submit(pages[0], button="Confirm this address")
    assert (answer.status_code, answer.has("There is already an account with this email address")) == (410, True)
    assert fresh(sam).email == NEW


@pytest.mark.parametrize("link", ["", "x", "0" * 32, "0" * 32 + "." + "0" * 64, "é.é", "%00"])
@pytest.mark.parametrize("act", ["confirm", "undo"])
def test_a_made_up_link_does_nothing(client: PageClient, platform: Organisation, act: str, link: str) -> None:
    assert client.get(f"/email-change/{act}/{link}").status_code in {404, 410}


def test_a_link_to_confirm_does_not_undo(umas: PageClient, outbox: Outbox, client: PageClient) -> None:
    ask(umas)
    link = link_in(mail_to(outbox, NEW, "Confirm"))
    assert client.get(link.replace("/confirm/", "/undo/")).status_code == 410


def _changes() -> int:
    return db.session.scalar(select(func.count()).select_from(EmailChange)) or 0
