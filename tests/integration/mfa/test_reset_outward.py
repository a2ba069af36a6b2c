"""A reset where a provider keeps the second step too, and what other systems hear of it."""

import json

import pytest
import time_machine
from pydantic import SecretStr
from sqlalchemy import select

from helpdesk import settings as settings_module
from helpdesk.accounts.models import Person
from helpdesk.db import db
from helpdesk.mfa.jobs import issue_resets
from helpdesk.mfa.service.outward import do_due_steps
from helpdesk.mfa.types.resets import ResetReason, ResetState
from helpdesk.settings import Settings
from helpdesk.webhooks.models import WebhookDelivery
from tests import factories
from tests.authenticators import Phone, open_link
from tests.client import PageClient
from tests.keycloak_stub import Keycloak
from tests.people import SignIn
from tests.resets import approved, latest_reset, link_in_mail, mails_to, press, stop_by_link


@pytest.fixture(autouse=True)
def clock(moved_clock: time_machine.Traveller) -> time_machine.Traveller:
    return moved_clock


def has_link(person: Person) -> bool:
    return any("/enrol/" in mail.text for mail in mails_to(person.email))


def test_the_link_is_sent_once_the_provider_is_ready(
    keycloak: Keycloak, uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn
) -> None:
    administrator = sign_in_as(sam)
    page = approved(administrator, uma)
    assert page.has("Another system must be ready first.")
    assert (latest_reset().state, has_link(uma), keycloak.changes) == (ResetState.APPROVED, False, [])
    assert issue_resets() == 0

    do_due_steps(10)
    assert issue_resets() == 1

    assert (latest_reset().state, has_link(uma)) == (ResetState.ISSUED, True)
    assert administrator.get(page.request.path).has("Link sent")


def test_a_provider_that_fails_keeps_the_reset_approved_and_is_seen(
    keycloak: Keycloak, uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn
) -> None:
    keycloak.users["u2"] = uma.email
    administrator = sign_in_as(sam)
    page = approved(administrator, uma)

    do_due_steps(10)
    issue_resets()

    assert (latest_reset().state, has_link(uma)) == (ResetState.APPROVED, False)
    shown = administrator.get(page.request.path)
    assert shown.has("Keycloak knows more than one account for this email address.")
    assert keycloak.changes == []


def test_a_reset_that_the_person_stops_changes_nothing_at_the_provider(
    keycloak: Keycloak, client: PageClient, uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn
) -> None:
    approved(sign_in_as(sam), uma)
    stop_by_link(client, link_in_mail(uma.email, "/dispute/"))

    do_due_steps(10)

    assert (latest_reset().state, keycloak.changes) == (ResetState.DISPUTED, [])


def test_a_lost_phone_ends_what_is_open_at_the_provider_first(
    keycloak: Keycloak, uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn
) -> None:
    approved(sign_in_as(sam), uma, ResetReason.LOST)

    do_due_steps(1)

    assert keycloak.changes[0] == "POST /users/u1/logout"
    assert keycloak.credentials["u1"] == {"c1": "password", "c2": "otp"}


def test_other_systems_hear_of_each_state_by_ids_alone(
    uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn, settings: Settings
) -> None:
    changes = {"webhook_url": "https://hooks.example/", "webhook_secrets": SecretStr("")}
    settings_module.use(settings.model_copy(update=changes))
    administrator = sign_in_as(sam)
    page = approved(administrator, uma)
    press(administrator, page, "Cancel the reset")
    settings_module.use(settings)

    told = list(db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.created_at)))
    assert sorted(one.event for one in told) == [
        "mfa.reset.approved",
        "mfa.reset.cancelled",
        "mfa.reset.issued",
        "mfa.reset.requested",
    ]
    for one in told:
        data = json.loads(one.body)["data"]
        assert set(data) == {"reset_id", "person_id", "state", "reason"}
        assert (data["person_id"], one.event.endswith(data["state"])) == (str(uma.id), True)
        assert "Uma" not in one.body
        assert "highstreet" not in one.body


def test_a_reset_that_was_not_theirs_is_stopped_at_the_provider_too(
    client: PageClient, keycloak: Keycloak, uma: Person, umas_phone: Phone, sam: Person, sign_in_as: SignIn
) -> None:
    approved(sign_in_as(sam), uma)
    do_due_steps(10)
    issue_resets()
    page = open_link(client, link_in_mail(uma.email))
    page = client.follow(client.submit(page, button="Continue", password=factories.PASSWORD))
    client.submit(page, button="Finish", code=Phone.scanned(page).code())
    assert latest_reset().state == ResetState.COMPLETED
    assert do_due_steps(10) == 0  # Keycloak takes no entry over
    before = len(keycloak.changes)

    stop_by_link(client, link_in_mail(uma.email, "/dispute/"))

    assert do_due_steps(10) == 1
    assert len(keycloak.changes) > before
