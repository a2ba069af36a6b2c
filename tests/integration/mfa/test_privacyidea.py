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
from helpdesk.mfa.providers.privacyidea import PrivacyIdeaProvider
from helpdesk.mfa.queries.outward import outward_state
from helpdesk.mfa.service.outward import do_due_steps, queue_hand_over, queue_steps, queue_take_back
from helpdesk.mfa.types.outward import NewEntry, OutsideAccount, Outward
from helpdesk.settings import Settings
from tests import factories, privacyidea
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


def handed_over(provider: PrivacyIdeaProvider, account: OutsideAccount) -> NewEntry:
    entry = NewEntry(uuid4(), pyotp.random_base32(), 30, "FW844 uma@highstreet.example")
    provider.hand_over(account, entry)
    return entry


def next_code_of(entry: NewEntry) -> str:
    """The code by which a token was confirmed counts only once; this one is within the window, too."""
    return pyotp.TOTP(entry.secret).at(clock.now() + timedelta(seconds=entry.period))


def test_the_entry_that_was_set_up_here_counts_there_however_often_it_is_handed_over(
    server: Server, provider: PrivacyIdeaProvider, account: OutsideAccount
) -> None:
    entry = handed_over(provider, account)
    provider.hand_over(account, entry)

    assert server.accepts(account.name, next_code_of(entry))
    assert not server.accepts(account.name, "000000")


def test_a_suspended_token_lets_nobody_in_and_a_removed_one_is_gone_each_twice(
    server: Server, provider: PrivacyIdeaProvider, account: OutsideAccount
) -> None:
    old = handed_over(provider, account)
    for _ in range(2):
        provider.suspend(account)
        assert not server.accepts(account.name, next_code_of(old))
    for _ in range(2):
        provider.remove(account)
        provider.start_set_up(account)
        provider.end_sessions(account)
        assert not server.accepts(account.name, next_code_of(old))

    new = handed_over(provider, account)
    assert server.accepts(account.name, next_code_of(new))


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
    old = handed_over(server.provider, account)
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
    assert not server.accepts(account.name, next_code_of(old))


def test_the_new_entry_is_handed_over_by_the_worker_and_taken_back_after_a_dispute(
    app: Flask, settings: Settings, server: Server, account: OutsideAccount, uma: Person
) -> None:
    secret = pyotp.random_base32()
    factories.factor(uma, secret=secret)
    changes = {"provider_url": server.provider_url, "provider_secret": SecretStr(privacyidea.PASSWORD)}
    settings_module.use(settings.model_copy(update=changes))
    reset_id = uuid4()

    with write_transaction():
        queue_hand_over(uma.id, reset_id)
    assert do_due_steps(10) == 1
    assert server.accepts(account.name, pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30)))

    with write_transaction():
        queue_take_back(uma.id, reset_id)
    assert do_due_steps(10) == 1
    settings_module.use(settings)
    assert not server.accepts(account.name, pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=60)))
