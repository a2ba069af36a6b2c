"""One person's page: who may change what, in which state, and what is refused to whom."""

from collections.abc import Callable

import pytest
import time_machine
from sqlalchemy import select

from helpdesk.accounts.models import ApiToken, Membership, Organisation, Person
from helpdesk.accounts.service import tokens
from helpdesk.accounts.service.refusals import NOTED
from helpdesk.accounts.service.searching import SEARCHES
from helpdesk.accounts.service.sessions import find_actor, start_session
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.audit.queries import verify
from helpdesk.core.actor import SYSTEM
from helpdesk.core.throttle import charge
from helpdesk.db import db, write_transaction
from tests import factories
from tests.client import Page, PageClient
from tests.people import SignIn

NOBODY = "5f0c6a1e-2b7d-4c3a-9e8f-0d1c2b3a4f5e"
Audited = Callable[[], list[str]]


@pytest.fixture
def other_pharmacy(platform: Organisation) -> Organisation:
    """A pharmacy that is nobody's in the cast."""
    return factories.organisation(name="Other Pharmacy", ods_code="FX999")


@pytest.fixture
def uma(pharmacy: Organisation) -> Person:
    """Works at Sam's pharmacy."""
    return factories.person(name="Uma Reid", email="uma@highstreet.example", role=Role.USER, organisation=pharmacy)


@pytest.fixture
def sams(sign_in_as: SignIn, sam: Person) -> PageClient:
    """The browser of the site administrator."""
    return sign_in_as(sam)


def fresh(person: Person) -> Person:
    db.session.rollback()
    db.session.refresh(person)
    return person


def post(client: PageClient, path: str, **data: str) -> Page:
    """Send a form that the page does not offer, with the right token."""
    token = client.get("/account").form("Log out").values["csrf_token"]
    return client.post(path, data=data | {"csrf_token": token})


def press(client: PageClient, person: Person, link: str, button: str) -> Page:
    """Follow a link of the person's page and press the button there."""
    page = client.get(f"/admin/people/{person.id}")
    return client.submit(client.get(page.link(link)), button=button)


def test_a_site_administrator_invites_somebody_to_the_own_pharmacy(sams: PageClient, helpdesk: Organisation) -> None:
    page = sams.get("/admin/people/new")
    assert page.form("Send the invitation").values["organisation"] == ["FW844"]
    assert page.form("Send the invitation").offered("role") == {"", "user"}
    answer = sams.submit(page, name="Nia Price", email="nia.price@nhs.net", role="user")
    assert sams.follow(answer).has("Pharmacy user at High Street Pharmacy")


@pytest.mark.parametrize("role", ["site_administrator", "agent", "platform_administrator", "nonsense", ""])
def test_nobody_gives_a_role_that_is_not_below_their_own(sams: PageClient, uma: Person, role: str) -> None:
    answer = post(sams, f"/admin/people/{uma.id}/roles/new", role=role, organisation="FW844")
    assert answer.status_code == 422
    assert answer.errors[0].startswith("Choose a role")
    assert len(fresh(uma).memberships) == 1


def test_nobody_gives_a_role_outside_the_own_organisations(
    sams: PageClient, uma: Person, other_pharmacy: Organisation
) -> None:
    answer = post(sams, f"/admin/people/{uma.id}/roles/new", role="user", organisation="FX999")
    unknown = post(sams, f"/admin/people/{uma.id}/roles/new", role="user", organisation="ZZ999")
    assert answer.errors == unknown.errors == [answer.errors[0]]
    assert answer.errors[0].startswith("There is no organisation with that code")


def test_a_commissioner_makes_a_site_administrator_of_a_user(sign_in_as: SignIn, dev: Person, uma: Person) -> None:
    client = sign_in_as(dev)
    page = client.get(client.get(f"/admin/people/{uma.id}").link("Give another role"))
    answer = client.submit(page, role="site_administrator", organisation="fw844")
    assert client.follow(answer).has("Site administrator High Street Pharmacy (FW844)")


