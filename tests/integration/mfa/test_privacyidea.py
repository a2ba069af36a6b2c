"""Our provider against a real privacyIDEA: the old token goes, a new one comes, and each step may be taken twice."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pyotp
import pytest
from flask import Flask
from pydantic import SecretStr

from helpdesk import settings as settings_module
from helpdesk.accounts.models import Person
from helpdesk.core import clock
from helpdesk.db import db, write_transaction
from helpdesk.mfa.providers.errors import ProviderAway, ProviderRefused
from helpdesk.mfa.providers.privacyidea import Enrolment, PrivacyIdeaProvider
from helpdesk.mfa.queries.outward import outward_state
from helpdesk.mfa.service.outward import do_due_steps, queue_steps
from helpdesk.mfa.types import OutsideAccount, Outward
from helpdesk.settings import Settings
from tests import privacyidea
from tests.privacyidea import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if reason := privacyidea.why_not():
        pytest.skip(reason)
    with privacyidea.running(tmp_path_factory.mktemp("privacyidea")) as made:
        made.add("uma", "uma@highstreet.example")
        made.add("uma.org", "uma@highstreet.example.org")
        made.add("twin1", "twin@highstreet.example")
        made.add("twin2", "twin@highstreet.example")
        yield made


@pytest.fixture
def provider(server: Server) -> PrivacyIdeaProvider:
    return server.provider


@pytest.fixture
def account(provider: PrivacyIdeaProvider) -> OutsideAccount:
    """Uma's, without a token."""
    found = provider.find_by_email("uma@highstreet.example")
    provider.remove(found)
    return found


def code_of(enrolment: Enrolment) -> str:
    totp = pyotp.parse_uri(enrolment.address)
    assert isinstance(totp, pyotp.TOTP)
    return totp.at(clock.now())


def next_code_of(enrolment: Enrolment) -> str:
    """The code by which a token was confirmed counts only once; this one is within the window, too."""
    totp = pyotp.parse_uri(enrolment.address)
    assert isinstance(totp, pyotp.TOTP)
    return totp.at(clock.now() + timedelta(seconds=totp.interval))


def enrolled(provider: PrivacyIdeaProvider, account: OutsideAccount) -> Enrolment:
    made = provider.enrol(account, label="FW844 uma@highstreet.example")
    assert provider.confirm(made.serial, code_of(made))
    return made


def test_a_new_token_counts_once_a_code_has_confirmed_it(
    provider: PrivacyIdeaProvider, account: OutsideAccount
) -> None:
    made = provider.enrol(account, label="FW844 uma@highstreet.example")
    assert not provider.confirm(made.serial, "000000")
    assert not provider.check(account, next_code_of(made))

    assert provider.confirm(made.serial, code_of(made))
    assert provider.confirm(made.serial, code_of(made))

    assert provider.check(account, next_code_of(made))
    assert not provider.check(account, "000000")


def test_a_key_that_was_shown_and_not_confirmed_is_dropped_by_the_next(
    provider: PrivacyIdeaProvider, account: OutsideAccount
) -> None:
    first = provider.enrol(account, label="one")
    second = provider.enrol(account, label="two")

    assert not provider.confirm(first.serial, code_of(first))
    assert provider.confirm(second.serial, code_of(second))


def test_a_suspended_token_lets_nobody_in_and_a_removed_one_is_gone_each_twice(
    provider: PrivacyIdeaProvider, account: OutsideAccount
) -> None:
    old = enrolled(provider, account)
    for _ in range(2):
        provider.suspend(account)
        assert not provider.check(account, next_code_of(old))
    for _ in range(2):
        provider.remove(account)
        provider.start_set_up(account)
        provider.end_sessions(account)
        assert not provider.check(account, next_code_of(old))

    new = enrolled(provider, account)
    assert new.serial != old.serial
    assert provider.check(account, next_code_of(new))


def test_only_one_account_with_exactly_this_address_is_found(provider: PrivacyIdeaProvider) -> None:
    assert provider.find_by_email("UMA@highstreet.example").name == "uma"
    for address, words in (
        ("twin@highstreet.example", "more than one"),
        ("nobody@highstreet.example", "no account"),
        ("um*@highstreet.example", "no account"),
        ("*", "more than one"),
    ):
        with pytest.raises(ProviderRefused, match=words):
            provider.find_by_email(address)


def test_an_account_is_found_again_and_another_one_of_its_name_is_not(
    provider: PrivacyIdeaProvider, account: OutsideAccount
) -> None:
    assert provider.find_by_id(account.external_id) == account
    with pytest.raises(ProviderRefused, match="does not have the account any more"):
        provider.find_by_id("people:4711:uma")


def test_a_wrong_password_of_ours_is_waited_out(server: Server) -> None:
    stranger = PrivacyIdeaProvider(server.url, "helpdesk", "pharmacy", "not the password")
    with pytest.raises(ProviderAway, match="does not accept our secret"):
        stranger.find_by_email("uma@highstreet.example")


def test_the_steps_of_a_reset_are_done_there(
    app: Flask, settings: Settings, server: Server, account: OutsideAccount, uma: Person
) -> None:
    old = enrolled(server.provider, account)
    secret = SecretStr(privacyidea.PASSWORD)
    changes = {"provider_url": server.provider_url, "provider_secret": secret}
    settings_module.use(settings.model_copy(update=changes))
    reset_id = uuid4()
    with write_transaction():
        queue_steps(uma, reset_id, suspends=True, not_before=clock.now())

    done = do_due_steps(10)
    settings_module.use(settings)

    db.session.rollback()
    assert (done, outward_state(reset_id).outward) == (4, Outward.DONE)
    assert not server.provider.check(account, next_code_of(old))
