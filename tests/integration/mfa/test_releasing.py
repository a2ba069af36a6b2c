"""Too many wrong codes: the owner gets a link, and with the password codes can be tried again."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.db import db
from helpdesk.mfa.models.factors import CodeCount
from helpdesk.mfa.types.factors import Lane
from tests import factories
from tests.authenticators import Phone, give_password, log_in
from tests.client import Page, PageClient
from tests.integration.mfa.conftest import Audited, Outbox, use_mailed_link

pytestmark = pytest.mark.usefixtures("moved_clock")


@pytest.fixture
def closed(sam: Person, phone: Phone) -> CodeCount:
    """Fifty wrong codes were tried from elsewhere."""
    return factories.saved(CodeCount(person_id=sam.id, lane=Lane.UNKNOWN_PLACE, epoch=sam.session_epoch, failures=49))


def close(client: PageClient, sam: Person, phone: Phone) -> Page:
    """The last wrong code, and the answer to a right one."""
    log_in(client, sam, phone, code=phone.wrong_code())
    return log_in(client, sam, phone, code=phone.code())


def use_link(client: PageClient, outbox: Outbox, password: str = factories.PASSWORD) -> Page:
    mail = [mail for mail in outbox() if mail.subject.startswith("Try codes again")][-1]
    return use_mailed_link(client, mail, "Continue", password=password)


def test_a_closed_lane_is_opened_by_a_mailed_link_and_the_password(
    client: PageClient, sam: Person, phone: Phone, closed: CodeCount, outbox: Outbox, audited: Audited
) -> None:
    page = close(client, sam, phone)
    assert (page.status_code, page.heading) == (429, "Too many wrong codes")
    assert client.follow(client.submit(page, button="Email me a link")).heading == "Check your email"
    assert (outbox()[-1].to_address, outbox()[-1].is_secret) == (sam.email, True)
    assert log_in(client, sam, phone, code=phone.code()).status_code == 429
    assert client.follow(use_link(client, outbox)).heading == "You can try codes again"
    assert log_in(client, sam, phone).status_code == 303
    assert audited()[-3:] == ["person:release-link-sent", "totp:lanes-reopened", "person:signed-in"]


def test_the_link_without_the_password_opens_nothing(
    client: PageClient, sam: Person, phone: Phone, closed: CodeCount, outbox: Outbox
) -> None:
    client.submit(close(client, sam, phone), button="Email me a link")
    for _ in range(10):
        answer = use_link(client, outbox, "not the password")
        assert (answer.status_code, answer.errors) == (422, ["The password is not right"])
    assert use_link(client, outbox).status_code == 410
    assert db.session.scalars(select(CodeCount.closed_at)).one() is not None


def test_a_link_works_once_and_for_an_hour(
    client: PageClient,
    sam: Person,
    phone: Phone,
    closed: CodeCount,
    outbox: Outbox,
    moved_clock: time_machine.Traveller,
) -> None:
    page = close(client, sam, phone)
    client.submit(page, button="Email me a link")
    moved_clock.shift(timedelta(minutes=60))
    assert use_link(client, outbox).status_code == 410
    give_password(client, sam.email)
    client.submit(page, button="Email me a link")
    assert use_link(client, outbox).status_code == 303
    assert use_link(client, outbox).status_code == 410


def test_g14_asking_without_end_mails_once(
    client: PageClient, sam: Person, phone: Phone, closed: CodeCount, outbox: Outbox
) -> None:
    page = close(client, sam, phone)
    for _ in range(20):
        assert client.submit(page, button="Email me a link").status_code == 303
    assert len([mail for mail in outbox() if mail.subject.startswith("Try codes")]) == 1


def test_nobody_gets_a_link_without_the_password_or_where_nothing_is_closed(
    client: PageClient, sam: Person, phone: Phone, closed: CodeCount, outbox: Outbox
) -> None:
    page = close(client, sam, phone)
    before = len(outbox())
    client.delete_cookie("proof")
    assert client.submit(page, button="Email me a link").location == "/sign-in?ended"
    db.session.delete(db.session.get_one(CodeCount, closed.id))
    db.session.commit()
    give_password(client, sam.email)
    client.submit(page, button="Email me a link")
    assert len(outbox()) == before


def test_a_link_for_one_thing_does_not_do_the_other(
    client: PageClient,
    sam: Person,
    phone: Phone,
    closed: CodeCount,
    outbox: Outbox,
) -> None:
    client.submit(close(client, sam, phone), button="Email me a link")
    link = next(word for word in outbox()[-1].text.split() if "#" in word)
    path, _, secret = link.removeprefix("http://localhost").partition("#")
    page = client.get(path.replace("/release/", "/new-password/"))
    answer = client.submit(
        page, button="Save the password", last_part=secret, password="nine wooden harbours", code=phone.code()
    )
    assert answer.status_code == 410


def test_the_warning_says_where_to_change_the_password(
    client: PageClient, sam: Person, phone: Phone, outbox: Outbox
) -> None:
    for _ in range(5):
        log_in(client, sam, phone, code=phone.wrong_code())
    assert "change your password now:\nhttp://localhost/account/password" in outbox()[-1].text
