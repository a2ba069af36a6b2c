"""The set-up link: who has it chooses the password, once, within a day. What follows is in tests/integration/mfa."""

import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from helpdesk.accounts.errors import AlreadySetUp, LinkNotUsable
from helpdesk.accounts.models import Person, SetupLink
from helpdesk.accounts.service import setup_links
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.db import db
from tests import factories
from tests.authenticators import Phone, link_for, open_link
from tests.client import PageClient

PASSWORD = "seventeen purple umbrellas"  # of nobody outside this file


@pytest.fixture
def invited(app: Flask) -> Person:
    return factories.person(name="Nia Price", email="nia@helpdesk.example", status=PersonStatus.INVITED, password=None)


@pytest.fixture
def link(invited: Person) -> str:
    return link_for(invited)


def halves(link: str) -> tuple[str, str]:
    selector, _, verifier = link.rpartition("/")[2].partition("#")
    return selector, verifier


def test_looking_at_the_link_does_not_use_it(client: PageClient, link: str) -> None:
    for _ in range(5):
        page = open_link(client, link)
        assert page.has("nia@helpdesk.example")
    assert client.submit(page, button="Continue", password=PASSWORD).status_code == 303


def test_the_pages_keep_the_secret_half_to_themselves(client: PageClient, link: str) -> None:
    page = open_link(client, link)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert halves(link)[1] not in page.html + page.request.url


def test_without_its_secret_half_a_link_says_nothing_about_anybody(client: PageClient, link: str) -> None:
    known, unknown = client.get(f"/enrol/{halves(link)[0]}"), client.get("/enrol/nobody-made-it")
    assert known.text == unknown.text
    assert known.status_code == unknown.status_code == 200


def test_a_link_lasts_for_a_day(
    client: PageClient, moved_clock: time_machine.Traveller, invited: Person, link: str
) -> None:
    page = open_link(client, link)
    moved_clock.shift(timedelta(hours=24))
    answer = client.submit(page, button="Continue", password=PASSWORD)
    assert answer.status_code == 410
    assert answer.has("Open the latest email from us, or call the helpdesk.")
    assert invited.password_hash is None


@pytest.mark.parametrize("wrong", ["nothing", "a#b", "%00#%00", "x#" + "y" * 5_000])
def test_a_made_up_link_is_dead(client: PageClient, wrong: str) -> None:
    assert open_link(client, f"http://localhost/enrol/{wrong}#z").status_code == 410


def test_ten_wrong_secret_halves_end_a_link(client: PageClient, link: str) -> None:
    page = client.get(f"/enrol/{halves(link)[0]}")
    for _ in range(10):
        assert client.submit(page, button="Continue", last_part="guess").status_code == 410
    assert open_link(client, link).status_code == 410


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
    answer = client.submit(open_link(client, link), button="Continue", password=password)
    assert answer.status_code == 422
    assert message in answer.errors[0]
    assert invited.password_hash is None
    assert open_link(client, link).status_code == 200


def test_a_new_link_ends_the_old_one(client: PageClient, invited: Person, link: str) -> None:
    newer = link_for(invited)
    assert open_link(client, link).status_code == 410
    assert open_link(client, newer).status_code == 200


def test_only_hashes_of_links_are_kept(link: str) -> None:
    kept = db.session.scalars(select(SetupLink)).one()
    selector, verifier = halves(link)
    assert kept.selector == selector
    assert len(kept.verifier_hash) == 32
    assert verifier.encode() not in kept.verifier_hash


def test_who_left_cannot_use_the_link(client: PageClient, invited: Person, link: str) -> None:
    invited.status = PersonStatus.LEFT
    factories.saved(invited)
    assert open_link(client, link).status_code == 410


def test_a_person_with_an_authenticator_gets_no_link(ben: Person) -> None:
    Phone.of(ben)
    with pytest.raises(AlreadySetUp):
        link_for(ben)


def test_of_many_at_once_one_chooses_the_password(app: Flask, invited: Person, link: str) -> None:
    outcomes: list[str] = []

    def choose(number: int) -> None:
        with app.app_context():
            try:
                setup_links.choose_password(*halves(link), password=f"{number} purple umbrellas over us")
                outcomes.append("set")
            except LinkNotUsable:
                outcomes.append("dead")

    threads = [threading.Thread(target=choose, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["dead"] * 5 + ["set"]
