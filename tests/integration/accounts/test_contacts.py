"""The phone number and the second address on record: changed with proof, told to every mailbox, shown by their end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.core import clock
from helpdesk.db import db
from helpdesk.mail.models import OutboxMessage
from tests import factories
from tests.client import Page, PageClient
from tests.people import SignIn

Audited = Callable[[], list[str]]
Outbox = Callable[[], list[OutboxMessage]]
FIRST, SECOND = "uma@highstreet.example", "uma.reid@home.example"
NUMBER = "020 7946 0678"

pytestmark = pytest.mark.usefixtures("moved_clock")


@pytest.fixture
def uma(pharmacy: Organisation) -> Person:
    """Works at Sam's pharmacy."""
    return factories.person(name="Uma Reid", email=FIRST, role=Role.USER, organisation=pharmacy)


@pytest.fixture
def umas(sign_in_as: SignIn, uma: Person) -> PageClient:
    """Her browser."""
    return sign_in_as(uma)


@pytest.fixture
def sams(sign_in_as: SignIn, sam: Person) -> PageClient:
    """The browser of her administrator."""
    return sign_in_as(sam)


def fresh(person: Person) -> Person:
    db.session.rollback()
    db.session.refresh(person)
    return person


def save_phone(client: PageClient, path: str = "/account/phone", number: str = NUMBER) -> Page:
    return client.submit(client.get(path), button="Save the number", phone=number)


def ask_second(client: PageClient, path: str = "/account/second-email", **changes: object) -> Page:
    return client.submit(client.get(path), button="Send the link", **({"email": SECOND} | changes))


def sent(client: PageClient, path: str) -> Page:
    """What is answered to a form that no page offered."""
    token = client.get("/account").form("Log out").values["csrf_token"]
    return client.post(path, data={"phone": NUMBER, "email": SECOND, "csrf_token": token})


def confirm(client: PageClient, outbox: Outbox) -> Page:
    page = client.get(link_in(outbox))
    return client.submit(page, button="Confirm this address")


def link_in(outbox: Outbox) -> str:
    mail = [mail for mail in outbox() if mail.subject.startswith("Confirm your second")][-1]
    return next(word for word in mail.text.split() if "/second-email/" in word).removeprefix("http://localhost")


def told(outbox: Outbox) -> list[str]:
    return [mail.to_address for mail in outbox() if mail.subject == "How we reach you has changed"]


def test_a_person_puts_a_number_on_record(umas: PageClient, uma: Person, outbox: Outbox, audited: Audited) -> None:
    page = umas.follow(save_phone(umas))
    assert page.has("Ends in 678, since 24 November 2026")
    assert "0207946" not in page.html
    assert "0678" not in (fresh(uma).sealed_phone or "")
    assert uma.contacts_changed_at is not None
    assert told(outbox) == [FIRST]
    assert audited()[-1] == "person:phone-changed"


@pytest.mark.parametrize("typed", ["12345", "ring me", "0207946067812345678", "٠٢٠٧٩٤٦٠٦٧٨"])
def test_what_is_no_number_is_refused(umas: PageClient, uma: Person, outbox: Outbox, typed: str) -> None:
    answer = save_phone(umas, number=typed)
    assert answer.status_code == 422
    assert answer.errors == ["Enter a phone number with 7 to 15 digits, like 020 7946 0123"]
    assert fresh(uma).sealed_phone is None
    assert not outbox()


def test_a_number_is_removed(umas: PageClient, uma: Person, outbox: Outbox) -> None:
    save_phone(umas)
    umas.submit(umas.get("/account/phone"), button="Remove the number")
    assert fresh(uma).sealed_phone is None
    assert umas.get("/account").has("Phone number None on record")
    assert "was removed" in outbox()[-1].text


