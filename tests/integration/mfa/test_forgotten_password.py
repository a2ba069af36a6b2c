"""A forgotten password: the same answer for everybody, a link to the address on record, and the phone all the same."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete, func, select, update

from helpdesk.accounts.models import ForgottenPassword, Person
from helpdesk.accounts.service.forgotten_passwords import PER_NETWORK
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.core.throttle import ThrottleCount
from helpdesk.db import db, write_transaction
from helpdesk.mfa.models.factors import CodeCount, TotpFactor
from helpdesk.mfa.service import new_passwords
from helpdesk.mfa.types.factors import FactorState
from tests import factories
from tests.authenticators import Phone, give_password, log_in
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import AtOnce, Audited, Outbox, codes_of, is_logged_in, use_mailed_link
from tests.people import Requester, SignIn

NEW = "eleven marble staircases"
SendLinks = Callable[[], None]
UNKNOWN_EMAIL = "nobody@highstreet.example"


@pytest.fixture
def clock(moved_clock: time_machine.Traveller) -> time_machine.Traveller:
    return moved_clock


def ask(client: PageClient, email: str) -> Page:
    return client.submit(client.get("/forgotten-password"), button="Email me a link", email=email)


def choose(client: PageClient, outbox: Outbox, *, code: str, password: str = NEW) -> Page:
    mail = [mail for mail in outbox() if mail.subject.startswith("Choose a new password")][-1]
    return use_mailed_link(client, mail, "Save the password", password=password, code=code)


def lift_limits() -> None:
    """As if the requests came from many networks."""
    with write_transaction():
        db.session.execute(delete(ThrottleCount).where(ThrottleCount.scope == PER_NETWORK.scope))


def hash_of(person: Person) -> str | None:
    db.session.rollback()
    db.session.refresh(person)
    return person.password_hash


def test_a_new_password_counts_with_a_code_and_logs_nobody_in(
    client: PageClient,
    sam: Person,
    phone: Phone,
    sign_in_as: SignIn,
    send_links: SendLinks,
    outbox: Outbox,
    audited: Audited,
) -> None:
    left_open = sign_in_as(sam)
    assert client.follow(ask(client, sam.email.upper())).heading == "Check your email"
    assert outbox() == []
    send_links()
    assert [(mail.to_address, mail.is_secret) for mail in outbox()] == [(sam.email, True)]
    assert client.follow(choose(client, outbox, code=phone.code())).heading == "Your password is changed"
    assert (is_logged_in(client), is_logged_in(left_open)) == (False, False)
    assert give_password(client, sam.email).status_code == 422
    assert outbox()[-1].subject == "Your password was changed"
    assert audited()[1:3] == ["person:password-link-sent", "person:password-set"]
    page = client.follow(give_password(client, sam.email, NEW))
    assert client.submit(page, button="Continue", code=phone.unused_code(sam)).status_code == 303


def test_s13_a_new_password_without_the_phone_is_refused(
    client: PageClient, sam: Person, phone: Phone, send_links: SendLinks, outbox: Outbox
) -> None:
    before = hash_of(sam)
    ask(client, sam.email)
    send_links()
    for code, words in (
        ("", "Enter the 6-digit code, or a recovery code"),
        (phone.wrong_code(), "The code is not right. Enter the code that your authenticator app shows now"),
        ("AAAA-BBBB-CCCC-DDDD", "The recovery code is not right, or was used before"),
    ):
        answer = choose(client, outbox, code=code)
        assert (answer.status_code, answer.errors) == (422, [words])
    assert answer.has("Ask for a reset of your log-in")
    assert hash_of(sam) == before


def test_s13_a_suspended_entry_opens_no_new_password(
    client: PageClient, sam: Person, phone: Phone, send_links: SendLinks, outbox: Outbox
) -> None:
    with write_transaction():
        db.session.execute(update(TotpFactor).values(state=FactorState.SUSPENDED))
    before = hash_of(sam)
    ask(client, sam.email)
    send_links()
    assert choose(client, outbox, code=phone.code()).status_code == 422
    assert hash_of(sam) == before


def test_a_recovery_code_stands_in_for_the_phone_once(
    client: PageClient, sam: Person, phone: Phone, send_links: SendLinks, outbox: Outbox
) -> None:
    code = codes_of(sam)[0]
    ask(client, sam.email)
    send_links()
    assert choose(client, outbox, code=code).status_code == 303
    page = client.follow(give_password(client, sam.email, NEW))
    answer = client.submit(client.get("/sign-in/recovery-code"), button="Continue", code=code)
    assert (page.heading, answer.status_code) == ("Enter your code", 422)


def test_who_never_had_an_authenticator_needs_a_set_up_link_all_the_same(
    client: PageClient, sam: Person, send_links: SendLinks, outbox: Outbox
) -> None:
    ask(client, sam.email)
    send_links()
    assert "leave the code empty" in outbox()[0].text
    assert choose(client, outbox, code="").status_code == 303
    assert client.follow(give_password(client, sam.email, NEW)).heading == "You need a set-up link"


def test_s05_known_and_unknown_people_read_the_same(client: PageClient, sam: Person, stranger: Requester) -> None:
    answers = [ask(client, email) for email in (sam.email, stranger.email)]
    seen = [(page.status_code, page.location, page.html, sorted(page.headers.keys())) for page in answers]
    assert seen[0] == seen[1]
    assert db.session.scalar(select(func.count()).select_from(ForgottenPassword)) == 2


def test_s05_a_link_that_nobody_made_looks_like_one_that_somebody_did(
    client: PageClient, sam: Person, send_links: SendLinks, outbox: Outbox
) -> None:
    ask(client, sam.email)
    send_links()
    real = next(word for word in outbox()[0].text.split() if "#" in word).removeprefix("http://localhost")
    for page in (client.get(real), client.get("/new-password/AAAAAAAAAAA"), client.get("/release/AAAAAAAAAAA")):
        assert page.status_code == 200
        assert page.headers["Referrer-Policy"] == "no-referrer"
    answer = client.submit(
        client.get("/new-password/AAAAAAAAAAA"), button="Save the password", last_part="x", password=NEW, code="123456"
    )
    assert (answer.status_code, answer.heading) == (410, "This link can no longer be used")


def test_s05_known_and_unknown_people_take_as_long(client: PageClient, sam: Person, stranger: Requester) -> None:
    times: dict[str, list[float]] = {sam.email: [], stranger.email: []}
    form = client.get("/forgotten-password").form("Email me a link")
    for _ in range(30):
        for email, spent in times.items():
            lift_limits()
            start = time.perf_counter()
            client.send(form, email=email)
            spent.append(time.perf_counter() - start)
    known, unknown = (statistics.median(spent) for spent in times.values())
    assert abs(known - unknown) < max(0.005, 0.03 * max(known, unknown))


@pytest.mark.parametrize("status", [PersonStatus.INVITED, PersonStatus.FROZEN, PersonStatus.LEFT])
def test_only_an_account_in_use_gets_a_link(
    client: PageClient, status: PersonStatus, send_links: SendLinks, outbox: Outbox
) -> None:
    person = factories.person(status=status)
    ask(client, person.email)
    ask(client, UNKNOWN_EMAIL)
    send_links()
    assert outbox() == []
    assert db.session.scalar(select(func.count()).select_from(ForgottenPassword)) == 0


@pytest.mark.parametrize("typed", ["sam", "sаm@highstreet.example", ""])
def test_what_is_no_address_is_said(client: PageClient, sam: Person, typed: str) -> None:
    assert ask(client, typed).status_code == 422


def test_m09_the_mail_goes_to_the_address_on_record(
    client: PageClient, sam: Person, send_links: SendLinks, outbox: Outbox
) -> None:
    ask(client, "  SAM@HighStreet.example ")
    send_links()
    assert [mail.to_address for mail in outbox()] == ["sam@highstreet.example"]


def test_g14_asking_without_end_mails_once_in_a_quarter_of_an_hour(
    client: PageClient,
    sam: Person,
    send_links: SendLinks,
    outbox: Outbox,
    clock: time_machine.Traveller,
) -> None:
    for _ in range(50):
        assert ask(client, sam.email).status_code == 303
        send_links()
        lift_limits()
    assert len(outbox()) == 1
    clock.shift(timedelta(minutes=15))
    ask(client, sam.email)
    send_links()
    assert len(outbox()) == 2


def test_asking_for_many_addresses_is_slowed(client: PageClient) -> None:
    answers = [ask(client, f"person{number}@highstreet.example").status_code for number in range(21)]
    assert answers == [303] * 20 + [429]


def test_g06_asking_for_a_new_password_keeps_the_count_and_choosing_one_opens_a_fresh_one(
    client: PageClient, sam: Person, phone: Phone, send_links: SendLinks, outbox: Outbox, clock: time_machine.Traveller
) -> None:
    for _ in range(4):
        log_in(client, sam, phone, code=phone.wrong_code())
    ask(client, sam.email)
    send_links()
    assert db.session.scalars(select(CodeCount.failures)).all() == [4]
    choose(client, outbox, code=phone.code())
    page = client.follow(give_password(client, sam.email, NEW))
    client.submit(page, button="Continue", code=phone.wrong_code())
    is_now = CodeCount.epoch == db.session.get_one(Person, sam.id, populate_existing=True).session_epoch
    assert db.session.scalars(select(CodeCount.failures).where(is_now)).all() == [1]


def test_ten_wrong_tries_kill_the_link(
    client: PageClient, sam: Person, phone: Phone, send_links: SendLinks, outbox: Outbox, clock: time_machine.Traveller
) -> None:
    ask(client, sam.email)
    send_links()
    for _ in range(10):
        choose(client, outbox, code=phone.wrong_code())
        clock.shift(timedelta(minutes=5))
    assert choose(client, outbox, code=phone.code()).status_code == 410


def test_a_weak_password_is_said_and_costs_no_code(
    client: PageClient, sam: Person, phone: Phone, send_links: SendLinks, outbox: Outbox
) -> None:
    ask(client, sam.email)
    send_links()
    code = phone.code()
    for _ in range(12):
        assert choose(client, outbox, code=code, password="password").status_code == 422
    assert choose(client, outbox, code=code).status_code == 303


def test_a_link_works_once_and_for_an_hour(
    client: PageClient, sam: Person, phone: Phone, send_links: SendLinks, outbox: Outbox, clock: time_machine.Traveller
) -> None:
    ask(client, sam.email)
    send_links()
    assert choose(client, outbox, code=phone.code()).status_code == 303
    clock.shift(timedelta(seconds=30))
    assert choose(client, outbox, code=phone.code()).status_code == 410
    clock.shift(timedelta(minutes=15))
    ask(client, sam.email)
    send_links()
    clock.shift(timedelta(minutes=60))
    assert choose(client, outbox, code=phone.code()).status_code == 410


def test_of_two_who_use_a_link_at_once_one_is_refused(
    client: PageClient, sam: Person, send_links: SendLinks, outbox: Outbox, at_once: AtOnce
) -> None:
    ask(client, sam.email)
    send_links()
    link = next(word for word in outbox()[0].text.split() if "#" in word)
    selector, _, verifier = link.rpartition("/")[2].partition("#")
    passwords = ("eleven marble staircases", "nine wooden harbours")

    def use(number: int) -> None:
        new_passwords.choose(selector, verifier, password=passwords[number], typed="", network="10.0.0.1", place="")

    outcomes = at_once(2, use)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["MailedLinkNotUsable", "NoneType"]
