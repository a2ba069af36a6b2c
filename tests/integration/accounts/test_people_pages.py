"""The list of people and inviting somebody: who may, whom they see, and what is refused."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from helpdesk.accounts.models import Membership, Organisation, Person, SetupLink
from helpdesk.accounts.types.directory import OrganisationKind, PersonStatus, Role
from helpdesk.core import clock
from helpdesk.db import db
from helpdesk.mail.models import OutboxMessage
from tests import factories
from tests.authenticators import Phone
from tests.client import Page, PageClient
from tests.people import SignIn

# The id of no row; written out, so that every test process finds the same tests.
NOBODY = "5f0c6a1e-2b7d-4c3a-9e8f-0d1c2b3a4f5e"

Audited = Callable[[], list[str]]
Outbox = Callable[[], list[OutboxMessage]]

NIA = {"name": "Nia Price", "email": "nia.price@nhs.net", "role": "site_administrator", "organisation": "FW844"}


@pytest.fixture
def rosa(sign_in_as: SignIn, root: Person, helpdesk: Organisation, pharmacy: Organisation) -> PageClient:
    """The browser of the platform's administrator."""
    return sign_in_as(root)


@pytest.fixture
def nothing_happened(audited: Audited, outbox: Outbox) -> Callable[[], bool]:
    """Whether there is nobody but who signed in, nothing was mailed, and nothing audited but the sign-in."""
    return lambda: (_people(), outbox(), audited()) == (1, [], ["person:signed-in"])


def _people() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def _invite(client: PageClient, **changes: str) -> Page:
    return client.submit(client.get("/admin/people/new"), **(NIA | changes))


def test_an_administrator_sees_the_people_of_the_own_organisations(
    sign_in_as: SignIn, sam: Person, ben: Person, dev: Person
) -> None:
    other = factories.organisation(name="Other Pharmacy")
    stranger = factories.person(name="Olu Other", role=Role.SITE_ADMINISTRATOR, organisation=other)
    page = sign_in_as(sam).get("/admin/people")
    assert page.has("Sam Okoro")
    assert page.has("Site administrator at High Street Pharmacy")
    assert not any(page.has(person.email) for person in (ben, dev, stranger))


def test_a_commissioner_sees_those_below(sign_in_as: SignIn, dev: Person, sam: Person, ben: Person) -> None:
    page = sign_in_as(dev).get("/admin/people")
    assert page.has("Sam Okoro")
    assert page.has("Dev Patel")
    assert not page.has("Ben Carter")


def test_roles_elsewhere_stay_unseen(sign_in_as: SignIn, sam: Person, dev: Person) -> None:
    other = factories.organisation(name="Other Pharmacy")
    factories.membership(person=sam, organisation=other, role=Role.SITE_ADMINISTRATOR)
    assert not sign_in_as(dev).get("/admin/people").has("Other Pharmacy")


def test_who_left_or_lost_the_role_is_not_listed(
    rosa: PageClient, pharmacy: Organisation, sign_in_as: SignIn, sam: Person
) -> None:
    left = factories.person(name="Lee Left", status=PersonStatus.LEFT)
    ended = factories.person(name="Erin Ended", organisation=pharmacy, role=Role.SITE_ADMINISTRATOR)
    held = db.session.scalars(select(Membership).where(Membership.person_id == ended.id)).one()
    held.ended_at = clock.now()
    factories.saved(held)
    assert not rosa.get("/admin/people").has(left.name)
    assert rosa.get("/admin/people?status=left").has(left.name)
    assert not sign_in_as(sam).get("/admin/people").has(ended.name)


@pytest.mark.parametrize("search", ["sam", "SAM OK", "highstreet.example", " Sam "])
def test_people_are_found_by_name_or_address(rosa: PageClient, sam: Person, search: str) -> None:
    page = rosa.submit(rosa.get("/admin/people"), button="Search", search=search)
    assert page.has("Sam Okoro")
    assert not page.has("rosa@helpdesk.example")


@pytest.mark.parametrize("search", ["%", "_", "nobody", "\\", "\x00qq", "'; DROP TABLE person"])
def test_an_empty_list_says_what_to_do(rosa: PageClient, search: str) -> None:
    page = rosa.get("/admin/people", query_string={"search": search})
    assert page.status_code == 200
    assert page.has("Nobody is found for")
    assert page.has("Check the spelling")
    assert page.link("See all people") == "/admin/people"


