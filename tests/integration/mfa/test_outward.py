"""What a reset does at Keycloak: in its order, again after trouble, and never at an account that may be another's."""

import logging
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from helpdesk import settings as settings_module
from helpdesk.accounts.models import Person
from helpdesk.core import clock
from helpdesk.db import db, write_transaction
from helpdesk.mfa.models.outward import IdentityLink, ProviderStep
from helpdesk.mfa.queries.outward import outward_state
from helpdesk.mfa.rules.outward import LEASE, MOST_ATTEMPTS
from helpdesk.mfa.service.outward import do_due_steps, queue_steps, withdraw_steps
from helpdesk.mfa.types.outward import Outward, OutwardState
from helpdesk.settings import Settings
from tests.integration.mfa.conftest import Audited
from tests.keycloak_stub import SECRET, Keycloak

Clock = time_machine.Traveller
EMAIL = "uma@highstreet.example"
LINK = "PUT /users/u1/execute-actions-email?lifespan=3600"
LOG_OUT = ["POST /users/u1/logout", "DELETE /attack-detection/brute-force/users/u1"]
REMOVE = "DELETE /users/u1/credentials/c2"


def queue(person: Person, *, suspends: bool = False, wait: timedelta = timedelta()) -> UUID:
    reset_id = uuid4()
    with write_transaction():
        queue_steps(person, reset_id, suspends=suspends, not_before=clock.now() + wait)
    return reset_id


def state_of(reset_id: UUID) -> OutwardState:
    db.session.rollback()
    return outward_state(reset_id)


def test_without_a_provider_there_is_nothing_to_do(app: Flask, uma: Person) -> None:
    reset_id = queue(uma)

    assert (do_due_steps(10), state_of(reset_id).outward) == (0, Outward.NOTHING_TO_DO)
    assert state_of(reset_id).lets_reset_go_on


def test_the_old_entry_goes_and_a_link_for_an_hour_comes(keycloak: Keycloak, uma: Person, audited: Audited) -> None:
    reset_id = queue(uma)
    assert (keycloak.changes, state_of(reset_id).outward) == ([], Outward.WAITING)

    assert do_due_steps(10) == 3

    assert keycloak.changes == [REMOVE, LINK, *LOG_OUT]
    assert keycloak.bodies[1] == ["CONFIGURE_TOTP"]
    assert keycloak.credentials["u1"] == {"c1": "password"}
    assert state_of(reset_id).outward is Outward.DONE
    assert audited() == ["provider:step-done"] * 3


def test_a_lost_phone_ends_sessions_at_once_and_the_rest_waits_its_time(
    keycloak: Keycloak, uma: Person, moved_clock: Clock
) -> None:
    reset_id = queue(uma, suspends=True, wait=timedelta(hours=1))

    do_due_steps(10)
    assert keycloak.changes == [*LOG_OUT, *LOG_OUT]
    assert state_of(reset_id).outward is Outward.WAITING

    moved_clock.shift(timedelta(hours=1))
    do_due_steps(10)
    assert keycloak.changes[4:] == [REMOVE, LINK]


@pytest.mark.parametrize(
    ("others", "prefixes", "sentence"),
    [
        ({"u1": "else@x.example"}, False, "Keycloak knows no account with this email address."),
        ({"u1": f"{EMAIL}.org"}, True, "Keycloak knows no account with this email address."),
        ({"u1": EMAIL, "u2": EMAIL}, False, "Keycloak knows more than one account for this email address."),
        ({"u1": EMAIL, "u2": f"{EMAIL}.org"}, True, "Keycloak knows more than one account for this email address."),
    ],
    ids=["none", "a prefix alone", "two", "one and a prefix"],
)
def test_only_one_account_with_exactly_this_address_is_touched(
    keycloak: Keycloak, uma: Person, audited: Audited, others: dict[str, str], prefixes: bool, sentence: str
) -> None:
    keycloak.users, keycloak.matches_prefixes = others, prefixes
    reset_id = queue(uma)

    assert do_due_steps(10) == 0

    state = state_of(reset_id)
    assert (state.outward, keycloak.changes, audited()) == (Outward.FAILED, [], ["provider:step-failed"])
    assert state.sentence.startswith(sentence)
    assert not state.lets_reset_go_on


