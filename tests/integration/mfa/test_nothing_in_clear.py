"""D01: after a whole journey, no row, file, log or address holds what would let a thief in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.accounts.service import setup_links
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.core.actor import SYSTEM
from helpdesk.db import Base, db, write_transaction
from helpdesk.mail.models import OutboxMessage
from helpdesk.mail.service import deliver_due
from helpdesk.settings import Settings
from tests import factories
from tests.authenticators import NEW_PASSWORD, Phone, give_password, link_for, log_in, open_link, set_up_page
from tests.client import PageClient

NUMBER = "020 7946 0678"


@pytest.fixture
def nia(app: Flask) -> Person:
    return factories.person(name="Nia Price", email="nia@helpdesk.example", status=PersonStatus.INVITED, password=None)


def cookies(client: PageClient) -> list[str]:
    kept = (client.get_cookie(name) for name in ("session", "proof", "link"))
    return [cookie.value for cookie in kept if cookie]


def journey(client: PageClient, nia: Person) -> list[str]:
    """From the invitation to a second log-in by recovery code; every secret that was used on the way."""
    with write_transaction():
        setup_links.send_link(nia, by=SYSTEM)
    text = db.session.scalars(select(OutboxMessage.text)).one()
    link = next(word for word in text.split() if "/enrol/" in word)
    db.session.commit()
    deliver_due(10)
    page = client.submit(open_link(client, link), button="Continue", password=NEW_PASSWORD)
    secrets = [link.partition("#")[2], NEW_PASSWORD, *cookies(client)]
    page = client.follow(page)
    phone = Phone.scanned(page)
    code = phone.code()
    done = client.submit(page, button="Finish", code=code)
    recovery = [item.text for one in done.tree.with_class("app-codes") for item in one.find_all("li")]
    secrets += [phone.secret, *recovery, *cookies(client)]
    client.submit(client.get("/account/phone"), button="Save the number", phone=NUMBER)
    client.submit(client.get("/account"), button="Log out everywhere")
    page = client.follow(give_password(client, nia.email, NEW_PASSWORD))
    secrets += cookies(client)
    client.submit(page, button="Continue", code=phone.wrong_code())
    client.submit(client.get("/sign-in/recovery-code"), button="Continue", code=recovery[0])
    secrets += [NUMBER, NUMBER.replace(" ", "")]
    return [*secrets, *cookies(client), *(code.replace("-", "") for code in recovery)]


def test_d01_nothing_that_opens_an_account_is_kept_in_clear(
    client: PageClient,
    nia: Person,
    settings: Settings,
    database: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    secrets = journey(client, nia)
    places = {"rows": _rows(), "log": "".join(capfd.readouterr()) + caplog.text}
    if database == "sqlite":
        places["files"] = _files(settings.data_dir)
    assert len(secrets) > 20
    assert "nia@helpdesk.example" in places["rows"]
    assert not {where: secret for where, content in places.items() for secret in secrets if secret in content}


def test_a_mail_with_a_link_is_emptied_when_it_has_left(app: Flask, nia: Person) -> None:
    with write_transaction():
        setup_links.send_link(nia, by=SYSTEM)
    assert deliver_due(10) == 1
    db.session.rollback()
    mail = db.session.scalars(select(OutboxMessage)).one()
    assert (mail.text, mail.html, mail.to_address) == ("", "", nia.email)


def test_no_address_of_a_page_holds_a_secret(client: PageClient, nia: Person) -> None:
    link = link_for(nia)
    visited: list[str] = []
    original: Callable[..., object] = client.open

    def noted(*args: object, **kwargs: object) -> object:
        visited.append(str(args[0]) + str(kwargs.get("query_string", "")))
        return original(*args, **kwargs)

    client.open = noted  # type: ignore[method-assign, assignment]
    page = set_up_page(client, link)
    client.submit(page, button="Finish", code=Phone.scanned(page).code())
    assert len(visited) >= 5
    assert not [url for url in visited if link.partition("#")[2] in url or Phone.scanned(page).secret in url]


def test_a_code_that_was_used_is_not_kept(client: PageClient, sam: Person) -> None:
    phone = Phone.of(sam)
    code = phone.code()
    log_in(client, sam, phone, code=code)
    assert f"'{code}'" not in _rows()


def _rows() -> str:
    """Every row of every table, as text."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return "\n".join(
            str(row) for table in Base.metadata.sorted_tables for row in connection.execute(table.select())
        )


def _files(folder: Path) -> str:
    """The database's files as bytes, once the log of what was written is worked off; deleted rows leave no traces."""
    db.session.rollback()
    with db.engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    found = {path for pattern in ("*.db", "*.db-wal") for path in folder.glob(pattern)}
    return "".join(path.read_bytes().decode("latin-1") for path in sorted(found))