def test_a_search_that_is_too_long_is_told(rosa: PageClient) -> None:
    page = rosa.get("/admin/people", query_string={"search": "x" * 121})
    assert page.status_code == 422
    assert page.errors == ["Search must be 120 characters or fewer"]


def test_a_long_list_has_pages(rosa: PageClient, helpdesk: Organisation) -> None:
    for number in range(30):
        factories.person(name=f"Agent {number // 2:02}", password=None)
    first = rosa.get("/admin/people")
    second = rosa.get(first.link("Next page →"))
    listed = [row.text for page in (first, second) for row in page.tree.find_all("th") if row["scope"] == "row"]
    assert len(listed) == 31
    assert listed == sorted(listed)
    assert second.link("← First page") == "/admin/people"


@pytest.mark.parametrize("after", ["1", "-1", "{}", "9" * 40, "NaN"])
def test_a_made_up_page_is_not_there(rosa: PageClient, after: str) -> None:
    assert rosa.get("/admin/people", query_string={"after": after}).status_code == 404


def test_the_page_after_an_unknown_person_is_empty(rosa: PageClient) -> None:
    assert rosa.get("/admin/people", query_string={"after": NOBODY}).status_code == 200


def test_names_are_shown_as_text(rosa: PageClient) -> None:
    factories.person(name="<img src=x onerror=alert(1)>")
    assert rosa.get("/admin/people").has("<img src=x onerror=alert(1)>")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/admin/people"), ("GET", "/admin/people/new"), ("GET", f"/admin/people/{NOBODY}/invited")],
)
def test_who_is_not_signed_in_is_sent_to_sign_in(client: PageClient, platform: object, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")


@pytest.mark.parametrize("name", ["ben", "cara"])
def test_agents_do_not_see_people(sign_in_as: SignIn, request: pytest.FixtureRequest, name: str) -> None:
    assert sign_in_as(request.getfixturevalue(name)).get("/admin/people").status_code == 403


@pytest.mark.parametrize("name", ["ben", "cara"])
@pytest.mark.parametrize("path", ["/admin/people/new", "/admin/people/import", f"/admin/people/{NOBODY}/invited"])
def test_agents_do_not_invite(sign_in_as: SignIn, request: pytest.FixtureRequest, name: str, path: str) -> None:
    assert sign_in_as(request.getfixturevalue(name)).get(path).status_code == 403


def test_an_agent_cannot_send_the_form_and_the_try_is_audited(
    sign_in_as: SignIn, ben: Person, audited: Audited
) -> None:
    client = sign_in_as(ben)
    token = client.get("/agent/queue").form("Log out").values["csrf_token"]
    assert client.post("/admin/people/new", data=NIA | {"csrf_token": token}).status_code == 403
    assert (_people(), audited()) == (1, ["person:signed-in", "person:act-refused"])


def test_a_person_is_invited_by_mail(rosa: PageClient, audited: Audited, outbox: Outbox) -> None:
    answer = _invite(rosa)
    assert answer.status_code == 303
    page = rosa.follow(answer)
    assert page.heading == "Invitation sent"
    assert page.has("nia.price@nhs.net")
    assert page.has("Site administrator at High Street Pharmacy")
    (mail,) = outbox()
    assert (mail.to_address, mail.subject) == ("nia.price@nhs.net", "Set up your account for Pharmacy MFA helpdesk")
    assert "http://localhost/enrol/" in mail.text
    assert audited() == ["person:signed-in", "person:added", "person:set-up-link-made"]


def test_the_link_in_the_mail_works(rosa: PageClient, client: PageClient, outbox: Outbox) -> None:
    _invite(rosa)
    link = next(word for word in outbox()[0].text.split() if "/enrol/" in word)
    address, _, last_part = link.removeprefix("http://localhost").partition("#")
    page = client.follow(client.submit(client.get(address), last_part=last_part))
    assert page.has("nia.price@nhs.net")
    assert link in outbox()[0].html


def test_a_new_link_can_be_sent(rosa: PageClient, outbox: Outbox) -> None:
    _invite(rosa)
    page = rosa.get(rosa.get("/admin/people").link("Nia Price"))
    answer = rosa.submit(page, button="Send a new link to Nia Price")
    assert rosa.follow(answer).heading == "Invitation sent"
    assert len(outbox()) == 2
    assert db.session.scalar(select(func.count()).select_from(SetupLink)) == 1


def test_who_has_a_password_only_can_be_sent_a_link(rosa: PageClient, sam: Person, outbox: Outbox) -> None:
    answer = rosa.submit(rosa.get(f"/admin/people/{sam.id}"), button="Send a new link to Sam Okoro")
    assert answer.status_code == 303
    assert outbox()[0].to_address == sam.email


def test_who_has_an_authenticator_gets_no_new_link(rosa: PageClient, sam: Person, outbox: Outbox) -> None:
    Phone.of(sam)
    assert not rosa.get(f"/admin/people/{sam.id}").has("Send a new link")
    token = rosa.get("/admin/people").form("Log out").values["csrf_token"]
    answer = rosa.post(f"/admin/people/{sam.id}/invite-again", data={"csrf_token": token})
    assert answer.status_code == 409
    assert answer.has("account is set up")
    assert not outbox()


@pytest.mark.parametrize("path", [f"/admin/people/{NOBODY}/invite-again", "/admin/people/1/invite-again"])
def test_nobody_unknown_is_invited_again(rosa: PageClient, path: str) -> None:
    token = rosa.get("/admin/people").form("Log out").values["csrf_token"]
    assert rosa.post(path, data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "Enter the person’s name"),
        ({"name": "x" * 121}, "Name must be 120 characters or fewer"),
        ({"email": ""}, "Enter the person’s email address"),
        ({"email": "nia"}, "Enter an email address in the correct format, like name@example.com"),
        ({"email": "ni\u0430@nhs.net"}, "Enter the email address with plain English letters only"),
        ({"email": f"{'x' * 255}@nhs.net"}, "Email address must be 254 characters or fewer"),
        ({"email": "pharmacy.FW844@nhs.net"}, "This looks like a shared mailbox (NHSmail gives"),
        ({"email": "info@highstreet.example"}, "This looks like a shared mailbox (“info” names a job"),
        ({"email": "nia@nhs.nett"}, "Did you mean nia@nhs.net? Change the address, or tick that it is right"),
        ({"role": ""}, "Choose a role"),
        ({"role": "agent"}, "This role cannot be held at that kind of organisation"),
        ({"organisation": ""}, "Enter the code of the organisation"),
        ({"organisation": "ZZ999"}, "There is no organisation with that code"),
        ({"organisation": "\x00"}, "Enter the code of the organisation"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(
    nothing_happened: Callable[[], bool], rosa: PageClient, changes: dict[str, str], message: str
) -> None:
    answer = _invite(rosa, **changes)
    assert answer.status_code == 422
    assert len(answer.errors) == 1
    assert answer.errors[0].startswith(message)
    assert nothing_happened()


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("SAM@HighStreet.example", "There is already an account with this email address"),
        ("sam+second@highstreet.example", "This email address leads to the same mailbox as another account"),
    ],
)
def test_m01_m02_an_address_has_one_account(
    rosa: PageClient, sam: Person, audited: Audited, outbox: Outbox, email: str, message: str
) -> None:
    answer = _invite(rosa, email=email)
    assert answer.status_code == 409
    assert answer.errors == [message]
    assert answer.form("Send the invitation").values["email"] == [email]
    assert (_people(), audited(), outbox()) == (2, ["person:signed-in", "person:act-refused"], [])


