"""The pages of an account's protection in words and pictures."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup

from helpdesk.accounts.presenters.contacts import contact_facts
from helpdesk.accounts.presenters.people import role_words
from helpdesk.accounts.presenters.person import pending_words
from helpdesk.accounts.types.contacts import Contacts, PendingChange
from helpdesk.accounts.types.directory import PersonEntry
from helpdesk.accounts.types.log_ins import OpenSession
from helpdesk.mfa.rules.factors import FEW_RECOVERY_CODES
from helpdesk.mfa.types.factors import Protection, SetUp
from helpdesk.web.filters import day, moment
from helpdesk.web.qr import qr_code


@dataclass(frozen=True)
class SetUpPage:
    """What is needed to add the entry, by camera, by link or by hand."""

    qr_code: Markup
    app_address: str
    facts: list[tuple[str, str]]
    label: str
    replaces_an_entry: bool


@dataclass(frozen=True)
class LogIn:
    """One line of 'Where you are logged in'."""

    id: UUID
    browser: str
    since: str
    used: str
    is_this_one: bool


@dataclass(frozen=True)
class AccountPage:
    """Who the reader is here, what protects the account, and where it is open."""

    details: list[tuple[str, str]]
    # A change of address that was asked for, or nothing.
    pending_change: str
    facts: list[tuple[str, str]]
    # Until when the owner lets nobody in, after a reset; '' otherwise.
    restricted: str
    # How many recovery codes are left, where these are few; else ''.
    few_codes: str
    log_ins: list[LogIn]


def set_up_page(set_up: SetUp) -> SetUpPage:
    """The key in every way in which an app can take it."""
    return SetUpPage(
        qr_code=qr_code(set_up.address),
        app_address=set_up.address,
        facts=[
            ("Account name", f"{set_up.issuer}: {set_up.label}"),
            ("Key", set_up.key_in_groups),
            ("Type", f"Time-based, 6 digits, {set_up.period} seconds"),
        ],
        label=set_up.label,
        replaces_an_entry=set_up.replaces_an_entry,
    )


def account_page(
    person: PersonEntry,
    contacts: Contacts,
    pending: PendingChange | None,
    protection: Protection | None,
    sessions: tuple[OpenSession, ...],
    *,
    restricted_until: datetime | None = None,
) -> AccountPage:
    """The account as its owner sees it."""
    facts = []
    if protection is not None:
        facts = [
            ("Entry in your app", protection.label),
            ("Set up on", day(protection.confirmed_at)),
            ("Recovery codes left", str(protection.recovery_codes_left)),
        ]
    return AccountPage(
        details=[
            ("Name", person.name),
            ("Email address", person.email),
            *contact_facts(contacts),
            ("Role", ", ".join(role_words(person))),
        ],
        pending_change=pending_words(pending),
        facts=facts,
        restricted=moment(restricted_until) if restricted_until else "",
        few_codes="" if restricted_until else _few_codes(protection),
        log_ins=[_log_in(one) for one in sessions],
    )


def _few_codes(protection: Protection | None) -> str:
    if protection is None or protection.recovery_codes_left > FEW_RECOVERY_CODES:
        return ""
    return codes_left_in_words(protection.recovery_codes_left)


def codes_left_in_words(left: int) -> str:
    """Such as 'You have 1 recovery code left.'"""
    return f"You have {left or 'no'} recovery code{'' if left == 1 else 's'} left."


def _log_in(one: OpenSession) -> LogIn:
    return LogIn(one.id, one.browser or "A browser", moment(one.started_at), moment(one.used_at), one.is_this_one)
