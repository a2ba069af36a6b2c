"""The set-up link: who has it chooses the password, once, within a day."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from helpdesk.accounts.errors import AlreadySetUp, LinkNotUsable
from helpdesk.accounts.models import Person, SetupLink
from helpdesk.accounts.service import setup_links
from helpdesk.accounts.types import PersonStatus
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from tests import factories
from tests.client import PageClient

Audited = Callable[[], list[str]]
PASSWORD = "seventeen purple umbrellas"  # of nobody outside this file


@pytest.fixture
def invited(app: Flask) -> Person:
    return factories.person(name="Nia Price", email="nia@helpdesk.example", status=PersonStatus.INVITED, password=None)


@pytest.fixture
def link(invited: Person) -> str:
    """The path of the link."""
    with write_transaction():
        return setup_links.make_link(invited, by=SYSTEM).removeprefix("http://localhost")


def test_a_person_chooses_a_password_and_signs_in(
    client: PageClient, invited: Person, link: str, audited: Audited
) -> None:
    answer = client.submit(client.get(link), password=PASSWORD)
    page = client.follow(answer)
    assert page.has("Your password is set")
    assert client.submit(page, email="nia@helpdesk.example", password=PASSWORD).status_code == 303
    assert invited.status == PersonStatus.ACTIVE
    assert audited() == ["person:set-up-link-made", "person:password-set", "person:signed-in"]


def test_looking_at_the_link_does_not_use_it(client: PageClient, link: str) -> None:
    for _ in range(3):
        page = client.get(link)
        assert page.has("nia@helpdesk.example")
    assert client.submit(page, password=PASSWORD).status_code == 303


def test_the_page_keeps_its_address_to_itself(client: PageClient, link: str) -> None:
    page = client.get(link)
    assert page.headers["Cache-Control"] == "no-store"
    assert '<meta name="referrer" content="no-referrer">' in page.html
    assert link.rpartition(".")[2] not in page.html


def test_a_used_link_is_dead(client: PageClient, invited: Person, link: str) -> None:
    page = client.get(link)
    client.submit(page, password=PASSWORD)
    kept = invited.password_hash
    again = client.submit(page, password="another seventeen umbrellas")
    assert again.status_code == 410
    assert client.get(link).status_code == 410
    db.session.refresh(invited)
    assert invited.password_hash == kept


def test_a_link_lasts_for_a_day(
    client: PageClient, moved_clock: time_machine.Traveller, invited: Person, link: str
) -> None:
    page = client.get(link)
    moved_clock.shift(timedelta(hours=24))
    answer = client.submit(page, password=PASSWORD)
    assert answer.status_code == 410
    assert answer.has("Ask the person who invited you")
    assert invited.password_hash is None


@pytest.mark.parametrize("wrong", ["nothing", "a.b", ".", "\x00.\x00", "x" * 5_000, "%00"])
def test_a_made_up_link_is_dead(client: PageClient, wrong: str) -> None:
    assert client.get(f"/set-up/{wrong}").status_code == 410


def test_the_selector_alone_opens_nothing(client: PageClient, link: str) -> None:
    selector = link.partition(".")[0]
    assert client.get(f"{selector}.wrong").status_code == 410
    assert client.get(selector).status_code == 410


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("", "Enter a password"),
        ("short", "Password must be 12 characters or more"),
        ("Password1234!", "harder to guess"),
        ("price of a cup of tea", "without your name"),
        ("the helpdesk is here", "without your name"),
        ("x" * 100_000, "128 characters or fewer"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays_good(
    client: PageClient, invited: Person, link: str, password: str, message: str
) -> None:
    answer = client.submit(client.get(link), password=password)
    assert answer.status_code == 422
    assert message in answer.errors[0]
    assert invited.password_hash is None
    assert client.get(link).status_code == 200


def test_a_new_link_ends_the_old_one(client: PageClient, invited: Person, link: str) -> None:
    with write_transaction():
        newer = setup_links.make_link(invited, by=SYSTEM).removeprefix("http://localhost")
    assert client.get(link).status_code == 410
    assert client.get(newer).status_code == 200


def test_only_hashes_of_links_are_kept(link: str) -> None:
    kept = db.session.scalars(select(SetupLink)).one()
    assert len(kept.verifier_hash) == 32
    assert kept.selector in link


def test_who_left_cannot_use_the_link(client: PageClient, invited: Person, link: str) -> None:
    invited.status = PersonStatus.LEFT
    factories.saved(invited)
    assert client.get(link).status_code == 410


def test_a_person_with_a_password_gets_no_link(ben: Person) -> None:
    with pytest.raises(AlreadySetUp), write_transaction():
        setup_links.make_link(ben, by=SYSTEM)


def test_of_many_at_once_one_uses_the_link(app: Flask, invited: Person, link: str) -> None:
    outcomes: list[str] = []

    def use(number: int) -> None:
        with app.app_context():
            try:
                setup_links.set_password(link.removeprefix("/set-up/"), password=f"{number} purple umbrellas over us")
                outcomes.append("set")
            except LinkNotUsable:
                outcomes.append("dead")

    threads = [threading.Thread(target=use, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["dead"] * 5 + ["set"]
