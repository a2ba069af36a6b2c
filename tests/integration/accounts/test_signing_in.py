"""Signing in and out over HTTP: sessions, limits, and the same answer for known and unknown people."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from helpdesk.accounts.models import Membership, Person, SignInSession
from helpdesk.accounts.routes.signing_in import load_actor
from helpdesk.accounts.service.sessions import start_session
from helpdesk.accounts.service.signing_in import PER_NETWORK
from helpdesk.accounts.service.tokens import add_token
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.audit.models import AuditEvent
from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM
from helpdesk.core.throttle import charge
from helpdesk.db import db, write_transaction
from tests import factories
from tests.authenticators import Phone, log_in
from tests.client import Page, PageClient
from tests.people import SignIn

Audited = Callable[[], list[str]]
REFUSED = ["Check your email address and password"]


def sign_in(client: PageClient, email: str, password: str = factories.PASSWORD) -> Page:
    return client.submit(client.get("/sign-in"), email=email, password=password)


def sessions() -> int:
    return db.session.scalar(select(func.count()).select_from(SignInSession)) or 0


def is_signed_in(client: PageClient) -> bool:
    return client.get("/accessibility").has("Log out")


def test_a_person_signs_in(client: PageClient, sam: Person, audited: Audited) -> None:
    answer = log_in(client, sam, Phone.of(sam))
    assert (answer.status_code, answer.location) == (303, "/admin/people")
    assert client.follow(answer).has("Sam Okoro")
    assert audited() == ["person:signed-in"]


def test_a_password_alone_opens_nothing(client: PageClient, sam: Person, audited: Audited) -> None:
    Phone.of(sam)
    answer = sign_in(client, sam.email)
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    assert not is_signed_in(client)
    assert (sessions(), audited()) == (0, [])


def test_the_address_may_be_typed_in_any_way(client: PageClient, sam: Person) -> None:
    assert sign_in(client, " SAM@HighStreet.example ").status_code == 303


@pytest.mark.parametrize(
    ("name", "start"), [("ben", "tickets.queue.show"), ("dev", "trends.escalations"), ("sam", "people.listing.show")]
)
def test_each_role_starts_where_its_work_is(
    app: Flask, client: PageClient, name: str, start: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(name)
    with app.test_request_context():
        expected = app.url_for(start)
    assert log_in(client, person, Phone.of(person)).location == expected


def test_the_page_that_was_asked_for_follows(client: PageClient, sam: Person) -> None:
    phone, page = Phone.of(sam), client.follow(client.get("/admin/people?search=Sam"))
    page = client.follow(client.submit(page, email=sam.email, password=factories.PASSWORD))
    answer = client.submit(page, button="Continue", code=phone.code())
    assert answer.location == "/admin/people?search=Sam"


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https:evil.example", "/%2fevil.example"])
def test_no_other_site_follows(client: PageClient, sam: Person, target: str) -> None:
    phone, page = Phone.of(sam), client.get("/sign-in", query_string={"next": target})
    page = client.follow(client.submit(page, email=sam.email, password=factories.PASSWORD))
    answer = client.submit(page, button="Continue", code=phone.code())
    assert answer.location == "/admin/people"


def test_who_is_signed_in_is_not_asked_again(sign_in_as: SignIn, sam: Person) -> None:
    answer = sign_in_as(sam).get("/sign-in")
    assert (answer.status_code, answer.location) == (303, "/admin/people")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("sam@highstreet.example", "wrong horse battery"),
        ("nobody@highstreet.example", factories.PASSWORD),
        ("sam@highstreet.example", "x" * 5_000),
        ("sam@highstreet.example", "\x00"),
        ("no address", factories.PASSWORD),
        ("sam\x00@highstreet.example", factories.PASSWORD),
        ("\u017fam@highstreet.example", factories.PASSWORD),
        ("sam@highstreet.example.", factories.PASSWORD),
    ],
)
def test_a_wrong_address_and_a_wrong_password_look_the_same(
    client: PageClient, sam: Person, audited: Audited, email: str, password: str
) -> None:
    answer = sign_in(client, email, password)
    assert answer.status_code == 422
    assert answer.errors == REFUSED
    assert answer.title.startswith("Error: Log in")
    assert not {"session", "proof"} & {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
    assert (sessions(), audited()) == (0, ["person:sign-in-refused"])


def test_the_stored_hash_is_no_password(client: PageClient, sam: Person) -> None:
    assert sign_in(client, sam.email, sam.password_hash or "").errors == REFUSED


@pytest.mark.parametrize("status", [PersonStatus.FROZEN, PersonStatus.LEFT, PersonStatus.INVITED])
def test_who_may_not_sign_in_reads_the_same(client: PageClient, pharmacy: object, status: PersonStatus) -> None:
    person = factories.person(status=status)
    assert sign_in(client, person.email).errors == REFUSED
    assert sessions() == 0


def test_a_refusal_keeps_no_address(client: PageClient, sam: Person) -> None:
    sign_in(client, sam.email, "wrong horse battery")
    row = db.session.scalars(select(AuditEvent)).one()
    assert "sam" not in row.target + row.detail
    assert row.actor_id is None


def test_empty_fields_are_named(client: PageClient) -> None:
    answer = sign_in(client, "", "")
    assert answer.status_code == 422
    assert answer.errors == ["Enter your email address", "Enter your password"]


def test_a_form_without_its_token_changes_nothing(client: PageClient, sam: Person) -> None:
    assert client.post("/sign-in", data={"email": sam.email, "password": factories.PASSWORD}).status_code == 400
    assert sessions() == 0


def test_ten_wrong_passwords_close_the_account_for_strangers_for_a_while(
    client: PageClient, sam: Person, moved_clock: time_machine.Traveller
) -> None:
    for _ in range(10):
        assert sign_in(client, sam.email, "wrong horse battery").status_code == 422
    answer = sign_in(client, sam.email)
    assert answer.status_code == 429
    assert answer.has("Wait a few minutes")
    assert int(answer.headers["Retry-After"]) <= 15 * 60
    moved_clock.shift(timedelta(minutes=15))
    assert sign_in(client, sam.email).status_code == 303


def test_unknown_addresses_are_limited_alike(client: PageClient, moved_clock: time_machine.Traveller) -> None:
    answers = [sign_in(client, "nobody@highstreet.example").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_the_person_still_gets_in_where_they_were_before(
    app: Flask, client: PageClient, sign_in_as: SignIn, sam: Person, moved_clock: time_machine.Traveller
) -> None:
    own_browser = sign_in_as(sam)
    own_browser.submit(own_browser.get("/accessibility"), button="Log out")
    for _ in range(11):
        sign_in(client, sam.email, "wrong horse battery")
    assert sign_in(client, sam.email).status_code == 429
    assert sign_in(own_browser, sam.email).status_code == 303


def test_one_network_cannot_try_every_account(
    client: PageClient, sam: Person, moved_clock: time_machine.Traveller
) -> None:
    with write_transaction():
        for _ in range(PER_NETWORK.most):
            charge(PER_NETWORK, "127.0.0.1")
    assert sign_in(client, sam.email).status_code == 429
    assert sessions() == 0


def test_the_right_password_forgets_the_wrong_ones(
    client: PageClient, sam: Person, moved_clock: time_machine.Traveller
) -> None:
    for _ in range(9):
        sign_in(client, sam.email, "wrong horse battery")
    assert sign_in(client, sam.email).status_code == 303
    assert sign_in(client, sam.email, "wrong horse battery").status_code == 422


def test_a_cookie_from_before_is_worth_nothing(client: PageClient, sam: Person) -> None:
    client.set_cookie("session", "chosen-by-somebody-else")
    answer = log_in(client, sam, Phone.of(sam))
    cookie = client.get_cookie("session")
    assert answer.status_code == 303
    assert cookie is not None
    assert cookie.value != "chosen-by-somebody-else"
    client.set_cookie("session", "chosen-by-somebody-else")
    assert not is_signed_in(client)


def test_signing_in_again_ends_the_session_before(app: Flask, sign_in_as: SignIn, sam: Person) -> None:
    phone, client = Phone.of(sam), sign_in_as(sam)
    first = client.get_cookie("session")
    assert first is not None
    token = client.get("/accessibility").form("Log out").values["csrf_token"]
    client.post("/sign-in", data={"email": sam.email, "password": factories.PASSWORD, "csrf_token": token})
    client.post("/sign-in/code", data={"code": phone.code(), "csrf_token": token})
    assert is_signed_in(client)
    client.set_cookie("session", first.value)
    assert not is_signed_in(client)


def test_the_cookie_is_closed_to_scripts(client: PageClient, sam: Person) -> None:
    log_in(client, sam, Phone.of(sam))
    cookie = client.get_cookie("session")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.max_age) == (True, "Lax", "/", None)


def test_only_a_hash_of_the_secret_is_kept(sign_in_as: SignIn, sam: Person) -> None:
    cookie = sign_in_as(sam).get_cookie("session")
    kept = db.session.scalars(select(SignInSession)).one()
    assert cookie is not None
    assert len(kept.secret_hash) == 32
    assert cookie.value.encode() not in kept.secret_hash


def test_signing_out_ends_the_session(sign_in_as: SignIn, sam: Person, audited: Audited) -> None:
    client = sign_in_as(sam)
    secret = client.get_cookie("session")
    answer = client.submit(client.get("/accessibility"), button="Log out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert client.get_cookie("session") is None
    assert secret is not None
    client.set_cookie("session", secret.value)
    assert not is_signed_in(client)
    assert audited() == ["person:signed-in", "person:signed-out"]


def test_signing_out_twice_does_no_harm(client: PageClient, sign_in_as: SignIn, sam: Person) -> None:
    signed_in = sign_in_as(sam)
    page = signed_in.get("/accessibility")
    form = page.form("Log out").values
    assert signed_in.post("/sign-out", data=form).status_code == 303
    token = signed_in.get("/sign-in").form("Log in").values["csrf_token"]
    assert signed_in.post("/sign-out", data={"csrf_token": token}).status_code == 303


def test_signing_out_needs_the_forms_token(sign_in_as: SignIn, sam: Person) -> None:
    client = sign_in_as(sam)
    assert client.post("/sign-out").status_code == 400
    assert client.get("/sign-out").status_code == 405
    assert is_signed_in(client)


def test_an_idle_session_ends(sign_in_as: SignIn, sam: Person, moved_clock: time_machine.Traveller) -> None:
    client = sign_in_as(sam)
    moved_clock.shift(timedelta(minutes=59))
    assert is_signed_in(client)
    moved_clock.shift(timedelta(minutes=59))
    assert is_signed_in(client)
    moved_clock.shift(timedelta(minutes=60))
    assert not is_signed_in(client)
    moved_clock.shift(timedelta(minutes=-30))
    assert is_signed_in(client)  # nothing marks it; only the time decides


def test_the_longest_session_ends(sign_in_as: SignIn, sam: Person, moved_clock: time_machine.Traveller) -> None:
    client = sign_in_as(sam)
    for _ in range(15):
        moved_clock.shift(timedelta(minutes=31))
        assert is_signed_in(client)
    moved_clock.shift(timedelta(minutes=15))
    assert not is_signed_in(client)


def test_use_is_noted_once_a_minute(sign_in_as: SignIn, sam: Person, moved_clock: time_machine.Traveller) -> None:
    client = sign_in_as(sam)
    session = db.session.scalars(select(SignInSession)).one()
    started = session.idle_until
    moved_clock.shift(timedelta(seconds=59))
    client.get("/accessibility")
    assert session.idle_until == started
    moved_clock.shift(timedelta(seconds=1))
    client.get("/accessibility")
    assert session.idle_until == started + timedelta(seconds=60)


@pytest.mark.parametrize("status", [PersonStatus.FROZEN, PersonStatus.LEFT])
def test_a_frozen_person_is_signed_out_at_once(sign_in_as: SignIn, sam: Person, status: PersonStatus) -> None:
    client = sign_in_as(sam)
    sam.status = status
    factories.saved(sam)
    assert not is_signed_in(client)


def test_a_higher_epoch_ends_every_session(sign_in_as: SignIn, sam: Person) -> None:
    client = sign_in_as(sam)
    sam.session_epoch += 1
    factories.saved(sam)
    assert not is_signed_in(client)


def test_an_ended_role_is_gone_with_the_next_request(sign_in_as: SignIn, sam: Person) -> None:
    client = sign_in_as(sam)
    held = db.session.scalars(select(Membership).where(Membership.person_id == sam.id)).one()
    held.ended_at = clock.now()
    factories.saved(held)
    assert not is_signed_in(client)


def test_another_role_still_counts(sign_in_as: SignIn, sam: Person, helpdesk: object) -> None:
    client = sign_in_as(sam)
    held = db.session.scalars(select(Membership).where(Membership.person_id == sam.id)).one()
    held.ended_at = clock.now()
    factories.membership(person=sam, organisation=factories.platform(), role=Role.AGENT)
    assert is_signed_in(client)
    assert client.get("/admin/people").status_code == 403


@pytest.mark.parametrize(
    ("scheme", "is_ben"), [("Bearer {}", True), ("bearer  {}", True), ("Basic {}", False), ("{}", False), ("", False)]
)
def test_a_program_shows_its_token_under_api(app: Flask, ben: Person, scheme: str, is_ben: bool) -> None:
    with write_transaction():
        token = add_token(email=ben.email, by=SYSTEM)
    headers = {"Authorization": scheme.format(token)}
    with app.test_request_context("/api/v1/tickets", headers=headers):
        assert (load_actor() is not None) == is_ben
    with app.test_request_context("/agent/queue", headers=headers):
        assert load_actor() is None


def test_a_browsers_session_is_worth_nothing_under_api(app: Flask, ben: Person) -> None:
    with write_transaction():
        cookie = {"Cookie": f"session={start_session(ben)}"}
    with app.test_request_context("/api/v1/tickets", headers=cookie):
        assert load_actor() is None
    with app.test_request_context("/agent/queue", headers=cookie):
        assert load_actor() is not None
