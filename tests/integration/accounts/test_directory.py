"""The directory as services and queries: the tree, who is first, tokens, and suggestions."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from helpdesk.accounts.errors import (
    EmailTaken,
    MailboxTaken,
    OrganisationCodeTaken,
    OrganisationRefused,
    OrganisationUnknown,
    PersonUnknown,
    RoleDoesNotFit,
    RoleHeldAlready,
)
from helpdesk.accounts.models import ApiToken, Organisation, Person
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries import organisations, people
from helpdesk.accounts.service import adding_people, directory, memberships, sessions, states, tokens
from helpdesk.accounts.service.actors import actor_for
from helpdesk.accounts.types.directory import NewPerson, OrganisationKind, PersonStatus, Role
from helpdesk.core.actor import SYSTEM, Actor
from helpdesk.core.errors import DomainError, NotFound
from helpdesk.db import db, write_transaction
from tests import factories

Audited = Callable[[], list[str]]
SITE = OrganisationKind.SITE


def new_person(email: str, code: str = "HELPDESK", role: Role = Role.AGENT) -> NewPerson:
    return NewPerson(email=email, name="Nia Price", role=role, organisation_code=code)


def test_an_organisation_hangs_below_its_parent(helpdesk: Organisation, audited: Audited) -> None:
    with write_transaction():
        company = directory.add_organisation(kind=OrganisationKind.COMPANY, name="Company", code="p0abc", by=SYSTEM)
        site = directory.add_organisation(kind=SITE, name="Site", parent_code="P0ABC", postcode="an12cd", by=SYSTEM)
    assert site.path == f"{company.id}/{site.id}/"
    assert (company.ods_code, site.ods_code, site.postcode) == ("P0ABC", None, "AN1 2CD")
    assert audited() == ["organisation:added", "organisation:added"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"code": "FW844"}, OrganisationCodeTaken),
        ({"code": "fw844"}, OrganisationCodeTaken),
        ({"code": "F"}, OrganisationRefused),
        ({"parent_code": "ZZ999"}, OrganisationUnknown),
        ({"parent_code": "FW844"}, OrganisationRefused),
        ({"kind": OrganisationKind.PLATFORM}, OrganisationRefused),
        ({"postcode": "nowhere"}, OrganisationRefused),
        ({"name": " "}, OrganisationRefused),
    ],
)
def test_an_organisation_that_does_not_fit_is_refused(
    helpdesk: Organisation,
    pharmacy: Organisation,
    audited: Audited,
    changes: dict[str, str],
    refusal: type[DomainError],
) -> None:
    asked = {"kind": SITE, "name": "Site", "code": "FA123", "parent_code": "HELPDESK"} | changes
    with pytest.raises(refusal), write_transaction():
        directory.add_organisation(by=SYSTEM, **asked)  # type: ignore[arg-type]  # of several types
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 3
    assert audited() == []


def test_the_platform_is_made_once(app: Flask) -> None:
    for _ in range(2):
        with write_transaction():
            directory.ensure_platform(by=SYSTEM)
    platform = db.session.scalars(select(Organisation)).one()
    assert (platform.ods_code, platform.path, platform.kind) == ("HELPDESK", "", OrganisationKind.PLATFORM)


def test_nobody_adds_people_outside_the_own_organisations(
    helpdesk: Organisation, pharmacy: Organisation, dev: Person
) -> None:
    factories.organisation(name="Other Pharmacy", ods_code="FX999")
    by = actor_for(dev)
    assert by is not None
    with pytest.raises(OrganisationUnknown), write_transaction():
        adding_people.add_person(new_person("nia@nhs.net", "FX999", Role.SITE_ADMINISTRATOR), by=by)
    assert people.person_for_email("nia@nhs.net") is None


def test_a_refused_person_leaves_the_rest_of_the_transaction_whole(helpdesk: Organisation, ben: Person) -> None:
    with write_transaction():
        with pytest.raises(EmailTaken):
            adding_people.add_person(new_person("BEN@helpdesk.example"), by=SYSTEM)
        adding_people.add_person(new_person("nia@nhs.net"), by=SYSTEM)
    assert people.person_for_email("NIA@nhs.net") is not None


@pytest.mark.parametrize(
    ("first", "second", "refusal"),
    [
        ("jo.smith@nhs.net", "Jo.Smith@NHS.net", EmailTaken),
        ("jo.smith@nhs.net", "jo.smith+x@nhs.net", MailboxTaken),
        ("jo.smith+x@nhs.net", "jo.smith@nhs.net", MailboxTaken),
        ("jo.smith@gmail.com", "josmith@googlemail.com", MailboxTaken),
    ],
)
def test_m01_m02_of_two_at_once_one_gets_the_address(
    app: Flask, helpdesk: Organisation, first: str, second: str, refusal: type[DomainError]
) -> None:
    db.session.commit()
    outcomes: list[type | None] = []
    both_are_ready = threading.Barrier(2)

    def add(email: str) -> None:
        with app.app_context():
            both_are_ready.wait()
            try:
                with write_transaction():
                    # The one who comes second may see the first one's name before the address.
                    adding_people.add_person(replace(new_person(email), is_another_person=True), by=SYSTEM)
                outcomes.append(None)
            except DomainError as error:
                outcomes.append(type(error))

    threads = [threading.Thread(target=add, args=(email,)) for email in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == sorted([None, refusal], key=str)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_a_locum_holds_a_role_at_several_sites(helpdesk: Organisation, sam: Person) -> None:
    factories.organisation(name="Second Pharmacy", ods_code="FX999")
    with write_transaction():
        memberships.add_role(sam, role=Role.SITE_ADMINISTRATOR, organisation_code="FX999", by=SYSTEM)
    actor = actor_for(sam)
    assert actor is not None
    assert len(actor.reach(Permission.PEOPLE_SEE)) == 2


def test_a_role_is_held_once_and_can_come_back(helpdesk: Organisation, sam: Person, audited: Audited) -> None:
    asked = {"role": Role.SITE_ADMINISTRATOR, "organisation_code": "FW844", "by": SYSTEM}
    with pytest.raises(RoleHeldAlready), write_transaction():
        memberships.add_role(sam, **asked)  # type: ignore[arg-type]  # of several types
    with write_transaction():
        memberships.end_role(sam, **asked)  # type: ignore[arg-type]
    assert actor_for(sam) is None
    with pytest.raises(NotFound), write_transaction():
        memberships.end_role(sam, **asked)  # type: ignore[arg-type]
    with write_transaction():
        memberships.add_role(sam, **asked)  # type: ignore[arg-type]
    assert actor_for(sam) is not None
    assert audited() == ["person:role-ended", "person:role-added"]


def test_a_role_is_added_only_where_it_fits(helpdesk: Organisation, sam: Person) -> None:
    with pytest.raises(RoleDoesNotFit), write_transaction():
        memberships.add_role(sam, role=Role.AGENT, organisation_code="FW844", by=SYSTEM)


def test_the_actor_is_the_sum_of_the_roles(helpdesk: Organisation, sam: Person, pharmacy: Organisation) -> None:
    factories.membership(person=sam, organisation=helpdesk, role=Role.AGENT)
    db.session.refresh(sam)
    actor = actor_for(sam)
    assert actor is not None
    assert actor.role == Role.AGENT
    assert actor.may(Permission.TICKET_REPLY)
    assert actor.may(Permission.PEOPLE_SEE)


def test_each_role_reaches_only_its_own_place(helpdesk: Organisation, sam: Person, pharmacy: Organisation) -> None:
    factories.membership(person=sam, organisation=helpdesk, role=Role.AGENT)
    db.session.refresh(sam)
    actor = actor_for(sam)
    assert actor is not None
    assert actor.reach(Permission.TICKET_SEE) == ("",)
    assert actor.reach(Permission.PEOPLE_SEE) == (pharmacy.path,)
    assert actor.reach(Permission.TRENDS_SEE) == ()
    assert actor.reach(Permission.MANAGE_USERS) == (pharmacy.path,)
    assert not actor.may(Permission.MANAGE_SITE_ADMINISTRATORS)


def test_a_token_acts_for_its_person(ben: Person, audited: Audited) -> None:
    with write_transaction():
        token = tokens.add_token(email="BEN@helpdesk.example", by=SYSTEM)
    actor = tokens.find_actor_by_token(token)
    kept = db.session.scalars(select(ApiToken)).one()
    assert actor is not None
    assert actor.person_id == ben.id
    assert token.encode() not in kept.secret_hash
    assert audited() == ["token:added"]


@pytest.mark.parametrize("email", ["nobody@helpdesk.example", "no address"])
def test_nobody_unknown_gets_a_token(app: Flask, email: str) -> None:
    with pytest.raises(PersonUnknown), write_transaction():
        tokens.add_token(email=email, by=SYSTEM)


def test_ending_all_sessions_ends_tokens(ben: Person, audited: Audited) -> None:
    with write_transaction():
        token = tokens.add_token(email=ben.email, by=SYSTEM)
        secret = sessions.start_session(ben)
    with write_transaction():
        sessions.sign_out_everywhere(ben, by=SYSTEM)
    assert tokens.find_actor_by_token(token) is None
    assert sessions.find_actor(secret) is None
    assert audited() == ["token:added", "person:sessions-ended"]


def test_who_left_acts_no_more(ben: Person) -> None:
    with write_transaction():
        token = tokens.add_token(email=ben.email, by=SYSTEM)
        secret = sessions.start_session(ben)
    with write_transaction():
        states.let_go(ben, by=SYSTEM)
    assert ben.status == PersonStatus.LEFT
    assert tokens.find_actor_by_token(token) is None
    assert sessions.find_actor(secret) is None


@pytest.mark.parametrize("token", ["", "x", "\x00", "é"])
def test_a_made_up_token_is_nobodys(app: Flask, token: str) -> None:
    assert tokens.find_actor_by_token(token) is None


@pytest.mark.parametrize(
    ("code", "found"), [("FW844", True), (" fw844 ", True), ("ZZ999", False), ("", False), ("\x00", False)]
)
def test_an_organisation_is_found_by_its_code(pharmacy: Organisation, code: str, found: bool) -> None:
    assert (organisations.organisation_for_code(code) is not None) == found


def test_an_actor_reaches_the_own_organisations_and_what_is_below_them(pharmacy: Organisation, dev: Person) -> None:
    factories.organisation(name="Other Pharmacy")
    by = actor_for(dev)
    assert by is not None
    assert _reached(by) == {"High Street Pharmacy", "North Thames Commissioning"}
    assert _reached(Actor(name="Nobody")) == set()


def _reached(actor: Actor) -> set[str]:
    within = organisations.within_reach(actor, Permission.PEOPLE_SEE)
    return set(db.session.scalars(select(Organisation.name).where(within)))


@pytest.fixture
def pharmacies(platform: Organisation) -> None:
    factories.organisation(name="High Street Pharmacy", ods_code="FW844", postcode="AN1 2CD")
    factories.organisation(name="Market Square Pharmacy", ods_code="FA123", postcode="AN1 3EF")
    factories.organisation(name="Market Hill Chemist", ods_code="FCJ48", postcode="OT5 6WY")
    factories.organisation(name="Market Holding", ods_code="P0AN1", kind=OrganisationKind.COMPANY)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("FW844", ["High Street Pharmacy"]),
        ("fa123", ["Market Square Pharmacy"]),
        ("an1 2cd", ["High Street Pharmacy"]),
        ("AN12CD", ["High Street Pharmacy"]),
        ("high street", ["High Street Pharmacy"]),
        ("Hihg Street Pharmacy", ["High Street Pharmacy"]),
        ("market squre", ["Market Square Pharmacy", "Market Hill Chemist"]),
        ("P0AN1", []),
        ("%", []),
        ("", []),
        ("\x00", []),
        ("zzzz zzzz", []),
        ("x" * 100_000, []),
    ],
)
def test_a_pharmacy_is_suggested(pharmacies: None, typed: str, names: list[str]) -> None:
    assert [one.name for one in organisations.suggest_organisations(typed)][: len(names) or 1] == names
