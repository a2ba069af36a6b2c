"""The test client is a browser: pages read strictly, tokens real, every request with a session of its own."""

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.accounts.models import Organisation, Person
from helpdesk.db import db
from helpdesk.settings import Settings, in_use
from helpdesk.web.access import public
from tests import factories
from tests.client import PageClient
from tests.people import SignIn


def test_a_form_without_its_token_is_refused(client: PageClient, ben: Person) -> None:
    answer = client.post("/sign-in", data={"email": ben.email, "password": factories.PASSWORD})
    assert answer.status_code == 400
    assert client.get("/agent/queue").status_code == 303


def test_each_client_is_a_person_of_its_own(sign_in_as: SignIn, ben: Person, client: PageClient) -> None:
    agent = sign_in_as(ben)
    assert agent.get("/privacy").has(ben.name)
    assert not client.get("/privacy").has(ben.name)


def test_a_field_that_the_page_does_not_have_cannot_be_filled_in(client: PageClient) -> None:
    with pytest.raises(AssertionError, match="no form"):
        client.submit(client.get("/sign-in"), nickname="Ben")


def test_every_test_begins_with_empty_tables_and_own_settings(app: Flask, settings: Settings) -> None:
    assert db.session.scalars(select(Organisation)).all() == []
    assert in_use() is settings


def test_a_view_that_forgets_to_commit_is_found(
    app: Flask, client: PageClient, platform: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    @public
    def forgetful() -> str:
        db.session.scalars(select(Organisation)).one().name = "Changed"
        db.session.flush()
        return "saved, it says"

    monkeypatch.setitem(app.view_functions, "pages.healthz", forgetful)
    with pytest.raises(AssertionError, match=r"changed \['Organisation'\] and did not commit"):
        client.get("/healthz")
