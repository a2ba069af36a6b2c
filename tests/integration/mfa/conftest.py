"""What the tests of authenticators share: people with a phone, and eyes for what was kept."""

import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import func, select

from helpdesk import settings as settings_module
from helpdesk.accounts.jobs import send_password_links
from helpdesk.accounts.models import Organisation, Person, SignInSession
from helpdesk.accounts.types.directory import Role
from helpdesk.audit.models import AuditEvent
from helpdesk.db import db, write_transaction
from helpdesk.mail.models import OutboxMessage
from helpdesk.mfa.service.recovery_codes import keep_codes, make_codes
from helpdesk.settings import Settings
from tests import factories
from tests.authenticators import Phone
from tests.client import Page, PageClient
from tests.keycloak_stub import SECRET, Keycloak, running

Audited = Callable[[], list[str]]
Outbox = Callable[[], list[OutboxMessage]]
Browser = Callable[[], PageClient]
AtOnce = Callable[[int, Callable[[int], object]], list[object]]


@pytest.fixture
def phone(sam: Person) -> Phone:
    """Sam's phone, with an entry that counts."""
    return Phone.of(sam)


@pytest.fixture
def uma(pharmacy: Organisation) -> Person:
    """Works at Sam's pharmacy; her number has been on record for months."""
    return factories.person(
        name="Uma Reid",
        email="uma@highstreet.example",
        role=Role.USER,
        organisation=pharmacy,
        phone="02079460123",
    )


@pytest.fixture
def umas_phone(uma: Person) -> Phone:
    """The entry that counts before any reset."""
    return Phone.of(uma)


@pytest.fixture
def keycloak(app: Flask, settings: Settings) -> Iterator[Keycloak]:
    """A realm in which Uma has a password and an authenticator, and settings that name it."""
    with running(Keycloak()) as realm:
        realm.add("u1", "uma@highstreet.example", c1="password", c2="otp")
        changes = {"provider_url": realm.provider_url, "provider_secret": SecretStr(SECRET)}
        settings_module.use(settings.model_copy(update=changes))
        yield realm
    settings_module.use(settings)


@pytest.fixture
def audited() -> Audited:
    """The actions in the audit log, oldest first."""
    return lambda: list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.sequence)))


@pytest.fixture
def outbox() -> Outbox:
    """The mails that wait to be sent, oldest first."""
    return lambda: list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.sequence)))


@pytest.fixture
def new_browser(app: Flask) -> Browser:
    """One more browser that nobody used before."""

    def make() -> PageClient:
        client = app.test_client()
        assert isinstance(client, PageClient)
        return client

    return make


@pytest.fixture
def sessions() -> Callable[[], int]:
    """How many sessions were ever started."""
    return lambda: db.session.scalar(select(func.count()).select_from(SignInSession)) or 0


@pytest.fixture
def at_once(app: Flask) -> AtOnce:
    """Do something so many times in parallel, each with a database session of its own; what each returned or raised."""

    def run(times: int, act: Callable[[int], object]) -> list[object]:
        outcomes: list[object] = []
        start = threading.Barrier(times)

        def one(number: int) -> None:
            with app.app_context():
                start.wait()
                try:
                    outcomes.append(act(number))
                except Exception as error:  # for the test to look at
                    outcomes.append(error)

        db.session.commit()
        threads = [threading.Thread(target=one, args=(number,)) for number in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    return run


@pytest.fixture
def send_links(app: Flask) -> Callable[[], None]:
    """Let the worker look at the forgotten passwords, as it does every few seconds."""

    def send() -> None:
        db.session.rollback()
        send_password_links()
        db.session.rollback()

    return send


def codes_of(person: Person) -> list[str]:
    """The person's recovery codes, on paper."""
    made = make_codes()
    with write_transaction():
        keep_codes(person, made)
    return [code.shown for code in made]


def use_mailed_link(client: PageClient, mail: OutboxMessage, button: str, **typed: str) -> Page:
    """Open the link of a mail as somebody without JavaScript does, and send its form."""
    link = next(word for word in mail.text.split() if "#" in word and "://" in word)
    parts = urlsplit(link)
    return client.submit(client.get(parts.path), button=button, last_part=parts.fragment, **typed)


def is_logged_in(client: PageClient) -> bool:
    return client.get("/accessibility").has("Log out")
