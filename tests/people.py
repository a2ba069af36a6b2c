"""The cast of every test, always the same: each name is a fixture that makes the person, ready to sign in.

Amina asks for help and has no account. Ben is an agent, Cara a lead agent, Dev a commissioner, Sam a site
administrator. The Stranger is nobody we know: an address that no row holds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.service.signing_in import let_in
from helpdesk.accounts.types.directory import OrganisationKind, Role
from helpdesk.core import clock
from helpdesk.db import write_transaction
from tests import factories
from tests.client import PageClient

SignIn = Callable[[Person], PageClient]


@dataclass(frozen=True)
class Requester:
    """Somebody who asks for help, as they would describe themselves."""

    name: str
    email: str
    phone: str
    organisation: str


AMINA = Requester("Amina Khan", "amina.khan@highstreet.example", "020 7946 0123", "FW844")
STRANGER = Requester("Some Body", "stranger@elsewhere.example", "020 7946 0999", "ZZ999")


@pytest.fixture
def amina() -> Requester:
    """Asks for help from High Street Pharmacy; no account."""
    return AMINA


@pytest.fixture
def stranger() -> Requester:
    """Known to nobody."""
    return STRANGER


@pytest.fixture
def platform(app: Flask) -> Organisation:
    """The helpdesk itself, at the top of the tree."""
    return factories.platform()


@pytest.fixture
def commissioner(platform: Organisation) -> Organisation:
    """Dev's organisation: pays for pharmacies to use PharmOutcomes."""
    return factories.organisation(kind=OrganisationKind.COMMISSIONER, name="North Thames Commissioning", ods_code="QMJ")


@pytest.fixture
def pharmacy(commissioner: Organisation) -> Organisation:
    """Amina's and Sam's pharmacy, within Dev's organisation."""
    return factories.organisation(parent=commissioner, name="High Street Pharmacy", ods_code=AMINA.organisation)


@pytest.fixture
def ben(platform: Organisation) -> Person:
    """A helpdesk agent."""
    return factories.person(name="Ben Carter", email="ben@helpdesk.example", role=Role.AGENT, organisation=platform)


@pytest.fixture
def cara(platform: Organisation) -> Person:
    """The agents' lead."""
    return factories.person(
        name="Cara Lewis", email="cara@helpdesk.example", role=Role.LEAD_AGENT, organisation=platform
    )


@pytest.fixture
def dev(commissioner: Organisation) -> Person:
    """A commissioner: sees figures of the own organisations, nothing else."""
    return factories.person(
        name="Dev Patel", email="dev@commissioner.example", role=Role.COMMISSIONER, organisation=commissioner
    )


@pytest.fixture
def sam(pharmacy: Organisation) -> Person:
    """The administrator of Amina's pharmacy."""
    return factories.person(
        name="Sam Okoro", email="sam@highstreet.example", role=Role.SITE_ADMINISTRATOR, organisation=pharmacy
    )


@pytest.fixture
def root(platform: Organisation) -> Person:
    """The platform's administrator, who makes organisations and people."""
    return factories.person(
        name="Rosa Root", email="rosa@helpdesk.example", role=Role.PLATFORM_ADMINISTRATOR, organisation=platform
    )


@pytest.fixture
def sign_in_as(app: Flask) -> SignIn:
    """A browser in which somebody is logged in; the answer is a client of that person's own.

    Without the pages of logging in, which have tests of their own: see tests/authenticators.py.
    """

    def sign_in(person: Person) -> PageClient:
        client = app.test_client()
        assert isinstance(client, PageClient)
        with write_transaction():
            signed_in = let_in(person.id, epoch=person.session_epoch, browser="Firefox", proved_at=clock.now())
        client.set_cookie("session", signed_in.session_secret)
        client.set_cookie("place", signed_in.place_token)
        return client

    return sign_in