def test_an_address_that_is_right_all_the_same_is_ticked(rosa: PageClient, outbox: Outbox) -> None:
    asked = _invite(rosa, email="nia@nhs.nett")
    assert rosa.submit(asked, button="Send the invitation", email_is_right=True).status_code == 303
    assert outbox()[0].to_address == "nia@nhs.nett"


def test_an_address_like_a_teams_needs_a_reason(rosa: PageClient, audited: Audited) -> None:
    asked = _invite(rosa, email="team.leeds@example.org")
    reason = "Ms Team of Leeds has shown her passport"
    answer = rosa.submit(asked, button="Send the invitation", personal_because=reason)
    assert answer.status_code == 303
    person = db.session.scalars(select(Person).where(Person.email_key == "team.leeds@example.org")).one()
    assert person.personal_because == reason


def test_no_reason_makes_a_pharmacys_mailbox_one_persons(rosa: PageClient) -> None:
    asked = _invite(rosa, email="pharmacy.FW844@nhs.net")
    assert "personal_because" not in asked.form("Send the invitation").names


def test_two_accounts_at_one_code_are_fine(rosa: PageClient) -> None:
    factories.organisation(kind=OrganisationKind.COMPANY, name="Company", ods_code="P0ABC")
    assert _invite(rosa, email="john.smith1@nhs.net", organisation="P0ABC").status_code == 303
    assert _invite(rosa, email="john.smith2@nhs.net", name="Other Smith", organisation="p0abc").status_code == 303
