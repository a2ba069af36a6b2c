"""The command line: the first administrator of a new installation, and demo people for development."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from helpdesk.accounts.cli import organisations, people, tokens
from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.queries.people import person_for_email
from helpdesk.accounts.service.sessions import find_actor, start_session
from helpdesk.accounts.service.tokens import find_actor_by_token
from helpdesk.db import db, write_transaction
from tests.authenticators import open_link
from tests.client import PageClient

ROSA = ("add", "--email", "rosa.root@nhs.net", "--name", "Rosa Root", "--role", "platform_administrator")


def run(app: Flask, command: object, *words: str, typed: str | None = None) -> Result:
    db.session.rollback()
    result: Result = app.test_cli_runner().invoke(command, words, input=typed)
    db.session.rollback()
    return result


def test_a_new_installation_has_nobody(app: Flask) -> None:
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_the_first_administrator_gets_a_link(app: Flask, client: PageClient) -> None:
    result = run(app, people, *ROSA, "--organisation", "HELPDESK")
    assert result.exit_code == 0
    link = result.output.strip()
    assert link.startswith("http://localhost/enrol/")
    page = open_link(client, link)
    assert client.submit(page, button="Continue", password="seventeen purple umbrellas").status_code == 303


def test_a_password_can_come_from_standard_input(app: Flask, client: PageClient) -> None:
    result = run(
        app, people, *ROSA, "--organisation", "HELPDESK", "--password-stdin", typed="seventeen purple umbrellas\n"
    )
    assert result.exit_code == 0
    assert "umbrellas" not in result.output
    answer = client.submit(client.get("/sign-in"), email="rosa.root@nhs.net", password="seventeen purple umbrellas")
    assert answer.status_code == 303


@pytest.mark.parametrize("typed", ["Password1234!\n", "\n", ""])
def test_a_weak_password_adds_nobody(app: Flask, typed: str) -> None:
    result = run(app, people, *ROSA, "--organisation", "HELPDESK", "--password-stdin", typed=typed)
    assert result.exit_code == 1
    assert "Error:" in result.output
    assert person_for_email("rosa.root@nhs.net") is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (("--organisation", "ZZ999"), "There is no organisation with that code"),
        (("--organisation", "HELPDESK", "--email", "info@nhs.net"), "shared mailbox"),
        (("--organisation", "HELPDESK", "--name", " "), "Enter the person’s name"),
        (("--organisation", "HELPDESK", "--name", "x" * 121), "Enter the person’s name"),
        (("--organisation", "HELPDESK", "--role", "commissioner"), "cannot be held"),
    ],
)
def test_a_refusal_is_said_in_words(app: Flask, changes: tuple[str, ...], words: str) -> None:
    result = run(app, people, *ROSA, *changes)
    assert result.exit_code == 1
    assert words in result.output
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_adding_somebody_twice_is_refused(app: Flask) -> None:
    run(app, people, *ROSA, "--organisation", "HELPDESK")
    result = run(app, people, *ROSA, "--organisation", "HELPDESK")
    assert result.exit_code == 1
    assert "already an account" in result.output


def test_a_new_link_replaces_the_old(app: Flask, client: PageClient) -> None:
    old = run(app, people, *ROSA, "--organisation", "HELPDESK").output.strip()
    new = run(app, people, "link", "--email", "rosa.root@nhs.net").output.strip()
    assert open_link(client, old).status_code == 410
    assert open_link(client, new).status_code == 200


def test_organisations_are_added(app: Flask) -> None:
    run(app, organisations, "add", "--kind", "company", "--name", "Company", "--code", "P0ABC")
    result = run(app, organisations, "add", "--kind", "site", "--name", "Site", "--code", "FA123", "--parent", "P0ABC")
    assert result.exit_code == 0
    site = db.session.scalars(select(Organisation).where(Organisation.ods_code == "FA123")).one()
    assert site.parent is not None
    assert site.parent.name == "Company"


def test_sessions_are_ended(app: Flask, ben: Person) -> None:
    with write_transaction():
        secret = start_session(ben)
    assert run(app, people, "end-sessions", "--email", "ben@helpdesk.example").exit_code == 0
    assert find_actor(secret) is None


@pytest.mark.parametrize("command", ["end-sessions", "leave", "link"])
def test_nobody_unknown_is_changed(app: Flask, command: str) -> None:
    result = run(app, people, command, "--email", "nobody@helpdesk.example")
    assert result.exit_code == 1
    assert "nobody with that email address" in result.output


def test_roles_come_and_go(app: Flask, client: PageClient, sam: Person, commissioner: Organisation) -> None:
    words = ("--email", "sam@highstreet.example", "--role", "commissioner", "--organisation", "QMJ")
    assert run(app, people, "add-role", *words).exit_code == 0
    assert run(app, people, "end-role", *words).exit_code == 0
    assert run(app, people, "leave", "--email", "sam@highstreet.example").exit_code == 0


def test_a_token_is_printed_once(app: Flask, ben: Person) -> None:
    token = run(app, tokens, "add", "--email", "ben@helpdesk.example").output.strip()
    actor = find_actor_by_token(token)
    assert actor is not None
    assert actor.name == "Ben Carter"
