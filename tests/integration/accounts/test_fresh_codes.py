"""Who changes people gave a code in the last five minutes: a screen that was left open lets nobody in."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from helpdesk.accounts.models import Membership, Organisation, Person
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.audit.models import AuditEvent
from helpdesk.db import db
from tests import factories
from tests.authenticators import Phone
from tests.client import PageClient
from tests.people import SignIn

PERSON = "/admin/people/{person}"
END_ROLE = PERSON + "/roles/{role}/end"
STATES = [f"{PERSON}/{act}" for act in ("freeze", "unfreeze", "leave", "erase")]
CONTACTS = [f"{PERSON}/{contact}" for contact in ("email", "phone", "second-email")]
OWN_CONTACTS = ["/account/email", "/account/phone", "/account/second-email"]
# What asks for a code, and where the form that was sent leads back to.
PAGES = ["/admin/people/new", "/admin/people/import", PERSON + "/roles/new", END_ROLE, *CONTACTS, *STATES]
FORMS = {path: path for path in [*PAGES, *OWN_CONTACTS]} | {
    "/admin/people/import/people": "/admin/people/import",
    PERSON + "/invite-again": PERSON,
    PERSON + "/phone/remove": PERSON + "/phone",
    PERSON + "/second-email/remove": PERSON + "/second-email",
    "/account/phone/remove": "/account/phone",
    "/account/second-email/remove": "/account/second-email",
}
TYPED = {
    "name": "Nia Price",
    "email": "nia.price@nhs.net",
    "password": factories.PASSWORD,
    "phone": "020 7946 0123",
    "role": "user",
    "organisation": "FW844",
    "text": "Name,Email,Role,Organisation\nIvo Lang,ivo.lang@nhs.net,Pharmacy user,FW844\n",
    "expected": "1",
}


@pytest.fixture
def uma(pharmacy: Organisation) -> Person:
    """Works at Sam's pharmacy."""
    return factories.person(name="Uma Reid", email="uma@highstreet.example", role=Role.USER, organisation=pharmacy)


@pytest.fixture
def left_open(moved_clock: time_machine.Traveller, sign_in_as: SignIn, sam: Person) -> PageClient:
    """The browser of the site administrator, whose last code is five minutes old."""
    client = sign_in_as(sam)
    moved_clock.shift(timedelta(minutes=5))
    return client


def address(path: str, person: Person) -> str:
    return path.format(person=person.id, role=person.memberships[0].id)


def counted() -> tuple[int, ...]:
    """People, their roles, and what was noted."""
    db.session.rollback()
    rows = (select(func.count()).select_from(model) for model in (Person, Membership, AuditEvent))
    return tuple(db.session.scalar(one) or 0 for one in rows)


@pytest.mark.parametrize("path", [*PAGES, *OWN_CONTACTS])
def test_a_page_that_changes_people_asks_for_a_code_first(left_open: PageClient, uma: Person, path: str) -> None:
    page = address(path, uma)
    assert left_open.get(page).location == f"/step-up?next={page}"


@pytest.mark.parametrize(("path", "page"), FORMS.items())
def test_a_form_from_before_changes_nothing(left_open: PageClient, uma: Person, path: str, page: str) -> None:
    token, before = left_open.get("/account").form("Log out").values["csrf_token"], counted()
    answer = left_open.post(address(path, uma), data=TYPED | {"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, f"/step-up?next={address(page, uma)}")
    db.session.refresh(uma)
    assert (uma.status, uma.email, counted()) == (PersonStatus.ACTIVE, "uma@highstreet.example", before)


def test_a_code_leads_back_to_what_was_asked_for(left_open: PageClient, sam: Person, uma: Person) -> None:
    phone = Phone.of(sam)
    page = left_open.follow(left_open.get(address(PERSON + "/freeze", uma)))
    assert page.heading == "Confirm that it is you"
    page = left_open.follow(left_open.submit(page, button="Continue", code=phone.code()))
    left_open.submit(page, button="Freeze the account")
    db.session.refresh(uma)
    assert uma.status == PersonStatus.FROZEN


def test_looking_at_people_asks_for_no_code(left_open: PageClient, uma: Person) -> None:
    for path in ("/admin/people", PERSON, PERSON + "/audit", "/account"):
        assert left_open.get(address(path, uma)).status_code == 200