def test_a_second_address_counts_once_its_reader_confirms_it(
    umas: PageClient, uma: Person, outbox: Outbox, audited: Audited, client: PageClient
) -> None:
    page = umas.follow(ask_second(umas))
    assert page.has(f"None on record. Waiting for {SECOND} to be confirmed")
    assert told(outbox) == [FIRST]
    assert client.get(link_in(outbox)).has(SECOND)
    assert fresh(uma).second_email == ""
    assert confirm(client, outbox).heading == "Second email address confirmed"
    assert fresh(uma).second_email == SECOND
    assert told(outbox)[1:] == [FIRST, SECOND]
    assert audited()[-2:] == ["person:second-email-asked", "person:second-email-changed"]


def test_the_former_second_mailbox_hears_of_its_end(
    umas: PageClient, uma: Person, outbox: Outbox, client: PageClient
) -> None:
    ask_second(umas)
    confirm(client, outbox)
    umas.submit(umas.get("/account/second-email"), button="Remove the second address")
    assert fresh(uma).second_email == ""
    assert told(outbox)[-2:] == [FIRST, SECOND]


def test_every_mailbox_hears_of_another_number(umas: PageClient, outbox: Outbox, client: PageClient) -> None:
    ask_second(umas)
    confirm(client, outbox)
    save_phone(umas)
    assert told(outbox)[-2:] == [FIRST, SECOND]


def test_a_link_confirms_what_it_was_sent_for_and_nothing_else(
    umas: PageClient, uma: Person, outbox: Outbox, client: PageClient, moved_clock: time_machine.Traveller
) -> None:
    ask_second(umas)
    first_link = link_in(outbox)
    moved_clock.shift(timedelta(seconds=1))
    ask_second(umas, email="uma2@home.example")
    assert client.get(first_link).status_code == 410
    for broken in (link_in(outbox)[:-1] + "é", "/second-email/confirm/x", f"/second-email/confirm/{uma.id.hex}."):
        assert client.get(broken).status_code == 410
    assert confirm(client, outbox).status_code == 200
    assert client.get(link_in(outbox)).status_code == 410
    assert fresh(uma).second_email == "uma2@home.example"


def test_a_link_is_too_late_after_a_day(
    umas: PageClient, uma: Person, outbox: Outbox, client: PageClient, moved_clock: time_machine.Traveller
) -> None:
    ask_second(umas)
    moved_clock.shift(timedelta(hours=24))
    assert client.get(link_in(outbox)).status_code == 410
    assert fresh(uma).second_email == ""


@pytest.mark.parametrize(
    ("email", "words"),
    [
        (FIRST.upper(), "This one leads to the mailbox that is on record already"),
        ("uma+2@highstreet.example", "This one leads to the mailbox that is on record already"),
        ("pharmacy.fa123@nhs.net", "This looks like a shared mailbox"),
        ("sam@highstreet.example", "There is already an account with this email address"),
        ("uma@nhs.nte", "Did you mean uma@nhs.net?"),
        ("umа@home.example", "Enter the email address with plain English letters only"),
    ],
)
def test_m07_the_rules_of_an_address_hold_for_a_second_one(
    umas: PageClient, uma: Person, sam: Person, outbox: Outbox, email: str, words: str
) -> None:
    answer = ask_second(umas, email=email)
    assert answer.status_code in {409, 422}
    assert words in answer.errors[0]
    assert fresh(uma).second_email_asked == ""
    assert not outbox()
    assert sam.email


def test_nobody_finds_out_by_a_second_address_who_has_an_account(umas: PageClient) -> None:
    for number in range(10):
        ask_second(umas, email=f"pharmacy{number}@nhs.net")
    assert ask_second(umas).status_code == 429


