"""How log-ins stand, as those see it who look after people and sites: states and counts, never what opens them."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.types.directory import OrganisationKind, PersonStatus, Role
from helpdesk.core import clock
from helpdesk.db import db, write_transaction
from helpdesk.mfa.models.factors import CodeCount, TotpFactor
from helpdesk.mfa.types.factors import FactorState, Lane
from tests import factories
from tests.authenticators import Phone
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import codes_of
from tests.people import SignIn

pytestmark = pytest.mark.usefixtures("moved_clock")


@pytest.fixture
def uma(pharmacy: Organisation) -> Person:
    """Works at Sam's pharmacy."""
    return factories.person(name="Uma Reid", email="uma@highstreet.example", role=Role.USER, organisation=pharmacy)


@pytest.fixture
def sams(sign_in_as: SignIn, sam: Person) -> PageClient:
    return sign_in_as(sam)


@pytest.fixture
def devs(sign_in_as: SignIn, dev: Person) -> PageClient:
    return sign_in_as(dev)


def log_in_of(page: Page, name: str) -> str:
    """What the list says of the log-in of somebody."""
    row = next(row for row in page.tree.find_all("tr") if name in row.text)
    return next(cell.text for cell in row.find_all("td") if cell["data-label"] == "Log-in")


def lock(person: Person, lane: Lane, *, minutes: int = 0, epoch: int | None = None) -> None:
    now = clock.now()
    factories.saved(
        CodeCount(
            person_id=person.id,
            lane=lane,
            epoch=person.session_epoch if epoch is None else epoch,
            failures=50 if not minutes else 8,
            blocked_until=now + timedelta(minutes=minutes) if minutes else None,
            closed_at=None if minutes else now,
        )
    )


def test_the_list_says_who_is_set_up_and_since_when(sams: PageClient, sam: Person, uma: Person) -> None:
    Phone.of(sam)
    page = sams.get("/admin/people")
    assert log_in_of(page, "Sam Okoro") == "Set up, since 24 November 2026"
    assert log_in_of(page, "Uma Reid") == "Not set up"


def test_a_suspended_entry_is_said(sams: PageClient, uma: Person) -> None:
    Phone.of(uma)
    with write_transaction():
        db.session.execute(update(TotpFactor).values(state=FactorState.SUSPENDED))
    assert log_in_of(sams.get("/admin/people"), "Uma Reid") == "Log-in stopped"


def test_a_lock_is_said_while_it_lasts(sams: PageClient, uma: Person, moved_clock: time_machine.Traveller) -> None:
    Phone.of(uma)
    lock(uma, Lane.UNKNOWN_PLACE, minutes=12)
    assert log_in_of(sams.get("/admin/people"), "Uma Reid") == "Locked for 12 minutes"
    moved_clock.shift(timedelta(minutes=12))
    assert log_in_of(sams.get("/admin/people"), "Uma Reid").startswith("Set up")


def test_a_lane_that_is_closed_is_said_with_the_way_on(sams: PageClient, uma: Person) -> None:
    Phone.of(uma)
    lock(uma, Lane.KNOWN_PLACE, minutes=12)
    lock(uma, Lane.UNKNOWN_PLACE)
    assert log_in_of(sams.get("/admin/people"), "Uma Reid") == "Locked"
    assert sams.get(f"/admin/people/{uma.id}").has("Locked after 50 wrong codes. A link by email opens it")


def test_what_is_over_or_not_a_log_in_is_no_lock(sams: PageClient, uma: Person) -> None:
    Phone.of(uma)
    lock(uma, Lane.STEP_UP)
    lock(uma, Lane.UNKNOWN_PLACE, epoch=uma.session_epoch - 1)
    assert log_in_of(sams.get("/admin/people"), "Uma Reid").startswith("Set up")


def test_one_person_shows_the_entry_the_codes_left_and_the_last_log_in(
    sams: PageClient, uma: Person, sign_in_as: SignIn
) -> None:
    page = sams.get(f"/admin/people/{uma.id}")
    assert page.has("State Not set up")
    assert page.has("Last logged in Never")
    phone = Phone.of(uma)
    codes = codes_of(uma)
    sign_in_as(uma)
    page = sams.get(f"/admin/people/{uma.id}")
    assert page.has("State Set up, since 24 November 2026")
    assert page.has("Last logged in Today at 9am")
    assert page.has("Authenticator entry The first, without a number")
    assert page.has("Recovery codes left 10")
    assert not [secret for secret in (phone.secret, phone.code(), *codes) if secret in page.html]


