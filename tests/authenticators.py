"""A person's phone: an entry of an authenticator app, read by an implementation that is not the service's own.

phone = Phone.of(ben)                      an entry that counts already
log_in(client, ben, phone)                 password and code, on the real pages
Phone.scanned(page)                        the entry that a page of the set-up shows
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.accounts.service import setup_links
from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.types.factors import FactorState
from tests import factories
from tests.client import Page, PageClient

# Chosen behind a set-up link.
NEW_PASSWORD = "seventeen purple umbrellas"


@dataclass(frozen=True)
class Phone:
    """One entry: what it is called and the secret it holds."""

    secret: str
    label: str = ""
    period: int = 30

    @classmethod
    def of(cls, person: Person, *, period: int = 30) -> "Phone":
        """The phone of somebody whose authenticator was set up before the test."""
        phone = cls(pyotp.random_base32(), period=period)
        factories.factor(person, secret=phone.secret, period=period)
        return phone

    @classmethod
    def scanned(cls, page: Page) -> "Phone":
        """The entry that is made by opening the link of the set-up page."""
        return cls.from_address(page.link("Open it in your app"))

    @classmethod
    def from_address(cls, address: str) -> "Phone":
        parts = urlsplit(address)
        query = parse_qs(parts.query)
        label = unquote(parts.path.lstrip("/")).partition(":")[2]
        return cls(query["secret"][0], label, int(query.get("period", ["30"])[0]))

    def code(self, steps: int = 0) -> str:
        """What the app shows now, or so many periods later."""
        moment = int(clock.now().timestamp()) + steps * self.period
        return pyotp.TOTP(self.secret, interval=self.period).at(moment)

    def wrong_code(self) -> str:
        """Six digits that are no code of any time near."""
        near = {self.code(steps) for steps in range(-12, 13)}
        return next(code for number in range(1_000) if (code := f"{number:06}") not in near)

    def unused_code(self, person: Person) -> str:
        """The code of the next period that was not used yet, for who logs in twice at one moment."""
        db.session.rollback()
        is_active = (TotpFactor.person_id == person.id, TotpFactor.state == FactorState.ACTIVE)
        last = db.session.scalar(select(TotpFactor.last_step).where(*is_active)) or -1
        now = int(clock.now().timestamp()) // self.period
        return self.code(max(last + 1, now) - now)


def give_password(client: PageClient, email: str, password: str = factories.PASSWORD) -> Page:
    """The first step of logging in."""
    return client.submit(client.get("/sign-in"), email=email, password=password)


def log_in(client: PageClient, person: Person, phone: Phone, *, code: str = "") -> Page:
    """Password and code on the real pages; the answer to the code."""
    page = client.follow(give_password(client, person.email))
    return client.submit(page, button="Continue", code=code or phone.unused_code(person))


def open_link(client: PageClient, link: str) -> Page:
    """The page behind a set-up link, as somebody without JavaScript gets there; `link` as it stands in the mail."""
    page = client.get(urlsplit(link).path)
    return client.follow(client.submit(page, button="Continue", last_part=urlsplit(link).fragment))


def link_for(person: Person) -> str:
    """A set-up link of this moment, as it stands in the mail."""
    with write_transaction():
        return setup_links.make_link(person, by=SYSTEM)


def set_up_page(client: PageClient, link: str, password: str = NEW_PASSWORD) -> Page:
    """The page with the QR code, for somebody who chose their first password behind the link."""
    return client.follow(client.submit(open_link(client, link), button="Continue", password=password))
