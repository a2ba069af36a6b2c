"""Who is asked by mail to approve a reset: only those who could do it, and once in each state."""

from datetime import timedelta

import pytest
from time_machine import Traveller as Clock

from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.types.directory import Role
from helpdesk.core import clock as core_clock
from helpdesk.mfa.types.resets import EvidenceMethod
from tests import factories
from tests.authenticators import Phone
from tests.people import SignIn
from tests.resets import approved, ask_for_reset, confirm, latest_reset, mails_to, press


@pytest.fixture(autouse=True)
def clock(moved_clock: Clock, umas_phone: Phone, phone: Phone) -> Clock:
    return moved_clock


def asked(person: Person) -> list[str]:
    """The mails that ask this person for an approval."""
    return [mail.text for mail in mails_to(person.email) if mail.subject.endswith("reset waits for your approval")]


def test_the_administrators_of_the_site_are_asked_once(
    uma: Person, ben: Person, sam: Person, dev: Person, root: Person, sign_in_as: SignIn
) -> None:
    client = sign_in_as(ben)
    page = confirm(client, ask_for_reset(client, uma))
    assert mails_to(sam.email)[-1].subject == "Uma Reid’s reset waits for your approval"
    assert "Ben Carter made sure on" in asked(sam)[0]
    assert f"/admin/resets/{latest_reset().id}" in asked(sam)[0]
    assert "You can approve it until 24 November 2026 at 9:30am." in asked(sam)[0]
    confirm(client, page)
    assert [len(asked(person)) for person in (sam, dev, root, ben, uma)] == [1, 0, 0, 0, 0]


def test_without_an_administrator_who_could_the_commissioners_are_asked(
    uma: Person, ben: Person, sam: Person, dev: Person, root: Person, sign_in_as: SignIn
) -> None:
    sam.restricted_until = core_clock.now() + timedelta(hours=72)
    factories.saved(sam)
    client = sign_in_as(ben)
    confirm(client, ask_for_reset(client, uma))
    assert [len(asked(person)) for person in (sam, dev, root)] == [0, 1, 0]


def test_who_found_it_out_and_can_approve_is_not_asked(
    uma: Person, sam: Person, dev: Person, sign_in_as: SignIn
) -> None:
    approved(sign_in_as(sam), uma)
    assert [len(asked(person)) for person in (sam, dev)] == [0, 0]


def test_those_who_can_be_the_second_person_are_asked(
    pharmacy: Organisation, uma: Person, ben: Person, sam: Person, dev: Person, sign_in_as: SignIn
) -> None:
    sue = factories.person(
        name="Sue Hall", email="sue@highstreet.example", role=Role.SITE_ADMINISTRATOR, organisation=pharmacy
    )
    client = sign_in_as(sam)
    page = confirm(client, ask_for_reset(client, uma), EvidenceMethod.MANAGER)
    press(client, page, "Approve the reset")
    assert [len(asked(person)) for person in (sam, sue, dev)] == [0, 2, 0]
    assert "You can be the second person. It needs one: only their manager confirmed who they are." in asked(sue)[1]
