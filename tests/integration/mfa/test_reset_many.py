"""R41 to R43: the reset of many people after an incident."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from time_machine import Traveller as Clock

from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.types.directory import Role
from helpdesk.core import clock as core_clock
from helpdesk.db import db
from helpdesk.mfa.jobs import start_bulk_resets
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.models.resets import BulkReset, BulkResetPerson, MfaReset
from helpdesk.mfa.types.factors import FactorState
from helpdesk.mfa.types.resets import ResetState
from tests import factories
from tests.authenticators import Phone
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import Audited, is_logged_in
from tests.people import SignIn
from tests.resets import link_in_mail, mails_to


@pytest.fixture(autouse=True)
def clock(moved_clock: Clock, umas_phone: Phone) -> Clock:
    return moved_clock


@pytest.fixture
def other(platform: Organisation) -> Person:
    """The second platform administrator."""
    return factories.person(name="Olu Grant", role=Role.PLATFORM_ADMINISTRATOR, organisation=platform)


@pytest.fixture
def team(pharmacy: Organisation, uma: Person) -> list[Person]:
    """Uma and two colleagues, each with a phone."""
    people = [factories.person(role=Role.USER, organisation=pharmacy) for _ in range(2)]
    for person in people:
        Phone.of(person)
    return [uma, *people]


def list_of(client: PageClient, **typed: str) -> Page:
    return client.follow(client.submit(client.get("/admin/resets/bulk"), button="Make the list", **typed))


def states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(TotpFactor.state)))


def approve(client: PageClient, page: Page) -> Page:
    return client.submit(client.get(page.request.path), button="Approve this list")


def test_two_administrators_reset_a_pharmacy(
    team: list[Person], root: Person, other: Person, sign_in_as: SignIn, audited: Audited
) -> None:
    browser = sign_in_as(team[0])
    page = list_of(sign_in_as(root), organisation="FW844")
    assert (page.heading, page.has("Uma Reid")) == ("Reset 3 people", True)
    assert states() == [FactorState.ACTIVE] * 3
    assert approve(sign_in_as(other), page).status_code == 303
    assert states() == [FactorState.SUSPENDED] * 3
    assert not is_logged_in(browser)
    assert (start_bulk_resets(), start_bulk_resets()) == (3, 0)
    db.session.rollback()
    assert set(db.session.scalars(select(MfaReset.state))) == {ResetState.ISSUED}
    assert link_in_mail(team[0].email)
    assert sign_in_as(other).get(page.request.path).has("3 of 3 started, 0 done")
    assert audited().count("reset:bulk-stopped-entry") == audited().count("reset:issued") == 3


def test_r41_who_froze_a_list_does_not_approve_it(team: list[Person], root: Person, sign_in_as: SignIn) -> None:
    client = sign_in_as(root)
    page = list_of(client, organisation="FW844")
    assert not page.has("Approve this list")
    token = page.form("Stop it").values["csrf_token"][0]
    seen = db.session.scalars(select(BulkReset.list_hash)).one()
    answer = client.post(page.request.path + "/approve", data={"csrf_token": token, "list": seen})
    assert answer.status_code == 403
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE bulk_reset SET approved_by_id = requested_by_id, approved_at = created_at"))
    db.session.rollback()


def test_r41_a_list_that_changed_resets_nobody(
    team: list[Person], pharmacy: Organisation, root: Person, other: Person, sign_in_as: SignIn
) -> None:
    page = list_of(sign_in_as(root), organisation="FW844")
    late = factories.person(role=Role.USER, organisation=pharmacy)
    Phone.of(late)
    client = sign_in_as(other)
    opened = client.get(page.request.path)
    bulk_id = db.session.scalars(select(BulkReset.id)).one()
    added = factories.saved(BulkResetPerson(bulk_id=bulk_id, person_id=late.id))
    assert client.submit(opened, button="Approve this list").status_code == 409
    assert states() == [FactorState.ACTIVE] * 4
    db.session.delete(db.session.merge(added))
    db.session.commit()
    assert client.submit(opened, button="Approve this list").status_code == 303
    assert states().count(FactorState.ACTIVE) == 1


def test_r42_whoever_could_let_the_others_in_is_left_out(
    team: list[Person], root: Person, other: Person, sam: Person, sign_in_as: SignIn
) -> None:
    for person in (root, other, sam):
        Phone.of(person)
    page = list_of(sign_in_as(root), addresses="\n".join(one.email for one in (*team, root, other, sam)))
    assert page.heading == "Reset 4 people"
    assert page.has("Platform administrators are left out, because they let the others in again: Olu Grant, Rosa Root.")


@pytest.mark.parametrize("who", ["dev", "sam", "ben"])
def test_r43_nobody_else_resets_many(request: pytest.FixtureRequest, sign_in_as: SignIn, who: str) -> None:
    client = sign_in_as(request.getfixturevalue(who))
    assert client.get("/admin/resets/bulk").status_code == 403
    token = client.get("/account").form("Log out").values["csrf_token"]
    answer = client.post("/admin/resets/bulk", data={"csrf_token": token, "organisation": "FW844"})
    assert answer.status_code == 403
    assert not db.session.scalars(select(BulkReset)).all()


def test_a_list_that_is_stopped_sends_no_more_links(
    team: list[Person], root: Person, other: Person, sign_in_as: SignIn
) -> None:
    client = sign_in_as(other)
    page = list_of(sign_in_as(root), organisation="FW844")
    approve(client, page)
    assert client.follow(client.submit(client.get(page.request.path), button="Stop it")).has("Stopped")
    assert start_bulk_resets() == 0
    assert states() == [FactorState.SUSPENDED] * 3
    assert not [mail for mail in mails_to(team[0].email) if "/enrol/" in mail.text]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Enter the code of an organisation, or email addresses, and not both"),
        ({"organisation": "NOPE9"}, "There is no organisation with that code"),
        ({"addresses": "nobody@nhs.net"}, "Nobody has an account with nobody@nhs.net"),
        ({"addresses": "a@nhs.net\n" * 501}, "These are 501 addresses. Reset at most 500 at once"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused(
    root: Person, sign_in_as: SignIn, typed: dict[str, str], message: str
) -> None:
    page = list_of(sign_in_as(root), **typed)
    assert (page.status_code, page.errors) == (422, [message])


def test_a_restricted_administrator_resets_nobody(team: list[Person], root: Person, sign_in_as: SignIn) -> None:
    root.restricted_until = core_clock.now().replace(hour=23)
    page = list_of(sign_in_as(factories.saved(root)), organisation="FW844")
    assert page.status_code == 409


def test_another_administrator_is_told_of_a_list_and_finds_it_waiting(
    team: list[Person], root: Person, other: Person, sign_in_as: SignIn
) -> None:
    page = list_of(sign_in_as(root), organisation="FW844")
    assert not page.has("Nobody can approve this list")
    [mail] = mails_to(other.email)
    assert mail.subject == "A reset of 3 people waits for your approval"
    assert page.request.path in mail.text
    assert not mails_to(root.email)
    waiting = sign_in_as(other).get("/admin/resets")
    assert waiting.link("Today at 9am, by Rosa Root") == page.request.path
    assert not sign_in_as(root).get("/admin/resets").has("by Rosa Root")
    approve(sign_in_as(other), page)
    assert sign_in_as(other).get("/admin/resets").has("Nothing waits for you")


def test_a_list_that_nobody_else_could_approve_says_so(team: list[Person], root: Person, sign_in_as: SignIn) -> None:
    assert list_of(sign_in_as(root), organisation="FW844").has("there is no other platform administrator")


def test_the_list_leads_to_each_reset_and_says_whom_to_ring(
    team: list[Person], sam: Person, root: Person, other: Person, sign_in_as: SignIn
) -> None:
    Phone.of(sam)
    page = list_of(sign_in_as(root), addresses=f"{sam.email}\n{team[0].email}")
    client = sign_in_as(other)
    approve(client, page)
    start_bulk_resets()
    listed = client.get(page.request.path)
    assert listed.text.count("Ring them and read out a code.") == 1
    own = client.get(listed.link("Sam Okoro"))
    assert own.has("Not checked: reset of many people after an incident.")
    client.submit(own, button="Show the code to read out")
    assert not client.get(page.request.path).has("Ring them and read out a code.")