def test_no_address_of_a_person_is_logged(keycloak: Keycloak, uma: Person, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    queue(uma)
    do_due_steps(10)

    ours = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]
    assert not [line for line in ours if "highstreet" in line or SECRET in line]


def test_an_account_is_found_again_by_its_id_whatever_its_address(keycloak: Keycloak, uma: Person) -> None:
    queue(uma)
    do_due_steps(10)
    keycloak.users = {"u1": "new.name@x.example", "u2": EMAIL}
    keycloak.credentials["u2"] = {"c9": "otp"}

    queue(uma)
    do_due_steps(10)

    assert keycloak.credentials["u2"] == {"c9": "otp"}
    assert keycloak.changes.count(LINK) == 2


def test_an_account_that_is_gone_is_not_replaced_by_one_with_its_address(keycloak: Keycloak, uma: Person) -> None:
    queue(uma)
    do_due_steps(10)
    keycloak.users = {"u2": EMAIL}
    keycloak.changes.clear()

    reset_id = queue(uma)
    do_due_steps(10)

    assert (state_of(reset_id).outward, keycloak.changes) == (Outward.FAILED, [])


def test_an_account_of_somebody_else_here_is_not_touched(keycloak: Keycloak, uma: Person, sam: Person) -> None:
    with write_transaction():
        db.session.add(IdentityLink(person_id=sam.id, provider="keycloak", external_id="u1"))
    reset_id = queue(uma)
    do_due_steps(10)

    assert keycloak.changes == []
    assert "belongs to another person" in state_of(reset_id).sentence


@pytest.mark.parametrize(
    ("trouble", "words"), [(503, "is in trouble"), (429, "is in trouble"), (403, "does not accept our secret")]
)
def test_trouble_is_waited_out_and_seen(
    keycloak: Keycloak, uma: Person, moved_clock: Clock, trouble: int, words: str
) -> None:
    keycloak.trouble = trouble
    reset_id = queue(uma)
    assert do_due_steps(10) == 0
    assert words in state_of(reset_id).sentence
    assert state_of(reset_id).outward is Outward.WAITING

    keycloak.trouble = 0
    moved_clock.shift(timedelta(minutes=1))

    assert do_due_steps(10) == 3
    assert state_of(reset_id) == OutwardState(Outward.DONE)


def test_a_provider_that_stays_away_fails_the_step_after_a_day(
    keycloak: Keycloak, uma: Person, moved_clock: Clock
) -> None:
    keycloak.accepts = "another secret"
    reset_id = queue(uma)

    for _ in range(MOST_ATTEMPTS):
        assert state_of(reset_id).outward is Outward.WAITING
        do_due_steps(1)
        moved_clock.shift(timedelta(hours=8))

    assert state_of(reset_id).outward is Outward.FAILED
    assert SECRET not in state_of(reset_id).sentence


def test_each_step_may_be_done_twice(keycloak: Keycloak, uma: Person, moved_clock: Clock) -> None:
    reset_id = queue(uma, suspends=True)
    do_due_steps(10)
    with write_transaction():
        for step in db.session.scalars(select(ProviderStep)):
            step.state, step.lease, step.leased_until = "waiting", step.id, clock.now() + LEASE

    assert do_due_steps(10) == 0
    moved_clock.shift(LEASE)
    assert do_due_steps(10) == 4
    assert state_of(reset_id).outward is Outward.DONE
    assert keycloak.credentials["u1"] == {"c1": "password"}


def test_a_reset_that_was_stopped_does_nothing_more(keycloak: Keycloak, uma: Person) -> None:
    reset_id = queue(uma)
    do_due_steps(1)
    with write_transaction():
        withdraw_steps(reset_id)

    assert do_due_steps(10) == 0
    assert keycloak.changes == [REMOVE]
    assert state_of(reset_id).sentence.startswith("The reset was stopped.")


def test_another_provider_in_the_settings_is_not_asked_for_old_steps(
    keycloak: Keycloak, uma: Person, settings: Settings
) -> None:
    reset_id = queue(uma)
    settings_module.use(settings)

    do_due_steps(10)

    assert (state_of(reset_id).outward, keycloak.changes) == (Outward.FAILED, [])