def test_c20_the_second_entry_is_told_by_its_number(sams: PageClient, uma: Person) -> None:
    uma.mfa_generation = 1
    factories.saved(uma)
    phone = Phone.of(uma)
    page = sams.get(f"/admin/people/{uma.id}?show=1")
    assert page.has("The one that ends in (2)")
    assert not [word for word in (phone.secret, "otpauth", "<svg") if word in page.html.partition("<main")[2]]


def test_people_who_are_not_set_up_are_found(sams: PageClient, sam: Person, uma: Person) -> None:
    Phone.of(sam)
    page = sams.get("/admin/people")
    found = sams.submit(page, button="Search", log_in="not_set_up")
    assert (found.has("Uma Reid"), found.has("sam@highstreet.example")) == (True, False)


def test_a_commissioner_sees_what_each_site_lacks(
    devs: PageClient, commissioner: Organisation, pharmacy: Organisation, sam: Person, uma: Person
) -> None:
    Phone.of(sam)
    factories.organisation(parent=commissioner, name="Quiet Pharmacy", ods_code="FQ001")
    page = devs.get("/admin/sites")
    assert page.has("2 sites. 1 has no administrator.")
    rows = [[cell.text for cell in row.find_all("td")] for row in page.tree.find_all("tr")][1:]
    assert rows == [
        [pharmacy.ods_code, f"2 people of {pharmacy.name}", f"1 people of {pharmacy.name} are not set up", "1"],
        ["FQ001", "0", "0", "None"],
    ]
    link = next(link.url for link in page.links if "are not set up" in link.text)
    waiting = devs.get(link)
    assert (waiting.has("Uma Reid"), waiting.has("sam@highstreet.example")) == (True, False)


def test_who_administers_a_company_administers_its_sites_and_leavers_count_nowhere(
    devs: PageClient, commissioner: Organisation
) -> None:
    company = factories.organisation(parent=commissioner, kind=OrganisationKind.COMPANY, name="Chain", ods_code="CH1")
    site = factories.organisation(parent=company, name="Chain Pharmacy", ods_code="FC001")
    factories.person(name="Ana Chain", role=Role.SITE_ADMINISTRATOR, organisation=company)
    factories.person(name="Lee Left", role=Role.USER, organisation=site, status=PersonStatus.LEFT)
    factories.person(name="Ivo New", role=Role.USER, organisation=site, status=PersonStatus.INVITED, password=None)
    page = devs.get("/admin/sites")
    row = next(row for row in page.tree.find_all("tr") if "Chain Pharmacy" in row.text)
    counts = [cell.text.split()[0] for cell in row.find_all("td")]
    assert counts == ["FC001", "1", "1", "1"]


def test_sites_are_sorted_and_paged(devs: PageClient, commissioner: Organisation, sam: Person) -> None:
    for number in range(51):
        factories.organisation(parent=commissioner, name=f"A{number:02} Pharmacy", ods_code=f"FP{number:03}")
    page = devs.get("/admin/sites")
    assert page.has("52 sites. 51 have no administrator.")
    assert not page.has("High Street Pharmacy")
    assert devs.get(page.link("Next page →")).has("High Street Pharmacy")
    assert devs.get(page.link("Most people not set up")).has("High Street Pharmacy")
    assert not devs.get(page.link("Fewest administrators")).has("High Street Pharmacy")


def test_sites_of_others_are_not_shown(
    devs: PageClient, sams: PageClient, sign_in_as: SignIn, ben: Person, uma: Person
) -> None:
    factories.organisation(name="Foreign Pharmacy")
    assert not devs.get("/admin/sites").has("Foreign Pharmacy")
    assert sams.get("/admin/sites").has("1 site. Each has an administrator.")
    for person in (ben, uma):
        assert sign_in_as(person).get("/admin/sites").status_code == 403


@pytest.mark.parametrize("page", ["0", "-1", "x", "٣", "999999999"])
def test_a_page_that_cannot_be_is_not_there(devs: PageClient, page: str) -> None:
    assert devs.get(f"/admin/sites?page={page}").status_code == 404