@pytest.mark.parametrize("path", ["", "/audit", "/email", "/freeze", "/leave", "/roles/new", "/invited"])
def test_somebody_elsewhere_is_like_somebody_unknown(sams: PageClient, other_pharmacy: Organisation, path: str) -> None:
    foreign = factories.person(name="Olu Other", role=Role.USER, organisation=other_pharmacy)
    one, other = (sams.get(f"/admin/people/{person_id}{path}") for person_id in (foreign.id, NOBODY))
    assert (one.status_code, other.status_code) == (404, 404)
    assert one.text == other.text


@pytest.mark.parametrize("path", ["freeze", "leave", "erase", "email", "email/withdraw", "invite-again", "roles/new"])
def test_an_act_on_somebody_elsewhere_is_refused_and_audited(
    sams: PageClient, other_pharmacy: Organisation, audited: Audited, path: str
) -> None:
    foreign = factories.person(name="Olu Other", role=Role.USER, organisation=other_pharmacy)
    data = {"email": "new@nhs.net", "password": factories.PASSWORD, "role": "user", "organisation": "FW844"}
    assert post(sams, f"/admin/people/{foreign.id}/{path}", **data).status_code == 404
    assert audited() == ["person:signed-in", "person:act-refused"]
    assert fresh(foreign).status == PersonStatus.ACTIVE


def test_a_loop_of_refused_tries_does_not_fill_the_log(
    moved_clock: time_machine.Traveller, sams: PageClient, sam: Person, audited: Audited
) -> None:
    with write_transaction():
        for _ in range(NOTED.most - 1):
            charge(NOTED, str(sam.id))
    for _ in range(3):
        assert sams.get(f"/admin/people/{NOBODY}").status_code == 404
    assert audited() == ["person:signed-in", "person:act-refused"]


@pytest.mark.parametrize("act", ["freeze", "leave"])
def test_nobody_changes_the_own_account(sams: PageClient, sam: Person, audited: Audited, act: str) -> None:
    answer = post(sams, f"/admin/people/{sam.id}/{act}")
    assert answer.status_code == 403
    assert answer.has("You cannot change your own account here")
    assert fresh(sam).status == PersonStatus.ACTIVE
    assert audited() == ["person:signed-in", "person:act-refused"]


def test_nobody_gives_themselves_a_role(sign_in_as: SignIn, dev: Person, pharmacy: Organisation) -> None:
    answer = post(sign_in_as(dev), f"/admin/people/{dev.id}/roles/new", role="user", organisation="FW844")
    assert answer.status_code == 403
    assert len(fresh(dev).memberships) == 1


def test_somebody_of_the_same_rank_cannot_be_changed(sams: PageClient, pharmacy: Organisation) -> None:
    peer = factories.person(name="Pia Peer", role=Role.SITE_ADMINISTRATOR, organisation=pharmacy)
    page = sams.get(f"/admin/people/{peer.id}")
    assert page.has("Somebody with a higher role manages this account")
    assert not page.has("Freeze")
    assert post(sams, f"/admin/people/{peer.id}/freeze").status_code == 403
    membership = peer.memberships[0].id
    assert post(sams, f"/admin/people/{peer.id}/roles/{membership}/end").status_code == 403
    assert fresh(peer).status == PersonStatus.ACTIVE


def test_a_frozen_account_cannot_be_used_until_it_is_unfrozen(
    sams: PageClient, uma: Person, audited: Audited, sign_in_as: SignIn
) -> None:
    umas = sign_in_as(uma)
    assert press(sams, uma, "Freeze the account", "Freeze the account").status_code == 303
    assert umas.get("/account").status_code == 303
    assert sams.get(f"/admin/people/{uma.id}").has("Frozen")
    assert press(sams, uma, "Unfreeze the account", "Unfreeze the account").status_code == 303
    assert umas.get("/account").status_code == 303
    assert sign_in_as(uma).get("/account").status_code == 200
    assert [one for one in audited() if "frozen" in one] == ["person:frozen", "person:unfrozen"]