def test_an_administrator_keeps_the_number_and_the_address_of_somebody(
    sams: PageClient, uma: Person, outbox: Outbox, client: PageClient
) -> None:
    page = sams.follow(save_phone(sams, f"/admin/people/{uma.id}/phone"))
    assert page.has("Ends in 678, since 24 November 2026")
    sams.follow(ask_second(sams, f"/admin/people/{uma.id}/second-email"))
    confirm(client, outbox)
    assert sams.get(f"/admin/people/{uma.id}").has(f"Second email address {SECOND}")
    sams.submit(sams.get(f"/admin/people/{uma.id}/phone"), button="Remove the number")
    sams.submit(sams.get(f"/admin/people/{uma.id}/second-email"), button="Remove the second address")
    assert (fresh(uma).sealed_phone, uma.second_email) == (None, "")


def test_only_who_manages_the_whole_account_changes_how_it_is_reached(
    sams: PageClient, sam: Person, ben: Person, dev: Person, uma: Person, outbox: Outbox, audited: Audited
) -> None:
    factories.membership(person=uma, organisation=factories.organisation(), role=Role.USER)
    for person, status in ((sam, 403), (uma, 403), (ben, 404), (dev, 404)):
        for path in ("phone", "phone/remove", "second-email", "second-email/remove"):
            answer = sent(sams, f"/admin/people/{person.id}/{path}")
            assert answer.status_code == status, (person.name, path)
        assert (fresh(person).sealed_phone, person.second_email_asked) == (None, "")
    assert not outbox()
    assert set(audited()[1:]) == {"person:act-refused"}


def test_somebody_who_is_invited_gets_a_number_without_a_notice(
    sams: PageClient, pharmacy: Organisation, outbox: Outbox
) -> None:
    invited = factories.person(
        name="Ivo Hale", role=Role.USER, organisation=pharmacy, status=PersonStatus.INVITED, password=None
    )
    save_phone(sams, f"/admin/people/{invited.id}/phone")
    assert fresh(invited).sealed_phone is not None
    answer = ask_second(sams, f"/admin/people/{invited.id}/second-email")
    assert answer.errors == ["A second address can be added only while the account is in use"]
    assert not outbox()


def test_a_number_that_no_key_opens_is_said_to_be_unreadable(umas: PageClient, uma: Person) -> None:
    save_phone(umas)
    uma.sealed_phone = "gAAAAA"
    factories.saved(uma)
    assert umas.get("/account").has("Cannot be read now, since 24 November 2026")


def test_erasing_forgets_number_and_addresses(
    sams: PageClient, umas: PageClient, uma: Person, outbox: Outbox, client: PageClient
) -> None:
    save_phone(umas)
    ask_second(umas)
    confirm(client, outbox)
    ask_second(umas, email="uma2@home.example")
    for act, button in (("leave", "Mark as left"), ("erase", "Erase the account")):
        sams.submit(sams.get(f"/admin/people/{uma.id}/{act}"), button=button)
    kept = (fresh(uma).sealed_phone, uma.second_email, uma.second_email_asked, uma.second_email_asked_at)
    assert kept == (None, "", "", None)


def test_r15_while_the_log_in_is_reset_nobody_changes_where_notices_go(
    umas: PageClient, uma: Person, outbox: Outbox, client: PageClient
) -> None:
    ask_second(umas)
    link = link_in(outbox)
    uma.is_being_reset = True
    factories.saved(uma)
    page = client.get(link)
    told_before = len(outbox())

    assert client.submit(page, button="Confirm this address").status_code == 409
    assert sent(umas, "/account/second-email").status_code == 409
    assert sent(umas, "/account/second-email/remove").status_code == 409
    assert sent(umas, "/account/phone").status_code == 409

    assert fresh(uma).second_email == ""
    assert uma.sealed_phone is None
    assert len(outbox()) == told_before


def test_r32_after_a_reset_the_contacts_stay_for_a_while(umas: PageClient, uma: Person) -> None:
    uma.restricted_until = clock.now() + timedelta(hours=1)
    factories.saved(uma)

    assert sent(umas, "/account/second-email").status_code == 409
    assert sent(umas, "/account/phone").status_code == 409

    assert fresh(uma).second_email_asked == ""
    assert uma.sealed_phone is None
