"""Whether an address and a name may have an account: the cases of one person, one mailbox, one account."""

from collections.abc import Callable

import pytest

from helpdesk.accounts.errors import EmailDoubted, EmailLooksAlike, Namesake, SharedMailbox
from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.queries.explanations import unexplained_roles
from helpdesk.accounts.service.adding_people import add_person
from helpdesk.accounts.service.memberships import add_role, end_role
from helpdesk.accounts.service.states import let_go
from helpdesk.accounts.types.directory import NewPerson, Role
from helpdesk.audit.cli import audit
from helpdesk.core.actor import SYSTEM
from helpdesk.core.errors import DomainError
from helpdesk.db import db, write_transaction
from tests import factories

Add = Callable[..., Person]


@pytest.fixture
def add(helpdesk: Organisation, pharmacy: Organisation) -> Add:
    """Adds somebody at Sam's pharmacy."""

    def add_one(email: str, name: str = "", **more: bool) -> Person:
        new = NewPerson(email, name or f"Somebody {email}", Role.USER, "FW844", **more)  # type: ignore[arg-type]
        with write_transaction():
            return add_person(new, by=SYSTEM)

    return add_one


@pytest.mark.parametrize(
    "email",
    [
        *("john.smith1@nhs.net", "faith@nhs.net", "fiona1@nhs.net", "it.hughes@nhs.net"),
        *("o'brien@nhs.net", "frank9@nhs.net"),
    ],
)
def test_m06_an_address_of_a_person_is_accepted(add: Add, email: str) -> None:
    assert add(email).email == email


@pytest.mark.parametrize("email", ["jo@nhs.nte", "jo@nhs.ent", "jo@nhs.co", "jo@nsh.net"])
def test_m08_a_slip_in_the_domain_is_asked_about_and_never_mended_silently(add: Add, email: str) -> None:
    with pytest.raises(EmailDoubted, match=r"Did you mean jo@nhs\.net\?"):
        add(email)
    assert add(email, email_is_right=True).email == email


@pytest.mark.parametrize(
    ("known", "like"),
    [("bill@nhs.net", "bi11@nhs.net"), ("jo@nhs.net", "j0@nhs.net"), ("carmen@nhs.net", "carrnen@nhs.net")],
)
def test_an_address_that_looks_like_a_neighbours_is_asked_about(add: Add, known: str, like: str) -> None:
    add(known)
    with pytest.raises(EmailLooksAlike, match=known):
        add(like)
    assert add(like, email_is_right=True).email == like


def test_a_look_alike_at_another_pharmacy_is_nobodys_business(add: Add) -> None:
    elsewhere = factories.organisation(name="Other Pharmacy")
    factories.person(email="bill@nhs.net", role=Role.USER, organisation=elsewhere)
    assert add("bi11@nhs.net").email == "bi11@nhs.net"


def test_namesakes_of_nhsmail_are_no_look_alikes(add: Add) -> None:
    add("john.smith2@nhs.net")
    assert add("john.smith3@nhs.net").email == "john.smith3@nhs.net"


def test_m12_a_second_account_of_one_name_is_asked_about_and_never_merged(add: Add) -> None:
    add("jo.smith@nhs.net", "Jo Smith")
    with pytest.raises(Namesake, match=r"already has an account \(jo.smith@nhs.net\)"):
        add("josmith77@gmail.com", "JO  smith")
    second = add("josmith77@gmail.com", "Jo Smith", is_another_person=True)
    assert second.email == "josmith77@gmail.com"


@pytest.mark.parametrize("email", ["pharmacy.FA123@nhs.net", "nhspharmacy.leeds.bootsFA123@nhs.net", "info@x.example"])
def test_m05_a_shared_mailbox_is_refused_with_the_reason_and_the_way_on(add: Add, email: str) -> None:
    with pytest.raises(SharedMailbox, match="Each person needs their own address"):
        add(email, email_is_right=True, is_another_person=True)


def test_what_is_refused_leaves_nobody(add: Add) -> None:
    with pytest.raises(DomainError):
        add("info@x.example")
    assert db.session.query(Person).count() == 0


def test_d03_a_role_that_the_log_does_not_explain_is_found(app, add: Add, commissioner: Organisation) -> None:
    jo = add("jo.smith@nhs.net")
    with write_transaction():
        add_role(jo, role=Role.SITE_ADMINISTRATOR, organisation_code="FW844", by=SYSTEM)
        end_role(jo, role=Role.USER, organisation_code="FW844", by=SYSTEM)
    with write_transaction():
        let_go(add("ann@nhs.net"), by=SYSTEM)
    assert unexplained_roles() == []
    factories.membership(person=jo, organisation=commissioner, role=Role.COMMISSIONER)
    assert unexplained_roles() == [f"person:{jo.id} holds commissioner at organisation {commissioner.id}"]
    answer = app.test_cli_runner().invoke(audit, ["verify", "--deep"])
    assert answer.exit_code == 1
    assert f"person:{jo.id} holds commissioner" in answer.output