def test_who_was_invited_and_frozen_is_invited_again(sams: PageClient, pharmacy: Organisation) -> None:
    nia = factories.person(
        name="Nia", role=Role.USER, organisation=pharmacy, status=PersonStatus.INVITED, password=None
    )
    press(sams, nia, "Freeze the account", "Freeze the account")
    press(sams, nia, "Unfreeze the account", "Unfreeze the account")
    assert fresh(nia).status == PersonStatus.INVITED


def test_who_left_has_no_role_session_or_token(sams: PageClient, uma: Person, audited: Audited) -> None:
    with write_transaction():
        token, secret = tokens.add_token(email=uma.email, by=SYSTEM), start_session(uma)
    assert press(sams, uma, "Mark as left", "Mark as left").status_code == 303
    assert (tokens.find_actor_by_token(token), find_actor(secret)) == (None, None)
    assert fresh(uma).left_at is not None
    assert [held.ended_at for held in uma.memberships] == [uma.left_at]
    assert db.session.scalars(select(ApiToken.revoked_at)).one() is not None
    assert audited()[-1] == "person:left"
    assert sams.get(f"/admin/people/{uma.id}").has("Left")


def test_a_locum_is_let_go_from_one_pharmacy_only(sams: PageClient, uma: Person, other_pharmacy: Organisation) -> None:
    factories.membership(person=uma, organisation=other_pharmacy, role=Role.USER)
    assert not sams.get(f"/admin/people/{uma.id}").has("Mark as left")
    answer = post(sams, f"/admin/people/{uma.id}/leave")
    assert (answer.status_code, answer.has("also works for organisations that are not yours")) == (403, True)
    page = sams.get(f"/admin/people/{uma.id}")
    assert not page.has("Other Pharmacy")
    sams.submit(
        sams.get(page.link("End the role Pharmacy user at High Street Pharmacy (FW844)")), button="End the role"
    )
    current = select(Membership).where(Membership.person_id == uma.id, Membership.ended_at.is_(None))
    assert [held.organisation_id for held in db.session.scalars(current)] == [other_pharmacy.id]
    assert sams.get(f"/admin/people/{uma.id}").status_code == 404


def test_a_role_elsewhere_cannot_be_ended(sams: PageClient, uma: Person, other_pharmacy: Organisation) -> None:
    elsewhere = factories.membership(person=uma, organisation=other_pharmacy, role=Role.USER)
    for path in (f"{elsewhere.id}", NOBODY):
        assert sams.get(f"/admin/people/{uma.id}/roles/{path}/end").status_code == 404
        assert post(sams, f"/admin/people/{uma.id}/roles/{path}/end").status_code == 404


def test_m11_a_leavers_address_is_free_only_after_erasing(
    sams: PageClient, uma: Person, audited: Audited, helpdesk: Organisation
) -> None:
    press(sams, uma, "Mark as left", "Mark as left")
    new = {"name": "Uma Reid", "email": "uma@highstreet.example", "role": "user"}
    assert sams.submit(sams.get("/admin/people/new"), **new).status_code == 409
    assert press(sams, uma, "Erase this account", "Erase the account").status_code == 303
    assert sams.submit(sams.get("/admin/people/new"), **new).status_code == 303
    old, newcomer = fresh(uma), db.session.scalars(select(Person).where(Person.email == new["email"])).one()
    assert (old.name, old.email, old.password_hash) == ("Erased person", "", None)
    assert newcomer.id != old.id
    assert "person:erased" in audited()
    assert verify().fault == ""


def test_only_who_left_is_erased(sams: PageClient, uma: Person) -> None:
    assert post(sams, f"/admin/people/{uma.id}/erase").status_code == 409
    assert fresh(uma).name == "Uma Reid"


