"""Ringing the number on record: it counts only from somebody who was shown that number for this very reset."""

from datetime import timedelta

import pytest
from time_machine import Traveller as Clock

from helpdesk.accounts.models import Person
from helpdesk.mfa.types.resets import EvidenceMethod, ResetState
from tests.authenticators import Phone
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import Audited
from tests.people import SignIn
from tests.resets import ask_for_reset, confirm, latest_reset, press

NOT_SHOWN = ["First show the number to ring, then ring it"]
SHOW = "Show the number to ring"


@pytest.fixture(autouse=True)
def clock(moved_clock: Clock, umas_phone: Phone) -> Clock:
    return moved_clock


def say_i_rang(client: PageClient, page: Page, button: str = "It is them") -> Page:
    return client.submit(client.get(page.request.path), button=button, method=EvidenceMethod.CALL_BACK)


def test_who_was_not_shown_the_number_did_not_ring_it(
    uma: Person, ben: Person, sign_in_as: SignIn, audited: Audited
) -> None:
    client = sign_in_as(ben)
    page = ask_for_reset(client, uma)
    assert page.has("First show the number to ring.")
    before = audited()
    for button in ("It is them", "I could not confirm it"):
        answer = say_i_rang(client, page, button)
        assert (answer.status_code, answer.errors) == (422, NOT_SHOWN)
    assert audited() == before
    assert latest_reset().state == ResetState.REQUESTED
    assert confirm(client, page, EvidenceMethod.CALL_BACK).has("rang the number on record")


def test_a_colleague_who_saw_the_number_does_not_count(
    uma: Person, ben: Person, cara: Person, sign_in_as: SignIn
) -> None:
    client = sign_in_as(ben)
    page = ask_for_reset(client, uma)
    press(sign_in_as(cara), page, SHOW)
    assert say_i_rang(client, page).errors == NOT_SHOWN


def test_a_number_that_was_shown_for_an_earlier_reset_does_not_count(
    uma: Person, ben: Person, sign_in_as: SignIn, clock: Clock
) -> None:
    client = sign_in_as(ben)
    page = ask_for_reset(client, uma)
    press(client, page, SHOW)
    press(client, page, "Reject the request")
    clock.shift(timedelta(minutes=1))
    assert say_i_rang(client, ask_for_reset(client, uma)).errors == NOT_SHOWN
