"""What is left of an authenticator, a link or a proof when the account changes under it."""

import pytest
import time_machine
from sqlalchemy import func, select

from helpdesk.accounts.email_rules import normalise_email
from helpdesk.accounts.models import Organisation, PasswordProof, Person, SetupLink
from helpdesk.accounts.queries.people import person_for_email
from helpdesk.accounts.service import states
from helpdesk.accounts.service.email_changes import set_address
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.mfa.models.factors import RecoveryCode, TotpFactor
from helpdesk.mfa.service.keeping import forget_what_is_over
from tests import factories
from tests.authenticators import Phone, link_for, log_in, open_link, set_up_page
from tests.client import PageClient


@pytest.fixture(autouse=True)
def clock(moved_clock: time_machine.Traveller) -> time_machine.Traveller:
    return moved_clock


@pytest.fixture
def nia(pharmacy: Organisation) -> Person:
    """Invited, and nothing more yet."""
    return factories.person(
        name="Nia Price",
        email="nia@nhs.net",
        role=Role.USER,
        organisation=pharmacy,
        status=PersonStatus.INVITED,
        password=None,
    )


def rows() -> list[int]:
    counts = [select(func.count()).select_from(table) for table in (TotpFactor, RecoveryCode, PasswordProof, SetupLink)]
    db.session.rollback()
    return [db.session.scalar(count) or 0 for count in counts]


@pytest.mark.parametrize("role", Role)
def test_whatever_the_role_a_code_leads_to_a_page(client: PageClient, pharmacy: Organisation, role: Role) -> None:
    person = factories.person(name="Kit Lowe", email="kit@nhs.net", role=role, organisation=pharmacy)
    answer = client.follow(log_in(client, person, Phone.of(person)))
    assert answer.status_code == 200


def test_a_pharmacy_user_sees_the_recovery_codes_after_the_set_up(client: PageClient, nia: Person) -> None:
    page = set_up_page(client, link_for(nia))
    page = client.submit(page, button="Finish", code=Phone.scanned(page).code())
    assert (page.status_code, page.heading) == (200, "Keep your recovery codes")


def test_the_tenth_try_may_be_the_right_one(client: PageClient, nia: Person) -> None:
    page = set_up_page(client, link_for(nia))
    phone = Phone.scanned(page)
    for _ in range(9):
        page = client.submit(page, button="Finish", code=phone.wrong_code())
    assert client.submit(page, button="Finish", code=phone.code()).heading == "Keep your recovery codes"


def test_who_leaves_half_way_through_the_set_up_leaves_nothing(client: PageClient, nia: Person) -> None:
    page = set_up_page(client, link_for(nia))
    phone = Phone.scanned(page)
    with write_transaction():
        states.let_go(db.session.get_one(Person, nia.id), by=SYSTEM)
    assert client.submit(page, button="Finish", code=phone.code()).status_code == 410
    with write_transaction():
        forget_what_is_over()
    assert rows() == [0, 0, 0, 0]


def test_an_erased_account_keeps_no_authenticator_and_no_address(client: PageClient, nia: Person) -> None:
    page = set_up_page(client, link_for(nia))
    client.submit(page, button="Finish", code=Phone.scanned(page).code())
    with write_transaction():
        states.let_go(db.session.get_one(Person, nia.id), by=SYSTEM)
    with write_transaction():
        states.erase(db.session.get_one(Person, nia.id), by=SYSTEM)
        forget_what_is_over()
    assert rows() == [0, 0, 0, 0]
    assert person_for_email("nia@nhs.net") is None


def test_without_a_role_a_set_up_makes_nothing_count(client: PageClient, nia: Person) -> None:
    page = set_up_page(client, link_for(nia))
    with write_transaction():
        states.freeze(db.session.get_one(Person, nia.id), by=SYSTEM)
    answer = client.submit(page, button="Finish", code=Phone.scanned(page).code())
    assert answer.status_code == 410
    db.session.rollback()
    assert nia.mfa_generation == 0


def test_a_link_in_the_old_mailbox_dies_with_the_address(client: PageClient, nia: Person) -> None:
    link = link_for(nia)
    with write_transaction():
        set_address(db.session.get_one(Person, nia.id), normalise_email("nia.price@nhs.net"), "")
    assert open_link(client, link).status_code == 410