def test_s10_who_lost_a_role_is_refused_at_the_next_request(
    sams: PageClient, sam: Person, uma: Person, sign_in_as: SignIn, root: Person, helpdesk: Organisation
) -> None:
    open_tab = sams.get(f"/admin/people/{uma.id}/freeze")
    rosas = sign_in_as(root)
    rosas.submit(rosas.get(f"/admin/people/{sam.id}/roles/new"), role="user", organisation="FW844")
    page = rosas.get(f"/admin/people/{sam.id}")
    link = page.link("End the role Site administrator at High Street Pharmacy (FW844)")
    assert rosas.submit(rosas.get(link), button="End the role").status_code == 303
    assert sams.submit(open_tab, button="Freeze the account").status_code == 403
    assert fresh(uma).status == PersonStatus.ACTIVE


def test_people_are_filtered_by_state_role_and_organisation(
    sign_in_as: SignIn, root: Person, sam: Person, uma: Person, dev: Person
) -> None:
    client = sign_in_as(root)
    factories.person(name="Fay Frozen", status=PersonStatus.FROZEN)

    def names(**wanted: str) -> set[str]:
        page = client.submit(client.get("/admin/people"), button="Search", **wanted)
        return {row.text for row in page.tree.find_all("th") if row["scope"] == "row"}

    assert names(status="frozen") == {"Fay Frozen"}
    assert names(role="user") == {"Uma Reid"}
    assert names(organisation="fw844") == {"Sam Okoro", "Uma Reid"}
    assert names(organisation="QMJ", role="site_administrator") == {"Sam Okoro"}
    assert names(organisation="ZZ999") == set()


def test_g15_searching_without_end_is_stopped_and_audited_once(
    moved_clock: time_machine.Traveller, sams: PageClient, sam: Person, audited: Audited
) -> None:
    with write_transaction():
        for _ in range(SEARCHES.most - 1):
            charge(SEARCHES, str(sam.id))
    statuses = [sams.get("/admin/people", query_string={"search": "a"}).status_code for _ in range(4)]
    assert statuses == [200, 429, 429, 429]
    assert audited() == ["person:signed-in", "person:searched-too-often"]
    assert sams.get("/admin/people").status_code == 200


def test_a_pharmacy_user_sees_the_own_account_only(sign_in_as: SignIn, uma: Person) -> None:
    client = sign_in_as(uma)
    assert client.get("/account").has("Pharmacy user at High Street Pharmacy")
    assert client.get("/admin/people").status_code == 403


def test_the_trail_says_who_did_what_in_words(sams: PageClient, uma: Person) -> None:
    press(sams, uma, "Freeze the account", "Freeze the account")
    page = sams.get(sams.get(f"/admin/people/{uma.id}").link("What happened to this account"))
    assert page.heading == "What happened to the account of Uma Reid"
    assert page.has("Account frozen Sam Okoro")


def test_the_trail_hides_other_organisations_and_their_people(
    sams: PageClient,
    uma: Person,
    other_pharmacy: Organisation,
    sign_in_as: SignIn,
    root: Person,
    helpdesk: Organisation,
) -> None:
    rosas = sign_in_as(root)
    rosas.submit(rosas.get(f"/admin/people/{uma.id}/roles/new"), role="user", organisation="FX999")
    seen_by_root = rosas.get(f"/admin/people/{uma.id}/audit")
    assert seen_by_root.has("Role given: Pharmacy user at Other Pharmacy Rosa Root")
    seen_by_sam = sams.get(f"/admin/people/{uma.id}/audit")
    assert not seen_by_sam.has("Role given")
    assert not seen_by_sam.has("Rosa Root")


def test_a_long_trail_has_pages(sams: PageClient, uma: Person) -> None:
    for _ in range(28):
        press(sams, uma, "Freeze the account", "Freeze the account")
        press(sams, uma, "Unfreeze the account", "Unfreeze the account")
    first = sams.get(f"/admin/people/{uma.id}/audit")
    second = sams.get(first.link("Older events →"))
    assert [page.text.count("Account frozen") for page in (first, second)] == [25, 3]
    assert sams.get(f"/admin/people/{uma.id}/audit?before=x").status_code == 404
